package ambiguity

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// Limits of the look-ahead construction.
const (
	// maxExplored bounds its states: 8,000 take about 20 ms and 10 MB. With at
	// most one threat for each state it may be wideExplored times as large: a
	// counted repeat of 256 needs 70,000.
	maxExplored  = 8_000
	wideExplored = 10
	// maxExploredEdges bounds its edges, at 96 bytes each.
	maxExploredEdges = 100_000
	// maxSubsets bounds the sets of threats that are asked whether they can
	// fail.
	maxSubsets = 8_000
)

// widths are the sizes that sets of threats are cut to, tried in order until
// the construction fits its limits. Forgetting a threat only leaves more runs,
// so every width is sound; at 0 only the edges of higher priority of one state
// are weighed against each other.
var widths = []int{32, 8, 3, 1, 0}

// Explored is the part of an automaton that a backtracking matcher explores: a
// run is tried only while no run of higher priority, from this start or an
// earlier one, has accepted (Berglund, Drewes & van der Merwe 2014, "Analyzing
// catastrophic backtracking behavior in practical regular expression
// matching", section 5). The same holds inside the body of an atomic group or
// a lookahead, a region that accepts at its end: its runs of lower priority are
// given up there, and the run that goes on from its end does so only if those
// of higher priority never reach it. Behind a negative lookahead, none did.
//
// A state of it is a state q with a set U of threats: states that runs of
// higher priority are in, each with the goal that it must not reach. An edge
// is dropped when a threat reaches its goal on it, and a state when U does so
// whatever follows. Only edges that a matcher surely takes enter U, so what is
// dropped is surely never explored: the runs that are left include the true
// ones, and a bound on their number is a proof.
type Explored struct {
	*nfa.Automaton
	// Base is the state q of each state, Above its set U in ascending order.
	Base  []int32
	Above [][]threat
	// rest says of the edges of each state which stand for ε-paths to a step that
	// are tried after the first; empty for a state that has none.
	rest [][]bool
	// fallback are the classes before which each state has a match to fall back
	// to; nil in a split part.
	fallback []charset.Mask
}

// A threat is a state and a goal: 0 for a match of the whole pattern, 1+r for
// the end of region r.
type threat int32

const goals = nfa.MaxRegions + 1

func newThreat(goal, state int32) threat { return threat(state*goals + goal) }

func (t threat) state() int32 { return int32(t) / goals }
func (t threat) goal() int32  { return int32(t) % goals }

// Explore builds the explored part. It fails with a *LimitError.
func Explore(a *nfa.Automaton) (x *Explored, err error) {
	for _, width := range widths {
		if x, err = explore(a, width, 1); err == nil {
			return x, nil
		}
	}
	return nil, err
}

// ExploreBriefly builds the explored part with narrow sets of threats and a
// tenth of the limits, for questions whose answer only refines what is known.
func ExploreBriefly(a *nfa.Automaton) (*Explored, error) {
	x, err := explore(a, 3, brief)
	if err != nil {
		x, err = explore(a, 0, brief)
	}
	return x, err
}

// brief is the part of the limits that a brief construction may use.
const brief = 10

func explore(a *nfa.Automaton, width, divisor int) (*Explored, error) {
	x := &explorer{a: a, accepts: accepts(a), ids: map[string]int32{}, subsets: map[string]int32{}, width: width, divisor: divisor}
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

// accepts reports whether an automaton has a match.
func accepts(a *nfa.Automaton) bool {
	for i := range a.States {
		if slices.ContainsFunc(a.States[i].Out, func(e nfa.Edge) bool { return e.Kind == nfa.Accept }) {
			return true
		}
	}
	return false
}

type explorer struct {
	a   *nfa.Automaton
	out *Explored
	ids map[string]int32
	// accepts says that some run matches: where every match is wanted none does,
	// a match ends a region there.
	accepts bool
	// width is the largest set of threats that a state keeps, near the number
	// of characters from each state to the nearest match.
	width int
	near  []int32
	// divisor is what the limits are divided by.
	divisor int

	subsets map[string]int32
	sets    []subset
}

// A subset is a set of higher-priority states, and whether some continuation
// makes all of them fail.
type subset struct {
	states []threat
	fail   failing
}

type failing uint8

const (
	unasked failing = iota
	fails
	neverFails
)

// scale is a limit for the width in force.
func (x *explorer) scale(limit int) int {
	if x.width <= 1 && x.divisor == 1 {
		return limit * wideExplored
	}
	return limit / x.divisor
}

func key(q int32, set []threat) string {
	b := make([]byte, 0, 4+4*len(set))
	b = binary.LittleEndian.AppendUint32(b, uint32(q))
	for _, s := range set {
		b = binary.LittleEndian.AppendUint32(b, uint32(s))
	}
	return string(b)
}

// state numbers (q, above); -1 when above never fails.
func (x *explorer) state(q int32, above []threat) (int32, error) {
	k := key(q, above)
	if id, found := x.ids[k]; found {
		return id, nil
	}
	ok, err := x.canFail(above)
	if err != nil {
		return -1, err
	}
	id := int32(-1)
	if ok && len(above) > x.width {
		if id, err = x.state(q, x.narrow(above)); err != nil {
			return -1, err
		}
	} else if ok {
		if len(x.out.States) >= x.scale(maxExplored) {
			return -1, &LimitError{"look-ahead states", maxExplored}
		}
		id = int32(len(x.out.States))
		x.out.States = append(x.out.States, nfa.State{Weight: x.a.States[q].Weight, Copy: x.a.States[q].Copy, Arrivals: x.a.States[q].Arrivals})
		x.out.fallback = append(x.out.fallback, fallback(&x.a.States[q]))
		x.out.Base = append(x.out.Base, q)
		x.out.Above = append(x.out.Above, above)
	}
	x.ids[k] = id
	return id, nil
}

// narrow keeps the threats that are nearest to a match.
func (x *explorer) narrow(above []threat) []threat {
	if x.near == nil {
		x.near = distances(x.a)
	}
	out := slices.Clone(above)
	slices.SortStableFunc(out, func(a, b threat) int { return int(x.near[a.state()] - x.near[b.state()]) })
	out = out[:x.width]
	slices.Sort(out)
	return out
}

// distances is the number of steps from each state to the nearest edge that
// accepts, or ends a region.
func distances(a *nfa.Automaton) []int32 {
	const far = 1 << 30
	near := make([]int32, len(a.States))
	into := make([][]int32, len(a.States))
	var queue []int32
	for v := range a.States {
		near[v] = far
		for _, e := range a.States[v].Out {
			switch e.Kind {
			case nfa.Accept, nfa.Exit:
				if near[v] != 0 {
					near[v] = 0
					queue = append(queue, int32(v))
				}
			default:
				into[e.To] = append(into[e.To], int32(v))
			}
		}
	}
	for i := 0; i < len(queue); i++ {
		for _, v := range into[queue[i]] {
			if near[v] == far {
				near[v] = near[queue[i]] + 1
				queue = append(queue, v)
			}
		}
	}
	return near
}

func (x *explorer) expand(id int32) error {
	q, above := x.out.Base[id], x.out.Above[id]
	edges := x.a.States[q].Out
	var out []nfa.Edge
	var rests []bool
	for i := range edges {
		e := edges[i]
		if e.Kind != nfa.Step {
			continue
		}
		// Classes that lead to the same set above share an edge.
		var targets, rest []int32
		for class := range e.On.All {
			set, accepted := x.advance(above, class)
			if accepted {
				continue
			}
			if set, accepted = x.siblings(set, q, i, class); accepted {
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
			if x.accepts {
				set = with(set, newThreat(0, e.To))
			}
			for r := range regionsOf(x.a.States[q].In & x.a.States[e.To].In &^ e.Left) {
				set = with(set, newThreat(r+1, e.To))
			}
			if to, err = x.state(e.To, set); err != nil {
				return err
			}
			if to >= 0 {
				out, rest = x.edge(out, rest, e, class, to, e.Mult-1)
			}
		}
		if len(rest) > 0 {
			rests = append(rests, make([]bool, len(out)-len(rests))...)
			for _, k := range rest {
				rests[k] = true
			}
		}
	}
	x.out.rest = append(x.out.rest, rests)
	x.out.States[id].Out = out
	if x.out.Edges += len(out); x.out.Edges > x.scale(maxExploredEdges) {
		return &LimitError{"look-ahead edges", maxExploredEdges}
	}
	return nil
}

// siblings adds the edges of q before edge i: attempts that a matcher makes
// first when it stands at q. accepted is true when one of them ends what edge
// i is part of.
//
// Which goals they threaten follows from what edge i shares with them: the
// whole match always; a region that q stands in, when the sibling stays in it or
// ends it; a region that both enter here, or whose body the sibling begins and
// edge i has left or passed as a negative lookahead, if its body stands in one
// place only. A sibling that has left a region and enters it again is in another
// entry than edge i, unless both do so for the first time.
func (x *explorer) siblings(set []threat, q int32, i, class int) (out []threat, accepted bool) {
	edges := x.a.States[q].Out
	e := &edges[i]
	in := x.a.States[q].In
	fresh := (x.a.States[e.To].In | e.Left | e.Not) &^ in &^ x.a.Copied
	again := x.again(e, in&e.Left&^x.a.Copied)
	for k := range edges[:i] {
		f := &edges[k]
		if !f.On.Has(class) || !x.a.Follows(f, e) {
			continue
		}
		switch f.Kind {
		case nfa.Accept:
			return nil, true
		case nfa.Exit:
			if ((in|fresh)&^f.Left | x.reentered(f, again&f.Left)).Has(f.Region) && !x.a.Passed(f, e) {
				return nil, true
			}
			continue
		}
		if x.accepts {
			set = append(set, newThreat(0, f.To))
		}
		for r := range regionsOf(x.a.States[f.To].In & ((in|fresh)&^f.Left | x.reentered(f, again&f.Left))) {
			set = append(set, newThreat(r+1, f.To))
		}
	}
	slices.Sort(set)
	return slices.Compact(set), false
}

// again are the regions of a set, which an edge has left, that it has entered
// anew and is in, or has left once more.
func (x *explorer) again(e *nfa.Edge, set nfa.Regions) (out nfa.Regions) {
	for r := range regionsOf(set) {
		if ended := x.a.Ended(e, uint8(r)); ended > 1 || ended == 1 && x.a.States[e.To].In.Has(uint8(r)) {
			out |= 1 << r
		}
	}
	return out
}

// reentered are the regions of a set that an edge has left once.
func (x *explorer) reentered(f *nfa.Edge, set nfa.Regions) (out nfa.Regions) {
	for r := range regionsOf(set) {
		if x.a.Ended(f, uint8(r)) == 1 {
			out |= 1 << r
		}
	}
	return out
}

func regionsOf(set nfa.Regions) func(func(int32) bool) {
	return func(yield func(int32) bool) {
		for ; set != 0; set &= set - 1 {
			if !yield(int32(bits.TrailingZeros64(uint64(set)))) {
				return
			}
		}
	}
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

// advance moves threats over a class. accepted is true when one of them
// reaches its goal here.
func (x *explorer) advance(above []threat, class int) (set []threat, accepted bool) {
	for _, t := range above {
		goal := t.goal()
		out := x.a.States[t.state()].Out
		for i := range out {
			e := &out[i]
			if e.Over || !e.On.Has(class) {
				continue
			}
			switch e.Kind {
			case nfa.Accept:
				if goal == 0 {
					return nil, true
				}
			case nfa.Exit:
				if goal == int32(e.Region)+1 {
					return nil, true
				}
			default:
				if goal == 0 || x.a.States[e.To].In.Has(uint8(goal-1)) {
					set = append(set, newThreat(goal, e.To))
				}
			}
		}
	}
	slices.Sort(set)
	return slices.Compact(set), false
}

func with(set []threat, s threat) []threat {
	k, found := slices.BinarySearch(set, s)
	if found {
		return set
	}
	return slices.Insert(slices.Clone(set), k, s)
}

// canFail reports whether some continuation lets none of the states accept: a
// breadth-first search over the sets that they lead to.
func (x *explorer) canFail(states []threat) (bool, error) {
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
			next, accepted := x.advance(x.sets[at].states, class)
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

func (x *explorer) subset(states []threat) (int32, error) {
	k := key(0, states)
	if id, found := x.subsets[k]; found {
		return id, nil
	}
	if len(x.sets) >= x.scale(maxSubsets) {
		return 0, &LimitError{"look-ahead sets", maxSubsets}
	}
	id := int32(len(x.sets))
	x.sets = append(x.sets, subset{states: states})
	x.subsets[k] = id
	return id, nil
}

func (x *explorer) acceptsAtEnd(threats []threat) bool {
	for _, t := range threats {
		for _, e := range x.a.States[t.state()].Out {
			if e.AtEnd && !e.Over && (e.Kind == nfa.Accept && t.goal() == 0 || e.Kind == nfa.Exit && t.goal() == int32(e.Region)+1) {
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
	out := []int32{x.Base[state]}
	for _, t := range x.Above[state] {
		out = append(out, t.state())
	}
	slices.Sort(out)
	return slices.Compact(out)
}
