package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearmiss-dev/nearmiss/internal/campaign"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// A campaign that shares attacks has a second pass. When every row of the first
// is stored, the fittest attacks of all rows are put into a bucket, once, and
// then tried on every pattern. They are chosen from the rows alone, by an order
// that knows no time and no worker, so that whoever fills the bucket writes the
// same bytes; and no row of the second pass rests on another of it.

const (
	// attacksKey is the bucket's only key.
	attacksKey = "attacks"
	// maxAttacksBytes bounds the bucket: the attacks of internal/campaign, some
	// 256 of 256 bytes, each escaped in JSON.
	maxAttacksBytes = 1 << 20
)

func attacksBucket(name string) string { return "nearmiss-" + name + "-attacks" }

// frozen are the attacks that the second pass tries: those in the bucket, or
// the fittest of all rows, which it puts there.
func (c *client) frozen(ctx context.Context, name string) ([]gate.SharedAttack, error) {
	r, _, err := c.read(ctx, name)
	if err != nil {
		return nil, err
	}
	kv, err := c.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: attacksBucket(name), Storage: jetstream.FileStorage, Replicas: r.Replicas, MaxBytes: 2 * maxAttacksBytes, MaxValueSize: maxAttacksBytes,
	})
	if err != nil {
		return nil, err
	}
	e, err := kv.Get(ctx, attacksKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		line, err := c.fittest(ctx, name)
		if err != nil {
			return nil, err
		}
		if _, err := kv.Create(ctx, attacksKey, line); err != nil && !conflict(err) && !errors.Is(err, jetstream.ErrKeyExists) {
			return nil, err
		}
		return attacksOf(line)
	}
	if err != nil {
		return nil, err
	}
	return attacksOf(e.Value())
}

// fittest are the attacks worth a try of a first pass that is complete.
func (c *client) fittest(ctx context.Context, name string) ([]byte, error) {
	results, err := c.Stream(ctx, firstPass.stream(name))
	if err != nil {
		return nil, err
	}
	var all campaign.Collection
	err = c.each(ctx, firstPass.stream(name), 1, results.CachedInfo().State.LastSeq, false, func(m jetstream.Msg) error {
		e, err := report.Decode(m.Data())
		if err != nil {
			return fmt.Errorf("%s: %w", m.Subject(), err)
		}
		if e.Row != nil {
			all.Add(*e.Row)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return json.Marshal(all.Attacks())
}

func attacksOf(b []byte) (out []gate.SharedAttack, err error) {
	err = json.Unmarshal(b, &out)
	return out, err
}

// each gives the messages of a stream to take, from a sequence number up to
// another that is there, with their bodies or without.
func (c *client) each(ctx context.Context, stream string, from, to uint64, bare bool, take func(jetstream.Msg) error) error {
	if from > to {
		return nil
	}
	cons, err := c.OrderedConsumer(ctx, stream, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: from, HeadersOnly: bare,
	})
	if err != nil {
		return err
	}
	in, err := cons.Messages()
	if err != nil {
		return err
	}
	defer in.Stop()
	for {
		m, err := in.Next(jetstream.NextContext(ctx))
		if err != nil {
			return err
		}
		if err := take(m); err != nil {
			return err
		}
		meta, err := m.Metadata()
		if err != nil || meta.Sequence.Stream >= to {
			return err
		}
	}
}

// share is the second pass.
func (w *worker) share(ctx context.Context, t campaign.Task, n, try uint64) (r result, err error) {
	if t.Problem != nil {
		return result{fault: true}, nil //nolint:nilerr // a problem is a result, and no failure
	}
	results, err := w.Stream(ctx, firstPass.stream(w.name))
	if err != nil {
		return r, gone(err)
	}
	m, err := results.GetLastMsgForSubject(ctx, firstPass.subject(w.name, n))
	if err != nil {
		return r, fmt.Errorf("the first result of pattern %d: %w", n, err)
	}
	e, err := report.Decode(m.Data)
	if err != nil || e.Row == nil {
		return r, fmt.Errorf("the first result of pattern %d is none: %w", n, err)
	}
	var changed bool
	if r.aside = try > uint64(w.record.Tries); r.aside {
		r.row, changed = *e.Row, true
		r.row.Shared = &gate.Shared{Reason: w.setAside()}
	} else {
		r.row, changed = w.unit.Share(t.Pattern, *e.Row, w.attacks)
	}
	if changed {
		r.row.Seq, r.row.Verdict.Pattern = t.Seq, t.Pattern
		r.line = w.format.Row(r.row)
	}
	return r, nil
}
