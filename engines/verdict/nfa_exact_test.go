package verdict

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/ambiguity"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// lined is the grammar of what stands about lines and neighbours.
var lined = grammar{
	atoms:   []string{"a", "b", `\n`, "^", "$", `\Z`, `\B`, "."},
	postfix: []string{"*", "??", "{0,2}?", "++", "+?"},
	wrap:    []string{"(?<=%s)", "(?<!%s)", "(?=%s)", "(?!%s)", "(%s)"},
}

// TestAutomaton holds the automaton of every small pattern against the
// reference, on every short subject and in each mode:
//
//   - where nothing is over-approximated, some run accepts exactly where the
//     reference matches;
//   - the ε-instructions of all runs on the prefixes of the subject, times
//     stepsPerInstruction, are at least the reference's steps. Every proved
//     bound rests on this, so it is asked of over-approximations too.
func TestAutomaton(t *testing.T) {
	size := everydaySize
	if *campaign > 0 {
		size = *campaign
	}
	type job struct {
		p       corpus.Pattern
		letters string
		length  int
	}
	work := make(chan job)
	var wg sync.WaitGroup
	var mu sync.Mutex
	patterns, exact := 0, 0
	tightest := 0.0
	for range runtime.NumCPU() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range work {
				isExact, ratio, fault := automatonHolds(j.p, j.letters, j.length)
				mu.Lock()
				patterns++
				if isExact {
					exact++
				}
				if ratio > tightest {
					tightest = ratio
					t.Logf("%.2f of the bound: %s %s %s %s", ratio, j.p.Text, j.p.Flags, j.p.Dialect, j.p.Mode)
				}
				mu.Unlock()
				if fault != "" {
					t.Errorf("%s %s %s %s: %s", j.p.Text, j.p.Flags, j.p.Dialect, j.p.Mode, fault)
				}
			}
		}()
	}
	// Every pattern is tried in every mode and dialect, but for the largest of
	// a campaign: each of those is tried in one of them in turn.
	dialects := []corpus.Dialect{corpus.PCRE, corpus.ECMAScript, corpus.Python, corpus.Java, corpus.DotNet, corpus.Ruby}
	modes := []corpus.Mode{corpus.Search, corpus.Full}
	for k := 1; k <= size; k++ {
		for i, text := range small.size(k) {
			for c := range len(dialects) * len(modes) {
				if k < size || *campaign == 0 || i%(len(dialects)*len(modes)) == c {
					work <- job{corpus.Pattern{Text: text, Dialect: dialects[c/2], Mode: modes[c%2]}, "ab", 6}
				}
			}
		}
		for i, text := range lined.size(k) {
			for c := range 2 * len(dialects) {
				if k < size || *campaign == 0 || i%(2*len(dialects)) == c {
					flags := corpus.Flags(0)
					if c%2 == 1 && dialects[c/2] != corpus.Ruby {
						flags = corpus.Multiline
					}
					work <- job{corpus.Pattern{Text: text, Dialect: dialects[c/2], Flags: flags, Mode: corpus.Search}, "ab\n", 4}
				}
			}
		}
	}
	close(work)
	wg.Wait()
	t.Logf("%d patterns up to size %d, %d of them exact; at most %.2f of the bound", patterns, size, exact, tightest)
}

// automatonHolds checks one pattern on every subject over letters up to a
// length; ratio is the largest part of the bound that the reference used.
func automatonHolds(p corpus.Pattern, letters string, length int) (exact bool, ratio float64, fault string) {
	re, err := syntax.Parse(p)
	if err != nil {
		return false, 0, "" // not in this dialect
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		return false, 0, ""
	}
	a, err := nfa.Lower(re)
	if err != nil {
		return false, 0, ""
	}
	exact, ratio, fault = automatonOf(a, prog, letters, length)
	if fault == "" && strings.Contains(p.Text, "(?") && len(a.Over) > 0 {
		if a, err = nfa.LowerForesight(re); err == nil {
			var again float64
			exact, again, fault = automatonOf(a, prog, letters, length)
			ratio = max(ratio, again)
		}
	}
	return exact, ratio, fault
}

func automatonOf(a *nfa.Automaton, prog *backtrack.Program, letters string, length int) (exact bool, ratio float64, fault string) {
	exact = len(a.Over) == 0 && len(a.Counters) == 0
	if w, err := ambiguity.WithWalks(a); err == nil {
		a = w.Automaton
	}
	run := prog.NewRunner()
	r := &runs{a: a}
	for _, s := range subjectsUpTo(letters, length) {
		got := run.Run(s, backtrack.Options{})
		cost, accepted := r.count(s)
		if exact && accepted != (got.Outcome == backtrack.Matched) {
			return exact, ratio, fmt.Sprintf("on %q a run accepts: %v, the reference: %v\n%s", s, accepted, got.Outcome, a)
		}
		if !exact && got.Outcome == backtrack.Matched && !accepted {
			return exact, ratio, fmt.Sprintf("on %q the reference matches, and no run accepts\n%s", s, a)
		}
		part := float64(got.Steps) / (stepsPerInstruction * cost)
		if ratio = max(ratio, part); part > 1 {
			return exact, ratio, fmt.Sprintf("%q takes %d steps, the runs allow %v", s, got.Steps, stepsPerInstruction*cost)
		}
	}
	return exact, ratio, ""
}

// runs counts the runs of an automaton on a word.
type runs struct {
	a            *nfa.Automaton
	at, next     []float64 // runs by state
	ghost, after []bool    // states of conditions behind a match
}

// count is the ε-instructions that all runs on the prefixes of a subject
// execute, and whether some run accepts.
func (r *runs) count(subject []byte) (cost float64, accepted bool) {
	n := len(r.a.States)
	r.at, r.next = resize(r.at, n), resize(r.next, n)
	r.ghost, r.after = resize(r.ghost, n), resize(r.after, n)
	r.at[0] = 1
	for i := 0; i <= len(subject); i++ {
		class := -1
		if i < len(subject) {
			class = r.a.Classes.Of(rune(subject[i]))
		}
		clear(r.next)
		clear(r.after)
		for s := range r.a.States {
			if r.at[s] == 0 && !r.ghost[s] {
				continue
			}
			cost += r.at[s] * r.a.States[s].Weight
			for k := range r.a.States[s].Out {
				e := &r.a.States[s].Out[k]
				if class < 0 && !e.AtEnd || class >= 0 && !e.On.Has(class) {
					continue
				}
				switch e.Kind {
				case nfa.Accept:
					accepted = true
				case nfa.Ghost:
					r.after[e.To] = true
				case nfa.Step:
					r.next[e.To] += r.at[s] * float64(e.Mult)
				}
			}
		}
		r.at, r.next = r.next, r.at
		r.ghost, r.after = r.after, r.ghost
	}
	return cost, accepted
}

// resize is a zeroed slice of length n, in the old one's memory if it fits.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}
