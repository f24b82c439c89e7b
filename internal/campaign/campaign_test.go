package campaign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// words is a corpus of so many patterns, with a problem behind every third and
// in front of all.
func words(n int) iter.Seq[Task] {
	return func(yield func(Task) bool) {
		fault := func(i int) bool {
			return yield(Task{Problem: &corpus.Problem{Code: "unreadable", File: fmt.Sprintf("f%d", i), Message: "cannot be read"}})
		}
		if !fault(0) {
			return
		}
		for i := 1; i <= n; i++ {
			p := corpus.Pattern{ID: fmt.Sprint(i), Text: fmt.Sprintf("a{%d}", i%7), Dialect: corpus.PCRE, Mode: corpus.Search}
			if !yield(Task{Pattern: p}) || i%3 == 0 && !fault(i) {
				return
			}
		}
	}
}

// linear stands in for the analysis; it counts its calls by ID.
func linear(calls map[string]int) gate.Analyze {
	return func(p corpus.Pattern, _ verdict.Options) verdict.Verdict {
		calls[p.ID]++
		return verdict.Verdict{Pattern: p, Kind: verdict.Linear, Proof: "none", StepsPerByte: 1}
	}
}

// run judges a corpus with one worker, into a log where a path is given, and
// returns the lines emitted. A run is stopped after so many rows, where that is
// not 0.
func run(t *testing.T, path string, resume bool, shard Shard, all iter.Seq[Task], calls map[string]int, stopAfter int) (string, bool, error) {
	t.Helper()
	head := report.Run{Command: "fuzz", Policy: "p"}
	if shard.Count > 0 {
		s := shard.String()
		head.Shard = &s
	}
	var log *Log
	if path != "" {
		var err error
		if log, err = map[bool]func(string, report.Run) (*Log, error){false: Create, true: Resume}[resume](path, head); err != nil {
			return "", false, err
		}
		defer log.Close()
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out bytes.Buffer
	rows := 0
	format := report.JSONL{Stable: true}
	sum := gate.NewSummary()
	r := Run{Unit: Unit{Analyze: linear(calls)}, Jobs: 1, Log: log, Format: format, Emit: func(res Result) error {
		if res.Problem != nil {
			sum.Faults++
			_, err := out.Write(format.Fault(res.Problem))
			return err
		}
		sum.Count(res.Row)
		out.Write(format.Row(res.Row))
		if rows++; rows == stopAfter {
			cancel()
		}
		return nil
	}}
	complete, err := r.Do(ctx, shard.Tasks(all))
	if err != nil || !complete || log == nil {
		return out.String(), complete, err
	}
	return out.String(), true, log.End(format.Summary(sum))
}

// TestResumeAnywhere: a run that was killed at any byte of its file goes on to
// the same file, and judges nothing again that has its line.
func TestResumeAnywhere(t *testing.T) {
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole")
	const patterns = 7
	want, complete, err := run(t, whole, false, Shard{}, words(patterns), map[string]int{}, 0)
	if err != nil || !complete {
		t.Fatal(complete, err)
	}
	file, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(file) + 1 {
		// Every byte near the end of a line, some of the others.
		near := cut < 3 || bytes.IndexByte(file[cut-3:min(cut+2, len(file))], '\n') >= 0
		if !near && cut%97 != 0 {
			continue
		}
		path := filepath.Join(dir, "cut")
		if err := os.WriteFile(path, file[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		calls := map[string]int{}
		got, complete, err := run(t, path, true, Shard{}, words(patterns), calls, 0)
		if err != nil || !complete {
			t.Fatalf("cut at %d: complete %v, %v", cut, complete, err)
		}
		if got != want {
			t.Fatalf("cut at %d: other lines emitted:\n%s", cut, cmp.Diff(want, got))
		}
		again, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again, file) {
			t.Fatalf("cut at %d: another file:\n%s", cut, cmp.Diff(string(file), string(again)))
		}
		stored := bytes.Count(file[:cut], []byte("\n{\"schema\"")) // the last may be torn
		judged := 0
		for id, n := range calls {
			judged += n
			if n != 1 {
				t.Fatalf("cut at %d: pattern %s judged %d times", cut, id, n)
			}
		}
		if judged < patterns-stored || judged > patterns-stored+1 {
			t.Fatalf("cut at %d: %d patterns judged, %d were stored", cut, judged, stored)
		}
	}
}

// TestStop: a run that is stopped leaves whole lines, and goes on behind them.
func TestStop(t *testing.T) {
	dir := t.TempDir()
	whole, stopped := filepath.Join(dir, "whole"), filepath.Join(dir, "stopped")
	if _, _, err := run(t, whole, false, Shard{}, words(200), map[string]int{}, 0); err != nil {
		t.Fatal(err)
	}
	calls := map[string]int{}
	if _, complete, err := run(t, stopped, false, Shard{}, words(200), calls, 20); err != nil || complete {
		t.Fatalf("complete %v, %v", complete, err)
	}
	got, err := os.ReadFile(stopped)
	if err != nil || !bytes.HasSuffix(got, []byte("\n")) || bytes.Contains(got, []byte("summary")) {
		t.Fatalf("%v: stopped with\n%s", err, got)
	}
	if _, complete, err := run(t, stopped, true, Shard{}, words(200), calls, 0); err != nil || !complete {
		t.Fatalf("complete %v, %v", complete, err)
	}
	want, _ := os.ReadFile(whole)
	if got, err = os.ReadFile(stopped); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v: another file", err)
	}
	for id, n := range calls {
		if n != 1 {
			t.Errorf("pattern %s judged %d times", id, n)
		}
	}
	if len(calls) != 200 {
		t.Errorf("%d patterns judged", len(calls))
	}
}

// TestShards: every pattern is in one shard, equal ones in the same, and their
// files together are the file of the whole run.
func TestShards(t *testing.T) {
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole")
	if _, _, err := run(t, whole, false, Shard{}, words(60), map[string]int{}, 0); err != nil {
		t.Fatal(err)
	}
	want, _ := os.ReadFile(whole)
	want = want[:bytes.LastIndexByte(want[:len(want)-1], '\n')+1] // without its summary
	for count := 1; count <= 5; count++ {
		var paths []string
		of := map[string]int{}
		for i := count; i >= 1; i-- {
			path := filepath.Join(dir, fmt.Sprintf("%d-%d", i, count))
			out, _, err := run(t, path, false, Shard{i, count}, words(60), map[string]int{}, 0)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out) {
				if e, err := report.Decode([]byte(line)); err == nil && e.Row != nil {
					text := e.Row.Verdict.Pattern.Text
					if was := of[text]; was != 0 && was != i {
						t.Errorf("%s in shards %d and %d of %d", text, was, i, count)
					}
					of[text] = i
				}
			}
			paths = append(paths, path)
		}
		var got bytes.Buffer
		m, err := Merge(paths, func(line []byte, _ report.Event) error {
			got.Write(line)
			return nil
		})
		if err != nil || len(m.Missing) > 0 {
			t.Fatal(m.Missing, err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%d shards: another file:\n%s", count, cmp.Diff(string(want), got.String()))
		}
		if count < 2 {
			continue
		}
		m, err = Merge(paths[1:], func([]byte, report.Event) error { return nil })
		if want := []string{fmt.Sprintf("part %d/%d of the run of %s was not given", count, count, paths[1])}; err != nil || !slices.Equal(m.Missing, want) {
			t.Errorf("missing %q, %v; want %q", m.Missing, err, want)
		}
		if _, err = Merge(append(paths, paths[0]), func([]byte, report.Event) error { return nil }); err == nil {
			t.Error("the same shard twice: no error")
		}
	}
}

// TestShardStable: the assignment is part of what a campaign over many machines
// rests on, and must not change.
func TestShardStable(t *testing.T) {
	var got []int
	for _, text := range []string{"", "a", "(a+)+$", "\xff", `\d+`} {
		for i := 1; i <= 1000; i++ {
			if (Shard{i, 1000}).has(corpus.Pattern{Text: text, Dialect: corpus.PCRE, Mode: corpus.Search}) {
				got = append(got, i)
			}
		}
	}
	if want := []int{503, 729, 827, 103, 931}; !slices.Equal(got, want) {
		t.Errorf("shards %v, want %v", got, want)
	}
}

// TestRefuses: a file that belongs to another run, or to another corpus, is not
// gone on with.
func TestRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "log")
	if _, _, err := run(t, path, false, Shard{}, words(5), map[string]int{}, 3); err != nil {
		t.Fatal(err)
	}
	fails := func(what, want string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", what, err, want)
		}
	}
	_, _, err := run(t, path, false, Shard{}, words(5), map[string]int{}, 0)
	fails("a file that exists", "--resume", err)
	_, _, err = run(t, path, true, Shard{1, 2}, words(5), map[string]int{}, 0)
	fails("another shard", "begun with --shard none, now 1/2", err)
	_, err = Resume(path, report.Run{Command: "fuzz", Policy: "p", Seed: 4, Versions: map[string]string{"pcre2": "10.42"}})
	fails("other options", "begun with --seed 0, now 4; pcre2 none, now 10.42", err)
	_, err = Resume(path, report.Run{Command: "fuzz", Policy: "p", Build: "revision abc"})
	fails("another build", "begun with build none, now revision abc", err)
	other := func(yield func(Task) bool) {
		for task := range words(5) {
			task.Pattern.Text += "?"
			if !yield(task) {
				return
			}
		}
	}
	_, _, err = run(t, path, true, Shard{}, other, map[string]int{}, 0)
	fails("another corpus", "has changed", err)
	_, _, err = run(t, path, true, Shard{}, words(1), map[string]int{}, 0)
	fails("a smaller corpus", "fewer patterns", err)
	if _, _, err := run(t, path, true, Shard{}, words(5), map[string]int{}, 0); err != nil {
		t.Fatal(err)
	}
	_, _, err = run(t, path, true, Shard{}, words(6), map[string]int{}, 0)
	fails("a larger corpus", "more patterns", err)
	if err := os.WriteFile(path, []byte("a list\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err = run(t, path, true, Shard{}, words(5), map[string]int{}, 0)
	fails("another file", "expected a first line", err)
	_, err = Merge([]string{path}, func([]byte, report.Event) error { return nil })
	fails("merging another file", ":1: expected a line of --format jsonl", err)
}

// TestMergeRefuses: files of results that are no whole of a run, or were changed
// by hand. What is missing is said, what cannot be is an error.
func TestMergeRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "log")
	if _, _, err := run(t, path, false, Shard{}, words(5), map[string]int{}, 0); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(whole), "\n"), "\n")
	head, rows, summary := lines[0], lines[2:len(lines)-1], lines[len(lines)-1]+"\n" // behind a problem
	for what, test := range map[string]struct{ text, want string }{
		"a row behind the summary":    {string(whole) + rows[0], "expected nothing behind the summary"},
		"a row twice":                 {head + rows[0] + rows[0] + summary, "expected more than"},
		"rows in another order":       {head + rows[1] + rows[0] + summary, "expected more than"},
		"bytes that are no text":      {head + "\xff\xfe\n", ":2: expected a line"},
		"a line that is too long":     {head + strings.Repeat("x", maxLine+1<<16) + "\n", ":2: "},
		"a row that says nothing":     {head + "{}\n", ":2: expected a line"},
		"another schema":              {head + strings.Replace(rows[0], `"schema":1`, `"schema":9`, 1), `"schema": 9: expected 1`},
		"an encoding that is unknown": {head + strings.Replace(rows[0], `"utf-8"`, `"utf-9"`, 1), ":2: expected a line"},
	} {
		if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Merge([]string{path}, func([]byte, report.Event) error { return nil }); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", what, err, test.want)
		}
	}
	for what, text := range map[string]string{"no summary": head + rows[0], "a line without its end": string(whole[:len(whole)-1])} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := Merge([]string{path}, func([]byte, report.Event) error { return nil })
		if err != nil || len(m.Missing) != 1 || !strings.Contains(m.Missing[0], "does not end in a summary") {
			t.Errorf("%s: missing %q, %v", what, m.Missing, err)
		}
	}
	broken := errors.New("the disk is full")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Merge([]string{path}, func([]byte, report.Event) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("an output that fails: %v", err)
	}
	if _, err := Merge([]string{dir}, func([]byte, report.Event) error { return nil }); err == nil {
		t.Error("a folder: no error")
	}
	if _, err := Resume(dir, report.Run{}); err == nil {
		t.Error("going on with a folder: no error")
	}
	if l, err := Resume(filepath.Join(dir, "new"), report.Run{Command: "fuzz"}); err != nil {
		t.Errorf("going on with a file that is not there yet: %v", err)
	} else if err := l.Close(); err != nil {
		t.Error(err)
	}
}

// TestLock: a file of results has one run that writes it, until that is over.
func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	head := report.Run{Command: "fuzz"}
	first, err := Create(path, head)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := Resume(path, head); err == nil || !strings.Contains(err.Error(), path+": another run is writing it") {
			t.Errorf("a second run on the file of the first: %v", err)
		}
	}
	if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, head.Line()) {
		t.Errorf("the second run wrote to it: %q, %v", b, err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Resume(path, head)
	if err != nil {
		t.Fatalf("the first run has ended: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestParseShard(t *testing.T) {
	for s, want := range map[string]Shard{"": {}, "1/1": {1, 1}, "2/5": {2, 5}} {
		if got, err := ParseShard(s); err != nil || got != want || got.String() != s {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"1", "0/2", "3/2", "a/b", "1/2/3", "-1/2", "1/0", "/"} {
		if _, err := ParseShard(s); err == nil {
			t.Errorf("%q: no error", s)
		}
	}
}
