package fuzz_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

var (
	dataFiles = flag.String("files", "labelled/sok-exponential.jsonl,labelled/sok-polynomial.jsonl", "lists of the development data to search")
	dataRows  = flag.Int("rows", 300, "how many of their rows, evenly spread")
	dataSteps = flag.Uint64("steps", 1_000_000, "budget of each search")
	dataAs    = flag.String("dialect", "pcre", "dialect of rows that name none")
	dataOut   = flag.String("out", "", "file that disagreements are appended to")
)

// development is the folder of the development data, "" when it is absent.
func development() string {
	dir := os.Getenv("NEARMISS_DATA")
	if dir == "" {
		at, _ := os.Getwd()
		for ; at != filepath.Dir(at); at = filepath.Dir(at) {
			if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
				dir = filepath.Join(at, "..", "shared", "data")
				break
			}
		}
	}
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return dir
}

// TestAgainstStatic compares the search, without static help, with the verdicts
// of the static analysis over the development data: the share of super-linear
// patterns that it finds alone, and patterns that it refutes a proof of. Of
// these there must be none.
func TestAgainstStatic(t *testing.T) {
	if f := flag.Lookup("campaign"); f == nil || f.Value.String() != "true" {
		t.Skip("a campaign: run with -campaign")
	}
	dir := development()
	if dir == "" {
		t.Skip("development data absent: set NEARMISS_DATA")
	}
	var patterns []corpus.Pattern
	for _, name := range strings.Split(*dataFiles, ",") {
		patterns = append(patterns, readRows(t, filepath.Join(dir, name))...)
	}
	var sample []corpus.Pattern
	for i := range min(*dataRows, len(patterns)) {
		sample = append(sample, patterns[i*len(patterns)/min(*dataRows, len(patterns))])
	}
	lines := make([]outcome, len(sample))
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				lines[i] = compare(sample[i])
			}
		})
	}
	for i := range sample {
		next <- i
	}
	close(next)
	wg.Wait()
	report(t, lines)
}

// An outcome is what both said of one pattern.
type outcome struct {
	pattern corpus.Pattern
	static  verdict.Verdict
	found   fuzz.Result
}

func compare(p corpus.Pattern) outcome {
	o := outcome{pattern: p, static: verdict.Analyze(p, verdict.Options{})}
	re, err := syntax.Parse(p)
	if err != nil {
		return o
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		return o
	}
	o.found = fuzz.Search(re, prog, fuzz.Options{Seed: 1, Steps: *dataSteps, Enough: o.static.Growth})
	return o
}

func report(t *testing.T, lines []outcome) {
	count := map[string]int{}
	for _, o := range lines {
		g := o.found.Growth()
		count[string(o.static.Kind)]++
		about := fmt.Sprintf("%s %q flags %q: static %s %v %d; search %v %d", o.pattern.ID, o.pattern.Text, o.pattern.Flags, o.static.Kind, o.static.Growth.Class, o.static.Growth.Exponent, g.Class, g.Exponent)
		if len(o.found.Findings) > 0 {
			f := o.found.Findings[0]
			about += fmt.Sprintf(" on %q, samples", f.Witness)
			for _, s := range f.Samples {
				about += fmt.Sprintf(" %d:%d", s.N, s.Cost.Steps)
			}
		}
		switch {
		case o.static.Kind == verdict.Linear && g.Class != engines.Linear:
			count["refuted"]++
			t.Errorf("REFUTED %s", about)
			note("REFUTED", about)
		case o.static.Kind == verdict.Superlinear && g.Class == engines.Linear:
			t.Logf("MISSED %s; known attack %q", about, o.static.Witnesses[0])
		case o.static.Kind == verdict.Superlinear:
			count["found"]++
			switch {
			case g == o.static.Growth:
				count["same growth"]++
			case g.Worse(o.static.Growth):
				count["worse growth"]++
				t.Logf("WORSE %s", about)
				note("WORSE", about)
			default:
				t.Logf("LESS %s; known attack %q", about, o.static.Witnesses[0])
			}
		case o.static.Kind == verdict.Unknown && g.Class != engines.Linear:
			count["unknown found"]++
			t.Logf("NEW %s; reason %v", about, *o.static.Reason)
		}
	}
	t.Logf("%d rows at %d steps: %v", len(lines), *dataSteps, count)
}

// note appends a disagreement to the file that was asked for.
func note(kind, text string) {
	if *dataOut == "" {
		return
	}
	f, err := os.OpenFile(*dataOut, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return
	}
	defer f.Close()
	fmt.Fprintf(f, "- %s %s\n", kind, text)
}

func readRows(t *testing.T, name string) []corpus.Pattern {
	f, err := os.Open(name)
	if err != nil {
		t.Skipf("development data absent: %v", err)
	}
	defer f.Close()
	var out []corpus.Pattern
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var r struct{ ID, Pattern, Flags, Dialect string }
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		flags, err := corpus.ParseFlags(r.Flags)
		if err != nil {
			continue
		}
		if r.Dialect == "" {
			r.Dialect = *dataAs
		}
		out = append(out, corpus.Pattern{ID: r.ID, Text: r.Pattern, Dialect: corpus.Dialect(r.Dialect), Flags: flags, Mode: corpus.Search})
	}
	return out
}
