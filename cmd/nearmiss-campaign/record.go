package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearmiss-dev/nearmiss/internal/campaign"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// A record is what a campaign is, as its workers read it.
type record struct {
	// Wire is the version of the messages.
	Wire   int           `json:"wire"`
	Head   report.Run    `json:"head"`
	Policy policy.Policy `json:"policy"`
	// Stable leaves the times out of the rows.
	Stable bool `json:"stable"`
	// Tries is how many workers may fail to end a pattern.
	Tries     int           `json:"tries"`
	LostAfter time.Duration `json:"lost_after"`
	Replicas  int           `json:"replicas"`
	// Build is what the program was built from that began it.
	Build string `json:"build"`
	// Total is the number of tasks once all are queued, Files what was read
	// for them.
	Queued    bool            `json:"queued"`
	Total     uint64          `json:"total"`
	Files     gate.FileCounts `json:"files"`
	Cancelled bool            `json:"cancelled"`
}

// wire is raised whenever a message changes its shape.
const wire = 2

// bucket holds the records, one for each campaign by its name.
const bucket = "nearmiss-campaigns"

func (c *client) records(ctx context.Context, replicas int) (jetstream.KeyValue, error) {
	kv, err := c.KeyValue(ctx, bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) && replicas > 0 {
		return c.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: bucket, Storage: jetstream.FileStorage, Replicas: replicas})
	}
	return kv, err
}

// read is the record of a campaign, with the revision to write it back over.
func (c *client) read(ctx context.Context, name string) (r record, revision uint64, err error) {
	kv, err := c.records(ctx, 0)
	var e jetstream.KeyValueEntry
	if err == nil {
		e, err = kv.Get(ctx, name)
	}
	if errors.Is(err, jetstream.ErrBucketNotFound) || errors.Is(err, jetstream.ErrKeyNotFound) {
		return r, 0, usagef("no campaign %q there: 'start' begins one", name)
	}
	if err != nil {
		return r, 0, err
	}
	if err := json.Unmarshal(e.Value(), &r); err != nil {
		return r, 0, fmt.Errorf("campaign %s: its record: %w", name, err)
	}
	return r, e.Revision(), nil
}

// change rewrites a record, again if another process did so meanwhile.
func (c *client) change(ctx context.Context, name string, how func(*record)) error {
	for {
		r, revision, err := c.read(ctx, name)
		if err != nil {
			return err
		}
		how(&r)
		b, err := json.Marshal(r)
		if err != nil {
			return err
		}
		kv, err := c.records(ctx, 0)
		if err != nil {
			return err
		}
		if _, err = kv.Update(ctx, name, b, revision); err == nil || !conflict(err) {
			return err
		}
	}
}

// conflict reports whether a message was not stored since another was there.
func conflict(err error) bool {
	var e *jetstream.APIError
	return errors.As(err, &e) && (e.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || e.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// unit is what judges the campaign's patterns in this process.
func (c command) unit(r record) (u campaign.Unit, err error) {
	if r.Wire != wire {
		return u, fmt.Errorf("its messages have version %d, this program's %d", r.Wire, wire)
	}
	if u, err = c.nearmiss(nil).Unit(r.Head, r.Policy); err != nil {
		return u, err
	}
	switch now, err := campaign.Build(); {
	case err != nil:
		return u, err
	case r.Build != now:
		return u, fmt.Errorf("begun by a program built from %s, this one is from %s", r.Build, now)
	}
	if !r.Stable {
		u.Clock = c.clock
	}
	return u, nil
}
