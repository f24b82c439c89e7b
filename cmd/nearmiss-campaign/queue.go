package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A task's number, from 1, is its sequence in the stream of tasks: problems of
// the corpus have one as well. Its result has the number in its subject, and a
// subject takes one message, ever: whoever stores second is told so.

// maxPayload is the largest message in bytes: the servers' own upper bound is
// 64 MiB, a fourth of it holds every pattern of up to 4 MiB with its row.
const maxPayload = 16 << 20

// consumerName is the queue's reader, which all workers share.
const consumerName = "workers"

func tasksStream(name string) string   { return "nearmiss-" + name + "-tasks" }
func resultsStream(name string) string { return "nearmiss-" + name + "-results" }
func taskSubject(name string) string   { return "nearmiss." + name + ".task" }
func resultSubject(name string, n uint64) string {
	return fmt.Sprintf("nearmiss.%s.result.%d", name, n)
}

// lay makes the streams of a campaign, and finds them when they are there.
func (c *client) lay(ctx context.Context, name string, r record) error {
	if _, err := c.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: resultsStream(name), Subjects: []string{fmt.Sprintf("nearmiss.%s.result.*", name)},
		Storage: jetstream.FileStorage, Replicas: r.Replicas, AllowDirect: true, DenyDelete: true,
	}); err != nil {
		return err
	}
	if _, err := c.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: tasksStream(name), Subjects: []string{taskSubject(name)}, Retention: jetstream.WorkQueuePolicy,
		Storage: jetstream.FileStorage, Replicas: r.Replicas,
	}); err != nil {
		return err
	}
	_, err := c.CreateOrUpdateConsumer(ctx, tasksStream(name), jetstream.ConsumerConfig{
		Durable: consumerName, AckPolicy: jetstream.AckExplicitPolicy, AckWait: r.LostAfter, MaxDeliver: -1, MaxAckPending: -1,
	})
	return err
}

// put stores a message once: as number n of the tasks, or as the only one of a
// result's subject. A message that is there already is no error.
func (c *client) put(ctx context.Context, subject string, body []byte, once jetstream.PublishOpt) (err error) {
	for range putTries {
		_, err = c.PublishMsg(ctx, &nats.Msg{Subject: subject, Data: body}, once)
		if err == nil || conflict(err) {
			return nil
		}
		if ctx.Err() != nil || !passing(err) {
			return err
		}
		time.Sleep(putWait)
	}
	return err
}

// A message that no server answers for is sent again, for a minute at least:
// by then a cluster that lost a member has chosen another leader.
const (
	putTries = 30
	putWait  = 2 * time.Second
)

// passing reports whether an error says no more than that no server answered.
func passing(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrTimeout) || errors.Is(err, nats.ErrNoResponders) || errors.Is(err, jetstream.ErrNoStreamResponse)
}

func (c *client) putTask(ctx context.Context, name string, n uint64, body []byte) error {
	return c.put(ctx, taskSubject(name), body, jetstream.WithExpectLastSequence(n-1))
}

func (c *client) putResult(ctx context.Context, name string, n uint64, line []byte) error {
	return c.put(ctx, resultSubject(name, n), line, jetstream.WithExpectLastSequencePerSubject(0))
}

// counts are the numbers of tasks that were ever queued, and of results.
func (c *client) counts(ctx context.Context, name string) (queued, done uint64, err error) {
	results, err := c.Stream(ctx, resultsStream(name))
	if err != nil {
		return 0, 0, err
	}
	done = results.CachedInfo().State.Msgs
	tasks, err := c.Stream(ctx, tasksStream(name))
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return 0, done, nil
	}
	if err != nil {
		return 0, 0, err
	}
	return tasks.CachedInfo().State.LastSeq, done, nil
}
