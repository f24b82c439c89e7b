package ambiguity

import (
	"encoding/binary"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// Limits of the look-ahead construction.
const (
	// maxExplored bounds its states: 20,000 take about 50 ms and 20 MB.
	maxExplored = 20_000
	// maxExploredEdges bounds its edges, at 64 bytes each.
	maxExploredEdges = 300_000
	// maxSubsets bounds the sets of higher-priority states that are asked
	// whether they can fail.
	maxSubsets = 20_000
)

// Explored is the part of an automaton that a backtracking matcher explores: a
// run is tried only while no run of higher priority, from this start or an
// earlier one, has accepted (Berglund, Drewes & van der Merwe 2014, "Analyzing
// catastrophic backtracking behavior in practical regular expression
// matching", section 5).
//
// A state of it is a state q with the set U of states that runs of higher
// priority are in. An edge is dropped when a run of higher priority accepts on
// it, and a state when U accepts whatever follows. Only edges that a matcher
// surely takes enter U, so what is dropped is surely never explored: the runs
// that are left include the true ones, and a bound on their number is a proof.
type Explored struct {
	*nfa.Automaton
	// Base is the state q of each state, Above its set U in ascending order.
	Base  []int32
	Above [][]int32
}

// Explore builds the explored part. It fails with a *LimitError.
func Explore(a *nfa.Automaton) (*Explored, error) {
	x := &explorer{a: a, ids: map[string]int32{}, subsets: map[string]int32{}}
	part := *a
	part.States, part.Edges, part.Search = nil, 0, -1
	x.out = &Explored{Automaton: &part}
	if _, err := x.state(0, nil); err != nil {
		return nil, err
	}
	for i := 0; i < len(x.out.States); i++ {
		if err := x.expand(int32(i)); err != nil {
			return nil, err
		}
		if a.Search >= 0 && x.out.Search < 0 && x.out.Base[i] == a.Search {
			x.out.Search = int32(i)
		}
	}
	return x.out, nil
}

type explorer struct {
	a   *nfa.Automaton
	out *Explored
	ids map[string]int32

	subsets map[string]int32
	sets    []subset
}

// A subset is a set of higher-priority states, and whether some continuation
// makes all of them fail.
type subset struct {
	states []int32
	fail   failing
}

type failing uint8

const (
	unasked failing = iota
	fails
	neverFails
)

func key(q int32, set []int32) string {
	b := make([]byte, 0, 4+4*len(set))
	b = binary.LittleEndian.AppendUint32(b, uint32(q))
	for _, s := range set {
		b = binary.LittleEndian.AppendUint32(b, uint32(s))
	}
	return string(b)
}

// state numbers (q, above); -1 when above never fails.
func (x *explorer) state(q int32, above []int32) (int32, error) {
	k := key(q, above)
	if id, found := x.ids[k]; found {
		return id, nil
	}
	ok, err := x.canFail(above)
	if err != nil {
		return -1, err
	}
	id := int32(-1)
	if ok {
		if len(x.out.States) >= maxExplored {
			return -1, &LimitError{"look-ahead states", maxExplored}
		}
		id = int32(len(x.out.States))
		x.out.States = append(x.out.States, nfa.State{Weight: x.a.States[q].Weight})
		x.out.Base = append(x.out.Base, q)
		x.out.Above = append(x.out.Above, above)
	}
	x.ids[k] = id
	return id, nil
}

func (x *explorer) expand(id int32) error {
	q, above := x.out.Base[id], x.out.Above[id]
	edges := x.a.States[q].Out
	var out []nfa.Edge
	for i := range edges {
		e := edges[i]
		if e.Kind != nfa.Step {
			continue
		}
		// Classes that lead to the same set above share an edge.
		var targets []int32
		for class := range e.On.All {
			set, accepted := x.step(above, edges[:i], class)
			if accepted {
				continue
			}
			to, err := x.state(e.To, set)
			if err != nil {
				return err
			}
			if to >= 0 {
				out, targets = x.edge(out, targets, e, class, to, 1)
			}
			if e.Mult < 2 {
				continue
			}
			// The other ε-paths to this step are tried after it has failed.
			if !e.Over {
				set = with(set, e.To)
			}
			if to, err = x.state(e.To, set); err != nil {
				return err
			}
			if to >= 0 {
				out, targets = x.edge(out, targets, e, class, to, e.Mult-1)
			}
		}
	}
	x.out.States[id].Out = out
	if x.out.Edges += len(out); x.out.Edges > maxExploredEdges {
		return &LimitError{"look-ahead edges", maxExploredEdges}
	}
	return nil
}

// edge adds class to the edge of e that leads to the same state, or adds one.
// targets are the edges that e has made so far.
func (x *explorer) edge(out []nfa.Edge, targets []int32, e nfa.Edge, class int, to int32, mult uint32) ([]nfa.Edge, []int32) {
	for _, t := range targets {
		if out[t].To == to && !out[t].On.Has(class) {
			out[t].On[class>>6] |= 1 << (class & 63)
			return out, targets
		}
	}
	e.On = [len(e.On)]uint64{}
	e.On[class>>6] = 1 << (class & 63)
	e.To, e.Mult = to, mult
	return append(out, e), append(targets, int32(len(out)))
}

// step moves a set of higher-priority states, and the edges of higher priority
// of the state itself, over a class. accepted is true when one of them reports
// a match here.
func (x *explorer) step(above []int32, before []nfa.Edge, class int) (set []int32, accepted bool) {
	take := func(e *nfa.Edge) bool {
		if e.Over || !e.On.Has(class) {
			return false
		}
		if e.Kind == nfa.Accept {
			return true
		}
		set = append(set, e.To)
		return false
	}
	for _, u := range above {
		out := x.a.States[u].Out
		for i := range out {
			if take(&out[i]) {
				return nil, true
			}
		}
	}
	for i := range before {
		if take(&before[i]) {
			return nil, true
		}
	}
	slices.Sort(set)
	return slices.Compact(set), false
}

func with(set []int32, s int32) []int32 {
	k, found := slices.BinarySearch(set, s)
	if found {
		return set
	}
	return slices.Insert(slices.Clone(set), k, s)
}

// canFail reports whether some continuation lets none of the states accept: a
// breadth-first search over the sets that they lead to.
func (x *explorer) canFail(states []int32) (bool, error) {
	if len(states) == 0 {
		return true, nil
	}
	root, err := x.subset(states)
	if err != nil {
		return false, err
	}
	if x.sets[root].fail != unasked {
		return x.sets[root].fail == fails, nil
	}
	queue := []int32{root}
	parent := map[int32]int32{root: -1}
	for i := 0; i < len(queue); i++ {
		at := queue[i]
		failed := x.sets[at].fail == fails || len(x.sets[at].states) == 0 || !x.acceptsAtEnd(x.sets[at].states)
		if failed {
			for v := at; v >= 0; v = parent[v] {
				x.sets[v].fail = fails
			}
			return true, nil
		}
		if x.sets[at].fail == neverFails {
			continue
		}
		for class := range x.a.Classes.Len() {
			next, accepted := x.step(x.sets[at].states, nil, class)
			if accepted {
				continue
			}
			id, err := x.subset(next)
			if err != nil {
				return false, err
			}
			if _, seen := parent[id]; !seen {
				parent[id] = at
				queue = append(queue, id)
			}
		}
	}
	for _, v := range queue {
		x.sets[v].fail = neverFails
	}
	return false, nil
}

func (x *explorer) subset(states []int32) (int32, error) {
	k := key(0, states)
	if id, found := x.subsets[k]; found {
		return id, nil
	}
	if len(x.sets) >= maxSubsets {
		return 0, &LimitError{"look-ahead sets", maxSubsets}
	}
	id := int32(len(x.sets))
	x.sets = append(x.sets, subset{states: states})
	x.subsets[k] = id
	return id, nil
}

func (x *explorer) acceptsAtEnd(states []int32) bool {
	for _, s := range states {
		for _, e := range x.a.States[s].Out {
			if e.Kind == nfa.Accept && e.AtEnd && !e.Over {
				return true
			}
		}
	}
	return false
}

// Failing is the states of the base automaton whose runs must all fail for a
// state of the explored part to be explored to the end: its own, and those of
// higher priority.
func (x *Explored) Failing(state int32) []int32 {
	return with(x.Above[state], x.Base[state])
}
