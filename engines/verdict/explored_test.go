package verdict

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/ambiguity"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// TestExploredBound: on every short subject the reference's steps stay within
// what the runs of the explored part allow, those that a matcher makes before a
// run of higher priority succeeds. Proofs by priority rest on this, behind
// atomic groups and lookarounds too.
func TestExploredBound(t *testing.T) {
	size := everydaySize
	if *campaign > 0 {
		size = *campaign
	}
	work := make(chan corpus.Pattern)
	var wg sync.WaitGroup
	var mu sync.Mutex
	patterns, narrower := 0, 0
	for range runtime.NumCPU() {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for p := range work {
				pruned, fault := exploredHolds(p)
				mu.Lock()
				patterns++
				if pruned {
					narrower++
				}
				mu.Unlock()
				if fault != "" {
					t.Errorf("%s %s: %s", p.Text, p.Mode, fault)
				}
			}
		}()
	}
	for k := 1; k <= size; k++ {
		for i, text := range small.size(k) {
			for m, mode := range []corpus.Mode{corpus.Search, corpus.Full} {
				for h, shape := range []string{"%s", "(?:%s)b", "a*(?:%s)|(?:a|ab)*c"} {
					if k < size || i%6 == 2*h+m {
						work <- corpus.Pattern{Text: fmt.Sprintf(shape, text), Dialect: corpus.PCRE, Mode: mode}
					}
				}
			}
		}
	}
	close(work)
	wg.Wait()
	t.Logf("%d patterns up to size %d; %d have explored parts with fewer runs", patterns, size, narrower)
}

// exploredHolds checks one pattern on every short subject; pruned says that
// some bound was below that of all runs.
func exploredHolds(p corpus.Pattern) (pruned bool, fault string) {
	re, err := syntax.Parse(p)
	if err != nil {
		return false, ""
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		return false, ""
	}
	for _, lower := range []func(*syntax.Regexp) (*nfa.Automaton, error){nfa.Lower, nfa.LowerForesight} {
		a, err := lower(re)
		if err != nil || a.NoPrune {
			continue
		}
		narrower, fault := exploredPart(a, prog)
		if fault != "" {
			return false, fault
		}
		pruned = pruned || narrower
	}
	return pruned, ""
}

func exploredPart(a *nfa.Automaton, prog *backtrack.Program) (pruned bool, fault string) {
	x, err := ambiguity.Explore(a)
	if err != nil {
		return false, ""
	}
	run := prog.NewRunner()
	all, part := &runs{a: a}, &runs{a: x.Automaton}
	for _, s := range subjectsUpTo("ab", 6) {
		steps := run.Run(s, backtrack.Options{}).Steps
		cost, _ := part.count(s)
		if float64(steps) > stepsPerInstruction*cost {
			return pruned, fmt.Sprintf("%q takes %d steps, the explored runs allow %v", s, steps, stepsPerInstruction*cost)
		}
		every, _ := all.count(s)
		pruned = pruned || cost < every
	}
	return pruned, ""
}
