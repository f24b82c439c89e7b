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

// behindBodies is the grammar of what stands in lookbehinds of unbounded
// length.
var behindBodies = grammar{
	atoms:   []string{"a", "b", "[ab]", "^", "$", `\b`},
	postfix: []string{"*", "+", "*?", "?", "{2}"},
	wrap:    []string{"(%s)", "(?=%s)", "(?<!%s)"},
}

// behindShapes are patterns around such a body.
var behindShapes = []string{
	"(?<=%s)a", "a(?<=%s)", "(?<!%s)b", "^(?:a(?<=%s))*b", "(?:a|b(?<!%s))*c", "(?<=%s)a+|b", "(?:(?=a)(?<=b%s)|b)+c", "a(?<=b(?:%s)b)",
}

// TestWalks holds lookbehinds of unbounded length, where a dialect reads them
// from right to left, against the reference: the automaton with its walks says
// where the pattern matches and allows the steps of every short subject, its
// explored part too, and the verdict stands.
func TestWalks(t *testing.T) {
	size := everydaySize
	if *campaign > 0 {
		size = *campaign
	}
	subjects, families := subjectsUpTo("ab", 7), families()
	type counts struct {
		patterns, exact int
		kinds           map[Kind]int
	}
	total := counts{kinds: map[Kind]int{}}
	unknown := map[string]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	work := make(chan corpus.Pattern)
	for range runtime.NumCPU() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for p := range work {
				exact, fault := walksHold(p)
				v, more := holds(p, subjects, families)
				mu.Lock()
				total.patterns++
				total.kinds[v.Kind]++
				if v.Kind == Unknown {
					unknown[v.Reason.Message]++
				}
				if exact {
					total.exact++
				}
				mu.Unlock()
				for _, f := range []string{fault, more} {
					if f != "" {
						t.Errorf("%s %s %s: %s", p.Text, p.Dialect, p.Mode, f)
					}
				}
			}
		}()
	}
	seen := 0
	for k := 1; k <= size; k++ {
		for _, body := range behindBodies.size(k) {
			if !strings.ContainsAny(body, "*+") {
				continue
			}
			for s, shape := range behindShapes {
				if seen++; k == size && seen%(len(behindShapes)-1) != 0 {
					continue
				}
				dialect := []corpus.Dialect{corpus.ECMAScript, corpus.DotNet}[(seen+s)%2]
				mode := []corpus.Mode{corpus.Search, corpus.Search, corpus.Full, corpus.Global}[seen/2%4]
				work <- corpus.Pattern{Text: fmt.Sprintf(shape, body), Dialect: dialect, Mode: mode}
			}
		}
	}
	close(work)
	wg.Wait()
	t.Logf("%d patterns up to size %d, %d of them exact: %v; unknown: %v", total.patterns, size, total.exact, total.kinds, unknown)
}

// walksHold compares the automaton of a pattern with the reference.
func walksHold(p corpus.Pattern) (exact bool, fault string) {
	if p.Mode == corpus.Global {
		return false, ""
	}
	re, err := syntax.Parse(p)
	if err != nil {
		return false, ""
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		return false, ""
	}
	a, err := nfa.Lower(re)
	if err != nil {
		return false, ""
	}
	if exact, _, fault = automatonOf(a, prog, "ab", 6); fault != "" {
		return exact, fault
	}
	x, err := ambiguity.Explore(a)
	if err != nil {
		return exact, ""
	}
	part, err := ambiguity.WithWalks(x.Automaton)
	if err != nil {
		return exact, ""
	}
	run, r := prog.NewRunner(), &runs{a: part.Automaton}
	for _, s := range subjectsUpTo("ab", 6) {
		steps := run.Run(s, backtrack.Options{}).Steps
		if cost, _ := r.count(s); float64(steps) > stepsPerInstruction*cost {
			return exact, fmt.Sprintf("%q takes %d steps, the explored runs allow %v", s, steps, stepsPerInstruction*cost)
		}
	}
	return exact, ""
}
