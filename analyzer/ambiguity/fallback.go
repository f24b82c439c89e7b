package ambiguity

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// maxSplitEdges bounds the edges of a split explored part, at 96 bytes each.
const maxSplitEdges = 2 * maxExploredEdges

// fallback is the classes before which a run in a state has a match to fall back
// to when every attempt of higher priority fails.
func fallback(s *nfa.State) (m charset.Mask) {
	for i := range s.Out {
		if e := &s.Out[i]; e.Kind == nfa.Accept && !e.Over {
			m = m.Or(e.On)
		}
	}
	return m
}

// Split tells the one run that ends the search from the others.
//
// A matcher that goes on from a match to fall back to explores nothing behind
// the attempts from there: either one of them matches, or the fallback does. So
// on any word the runs that go on from such a match all lie on one path, and
// every other run that is explored either parts from that path by an edge of
// higher priority than the path's own, or goes on from its last fallback; from
// there on it passes none.
//
// The split part has each state up to twice: winning, for the path as far as
// its last fallback, and plain, without the edges from a fallback. Two winning
// runs never part from each other, and a plain one parts from the path only by
// an edge that stands before the path's own: the edge that both share leads to
// the winning state first. The criteria heed that. Where no state has a fallback,
// and where the split part would be larger than its limit, it is the explored
// part itself.
func (x *Explored) Split() *Explored {
	wins := x.wins()
	if !slices.Contains(wins, true) {
		return x
	}
	part := *x.Automaton
	part.States, part.Edges, part.Search = nil, 0, -1
	s := &splitter{x: x, wins: wins, ids: map[layer]int32{}, out: &Explored{Automaton: &part}}
	s.state(layer{0, wins[0]})
	for i := 0; i < len(s.todo); i++ {
		out := s.edges(s.todo[i])
		part.States[i].Out = out
		if part.Edges += len(out); part.Edges > maxSplitEdges {
			return x
		}
	}
	// The search over start offsets is the plain one, where there is one.
	for _, winning := range []bool{true, false} {
		if id, found := s.ids[layer{x.Search, winning}]; found {
			part.Search = id
		}
	}
	return s.out
}

// wins marks the states from which a run may come to a fallback and go on.
func (x *Explored) wins() []bool {
	wins := make([]bool, len(x.States))
	into := make([][]int32, len(x.States))
	var todo []int32
	for v := range x.States {
		for i := range x.States[v].Out {
			e := &x.States[v].Out[i]
			into[e.To] = append(into[e.To], int32(v))
			if !wins[v] && e.On.Overlaps(x.fallback[v]) {
				wins[v] = true
				todo = append(todo, int32(v))
			}
		}
	}
	for i := 0; i < len(todo); i++ {
		for _, v := range into[todo[i]] {
			if !wins[v] {
				wins[v] = true
				todo = append(todo, v)
			}
		}
	}
	return wins
}

// A layer is a state of the explored part, winning or plain.
type layer struct {
	state   int32
	winning bool
}

type splitter struct {
	x    *Explored
	wins []bool
	ids  map[layer]int32
	todo []layer
	out  *Explored
}

func (s *splitter) state(of layer) int32 {
	id, found := s.ids[of]
	if !found {
		id = int32(len(s.todo))
		s.ids[of] = id
		s.todo = append(s.todo, of)
		state := s.x.States[of.state]
		state.Out, state.Wins = nil, of.winning
		s.out.States = append(s.out.States, state)
		s.out.Base = append(s.out.Base, s.x.Base[of.state])
		s.out.Above = append(s.out.Above, s.x.Above[of.state])
	}
	return id
}

func (s *splitter) edges(of layer) []nfa.Edge {
	from := s.x.States[of.state].Out
	var out []nfa.Edge
	add := func(e nfa.Edge, winning bool) {
		if !e.On.IsEmpty() {
			e.To = s.state(layer{e.To, winning})
			out = append(out, e)
		}
	}
	if !of.winning {
		for _, e := range from {
			e.On = e.On.AndNot(s.x.fallback[of.state])
			add(e, false)
		}
		return out
	}
	// It is not known what stands before the second ε-path to a step, and the
	// others: all edges count as those of higher priority.
	var last []nfa.Edge
	win := func(e nfa.Edge) {
		e.Falls = e.On.Overlaps(s.x.fallback[of.state])
		add(e, true)
	}
	rest := s.x.rest[of.state]
	for k, e := range from {
		if s.wins[e.To] && k < len(rest) && rest[k] {
			last = append(last, e)
		} else if s.wins[e.To] {
			win(e)
		}
		add(e, false)
	}
	for _, e := range last {
		win(e)
	}
	return out
}
