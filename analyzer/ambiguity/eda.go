package ambiguity

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// forks decides EDA for each component: some state has two different runs
// back to itself on one word. Two runs that part from a state of the component
// and meet again in it can both be led back to where they parted, so it is
// enough that a pair of different states, reached from the diagonal of the
// product of the component with itself, reaches the diagonal again; or that
// one step can be made in two ways.
//
// Time is the number of reachable pairs times the square of the out-degree.
func (s *search) forks() {
	for c := range s.r.Components {
		if s.wins(int32(c)) {
			continue // one run at most goes round there
		}
		s.begin()
		fork, err := s.fork(int32(c))
		if s.end(err); fork != nil {
			s.r.EDA = append(s.r.EDA, *fork)
		}
	}
}

// A pair of states on two runs that have parted, and how it was reached.
type pair struct {
	p, q   int32
	parent int32 // index of the pair before it, -1 after the parting
	root   int32 // state where the runs parted
	atoms  [2]int32
	class  uint8
}

// maxMeetings is how many meetings of two runs are looked at for the one with
// the shortest pump.
const maxMeetings = 24

func (s *search) fork(c int32) (*Fork, error) {
	var queue []pair
	seen := map[uint64]bool{}
	visit := func(p, q int32, from pair) {
		if p > q {
			p, q = q, p
		}
		key := uint64(p)<<32 | uint64(q)
		if !seen[key] {
			seen[key] = true
			from.p, from.q = p, q
			queue = append(queue, from)
		}
	}
	for _, root := range s.r.Components[c].States {
		edges := s.a.States[root].Out
		for i := range edges {
			e := &edges[i]
			if e.Kind != nfa.Step || s.r.of[e.To] != c {
				continue
			}
			if e.Mult > 1 {
				return s.close(c, root, e.To, Word{uint8(e.On.First())}, [2]int32{e.Atom, e.Atom}), nil
			}
			if err := s.spend(len(edges) - i); err != nil {
				return nil, err
			}
			for j := i + 1; j < len(edges); j++ {
				f := &edges[j]
				if f.Kind != nfa.Step || s.r.of[f.To] != c || !e.On.Overlaps(f.On) || s.forced(root, e, f) {
					continue
				}
				class := uint8(e.On.And(f.On).First())
				if e.To == f.To {
					return s.close(c, root, e.To, Word{class}, [2]int32{e.Atom, f.Atom}), nil
				}
				visit(e.To, f.To, pair{parent: -1, root: root, atoms: [2]int32{e.Atom, f.Atom}, class: class})
			}
		}
	}
	var best *Fork
	met := 0
	var err error
	for i := 0; i < len(queue) && met < maxMeetings && err == nil; i++ {
		at := queue[i]
		s.inner(at.p, c, func(e *nfa.Edge) bool {
			err = s.spend(len(s.a.States[at.q].Out))
			s.inner(at.q, c, func(f *nfa.Edge) bool {
				if !e.On.Overlaps(f.On) {
					return true
				}
				class := uint8(e.On.And(f.On).First())
				if e.To == f.To {
					word := append(pairWord(queue, int32(i)), class)
					met++
					if f := s.close(c, at.root, e.To, word, at.atoms); best == nil || len(f.Word) < len(best.Word) {
						best = f
					}
					return met < maxMeetings
				}
				visit(e.To, f.To, pair{parent: int32(i), root: at.root, atoms: at.atoms, class: class})
				return true
			})
			return met < maxMeetings && err == nil
		})
	}
	s.r.Pairs += len(queue)
	if best != nil {
		err = nil // found before the limit was reached
	}
	return best, err
}

func pairWord(queue []pair, i int32) Word {
	var w Word
	for ; i >= 0; i = queue[i].parent {
		w = append(w, queue[i].class)
	}
	for i, j := 0, len(w)-1; i < j; i, j = i+1, j-1 {
		w[i], w[j] = w[j], w[i]
	}
	return w
}

// close leads two runs that met in state met back to where they parted.
func (s *search) close(c, root, met int32, word Word, atoms [2]int32) *Fork {
	back := s.path(met, func(v int32) bool { return v == root }, func(_ int32, e *nfa.Edge) (int, bool) {
		return e.On.First(), s.r.of[e.To] == c
	})
	return &Fork{State: root, Word: append(word, back...), Atoms: atoms, Component: c}
}

// path is a shortest word from a state to one that satisfies goal, over the
// edges that use admits, with the class it names; nil when there is none, and
// empty when the state itself satisfies goal.
func (s *search) path(from int32, goal func(int32) bool, use func(from int32, e *nfa.Edge) (class int, ok bool)) Word {
	if goal(from) {
		return Word{}
	}
	type visit struct {
		state, parent int32
		class         uint8
	}
	queue := []visit{{from, -1, 0}}
	s.stamped++
	s.stamp[from] = s.stamped
	for i := 0; i < len(queue); i++ {
		out := s.a.States[queue[i].state].Out
		for k := range out {
			e := &out[k]
			if e.Kind != nfa.Step || s.stamp[e.To] == s.stamped {
				continue
			}
			class, ok := use(queue[i].state, e)
			if !ok {
				continue
			}
			s.stamp[e.To] = s.stamped
			queue = append(queue, visit{e.To, int32(i), uint8(class)})
			if goal(e.To) {
				var w Word
				for j := int32(len(queue) - 1); queue[j].parent >= 0; j = queue[j].parent {
					w = append(w, queue[j].class)
				}
				for a, b := 0, len(w)-1; a < b; a, b = a+1, b-1 {
					w[a], w[b] = w[b], w[a]
				}
				return w
			}
		}
	}
	return nil
}
