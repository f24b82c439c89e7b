package ambiguity

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// TestExploreKeepsTrueRuns runs random automata as a matcher does: depth first,
// edges in order, until a run accepts. On every short word, each state of each
// position is visited at most as often as the explored part has runs there.
//
// About every third automaton has places where the matcher may be kept back;
// there it is, at random, but always in the same way by the same history.
func TestExploreKeepsTrueRuns(t *testing.T) {
	explored, dropped, split := 0, 0, 0
	forRandom(t, 600, accepting, func(s sketch) string {
		a := s.automaton(t)
		mark := len(s.arrows)%3 == 0 && len(s.arrows) > 0
		if mark {
			guard(a)
		}
		for _, width := range widths {
			x, err := explore(a, width, 1)
			if err != nil {
				return err.Error()
			}
			explored++
			if len(x.States) > 0 && x.Edges < a.Edges {
				dropped++
			}
			if fault := exploredHolds(a, x, mark); fault != "" {
				return fmt.Sprintf("width %d: %s", width, fault)
			}
			if two := x.Split(); two != x {
				split++
				if fault := splitHolds(a, two, mark); fault != "" {
					return fmt.Sprintf("width %d, split: %s", width, fault)
				}
			}
		}
		return ""
	})
	t.Logf("%d explored parts, %d with fewer edges, %d split", explored, dropped, split)
	if dropped == 0 || split == 0 {
		t.Error("nothing was dropped, or split")
	}
}

// accepting is a random sketch with acceptances.
func accepting(r *rand.Rand) sketch {
	s := random(r, 1+r.IntN(4))
	if r.IntN(2) == 0 {
		s = layered(r, 1+r.IntN(4))
	}
	for q := range s.states {
		if r.IntN(2) == 0 {
			continue
		}
		// Often anywhere, or at the end only.
		s.accepts[q] = []uint64{1<<(letters+1) - 1, 1 << letters, 1 + uint64(r.IntN(1<<(letters+1)-1))}[r.IntN(3)]
		out := 0
		for _, a := range s.arrows {
			if int(a.from) == q {
				out++
			}
		}
		s.before[q] = r.IntN(out + 1)
	}
	if len(s.arrows) == 0 {
		s.arrows = []arrow{{0, 0, 1, 1}}
	}
	return s
}

// guard marks edges over, by the places on their ε-paths.
func guard(a *nfa.Automaton) {
	a.Pasts = [][]int32{nil, {0}, {1}, {0, 1}}
	for q := range a.States {
		for i := range a.States[q].Out {
			e := &a.States[q].Out[i]
			e.Past = int32((q + 2*i) % len(a.Pasts))
			e.Over = e.Past != 0
		}
	}
}

// exploredHolds compares the visits of a matcher with the runs of the explored
// part, on every word up to a length.
func exploredHolds(a *nfa.Automaton, x *Explored, kept bool) string {
	return onWords(a, kept, func(m *matcher) string {
		v := make([]float64, len(x.States))
		v[0] = 1
		for at := 0; at <= len(m.word); at++ {
			if q, sum := m.beyond(x, v, at); q >= 0 {
				return fmt.Sprintf("on %v a matcher is %d times in state %d behind %d letters, the explored part %v times", m.word, m.visits[[2]int{q, at}], q, at, sum)
			}
			if at < len(m.word) {
				v = runsAfter(x.Automaton, v, int(m.word[at]))
			}
		}
		return ""
	})
}

// splitHolds compares the visits of a matcher with the runs of the split part:
// for some path of winning states, a matcher is nowhere more often than that
// path, those which part from it before it, and those which go on from its end.
func splitHolds(a *nfa.Automaton, x *Explored, kept bool) string {
	s := &search{a: x.Automaton}
	return onWords(a, kept, func(m *matcher) string {
		var covers func(at int, path int32, v []float64) bool
		covers = func(at int, path int32, v []float64) bool {
			if q, _ := m.beyond(x, v, at); q >= 0 {
				return false
			}
			if at == len(m.word) {
				return true
			}
			class := int(m.word[at])
			rest := slices.Clone(v)
			if path >= 0 {
				rest[path] = 0
			}
			rest = runsAfter(x.Automaton, rest, class)
			if path < 0 {
				return covers(at+1, -1, rest)
			}
			out := x.States[path].Out
			end := slices.Clone(rest)
			for i := range out {
				if e := &out[i]; e.On.Has(class) && !x.States[e.To].Wins {
					end[e.To] += float64(e.Mult)
				}
			}
			if covers(at+1, -1, end) {
				return true
			}
			for i := range out {
				e := &out[i]
				if !e.On.Has(class) || !x.States[e.To].Wins {
					continue
				}
				next := slices.Clone(rest)
				next[e.To]++
				for k := range out {
					if f := &out[k]; f.On.Has(class) && s.aside(path, e, f) {
						next[f.To] += float64(f.Mult)
					}
				}
				if covers(at+1, e.To, next) {
					return true
				}
			}
			return false
		}
		v, path := make([]float64, len(x.States)), int32(-1)
		v[0] = 1
		if x.States[0].Wins {
			path = 0
		}
		if !covers(0, path, v) {
			return fmt.Sprintf("on %v no path covers what a matcher explores", m.word)
		}
		return ""
	})
}

// beyond is a state in which a matcher is more often, behind so many letters,
// than runs in which the explored part's states are v times, -1 for none, and
// how often those are.
func (m *matcher) beyond(x *Explored, v []float64, at int) (int, float64) {
	sum := make([]float64, len(m.a.States))
	for i, n := range v {
		sum[x.Base[i]] += n
	}
	for q, n := range sum {
		if float64(m.visits[[2]int{q, at}]) > n {
			return q, n
		}
	}
	return -1, 0
}

// onWords runs a matcher on every word up to a length, more than once where it
// is kept back at random, and gives the first fault that is found with it.
func onWords(a *nfa.Automaton, kept bool, check func(*matcher) string) string {
	const length = 5
	var fault string
	var read func(word Word)
	read = func(word Word) {
		tries := 1
		if kept {
			tries = 4
		}
		for try := range tries {
			m := &matcher{a: a, word: word, kept: kept, seed: uint64(try)}
			if m.run(0, 0, 1); !m.gaveUp && fault == "" {
				fault = check(m)
			}
		}
		if len(word) < length && fault == "" {
			for letter := range letters {
				read(append(slices.Clone(word), uint8(letter)))
			}
		}
	}
	read(Word{})
	return fault
}

// A matcher runs an automaton on a word as a backtracking one does.
type matcher struct {
	a      *nfa.Automaton
	word   Word
	kept   bool
	seed   uint64
	visits map[[2]int]int // by state and position
	total  int
	gaveUp bool // after too many visits
}

// run tries the edges of a state; true when a run accepted. history tells runs
// apart.
func (m *matcher) run(q int32, at int, history uint64) bool {
	if m.visits == nil {
		m.visits = map[[2]int]int{}
	}
	m.visits[[2]int{int(q), at}]++
	if m.total++; m.total > 20_000 {
		m.gaveUp = true
	}
	out := m.a.States[q].Out
	for i := range out {
		e := &out[i]
		reads := at < len(m.word) && e.On.Has(int(m.word[at]))
		if m.gaveUp || m.stops(e, history) {
			continue
		}
		if e.Kind == nfa.Accept {
			if reads || at == len(m.word) && e.AtEnd {
				return true
			}
			continue
		}
		for k := range e.Mult {
			if reads && m.run(e.To, at+1, history*31+uint64(i)*7+uint64(k)+1) {
				return true
			}
		}
	}
	return false
}

// stops reports whether one of the places before an edge keeps a run back: at
// random, the same for every edge behind the place.
func (m *matcher) stops(e *nfa.Edge, history uint64) bool {
	if !m.kept {
		return false
	}
	for _, place := range m.a.Pasts[e.Past] {
		if rand.New(rand.NewPCG(history, m.seed<<8|uint64(place))).IntN(2) == 0 {
			return true
		}
	}
	return false
}
