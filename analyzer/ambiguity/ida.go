package ambiguity

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// links decides IDA for each ordered pair of components: states p and q with
// runs p → p, p → q, q → q on one word.
//
// Where both components are one state with a loop, the word may be anything
// over the classes common to both loops, and a path from p to q over those
// classes is enough. Otherwise the triple product is searched, as far as its
// first and last parts go round together: in the cycles of the product of the
// two components.
func (s *search) links() {
	s.reachability()
	if s.failed = s.paths(); s.failed != nil {
		return
	}
	for c := range s.r.Components {
		if s.wins(int32(c)) && !s.falls(int32(c)) {
			continue // its links are those of the same states where they are plain
		}
		for _, d := range s.r.reach[c] {
			if s.wins(d) {
				continue // one run at most goes round there
			}
			s.begin()
			link, err := s.link(int32(c), d)
			if s.end(err); link != nil {
				s.r.IDA = append(s.r.IDA, *link)
			}
		}
	}
}

// reachability fills reach: the components that each leads to.
func (s *search) reachability() {
	s.r.reach = make([][]int32, len(s.r.Components))
	stamp := make([]int32, len(s.a.States))
	var todo []int32
	for c, comp := range s.r.Components {
		mark := int32(c) + 1
		met := make([]bool, len(s.r.Components))
		todo = append(todo[:0], comp.States[0])
		stamp[comp.States[0]] = mark
		for len(todo) > 0 {
			v := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			out := s.a.States[v].Out
			for i := range out {
				e := &out[i]
				if e.Kind != nfa.Step || stamp[e.To] == mark {
					continue
				}
				stamp[e.To] = mark
				todo = append(todo, e.To)
				if d := s.r.of[e.To]; d >= 0 && d != int32(c) {
					met[d] = true
				}
			}
		}
		for d, ok := range met {
			if ok {
				s.r.reach[c] = append(s.r.reach[c], int32(d))
			}
		}
	}
}

func (s *search) link(c, d int32) (*Link, error) {
	from, to := s.r.Components[c].States, s.r.Components[d].States
	if len(from) == 1 && len(to) == 1 {
		return s.simpleLink(c, d)
	}
	loops := s.loopMask(c).And(s.loopMask(d))
	if loops.IsEmpty() {
		return nil, nil
	}
	pairs, err := s.rounds(c, d, loops)
	if err != nil || len(pairs.starts) == 0 {
		return nil, err
	}
	t := &triples{search: s, d: d, pairs: pairs}
	return t.run()
}

// loopMask is the classes of the edges inside a component.
func (s *search) loopMask(c int32) charset.Mask {
	var m charset.Mask
	for _, v := range s.r.Components[c].States {
		s.inner(v, c, func(e *nfa.Edge) bool {
			m = m.Or(e.On)
			return true
		})
	}
	return m
}

func (s *search) simpleLink(c, d int32) (*Link, error) {
	p, q := s.r.Components[c].States[0], s.r.Components[d].States[0]
	loops := s.loopMask(c).And(s.loopMask(d))
	if loops.IsEmpty() {
		return nil, nil
	}
	if err := s.spend(len(s.a.States[p].Out)); err != nil {
		return nil, err
	}
	parting := s.parting(p, c)
	word := s.path(p, func(v int32) bool { return v == q }, func(from int32, e *nfa.Edge) (int, bool) {
		s.work++
		both := e.On.And(loops)
		if from == p {
			both = both.And(s.besides(p, c, e))
		}
		return both.First(), !both.IsEmpty() && !slices.Contains(parting, e)
	})
	if word == nil {
		return nil, nil
	}
	return &Link{From: p, To: q, Word: word, Loops: loops, FromComponent: c, ToComponent: d}, nil
}

// parting are the edges that leave component c from its only state p where a
// matcher is forced to: a run that goes round has no choice to take them.
func (s *search) parting(p, c int32) (out []*nfa.Edge) {
	if s.loose || s.a.States[p].Copy == 0 {
		return nil
	}
	edges := s.a.States[p].Out
	for i := range edges {
		f, free := &edges[i], false
		if f.Kind != nfa.Step || f.To == p {
			continue
		}
		s.inner(p, c, func(e *nfa.Edge) bool {
			free = free || e.On.Overlaps(f.On) && !s.forced(p, e, f)
			return !free
		})
		if !free {
			out = append(out, f)
		}
	}
	return out
}

// besides is the classes on which a run parts from the one that goes round in
// component c, of which state p is the only one, by an edge of p: all of them,
// unless that run is the one that ends the search.
func (s *search) besides(p, c int32, side *nfa.Edge) (m charset.Mask) {
	if !s.a.States[p].Wins {
		return side.On
	}
	s.inner(p, c, func(e *nfa.Edge) bool {
		if s.aside(p, e, side) {
			m = m.Or(e.On)
		}
		return true
	})
	return m
}

// aside reports whether a run that leaves a winning state by an edge is explored
// beside the one that stays on the path by another: it is tried before, or is a
// walk's (Explored.Split).
func (s *search) aside(state int32, path, side *nfa.Edge) bool {
	if s.a.States[side.To].Wins {
		return false
	}
	if s.a.States[side.To].Free {
		return true
	}
	out := s.a.States[state].Out
	for i := range out {
		if &out[i] == side {
			return true
		}
		if &out[i] == path {
			return false
		}
	}
	return false
}

// wins reports whether the runs in a component are those of the path that ends
// the search.
func (s *search) wins(component int32) bool {
	return s.a.States[s.r.Components[component].States[0]].Wins
}

// pathShare is the part of the limit, one in so many, that the pairs of a winning
// state and a plain one may be: each takes some comparisons.
const pathShare = 8

// paths fails where the products of loops of winning states with plain ones will
// surely be too large.
func (s *search) paths() error {
	winning, plain := 0, 0
	for c, comp := range s.r.Components {
		if !s.wins(int32(c)) {
			plain += len(comp.States)
		} else if s.falls(int32(c)) {
			winning += len(comp.States)
		}
	}
	if winning*plain > s.limit/pathShare {
		return &LimitError{"comparisons of edges", int64(s.limit)}
	}
	return nil
}

// falls reports whether a run that goes round in a component of winning states
// may leave a match to fall back to.
func (s *search) falls(c int32) (falls bool) {
	for _, v := range s.r.Components[c].States {
		s.inner(v, c, func(e *nfa.Edge) bool {
			falls = e.Falls
			return !falls
		})
		if falls {
			return true
		}
	}
	return false
}

// forced notes where two runs may not part since a matcher has no choice.
func (s *search) forced(state int32, e, f *nfa.Edge) bool {
	if s.loose || !s.a.Forced(state, e, f) {
		return false
	}
	s.r.Forced++
	return true
}

// leadsTo marks the states from which a component can be reached.
func (s *search) leadsTo(component int32) []bool {
	if leads, found := s.leads[component]; found {
		return leads
	}
	if s.into == nil {
		s.into = make([][]int32, len(s.a.States))
		for v := range s.a.States {
			out := s.a.States[v].Out
			for i := range out {
				if e := &out[i]; e.Kind == nfa.Step {
					s.into[e.To] = append(s.into[e.To], int32(v))
				}
			}
		}
	}
	leads := make([]bool, len(s.a.States))
	todo := append([]int32(nil), s.r.Components[component].States...)
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !leads[v] {
			leads[v] = true
			todo = append(todo, s.into[v]...)
		}
	}
	s.leads[component] = leads
	return leads
}
