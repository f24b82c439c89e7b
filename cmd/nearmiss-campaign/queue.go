package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A task's number, from 1, is its sequence in the stream of tasks: problems of
// the corpus have one as well. Its result has the number in its subject, and a
// subject takes one message, ever: whoever stores second is told so. In a
// campaign that shares attacks the second pass has a reader and results of its
// own.

// maxPayload is the largest message in bytes: the servers' own upper bound is
// 64 MiB, a fourth of it holds every pattern of up to 4 MiB with its row.
const maxPayload = 16 << 20

// A pass goes once through the tasks of a campaign.
type pass struct {
	// reader is the queue's consumer, which all workers share.
	reader string
	// results name the pass in streams and subjects.
	results string
}

var (
	firstPass  = pass{"workers", "result"}
	secondPass = pass{"second", "second"}
)

// passes are those of a campaign.
func (r record) passes() []pass {
	if r.Head.Share {
		return []pass{firstPass, secondPass}
	}
	return []pass{firstPass}
}

func tasksStream(name string) string       { return "nearmiss-" + name + "-tasks" }
func (p pass) stream(name string) string   { return "nearmiss-" + name + "-" + p.results + "s" }
func taskSubject(name string) string       { return "nearmiss." + name + ".task" }
func (p pass) subjects(name string) string { return "nearmiss." + name + "." + p.results + ".*" }
func (p pass) subject(name string, n uint64) string {
	return fmt.Sprintf("nearmiss.%s.%s.%d", name, p.results, n)
}

// lay makes the streams of a campaign, and finds them when they are there. A
// task is dropped when every pass has its result.
func (c *client) lay(ctx context.Context, name string, r record) error {
	for _, p := range r.passes() {
		if _, err := c.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
			Name: p.stream(name), Subjects: []string{p.subjects(name)},
			Storage: jetstream.FileStorage, Replicas: r.Replicas, AllowDirect: true, DenyDelete: true,
		}); err != nil {
			return err
		}
	}
	tasks := jetstream.StreamConfig{
		Name: tasksStream(name), Subjects: []string{taskSubject(name)}, Retention: jetstream.WorkQueuePolicy,
		Storage: jetstream.FileStorage, Replicas: r.Replicas,
	}
	if r.Head.Share {
		tasks.Retention = jetstream.InterestPolicy
	}
	if _, err := c.CreateOrUpdateStream(ctx, tasks); err != nil {
		return err
	}
	for _, p := range r.passes() {
		if _, err := c.CreateOrUpdateConsumer(ctx, tasksStream(name), jetstream.ConsumerConfig{
			Durable: p.reader, AckPolicy: jetstream.AckExplicitPolicy, AckWait: r.LostAfter, MaxDeliver: -1, MaxAckPending: -1,
		}); err != nil {
			return err
		}
	}
	return nil
}

// again does something until it neither passes nor fails for want of room, as
// often as a message is sent.
func (c *client) again(ctx context.Context, do func() error) (err error) {
	for range putTries {
		err = do()
		if err == nil || ctx.Err() != nil || c.conn.IsClosed() || !passing(err) && !full(err) {
			break
		}
		if passing(err) && c.room() != nil {
			break // the own server does not answer for what it cannot write
		}
		time.Sleep(c.putWait)
	}
	return c.unstored(err)
}

// put stores a message once: as number n of the tasks, or as the only one of a
// result's subject. A message that is there already is no error.
func (c *client) put(ctx context.Context, m *nats.Msg, once jetstream.PublishOpt) error {
	return c.again(ctx, func() error {
		_, err := c.PublishMsg(ctx, m, once)
		if conflict(err) {
			return nil
		}
		return err
	})
}

// A message that no server answers for, or has no room for, is sent again, for
// half a minute at least, and a minute and a half where a server is silent: by
// then a cluster that lost a member has chosen another leader, a server that was
// killed is back, and somebody may have made room.
const (
	putTries = 15
	putWait  = 2 * time.Second
)

// passing reports whether an error says no more than that no server answered,
// or that a cluster has not chosen who does.
func passing(err error) bool {
	const (
		clusterNotAvailable = 10008
		clusterNotLeader    = 10009
	)
	var e *jetstream.APIError
	if errors.As(err, &e) && (e.ErrorCode == clusterNotAvailable || e.ErrorCode == clusterNotLeader) {
		return true
	}
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrTimeout) || errors.Is(err, nats.ErrNoResponders) || errors.Is(err, jetstream.ErrNoStreamResponse)
}

// full reports whether a server has no room: its own limits, those of the
// account, or its disk. The numbers are the server's, which the client's library
// has no names for.
func full(err error) bool {
	const (
		insufficientResources = 10023
		accountResources      = 10002
		memoryResources       = 10028
		storageResources      = 10047
		storeFailed           = 10077
	)
	var e *jetstream.APIError
	if !errors.As(err, &e) {
		return false
	}
	switch e.ErrorCode {
	case insufficientResources, accountResources, memoryResources, storageResources, storeFailed:
		return true
	}
	return false
}

// unstored says why a message was not stored.
func (c *client) unstored(err error) error {
	if err == nil {
		return nil
	}
	if none := c.room(); none != nil && passing(err) {
		return noRoom(none)
	}
	switch {
	case full(err):
		return noRoom(err)
	case c.conn.IsClosed():
		return c.lost(err)
	case passing(err):
		return fmt.Errorf("the server is away, or has no room left to write to: %w", err)
	}
	return err
}

func noRoom(err error) error {
	return fmt.Errorf("the server has no room left: make some, and the same command goes on: %w", err)
}

// roomBytes is what is written to find out whether the own server can write: no
// less than the largest block that it adds to a file of few messages.
const roomBytes = 256 << 10

// room is the error of writing beside the files of the own server, nil for
// others.
func (c *client) room() error {
	if c.store == "" {
		return nil
	}
	f, err := os.CreateTemp(c.store, "room-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, roomBytes))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// ahead is how many tasks are sent before the server has confirmed the first of
// them: 256, so that a start to a server far away takes a 256th of the ways.
const ahead = 256

// A feeder sends tasks in their order, ahead of the server's word.
type feeder struct {
	*client
	name string
	sent []feed
}

type feed struct {
	n    uint64
	body []byte
	word jetstream.PubAckFuture
}

func (c *client) taskMsg(name string, body []byte) *nats.Msg {
	return &nats.Msg{Subject: taskSubject(name), Data: body}
}

// put sends task number n.
func (f *feeder) put(ctx context.Context, n uint64, body []byte) error {
	word, err := f.PublishMsgAsync(f.taskMsg(f.name, body), jetstream.WithExpectLastSequence(n-1))
	f.sent = append(f.sent, feed{n, body, word})
	if err == nil && len(f.sent) < ahead {
		return nil
	}
	return f.flush(ctx) // a task that could not be sent has no word, and is sent again there
}

// flush waits until the server has what was sent. From the first task on that it
// has not, all are sent again one by one; those that it has are no error.
func (f *feeder) flush(ctx context.Context) error {
	fine := true
	for _, s := range f.sent {
		if fine = fine && s.word != nil; fine {
			select {
			case <-s.word.Ok():
			case err := <-s.word.Err():
				fine = err == nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if fine {
			continue
		}
		if err := f.client.put(ctx, f.taskMsg(f.name, s.body), jetstream.WithExpectLastSequence(s.n-1)); err != nil {
			return fmt.Errorf("task %d could not be queued: %w", s.n, err)
		}
	}
	f.sent = f.sent[:0]
	return nil
}

func (c *client) putResult(ctx context.Context, p pass, name string, n uint64, r result) error {
	m := &nats.Msg{Subject: p.subject(name, n), Data: r.line, Header: nats.Header{headerWorker: {c.as}, headerSays: {r.says()}}}
	return c.put(ctx, m, jetstream.WithExpectLastSequencePerSubject(0))
}

// Headers of a result, for counts: who judged, and what the row says in words.
const (
	headerWorker = "Nearmiss-Worker"
	headerSays   = "Nearmiss-Row"
)

// counts are the numbers of tasks that were ever queued, and of results of a
// pass.
func (c *client) counts(ctx context.Context, p pass, name string) (queued, done uint64, err error) {
	results, err := c.Stream(ctx, p.stream(name))
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
