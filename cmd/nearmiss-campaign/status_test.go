package main

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearmiss-dev/nearmiss/internal/cli"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// hour is a campaign after an hour: 120 rows a second in the last minute but
// one, none in the last ten seconds.
func hour(share bool) state {
	begun := time.Unix(1_700_000_000, 0)
	now := begun.Add(time.Hour)
	s := state{name: "june", now: now, begun: begun, queued: 13425, record: record{Queued: true, Total: 13425, Tries: 5}}
	s.Head.Share = share
	t := &tally{}
	for i := range 50 * 120 {
		says := "row verdict=linear"
		switch {
		case i%4 == 0:
			says = "row verdict=superlinear cause=rescan"
		case i%100 == 1:
			says = "row verdict=superlinear cause=nested"
		case i%1000 == 2:
			says = "aside row verdict=unknown"
		case i == 3:
			says = "problem"
		}
		t.count([]string{"build-7-4711", "build-8-992"}[i%2], says, now.Add(-time.Minute).Add(time.Duration(i)*time.Second/120).Add(time.Second))
	}
	s.first = &progress{done: 6000, working: 4, again: 1, tally: t}
	if share {
		s.first.done = s.Total
		s.second = &progress{done: 3, working: 2, tally: &tally{}}
		for range 3 {
			s.second.tally.count("build-8-992", "row verdict=superlinear cause=nested", now.Add(-2*time.Second))
		}
	}
	return s
}

// TestStatusText: what a campaign shows, to the letter.
func TestStatusText(t *testing.T) {
	const workers = `  worker                            results   a second  last result
`
	for want, s := range map[string]state{
		`campaign june: judging, begun 1h0m ago
  judged    6000 of 13425 (44%), 101.7 a second, 1m left
  in work   4, 1 of them again, since a worker fell silent
  set aside 6: 5 workers did not come to their end
  verdicts  linear 4433, superlinear 1560, unknown 6
  causes    nested 60, rescan 1500
  problems  1
` + workers + `  build-8-992                          3000       60.0  9s ago
  build-7-4711                         3000       60.0  9s ago
`: hour(false),
		`campaign june: second pass, begun 1h0m ago
  judged    13425 of 13425 (100%)
  again     3 of 13425 (0%) with the attacks on others, 3 changed, 1.5 a second, 2h29m left
  in work   2
  set aside 6: 5 workers did not come to their end
  verdicts  linear 4433, superlinear 1560, unknown 6
  causes    nested 60, rescan 1500
  problems  1
` + workers + `  build-8-992                          3003       52.7  2s ago
  build-7-4711                         3000       60.0  9s ago
`: hour(true),
		`campaign june: queueing, begun 0s ago
  judged    0 of 12 queued so far, 0.0 a second
  in work   0
  verdicts  none yet
  causes    none yet
no worker is at it: 'nearmiss campaign work --name june' begins one
`: {name: "june", queued: 12, first: &progress{tally: &tally{}}},
	} {
		if got := s.text(); got != want {
			t.Errorf("%s", cmp.Diff(want, got))
		}
		line, err := s.json()
		var v struct {
			State string         `json:"state"`
			Total *uint64        `json:"total"`
			Done  uint64         `json:"done"`
			Left  *float64       `json:"seconds_left"`
			Words map[string]int `json:"verdicts"`
		}
		if err != nil || strings.Count(line, "\n") != 1 || json.Unmarshal([]byte(line), &v) != nil || !strings.Contains(want, ": "+v.State+", ") {
			t.Errorf("%v: %s", err, line)
		}
		if (v.Total == nil) != (v.State == "queueing") || (v.Left == nil) != (v.State == "queueing") || v.Words == nil || v.Done != s.first.done {
			t.Errorf("as JSON: %s", line)
		}
	}
}

// TestStatusCounts: the counts are those of the rows, whoever counted before,
// and whichever workers died.
func TestStatusCounts(t *testing.T) {
	file, store := list(t, 40), filepath.Join(t.TempDir(), "store")
	served(t, store)
	must(t, started(store, file, "--lost-after", "300ms", "--tries", "99")...)
	js, err := connect(flags{store: store})
	if err != nil {
		t.Fatal(err)
	}
	defer js.close()
	for range 3 {
		_, before, err := js.counts(t.Context(), firstPass, "t")
		if err != nil {
			t.Fatal(err)
		}
		w := process(t, "", "work", "--store", store, "--name", "t", "--workers", "2")
		wait(t, "a result", func() bool {
			_, done, err := js.counts(t.Context(), firstPass, "t")
			return err == nil && (done > before+2 || done == 41)
		})
		kill(t, w)
	}
	partly, err := js.state(t.Context(), "t", state{})
	if err != nil {
		t.Fatal(err)
	}
	must(t, "work", "--store", store, "--name", "t")
	want, causes := map[string]int{}, map[string]int{}
	for line := range strings.Lines(must(t, "results", "--store", store, "--name", "t")) {
		e, err := report.Decode([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		if e.Row != nil {
			want[string(e.Row.Verdict.Kind)]++
			if c := e.Row.Verdict.Cause; c != "" {
				causes[c]++
			}
		}
	}
	for name, before := range map[string]state{"from the beginning": {}, "from where it was": partly} {
		s, err := js.state(t.Context(), "t", before)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.first.tally; !maps.Equal(got.Verdicts, want) || !maps.Equal(got.Causes, causes) || got.Problems != 1 {
			t.Errorf("%s: %v, %v, %d problems; the rows say %v, %v", name, got.Verdicts, got.Causes, got.Problems, want, causes)
		}
		sum := 0
		for _, w := range s.workers() {
			sum += w.Results
		}
		if n := len(s.workers()); sum != 41 || n < 3 || n > 4 {
			t.Errorf("%s: %d workers with %d results, want those of 41", name, n, sum)
		}
	}
	if _, errs, code := run(t, "status", "--store", store, "--name", "t", "--format", "xml"); code != cli.ExitUsage || !strings.Contains(errs, `--format "xml": expected text or jsonl`) {
		t.Errorf("another format: exit code %d, %s", code, errs)
	}
	var v map[string]any
	if err := json.Unmarshal([]byte(must(t, "status", "--store", store, "--name", "t", "--format", "jsonl", "--watch")), &v); err != nil || v["state"] != "complete" {
		t.Errorf("as JSON: %v, %v", v, err)
	}
	if !slices.Contains(slices.Collect(maps.Keys(v)), "workers") {
		t.Errorf("no workers in %v", v)
	}
}
