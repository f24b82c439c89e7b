package language

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Machine is the minimal deterministic automaton of a pattern or of a part
// of one. State 0 is its start.
type Machine struct {
	Classes *charset.Partition
	// Next is the successor of each state by class, Matched once a match is
	// certain.
	Next [][]int32
	// End says that a subject which ends in a state matches.
	End []bool
}

// Matched is the state of a Machine in which a match is certain.
const Matched = matched

// Determinize is the automaton of the subjects that a pattern matches in its
// mode, with at most a number of states before it is made minimal.
func Determinize(re *syntax.Regexp, most int, budget *Budget) (*Machine, *Reason) {
	budget = budget.orDefault()
	a, _, reason := lowered(budget, re, re)
	if reason != nil {
		return nil, reason
	}
	return determinize(a, most, budget)
}

// DeterminizePart is the automaton of the words of a part of a pattern, which
// holds no assertions, lookarounds or references.
func DeterminizePart(re *syntax.Regexp, most int, budget *Budget) (*Machine, *Reason) {
	budget = budget.orDefault()
	a, _, reason := parts(budget, re, re, corpus.Full)
	if reason != nil {
		return nil, reason
	}
	return determinize(a, most, budget)
}

func determinize(a *nfa.Automaton, most int, budget *Budget) (*Machine, *Reason) {
	s := newSubset(a)
	for id := 0; id < len(s.sets.list); id++ {
		if reason := budget.spend(s.spent()); reason != nil {
			return nil, reason
		}
		if id == most {
			return nil, &Reason{Limit: "states", Value: int64(most), Message: fmt.Sprintf("the deterministic automaton has more than %d states", most)}
		}
		s.expand(int32(id))
	}
	return minimal(&Machine{a.Classes, s.row, s.ends})
}

// minimal merges states that no subject tells apart (Moore 1956): quadratic in
// their number at worst.
func minimal(m *Machine) (*Machine, *Reason) {
	block := make([]int32, len(m.Next))
	for q := range block {
		if m.End[q] {
			block[q] = 1
		}
	}
	for blocks := 0; ; {
		var rows interned
		next := make([]int32, len(block))
		for q := range block {
			row := []int32{block[q]}
			for _, to := range m.Next[q] {
				if to != Matched {
					to = block[to]
				}
				row = append(row, to)
			}
			next[q] = rows.of(row)
		}
		block = next
		if len(rows.list) == blocks {
			break
		}
		blocks = len(rows.list)
	}
	out := &Machine{Classes: m.Classes}
	known := map[int32]int{}
	for q, b := range block { // state 0 comes first, and gets number 0
		if _, found := known[b]; !found {
			known[b] = len(known)
			out.Next, out.End = append(out.Next, m.Next[q]), append(out.End, m.End[q])
		}
	}
	for q, row := range out.Next {
		now := make([]int32, len(row))
		for class, to := range row {
			if now[class] = to; to != Matched {
				now[class] = int32(known[block[to]])
			}
		}
		out.Next[q] = now
	}
	return out, nil
}
