package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearmiss-dev/nearmiss/internal/cli"
)

// pauseFor is how long a pause lasts unless resume ends it: a hundred years
// by the server's clock, since the queue wants an end.
const pauseFor = 100 * 365 * 24 * time.Hour

// pause gives out no further task; what was begun is finished.
func (c command) pause(ctx context.Context, f flags) (int, error) {
	return c.steer(ctx, f, func(js *client) error {
		r, _, err := js.read(ctx, f.name)
		if err != nil {
			return err
		}
		tasks, err := js.Stream(ctx, tasksStream(f.name))
		if err != nil {
			return gone(err)
		}
		for _, p := range r.passes() {
			if _, err := js.PauseConsumer(ctx, tasksStream(f.name), p.reader, tasks.CachedInfo().TimeStamp.Add(pauseFor)); err != nil {
				return gone(err)
			}
		}
		return nil
	})
}

func (c command) resume(ctx context.Context, f flags) (int, error) {
	return c.steer(ctx, f, func(js *client) error {
		r, _, err := js.read(ctx, f.name)
		if err != nil {
			return err
		}
		for _, p := range r.passes() {
			if _, err := js.ResumeConsumer(ctx, tasksStream(f.name), p.reader); err != nil {
				return gone(err)
			}
		}
		return nil
	})
}

// cancel ends a campaign for good: the queue is dropped, the results stay
// unless --purge drops them with all else.
func (c command) cancel(ctx context.Context, f flags) (int, error) {
	return c.steer(ctx, f, func(js *client) error {
		if err := js.change(ctx, f.name, func(r *record) { r.Cancelled = true }); err != nil {
			return err
		}
		if err := js.drop(ctx, tasksStream(f.name)); err != nil || !f.purge {
			return err
		}
		for _, p := range []pass{firstPass, secondPass} {
			if err := js.drop(ctx, p.stream(f.name)); err != nil {
				return err
			}
		}
		if err := js.DeleteKeyValue(ctx, attacksBucket(f.name)); err != nil && !errors.Is(err, jetstream.ErrBucketNotFound) {
			return err
		}
		kv, err := js.records(ctx, 0)
		if err != nil {
			return err
		}
		for _, p := range []pass{firstPass, secondPass} {
			if err := kv.Purge(ctx, tallyKey(f.name, p)); err != nil {
				return err
			}
		}
		return kv.Purge(ctx, f.name)
	})
}

// drop deletes a stream, if it is there.
func (c *client) drop(ctx context.Context, stream string) error {
	if err := c.DeleteStream(ctx, stream); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
		return err
	}
	return nil
}

// steer changes a campaign that exists.
func (c command) steer(ctx context.Context, f flags, how func(*client) error) (int, error) {
	js, err := connect(f)
	if err != nil {
		return 0, err
	}
	defer js.close()
	if _, _, err := js.read(ctx, f.name); err != nil {
		return 0, err
	}
	if err := how(js); err != nil {
		return 0, fmt.Errorf("campaign %s: %w", f.name, err)
	}
	return cli.ExitClean, nil
}
