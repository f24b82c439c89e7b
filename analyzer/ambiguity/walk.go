package ambiguity

import (
	"math"

	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// maxWalking bounds the states of walks beside those of an automaton, and
// maxWalkingEdges their edges, at 96 bytes each.
const (
	maxWalking      = 20_000
	maxWalkingEdges = 300_000
)

// Walking is an automaton together with its walks: the runs that a matcher
// makes in lookbehinds of unbounded length, which it reads from right to left.
//
// A walk from position i back to j is a run of the walk's automaton on the
// reversed text between them: read forwards, one of the transposed automaton,
// from the state that it ended in to the state that it began in. So a state of
// a walk on its way is a pair (p, q): a run in p that will come to the
// lookbehind, and the state q that the walk from there will have here. The
// steps at position i are as many as the runs that end in a pair where walks
// begin, an arrival.
//
// All of a walk is paid for at its arrival, and nothing on its way: pairs are
// Free. Behind an arrival stands the state Paid, a loop over everything, so
// that the runs in it number all that was paid so far: its degree of ambiguity
// is the exponent of the cost, where that of other states is one less (a run in
// them is paid for at every character).
type Walking struct {
	*nfa.Automaton
	// Main is the state p of each pair, the state itself for states of the
	// automaton, and -1 for Paid.
	Main []int32
	// Paid is the state behind all arrivals.
	Paid int32
}

// WithWalks adds to an automaton its walks. It fails with a *LimitError.
func WithWalks(a *nfa.Automaton) (*Walking, error) {
	out := *a
	out.States = make([]nfa.State, len(a.States))
	out.Walks = nil
	w := &walker{from: a, out: &Walking{Automaton: &out, Paid: int32(len(a.States))}, ids: map[pairing]int32{}}
	for i, s := range a.States {
		s.Out = append([]nfa.Edge(nil), s.Out...)
		s.Arrivals = nil
		out.States[i] = s
		w.out.Main = append(w.out.Main, int32(i))
	}
	out.States = append(out.States, nfa.State{Free: true, Out: []nfa.Edge{{On: a.Classes.All(), To: w.out.Paid, Atom: -1, Kind: nfa.Step, Mult: 1}}})
	w.out.Main = append(w.out.Main, -1)
	out.Edges++
	w.into = make([][]incoming, len(a.States))
	for v := range a.States {
		for i := range a.States[v].Out {
			if e := &a.States[v].Out[i]; e.Kind == nfa.Step {
				w.into[e.To] = append(w.into[e.To], incoming{int32(v), e})
			}
		}
	}
	for k := range a.Walks {
		if err := w.walk(int32(k)); err != nil {
			return nil, err
		}
	}
	return w.out, nil
}

// A pairing is a pair of states of an automaton and of the walk in hand.
type pairing struct{ p, q int32 }

// An incoming edge, with the state that it leaves.
type incoming struct {
	from int32
	*nfa.Edge
}

type walker struct {
	from *nfa.Automaton
	out  *Walking
	into [][]incoming // edges by the state that they lead to
	ids  map[pairing]int32
	todo []pairing
	// base is the first state of the walk in hand.
	base  int32
	edges int
}

// walk adds the pairs of one walk: backwards from its arrivals.
func (w *walker) walk(k int32) error {
	steps := explored(w.from.Walks[k])
	atoms := w.atoms(steps.Automaton)
	w.ids, w.todo, w.base = map[pairing]int32{}, nil, int32(len(w.out.States))
	dearest := 0.0
	for _, s := range steps.States {
		dearest = math.Max(dearest, s.Weight)
	}
	for p := range w.from.States {
		for _, r := range w.from.States[p].Arrivals {
			if r.Walk == k {
				w.arrive(int32(p), r, steps, dearest)
			}
		}
	}
	for i := 0; i < len(w.todo); i++ {
		at := w.todo[i]
		to := w.base + int32(i)
		for _, e := range w.into[at.p] {
			for j := range steps.States[at.q].Out {
				f := &steps.States[at.q].Out[j]
				on := e.On.And(f.On)
				if f.Kind != nfa.Step || on.IsEmpty() {
					continue
				}
				from := w.pair(pairing{e.from, f.To})
				step := nfa.Edge{On: on, To: to, Atom: atoms + f.Atom, Kind: nfa.Step, Mult: times(e.Mult, f.Mult)}
				// The walk comes by, or ends here.
				w.edge(from, step)
				w.edge(e.from, step)
				if len(w.todo) > maxWalking {
					return &LimitError{"states of lookbehinds", maxWalking}
				}
				if w.edges > maxWalkingEdges {
					return &LimitError{"edges of lookbehinds", maxWalkingEdges}
				}
			}
		}
	}
	return nil
}

// arrive adds the pairs in which walks begin, and what is paid there. The state
// that a walk ends in says what it costs; the dearest stands for all.
func (w *walker) arrive(p int32, r nfa.Arrival, steps *nfa.Walk, dearest float64) {
	for _, start := range steps.Starts {
		on, atEnd := r.On.And(start.On), r.AtEnd && start.AtEnd
		if on.IsEmpty() && !atEnd {
			continue
		}
		id := w.pair(pairing{p, start.State})
		w.out.States[id].Weight += float64(r.Mult) * dearest
		w.out.States[p].Weight += float64(r.Mult) * steps.States[start.State].Weight
		if !on.IsEmpty() {
			w.edge(id, nfa.Edge{On: on, To: w.out.Paid, Atom: -1, Kind: nfa.Step, Mult: r.Mult})
		}
	}
}

func (w *walker) pair(of pairing) int32 {
	id, found := w.ids[of]
	if !found {
		id = w.base + int32(len(w.todo))
		w.ids[of] = id
		w.todo = append(w.todo, of)
		w.out.States = append(w.out.States, nfa.State{Free: true})
		w.out.Main = append(w.out.Main, of.p)
	}
	return id
}

// edge adds an edge, or classes and ways to one that is there.
func (w *walker) edge(from int32, e nfa.Edge) {
	out := &w.out.States[from].Out
	for i := range *out {
		if o := &(*out)[i]; o.To == e.To && o.Atom == e.Atom && o.Kind == e.Kind && o.On == e.On {
			o.Mult = min(math.MaxUint32-e.Mult, o.Mult) + e.Mult
			return
		}
	}
	*out = append(*out, e)
	w.edges++
	w.out.Edges++
}

// atoms adds the atoms and loops of a walk to those of the pattern, and returns
// the number of the first.
func (w *walker) atoms(steps *nfa.Automaton) int32 {
	out := w.out.Automaton
	first, loops := int32(len(out.Atoms)), int32(len(out.Loops))
	out.Loops = append(out.Loops[:loops:loops], steps.Loops...)
	out.Atoms = out.Atoms[:first:first]
	for _, atom := range steps.Atoms {
		around := make([]int32, len(atom.Loops))
		for i, l := range atom.Loops {
			around[i] = loops + l
		}
		out.Atoms = append(out.Atoms, nfa.Atom{Span: atom.Span, Loops: around, In: atom.In | nfa.InLookaround})
	}
	return first
}

func times(a, b uint32) uint32 {
	return uint32(min(uint64(a)*uint64(b), math.MaxUint32))
}

// explored is the part of a walk that a matcher makes before the lookbehind
// holds; all of it where that takes too much to tell, or depends on what stands
// behind the position.
func explored(w *nfa.Walk) *nfa.Walk {
	if len(w.Starts) > 1 || w.NoPrune {
		return w
	}
	x, err := ExploreBriefly(w.Automaton)
	if err != nil {
		return w
	}
	return &nfa.Walk{Automaton: x.Automaton, Starts: w.Starts}
}
