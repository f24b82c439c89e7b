package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearmiss-dev/nearmiss/internal/cli"
)

// A state is how far a campaign is, as its server saw it at one time.
type state struct {
	record
	name string
	// now is the server's clock, begun when the first stream was made.
	now, begun time.Time
	queued     uint64
	// passes are those of the campaign, the second nil where there is none.
	first, second *progress
	paused        bool
}

// A progress is how far a pass is.
type progress struct {
	done uint64
	// working is how many tasks are with workers, again how many of those were
	// given out before.
	working, again int
	tally          *tally
}

func (s state) ended() bool {
	return s.Cancelled || s.Queued && s.first.done == s.Total && (s.second == nil || s.second.done == s.Total)
}

// pass is the one that is at work.
func (s state) pass() *progress {
	if s.second != nil && s.Queued && s.first.done == s.Total {
		return s.second
	}
	return s.first
}

// status says how far a campaign is.
func (c command) status(ctx context.Context, f flags) (int, error) {
	js, err := connect(f)
	if err != nil {
		return 0, err
	}
	defer js.close()
	redraw := isTerminal(c.stdout)
	var last state
	for lines := 0; ; {
		s, err := js.state(ctx, f.name, last)
		if err != nil {
			return 0, err
		}
		out := s.text()
		if f.format == "jsonl" {
			if out, err = s.json(); err != nil {
				return 0, err
			}
		} else if redraw && lines > 0 {
			out = fmt.Sprintf("\x1b[%dA\x1b[J%s", lines, out)
		} else if lines > 0 {
			out = "\n" + out
		}
		if _, err := io.WriteString(c.stdout, out); err != nil {
			return 0, err
		}
		if !f.watch || s.ended() {
			return cli.ExitClean, nil
		}
		last, lines = s, strings.Count(s.text(), "\n")
		select {
		case <-ctx.Done():
			return cli.ExitClean, nil
		case <-time.After(time.Second):
		}
	}
}

// isTerminal reports whether a stream is one that can be drawn on.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

// state is how far the campaign is, given what was known of it before.
func (c *client) state(ctx context.Context, name string, last state) (s state, err error) {
	s.name = name
	if s.record, _, err = c.read(ctx, name); err != nil {
		return s, err
	}
	if s.first, err = c.progress(ctx, &s, firstPass, last.first); err == nil && s.Head.Share {
		s.second, err = c.progress(ctx, &s, secondPass, last.second)
	}
	return s, err
}

func (c *client) progress(ctx context.Context, s *state, p pass, last *progress) (*progress, error) {
	results, err := c.Stream(ctx, p.stream(s.name))
	if err != nil {
		return nil, err
	}
	info := results.CachedInfo()
	out := &progress{done: info.State.Msgs}
	if p == firstPass {
		s.now, s.begun = info.TimeStamp, info.Created
	}
	var before *tally
	if last != nil {
		before = last.tally
	}
	if out.tally, err = c.tally(ctx, s.name, p, before, info.State.LastSeq); err != nil {
		return nil, err
	}
	tasks, err := c.Stream(ctx, tasksStream(s.name))
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return out, nil // cancelled
	}
	if err != nil {
		return nil, err
	}
	s.queued = tasks.CachedInfo().State.LastSeq
	cons, err := tasks.Consumer(ctx, p.reader)
	if err != nil {
		return nil, err
	}
	reader := cons.CachedInfo()
	out.working, out.again, s.paused = reader.NumAckPending, reader.NumRedelivered, reader.Paused
	return out, nil
}

// word is what the campaign does, in a word or two.
func (s state) word() string {
	switch {
	case s.Cancelled:
		return "cancelled"
	case s.ended():
		return "complete"
	case s.paused:
		return "paused"
	case s.pass() == s.second:
		return "second pass"
	case !s.Queued:
		return "queueing"
	}
	return "judging"
}

// left is the time until the pass is done, 0 where it is not known.
func (s state) left() time.Duration {
	rate := s.pass().tally.rate(s.now)
	if s.ended() || s.paused || !s.Queued || rate == 0 {
		return 0
	}
	return time.Duration(float64(s.Total-s.pass().done) / rate * float64(time.Second))
}

// shownWorkers is how many workers the text names: those that spoke last.
const shownWorkers = 20

// text is the state for people.
func (s state) text() string {
	var b strings.Builder
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "  %-9s %s\n", label, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(&b, "campaign %s: %s, begun %s ago\n", s.name, s.word(), rounded(s.now.Sub(s.begun)))
	p, t := s.pass(), s.first.tally
	line("judged", "%s%s", s.share(s.first), s.pace(s.first))
	if s.second != nil {
		line("again", "%s with the attacks on others, %d changed%s", s.share(s.second), s.second.tally.Changed, s.pace(s.second))
	}
	if !s.ended() && p.again > 0 {
		line("in work", "%d, %d of them again, since a worker fell silent", p.working, p.again)
	} else if !s.ended() {
		line("in work", "%d", p.working)
	}
	if n := t.Aside + s.asideAgain(); n > 0 {
		line("set aside", "%d: %d workers did not come to their end", n, s.Tries)
	}
	line("verdicts", "%s", counted(t.Verdicts))
	line("causes", "%s", counted(t.Causes))
	if t.Problems > 0 {
		line("problems", "%d", t.Problems)
	}
	if workers := s.workers(); len(workers) > 0 {
		fmt.Fprintf(&b, "  %-30s %10s %10s  %s\n", "worker", "results", "a second", "last result")
		for _, w := range workers[:min(len(workers), shownWorkers)] {
			fmt.Fprintf(&b, "  %-30s %10d %10.1f  %s ago\n", w.Name, w.Results, w.PerSecond, rounded(time.Duration(w.Silent*float64(time.Second))))
		}
		if more := len(workers) - shownWorkers; more > 0 {
			fmt.Fprintf(&b, "  and %d that spoke before\n", more)
		}
	}
	if !s.ended() && !s.paused && p.working == 0 {
		fmt.Fprintf(&b, "no worker is at it: 'nearmiss campaign work --name %s' begins one\n", s.name)
	}
	return b.String()
}

func (s state) asideAgain() int {
	if s.second == nil {
		return 0
	}
	return s.second.tally.Aside
}

// share is "12 of 80 (15%)".
func (s state) share(p *progress) string {
	switch {
	case !s.Queued:
		return fmt.Sprintf("%d of %d queued so far", p.done, s.queued)
	case s.Total == 0:
		return "0 of 0"
	}
	return fmt.Sprintf("%d of %d (%d%%)", p.done, s.Total, 100*p.done/s.Total)
}

// pace is the rate and the time left of the pass that is at work.
func (s state) pace(p *progress) string {
	if s.ended() || s.pass() != p {
		return ""
	}
	out := fmt.Sprintf(", %.1f a second", p.tally.rate(s.now))
	if left := s.left(); left > 0 {
		out += fmt.Sprintf(", %s left", rounded(left))
	}
	return out
}

// rounded is a time as people say it.
func rounded(d time.Duration) string {
	switch d = max(d, 0); {
	case d < time.Minute:
		return d.Round(time.Second).String()
	case d < 100*time.Hour:
		return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// counted is "linear 12, superlinear 3".
func counted(m map[string]int) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("%s %d", k, m[k]))
	}
	if len(out) == 0 {
		return "none yet"
	}
	return strings.Join(out, ", ")
}

// A workerState is what a worker did in both passes.
type workerState struct {
	Name      string  `json:"name"`
	Results   int     `json:"results"`
	PerSecond float64 `json:"per_second"`
	// Silent is the time since its last result, in seconds.
	Silent float64 `json:"silent_seconds"`
}

// workers are all, those that spoke last first.
func (s state) workers() []workerState {
	all := map[string]*worked{}
	for _, p := range []*progress{s.first, s.second} {
		if p == nil {
			continue
		}
		for name, w := range p.tally.Workers {
			if was := all[name]; was == nil {
				all[name] = &worked{w.Results, w.First, w.Last}
			} else {
				was.Results, was.Last = was.Results+w.Results, w.Last
			}
		}
	}
	out := []workerState{}
	for name, w := range all {
		out = append(out, workerState{name, w.Results, w.rate(), max(s.now.Sub(w.Last).Seconds(), 0)})
	}
	slices.SortFunc(out, func(a, b workerState) int {
		return cmp.Or(cmp.Compare(a.Silent, b.Silent), strings.Compare(a.Name, b.Name))
	})
	return out
}

// json is the state for programs, on one line.
func (s state) json() (string, error) {
	p, t := s.pass(), s.first.tally
	type secondJSON struct {
		Done    uint64 `json:"done"`
		Changed int    `json:"changed"`
	}
	out := struct {
		Campaign    string         `json:"campaign"`
		State       string         `json:"state"`
		Queued      uint64         `json:"queued"`
		Total       *uint64        `json:"total"` // null while tasks are queued
		Done        uint64         `json:"done"`
		InWork      int            `json:"in_work"`
		Again       int            `json:"given_out_again"`
		Aside       int            `json:"set_aside"`
		Problems    int            `json:"problems"`
		Verdicts    map[string]int `json:"verdicts"`
		Causes      map[string]int `json:"causes"`
		Second      *secondJSON    `json:"second_pass"`
		PerSecond   float64        `json:"per_second"`
		SecondsLeft *float64       `json:"seconds_left"`
		Begun       float64        `json:"begun_seconds_ago"`
		Workers     []workerState  `json:"workers"`
	}{
		Campaign: s.name, State: s.word(), Queued: max(s.queued, s.Total), Done: s.first.done, InWork: p.working, Again: p.again,
		Aside: t.Aside + s.asideAgain(), Problems: t.Problems, Verdicts: t.Verdicts, Causes: t.Causes,
		PerSecond: p.tally.rate(s.now), Begun: s.now.Sub(s.begun).Seconds(), Workers: s.workers(),
	}
	if s.Queued {
		out.Total = &s.Total
	}
	if s.second != nil {
		out.Second = &secondJSON{s.second.done, s.second.tally.Changed}
	}
	if left := s.left().Seconds(); left > 0 {
		out.SecondsLeft = &left
	}
	if out.Verdicts == nil {
		out.Verdicts, out.Causes = map[string]int{}, map[string]int{}
	}
	b, err := json.Marshal(out)
	return string(b) + "\n", err
}
