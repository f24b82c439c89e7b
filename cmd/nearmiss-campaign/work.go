package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/campaign"
	"github.com/nearmiss-dev/nearmiss/internal/cli"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// fetchWait is how long a worker waits for a task before it looks whether the
// campaign is done.
const fetchWait = time.Second

// errCancelled ends the workers of a campaign.
var errCancelled = errors.New("the campaign was cancelled")

// A worker judges tasks of one campaign.
type worker struct {
	*client
	name   string
	record record
	unit   campaign.Unit
	format report.JSONL
	// queued says that the last task was queued.
	queued atomic.Bool
	// attacks are what the second pass tries.
	attacks []gate.SharedAttack
}

// A result is the line of a task with what it says in a word or two; the line
// is empty where a second pass found nothing more.
type result struct {
	line  []byte
	row   gate.Row // of a pattern
	aside bool
	fault bool
}

// work judges until the campaign is done.
func (c command) work(ctx context.Context, f flags) (int, error) {
	js, err := connect(f)
	if err != nil {
		return 0, err
	}
	defer js.close()
	w, err := c.worker(ctx, js, f.name)
	if err != nil {
		return 0, err
	}
	if err := w.run(ctx, f.workers); err != nil {
		return 0, fmt.Errorf("campaign %s: %w", f.name, err)
	}
	return cli.ExitClean, nil
}

func (c command) worker(ctx context.Context, js *client, name string) (*worker, error) {
	r, _, err := js.read(ctx, name)
	if err != nil {
		return nil, err
	}
	if r.Cancelled {
		return nil, usageError{fmt.Errorf("campaign %s: %w", name, errCancelled)}
	}
	u, err := c.unit(r)
	if err != nil {
		return nil, usagef("campaign %s: this worker cannot take part: %w", name, err)
	}
	return &worker{client: js, name: name, record: r, unit: u, format: report.JSONL{Style: report.Lint, Stable: r.Stable}}, nil
}

// run judges jobs patterns at a time, one pass after the other. The first that
// fails ends them all; what they had begun goes to other workers.
func (w *worker) run(ctx context.Context, jobs int) error {
	// The record is written over itself: a server without room is found out
	// before a task is taken, which would count as a try.
	if err := w.again(ctx, func() error { return w.change(ctx, w.name, func(*record) {}) }); err != nil {
		return err
	}
	if err := w.pass(ctx, firstPass, jobs, w.judge); err != nil || !w.record.Head.Share || ctx.Err() != nil {
		return err
	}
	if err := w.again(ctx, func() (err error) {
		w.attacks, err = w.frozen(ctx, w.name)
		return err
	}); err != nil {
		return err
	}
	return w.pass(ctx, secondPass, jobs, w.share)
}

// A judge makes the result of a task, which this is the given try of.
type judge func(ctx context.Context, t campaign.Task, n, try uint64) (result, error)

// pass judges until every task has its result.
func (w *worker) pass(ctx context.Context, p pass, jobs int, how judge) error {
	cons, err := w.Consumer(ctx, tasksStream(w.name), p.reader)
	if err != nil {
		return gone(err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for range jobs {
		all.Go(func() {
			if err := w.loop(ctx, p, cons, how); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// loop takes one task at a time, so that none waits in a worker that may die.
func (w *worker) loop(ctx context.Context, p pass, cons jetstream.Consumer, how judge) error {
	for missing := 0; ctx.Err() == nil; {
		batch, err := cons.Fetch(1, jetstream.FetchMaxWait(fetchWait))
		if err != nil && w.conn.IsClosed() {
			return w.lost(err)
		}
		if err != nil {
			return gone(err)
		}
		idle := true
		for m := range batch.Messages() {
			idle = false
			if err := w.handle(ctx, p, m, how); err != nil {
				return err
			}
		}
		if err := batch.Error(); err != nil && w.conn.IsClosed() {
			return w.lost(err)
		}
		if !idle {
			continue
		}
		queue, err := cons.Info(ctx) // before the results, which are stored before a task is dropped
		done := false
		if err == nil {
			done, err = w.done(ctx, p)
		}
		if err != nil && passing(err) && !w.conn.IsClosed() {
			continue // a cluster that chooses another leader
		}
		if err != nil || done {
			return gone(err)
		}
		if missing++; !w.queued.Load() || queue.NumPending > 0 || queue.NumAckPending > 0 {
			missing = 0
		}
		if missing >= missingLooks {
			return errMissing
		}
	}
	return nil
}

// missingLooks is how often a worker finds nothing in the queue and yet results
// missing before it says so: ten times, a second each, in which a cluster that
// chose another leader has caught up.
const missingLooks = 10

// errMissing says that a server lost results which it had confirmed.
var errMissing = errors.New("results are missing that the server had stored, and their patterns are no longer queued: " +
	"a machine that stopped may lose what its disk had not written; expected a new campaign, or the patterns without a row in one of their own")

// done reports whether every task has its result.
func (w *worker) done(ctx context.Context, p pass) (bool, error) {
	r, _, err := w.read(ctx, w.name)
	switch {
	case ctx.Err() != nil:
		return true, nil //nolint:nilerr // to end is no failure
	case err != nil:
		return false, gone(err)
	case r.Cancelled:
		return false, errCancelled
	case !r.Queued:
		return false, nil
	}
	w.queued.Store(true)
	_, results, err := w.counts(ctx, p, w.name)
	return results == r.Total, gone(err)
}

// gone says what a stream that is not there means.
func gone(err error) error {
	if errors.Is(err, jetstream.ErrStreamNotFound) || errors.Is(err, jetstream.ErrConsumerNotFound) {
		return errCancelled
	}
	return err
}

// handle judges a task, stores its result, and only then takes it off the
// queue.
func (w *worker) handle(ctx context.Context, p pass, m jetstream.Msg, how judge) error {
	meta, err := m.Metadata()
	if err != nil {
		return err
	}
	n := meta.Sequence.Stream
	defer w.speakUp(m)()
	var t campaign.Task
	if err := t.UnmarshalBinary(m.Data()); err != nil {
		return fmt.Errorf("task %d: %w", n, err)
	}
	r, err := how(ctx, t, n, meta.NumDelivered)
	if err != nil {
		return err
	}
	// What was judged is stored even when the worker was told to end.
	if err := w.putResult(context.WithoutCancel(ctx), p, w.name, n, r); err != nil {
		return fmt.Errorf("the result of pattern %d could not be stored: %w", n, err)
	}
	return m.Ack()
}

// speakUp tells the server that the task is in work until the returned function
// is called.
func (w *worker) speakUp(m jetstream.Msg) (stop func()) {
	ticker, end := time.NewTicker(w.record.LostAfter/3), make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				_ = m.InProgress() // should it fail, another worker judges the same
			case <-end:
				return
			}
		}
	}()
	return func() { ticker.Stop(); close(end) }
}

// judge is the first pass.
func (w *worker) judge(_ context.Context, t campaign.Task, _, try uint64) (r result, err error) {
	switch {
	case t.Problem != nil:
		return result{line: w.format.Fault(t.Problem), fault: true}, nil //nolint:nilerr // a problem is a result, and no failure
	case try > uint64(w.record.Tries):
		v := verdict.Verdict{Pattern: t.Pattern, Kind: verdict.Unknown, Reason: w.setAside()}
		r = result{row: gate.Row{Verdict: v, Level: w.unit.Policy.Lines.Level(v)}, aside: true}
	default:
		r.row = w.unit.Row(t.Pattern)
	}
	r.row.Seq = t.Seq
	r.line = w.format.Row(r.row)
	return r, nil
}

// setAside is the reason of a pattern that no worker came to the end of.
func (w *worker) setAside() *verdict.Reason {
	return &verdict.Reason{Code: gate.ReasonInternal, Offset: -1, Message: fmt.Sprintf(
		"set aside: %d workers began it, and each ended or fell silent before its result was stored", w.record.Tries)}
}
