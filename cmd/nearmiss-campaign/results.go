package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearmiss-dev/nearmiss/internal/cli"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// results writes the lines that there are, as fuzz --out does: the head, the
// rows in the order of the corpus, and the summary if none is missing.
func (c command) results(ctx context.Context, f flags) (int, error) {
	js, err := connect(f)
	if err != nil {
		return 0, err
	}
	defer js.close()
	whole, err := js.write(ctx, f.name, c.stdout)
	if err != nil || !whole {
		return cli.ExitUndecided, err
	}
	return cli.ExitClean, nil
}

// write reports whether no line is missing.
func (c *client) write(ctx context.Context, name string, out io.Writer) (whole bool, err error) {
	r, _, err := c.read(ctx, name)
	if err != nil {
		return false, err
	}
	queued, done, err := c.counts(ctx, firstPass, name)
	if err != nil {
		return false, err
	}
	lines, err := c.lines(ctx, name, r)
	if err != nil {
		return false, err
	}
	if _, err := out.Write(r.Head.Line()); err != nil {
		return false, err
	}
	sum := gate.NewSummary()
	sum.PolicyDigest, sum.Versions, sum.Files = r.Head.Policy, r.Head.Versions, r.Files
	for n := uint64(1); n <= max(queued, r.Total); n++ {
		line, err := lines(n)
		if err != nil {
			return false, err
		}
		if line == nil {
			continue // not judged yet
		}
		e, err := report.Decode(line)
		if err != nil {
			return false, fmt.Errorf("result %d: %w", n, err)
		}
		if e.Row != nil {
			sum.Count(*e.Row)
		} else {
			sum.Fault(e.Fault)
		}
		if _, err := out.Write(line); err != nil {
			return false, err
		}
	}
	if r.Head.Share {
		_, second, err := c.counts(ctx, secondPass, name)
		if err != nil {
			return false, err
		}
		done = min(done, second)
	}
	if !r.Queued || done < r.Total {
		return false, nil
	}
	_, err = out.Write(report.JSONL{Style: report.Lint, Stable: r.Stable}.Summary(sum))
	return true, err
}

// lines gives the line of a task: that of the second pass, if it has one, else
// that of the first, nil before.
func (c *client) lines(ctx context.Context, name string, r record) (func(n uint64) ([]byte, error), error) {
	var streams []jetstream.Stream
	for _, p := range r.passes() {
		s, err := c.Stream(ctx, p.stream(name))
		if err != nil {
			return nil, err
		}
		streams = append(streams, s)
	}
	return func(n uint64) (line []byte, err error) {
		for i, p := range r.passes() {
			m, err := streams[i].GetLastMsgForSubject(ctx, p.subject(name, n))
			if errors.Is(err, jetstream.ErrMsgNotFound) {
				break
			}
			if err != nil {
				return nil, err
			}
			if len(m.Data) > 0 {
				line = m.Data
			}
		}
		return line, nil
	}, nil
}

// report shows the results so far as nearmiss report does, with its flags.
func (c command) report(ctx context.Context, f flags) (int, error) {
	js, err := connect(f)
	if err != nil {
		return 0, err
	}
	defer js.close()
	file, err := os.CreateTemp("", f.name+"-*.jsonl")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.Remove(file.Name()) }() // a file for this call alone
	_, written := js.write(ctx, f.name, file)
	if err := errors.Join(written, file.Close()); err != nil {
		return 0, err
	}
	return cli.Main(c.nearmiss(append([]string{"report", file.Name()}, f.rest...))), nil
}
