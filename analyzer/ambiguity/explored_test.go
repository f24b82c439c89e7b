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
	explored, dropped := 0, 0
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
		}
		return ""
	})
	t.Logf("%d explored parts, %d with fewer edges", explored, dropped)
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
	const length = 5
	var fault string
	var read func(word Word)
	read = func(word Word) {
		if fault != "" {
			return
		}
		tries := 1
		if kept {
			tries = 4
		}
		for try := range tries {
			m := &matcher{a: a, word: word, kept: kept, seed: uint64(try)}
			m.run(0, 0, 1)
			if m.gaveUp {
				continue
			}
			v := make([]float64, len(x.States))
			v[0] = 1
			for at := 0; at <= len(word); at++ {
				sum := make([]float64, len(a.States))
				for i, n := range v {
					sum[x.Base[i]] += n
				}
				for q := range a.States {
					if n := m.visits[[2]int{q, at}]; float64(n) > sum[q] {
						fault = fmt.Sprintf("on %v a matcher is %d times in state %d behind %d letters, the explored part %v times", word, n, q, at, sum[q])
						return
					}
				}
				if at < len(word) {
					v = runsAfter(x.Automaton, v, int(word[at]))
				}
			}
		}
		if len(word) < length {
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
