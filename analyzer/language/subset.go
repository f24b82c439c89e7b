package language

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// A subset is the deterministic automaton of a pattern, built on demand (Rabin
// & Scott 1959): a state of it is the set of states that some run has reached,
// or matched, once a match is certain whatever follows.
type subset struct {
	a    *nfa.Automaton
	sets interned
	// row are the successors of a state by class, ends whether the subject may
	// end there; both known for the states before done.
	row  [][]int32
	ends []bool
	// work counts edges followed, once for each class.
	work int
	// mark and marked serve to keep successors apart.
	next [][]int32
}

// matched is the state in which a match is certain.
const matched = -1

func newSubset(a *nfa.Automaton) *subset {
	s := &subset{a: a, next: make([][]int32, a.Classes.Len())}
	s.sets.of([]int32{0})
	return s
}

// expand computes the row of a state.
func (s *subset) expand(id int32) {
	for int(id) >= len(s.row) {
		s.row, s.ends = append(s.row, nil), append(s.ends, false)
	}
	if s.row[id] != nil {
		return
	}
	row := make([]int32, len(s.next))
	for _, q := range s.sets.list[id] {
		for i := range s.a.States[q].Out {
			e := &s.a.States[q].Out[i]
			if e.Kind == nfa.Exit {
				continue
			}
			s.ends[id] = s.ends[id] || e.Kind == nfa.Accept && e.AtEnd
			for class := range e.On.All {
				s.work++
				if e.Kind == nfa.Accept {
					row[class] = matched
				} else if row[class] != matched {
					s.next[class] = append(s.next[class], e.To)
				}
			}
		}
	}
	for class, to := range s.next {
		if row[class] != matched {
			slices.Sort(to)
			row[class] = s.sets.of(slices.Clone(slices.Compact(to)))
		}
		s.next[class] = to[:0]
	}
	s.row[id] = row
}

// spent is the work since it was last asked.
func (s *subset) spent() int {
	n := s.work
	s.work = 0
	return n
}

// step is the state after one more character.
func (s *subset) step(id int32, class int) int32 {
	if id == matched {
		return matched
	}
	s.expand(id)
	return s.row[id][class]
}

// end reports whether a subject that ends in a state matches.
func (s *subset) end(id int32) bool {
	if id == matched {
		return true
	}
	s.expand(id)
	return s.ends[id]
}
