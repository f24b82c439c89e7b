package nfa

import "github.com/nearmiss-dev/nearmiss/analyzer/syntax"

// LowerTogether lowers patterns of one unit over one alphabet, so that their
// automata can be compared class by class. It fails as Lower does.
func LowerTogether(res ...*syntax.Regexp) ([]*Automaton, error) {
	patterns := make([]*pins, len(res))
	for i, re := range res {
		patterns[i] = findPins(re)
	}
	classes, err := newAlphabet(patterns...)
	if err != nil {
		return nil, err
	}
	out := make([]*Automaton, len(res))
	for i, p := range patterns {
		if out[i], err = lower(p, classes, whole); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Exact reports whether the runs of the automaton are exactly the attempts of
// a matcher: nothing is over-approximated, no bounded repeat stands as an
// unbounded one.
func (a *Automaton) Exact() bool { return len(a.Over) == 0 && len(a.Counters) == 0 }
