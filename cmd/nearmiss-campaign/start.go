package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"encoding/json"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearmiss-dev/nearmiss/internal/campaign"
	"github.com/nearmiss-dev/nearmiss/internal/cli"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// window is how many tasks start --wait may have queued and not yet written:
// 16384, some 30 MB of patterns and rows.
const window = 16384

// start is nearmiss fuzz with the queue in place of its workers.
func (c command) start(ctx context.Context, f flags) (int, error) {
	args, err := f.fuzzed()
	if err != nil {
		return 0, err
	}
	js, err := connect(f)
	if err != nil {
		return 0, err
	}
	defer js.close()
	n := c.nearmiss(args)
	n.Share = f.share
	n.Elsewhere = func(ctx context.Context, job campaign.Job) (bool, error) {
		return starter{c, js, f, job}.do(ctx)
	}
	return cli.Main(n), ctx.Err()
}

// A starter brings a job to the queue.
type starter struct {
	command
	*client
	flags
	job campaign.Job
}

func (s starter) do(ctx context.Context) (complete bool, err error) {
	begun, err := s.begin(ctx)
	if err != nil {
		return false, err
	}
	if !s.wait {
		if err := s.queue(ctx, begun, func(campaign.Task) error { return nil }); err != nil {
			return false, err
		}
		queued, _, err := s.counts(ctx, firstPass, s.name)
		if err != nil {
			return false, err
		}
		if _, err := fmt.Fprintf(s.stderr, "nearmiss-campaign: campaign %s: %d tasks queued; 'work' judges them\n", s.name, queued); err != nil {
			return false, err
		}
		return false, campaign.ErrQueued
	}
	return s.here(ctx, begun)
}

// begin writes the record, or finds one that is the same; begun is how many
// tasks are queued.
func (s starter) begin(ctx context.Context) (begun uint64, err error) {
	of, err := campaign.Build()
	if err != nil {
		return 0, err
	}
	r := record{
		Wire: wire, Head: s.job.Head, Policy: s.job.Unit.Policy, Stable: s.job.Unit.Clock == nil,
		Tries: s.tries, LostAfter: s.lostAfter, Replicas: s.replicas, Build: of,
	}
	b, err := json.Marshal(r)
	if err != nil {
		return 0, err
	}
	kv, err := s.records(ctx, s.replicas)
	if err != nil {
		return 0, s.unstored(err)
	}
	if _, err = kv.Create(ctx, s.name, b); err != nil && !conflict(err) && !errors.Is(err, jetstream.ErrKeyExists) {
		return 0, s.unstored(err)
	}
	if err != nil {
		if r, err = s.again(ctx, r); err != nil {
			return 0, err
		}
	}
	if err := s.lay(ctx, s.name, r); err != nil {
		return 0, err
	}
	begun, _, err = s.counts(ctx, firstPass, s.name)
	return begun, err
}

// again is the record of a campaign that exists.
func (s starter) again(ctx context.Context, now record) (record, error) {
	r, _, err := s.read(ctx, s.name)
	if err != nil {
		return r, err
	}
	d := r.Head.Differs(now.Head)
	switch {
	case !s.goOn:
		return r, fmt.Errorf("campaign %s exists: expected a new name, or --continue to go on with it", s.name)
	case r.Cancelled:
		return r, fmt.Errorf("campaign %s: %w", s.name, errCancelled)
	case d != "":
		return r, fmt.Errorf("campaign %s: cannot go on: begun with %s", s.name, d)
	case r.Build != now.Build:
		return r, fmt.Errorf("campaign %s: cannot go on: begun by a program built from %s, this one is from %s", s.name, r.Build, now.Build)
	case r.Wire != wire || r.Stable != now.Stable:
		return r, fmt.Errorf("campaign %s: cannot go on: begun with --stable=%t and messages of version %d, now %t and %d", s.name, r.Stable, r.Wire, now.Stable, wire)
	}
	return r, nil
}

// queue stores the tasks behind those that are there, tells took of each, and
// says at the end how many there are.
func (s starter) queue(ctx context.Context, begun uint64, took func(campaign.Task) error) error {
	var n uint64
	feed := feeder{client: s.client, name: s.name}
	for t := range s.job.Tasks {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		n++
		if n > begun {
			b, err := t.MarshalBinary()
			if err != nil {
				return err
			}
			if err := feed.put(ctx, n, b); err != nil {
				return err
			}
		}
		if err := took(t); err != nil {
			return err
		}
	}
	if err := feed.flush(ctx); err != nil {
		return err
	}
	if n < begun {
		return fmt.Errorf("campaign %s: cannot go on: %d tasks are queued, and the corpus has %d now", s.name, begun, n)
	}
	return s.change(ctx, s.name, func(r *record) { r.Queued, r.Total, r.Files = true, n, *s.job.Files })
}

// A queue of tasks between what queues them and what writes their rows.
type queued struct {
	in  chan<- campaign.Task
	out <-chan campaign.Task
}

// between holds up to window tasks, and all where attacks are shared: then no
// row is known before the last task is queued. That is some 1 KB a pattern.
func (s starter) between(ctx context.Context) queued {
	if !s.share {
		tasks := make(chan campaign.Task, window)
		return queued{tasks, tasks}
	}
	in, out := make(chan campaign.Task), make(chan campaign.Task)
	go func() {
		defer close(out)
		var held []campaign.Task
		for t := range in {
			held = append(held, t)
		}
		for _, t := range held {
			select {
			case out <- t:
			case <-ctx.Done():
				return
			}
		}
	}()
	return queued{in, out}
}

// here judges in this process as well, and emits every result in the order of
// the corpus.
func (s starter) here(ctx context.Context, begun uint64) (bool, error) {
	w, err := s.worker(ctx, s.client, s.name)
	if err != nil {
		return false, err
	}
	within, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	tasks := s.between(within)
	ended := make(chan struct{}, 2)
	go func() {
		defer func() { ended <- struct{}{} }()
		defer close(tasks.in)
		if err := s.queue(within, begun, func(t campaign.Task) error {
			select {
			case tasks.in <- t:
				return nil
			case <-within.Done():
				return within.Err()
			}
		}); err != nil {
			cancel(err)
		}
	}()
	go func() {
		defer func() { ended <- struct{}{} }()
		if err := w.run(within, s.workers); err != nil {
			cancel(err)
		}
	}()
	err = s.emit(within, tasks.out)
	if err != nil {
		cancel(err)
	}
	<-ended
	<-ended
	switch cause := context.Cause(within); {
	case ctx.Err() != nil:
		return false, nil
	case cause != nil:
		return false, cause
	}
	return true, nil
}

// emit brings the results, which come as they are found, into the order of the
// corpus.
func (s starter) emit(ctx context.Context, tasks <-chan campaign.Task) error {
	r := record{Head: s.job.Head}
	passes := r.passes()
	lines, err := s.lines(ctx, s.name, r)
	if err != nil {
		return err
	}
	results, err := s.OrderedConsumer(ctx, passes[len(passes)-1].stream(s.name), jetstream.OrderedConsumerConfig{})
	if err != nil {
		return err
	}
	in, err := results.Messages()
	if err != nil {
		return err
	}
	defer in.Stop()
	early := map[uint64][]byte{}
	var n uint64
	for t := range tasks {
		n++
		line, there := early[n]
		for ; !there; line, there = early[n] {
			m, err := in.Next(jetstream.NextContext(ctx))
			if err != nil {
				return err
			}
			of, err := numberOf(m.Subject())
			if err != nil {
				return err
			}
			early[of] = m.Data()
		}
		delete(early, n)
		if len(line) == 0 { // the second pass left it as it was
			if line, err = lines(n); err != nil {
				return err
			}
		}
		r, err := resultOf(t, line)
		if err != nil {
			return fmt.Errorf("result %d: %w", n, err)
		}
		if err := s.job.Emit(r); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// numberOf is the number of a result's subject.
func numberOf(subject string) (uint64, error) {
	return strconv.ParseUint(subject[strings.LastIndexByte(subject, '.')+1:], 10, 64)
}

// resultOf reads a line back as the result of its task.
func resultOf(t campaign.Task, line []byte) (campaign.Result, error) {
	e, err := report.Decode(line)
	switch {
	case err != nil:
		return campaign.Result{}, err
	case t.Problem != nil && e.Fault != nil:
		return campaign.Result{Task: t}, nil //nolint:nilerr // a problem is a result, and no failure
	case t.Problem != nil || e.Row == nil || !report.IsOf(line, rowOf(t)):
		return campaign.Result{}, errors.New("it is of another pattern: the corpus, or how it is read, has changed")
	}
	e.Row.Verdict.Pattern = t.Pattern
	return campaign.Result{Task: t, Row: *e.Row}, nil
}

// rowOf is the row of a task that nothing is known of.
func rowOf(t campaign.Task) (r gate.Row) {
	r.Verdict.Pattern, r.Seq = t.Pattern, t.Seq
	return r
}
