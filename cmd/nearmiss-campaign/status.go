package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearmiss-dev/nearmiss/internal/cli"
)

// A state is how far a campaign is.
type state struct {
	record
	queued, done uint64
	// working is how many tasks are with workers, again how many of those were
	// given out before.
	working, again int
	paused         bool
}

func (s state) ended() bool { return s.Cancelled || s.Queued && s.done == s.Total }

// status says how far a campaign is.
func (c command) status(ctx context.Context, f flags) (int, error) {
	js, err := connect(f)
	if err != nil {
		return 0, err
	}
	defer js.close()
	var last state
	for {
		s, err := js.state(ctx, f.name)
		if err != nil {
			return 0, err
		}
		if _, err := fmt.Fprintln(c.stdout, s.line(f.name, last)); err != nil {
			return 0, err
		}
		if !f.watch || s.ended() {
			return cli.ExitClean, nil
		}
		last = s
		select {
		case <-ctx.Done():
			return cli.ExitClean, nil
		case <-time.After(time.Second):
		}
	}
}

func (c *client) state(ctx context.Context, name string) (s state, err error) {
	if s.record, _, err = c.read(ctx, name); err != nil {
		return s, err
	}
	if s.queued, s.done, err = c.counts(ctx, name); err != nil {
		return s, err
	}
	cons, err := c.Consumer(ctx, tasksStream(name), consumerName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return s, nil // cancelled
	}
	if err != nil {
		return s, err
	}
	info := cons.CachedInfo()
	s.working, s.again, s.paused = info.NumAckPending, info.NumRedelivered, info.Paused
	return s, nil
}

// line is the state in a line; with one of a second before, the rate and the
// time left as well.
func (s state) line(name string, before state) string {
	of := fmt.Sprintf("%d queued so far", s.queued)
	if s.Queued {
		of = fmt.Sprint(s.Total)
	}
	out := fmt.Sprintf("campaign %s: %d of %s done, %d with workers, %d given out again", name, s.done, of, s.working, s.again)
	switch {
	case s.Cancelled:
		return out + ", cancelled"
	case s.ended():
		return out + ", complete"
	case s.paused:
		return out + ", paused"
	case !before.Started.IsZero():
		rate := s.done - before.done
		out += fmt.Sprintf(", %d a second", rate)
		if s.Queued && rate > 0 {
			out += fmt.Sprintf(", %s left", time.Duration((s.Total-s.done)/rate)*time.Second)
		}
	}
	return out
}
