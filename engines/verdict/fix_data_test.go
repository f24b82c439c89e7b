package verdict

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/seclang"
)

var (
	fixStride = flag.Int("fixes", 0, "take every n-th row of the data in the campaigns on fixes; 0 is the everyday share")
	fixOnly   = flag.String("fixonly", "", "restrict the survey to these uses and targets: match/re2,span/pcre2")
	fixSet    = flag.String("fixset", "", "restrict the campaigns on fixes to rows of the sets whose name contains this")
	fixID     = flag.String("fixid", "", "restrict the campaigns on fixes to the rows with this ID")
	fixCheck  = flag.Bool("fixcompare", false, "compare each fix of the survey that is proved with its pattern, on -fixinputs inputs")
	fixCause  = flag.String("fixcause", "", "restrict the survey to findings with this cause")
	fixLog    = flag.String("fixlog", "", "write a line for each fix of the survey to this file")
)

// A fixRow is one pattern of the data, with the flags of its profiles.
type fixRow struct {
	set   string
	p     corpus.Pattern
	flags []corpus.Flags
}

// fixData is the development data; the test is skipped where it is absent.
func fixData(t *testing.T) []fixRow {
	t.Helper()
	dir := os.Getenv("NEARMISS_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "labelled")); err != nil {
		t.Skipf("development data absent: set NEARMISS_DATA (%v)", err)
	}
	var out []fixRow
	dialects := map[string]corpus.Dialect{"": corpus.ECMAScript, "js": corpus.ECMAScript, "ecmascript": corpus.ECMAScript, "python": corpus.Python, "ruby": corpus.Ruby, "pcre": corpus.PCRE, "perl": corpus.PCRE, "dotnet": corpus.DotNet}
	for _, file := range []string{"labelled/sok-exponential.jsonl", "labelled/sok-polynomial.jsonl", "labelled/npm-vulnerable-packages.jsonl", "incidents.jsonl"} {
		h, err := os.Open(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		s := bufio.NewScanner(h)
		s.Buffer(nil, 16<<20)
		for s.Scan() {
			var r struct{ ID, Pattern, Dialect, Flags string }
			if err := json.Unmarshal(s.Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			flags, err := corpus.ParseFlags(r.Flags)
			if err != nil {
				continue
			}
			out = append(out, fixRow{strings.TrimSuffix(filepath.Base(file), ".jsonl"), corpus.Pattern{ID: r.ID, Text: r.Pattern, Dialect: dialects[r.Dialect], Flags: flags &^ corpus.GlobalFlag}, nil})
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, tree := range []string{"crs-v3.3.2", "crs-v4.0.0"} {
		files, err := filepath.Glob(filepath.Join(dir, "rules", tree, "rules", "*.conf"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range (seclang.Reader{}).Read(file, data).Patterns {
				if p.Context.Operator != "rx" {
					continue
				}
				p.ID = p.Source.Rule
				p.Flags |= corpus.DotAll | corpus.DollarEndOnly
				out = append(out, fixRow{tree, p, []corpus.Flags{p.Flags, p.Flags&^corpus.DollarEndOnly | corpus.Multiline}})
			}
		}
	}
	return out
}

// TestFixSurvey counts over the development data how many super-linear
// patterns get a fix, of which safety, for each use and target.
func TestFixSurvey(t *testing.T) {
	stride := *fixStride
	if stride == 0 {
		t.Skip("a campaign: run with -fixes=20")
	}
	rows := fixData(t)
	type key struct {
		use    fix.Use
		target fix.Target
	}
	type outcome struct {
		cause, set string
		by         map[key][]Fix
		spent      time.Duration
		row        fixRow
	}
	var picked []fixRow
	seen := map[string]bool{}
	for i, r := range rows {
		k := r.p.Text + string(r.p.Dialect) + r.p.Flags.String()
		if i%stride == 0 && strings.Contains(r.set, *fixSet) && (*fixID == "" || r.p.ID == *fixID) && !seen[k] {
			seen[k] = true
			picked = append(picked, r)
		}
	}
	keys := []key{{fix.Match, fix.RE2}, {fix.Match, fix.PCRE2}, {fix.Span, fix.RE2}, {fix.Span, fix.PCRE2}, {fix.Captures, fix.RE2}}
	keys = slices.DeleteFunc(keys, func(k key) bool {
		return *fixOnly != "" && !slices.Contains(strings.Split(*fixOnly, ","), k.use.String()+"/"+string(k.target))
	})
	out := make([]*outcome, len(picked))
	live := liveEngines()
	var compared, wrong, runs atomic.Int64
	var wg sync.WaitGroup
	work := make(chan int)
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range work {
				r := picked[i]
				v := Analyze(r.p, Options{})
				if v.Kind != Superlinear || *fixCause != "" && v.Cause != *fixCause {
					continue
				}
				o := &outcome{cause: v.Cause, set: r.set, by: map[key][]Fix{}, row: r}
				for n, k := range keys {
					from := time.Now()
					o.by[k] = Fixes(v, FixOptions{Use: k.use, Target: k.target, Flags: r.flags})
					if n == 0 {
						o.spent = time.Since(from)
					}
					for _, f := range o.by[k] {
						if !*fixCheck || f.Safety != Proved {
							continue
						}
						n, differs := compareFix(t, r.p, f, live[r.p.Dialect])
						compared.Add(1)
						runs.Add(int64(n))
						if differs != "" {
							wrong.Add(1)
							t.Errorf("%s %q (%s) and its fix %q for %s: %s", r.p.Dialect, r.p.Text, r.p.Flags, f.Pattern, k.use, differs)
						}
					}
				}
				out[i] = o
			}
		}()
	}
	for i := range picked {
		work <- i
	}
	close(work)
	wg.Wait()
	if *fixCheck {
		t.Logf("%d fixes, %d comparisons, %d fixes wrong", compared.Load(), runs.Load(), wrong.Load())
	}

	var log *os.File
	if *fixLog != "" {
		var err error
		if log, err = os.Create(*fixLog); err != nil {
			t.Fatal(err)
		}
		defer log.Close()
	}
	groups := map[string][]*outcome{}
	for _, o := range out {
		if o == nil {
			continue
		}
		for _, g := range []string{"cause " + o.cause, "set " + o.set, "all"} {
			groups[g] = append(groups[g], o)
		}
		if log != nil {
			fmt.Fprintf(log, "%s %s %s %s %q %v\n", o.set, o.row.p.ID, o.row.p.Dialect, o.cause, o.row.p.Text, o.spent.Round(time.Millisecond))
			for _, k := range keys {
				for _, f := range o.by[k] {
					fmt.Fprintf(log, "    %s/%s %s %q %s: %s\n", k.use, k.target, f.Safety, f.Pattern, gain(f), f.Message)
				}
			}
		}
	}
	names := make([]string, 0, len(groups))
	for g := range groups {
		names = append(names, g)
	}
	slices.Sort(names)
	for _, k := range keys {
		for _, g := range names {
			counts := map[string]int{}
			var spent []time.Duration
			var distance []int
			for _, o := range groups[g] {
				word := "none"
				if fs := o.by[k]; len(fs) > 0 {
					word = string(fs[0].Safety)
					if fs[0].Growth.Class != 0 {
						word += "-lower"
					}
					if fs[0].Safety == Proved {
						distance = append(distance, edit(fs[0]))
					}
				}
				counts[word]++
				spent = append(spent, o.spent)
			}
			slices.Sort(spent)
			slices.Sort(distance)
			n := len(groups[g])
			line := fmt.Sprintf("%-8s %-5s %-28s %4d:", k.use, k.target, g, n)
			for _, w := range []string{"proved", "proved-lower", "tested", "tested-lower", "hint", "hint-lower", "none"} {
				line += fmt.Sprintf(" %s %d (%.0f%%)", w, counts[w], 100*float64(counts[w])/float64(n))
			}
			if len(distance) > 0 {
				line += fmt.Sprintf(" median edit %d, time %v/%v", distance[len(distance)/2], spent[n/2].Round(time.Millisecond), spent[n*99/100].Round(time.Millisecond))
			}
			t.Log(line)
		}
	}
}

func gain(f Fix) string { return fmt.Sprintf("%v %d", f.Growth.Class, f.Growth.Exponent) }

// edit is the number of bytes that the edits write or drop, whichever is more.
func edit(f Fix) int {
	n := 0
	for _, e := range f.Edits {
		n += max(e.End-e.Start, len(e.Text))
	}
	return n
}
