package ambiguity

import (
	"cmp"
	"math"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// Limits of the search for the most expensive position.
const (
	// maxVectors bounds the run-count vectors that are visited for a proof.
	maxVectors = 256
	// maxVectorWork bounds the edges followed for it, about 1 ms.
	maxVectorWork = 400_000
	// maxGreedy bounds the steps of the greedy search that follows when the
	// vectors do not close.
	maxGreedy = 512
	// maxGreedyWork bounds the edges followed for it, about 4 ms.
	maxGreedyWork = 1_500_000
)

// A Bound says how many ε-instructions all runs together may execute at one
// position of the input.
type Bound struct {
	// PerPosition is the largest total found.
	PerPosition float64
	// Proved says that no input has a larger one: every reachable vector of
	// run counts was visited. There are finitely many exactly when the
	// ambiguity is bounded.
	Proved bool
	// Ways lead to large totals, the largest first, each by another pump: some
	// of them may match on the way.
	Ways []Way
}

// A Way leads to a costly position: Prefix and then Pump, again and again.
type Way struct {
	Prefix, Pump Word
	Total        float64
}

// maxWays is the number of ways that are kept.
const maxWays = 10

// A vector is the number of runs in each state, on one word.
type vector struct {
	counts []float64
	states []int32
	word   Word
}

type bounder struct {
	a    *nfa.Automaton
	best Bound
	next []float64 // scratch: counts by state
	work int
	// captured marks the states behind a group whose runs stand for Copies.
	captured []bool
}

// BoundRuns finds the most expensive position: by visiting every reachable
// vector of run counts, breadth first; where they are too many, by following
// the class that costs most next, which gives no proof.
func BoundRuns(a *nfa.Automaton) Bound {
	b := &bounder{a: a, next: make([]float64, len(a.States)), captured: captured(a)}
	start := vector{counts: make([]float64, 1), states: []int32{0}}
	start.counts[0] = 1
	if b.visitAll(start) {
		b.best.Proved = true
		return b.best
	}
	b.work = 0
	b.greedy(start)
	for class := range a.Classes.Len() {
		b.repeat(start, nil, Word{uint8(class)})
	}
	if paths(a) > suspicious {
		b.probe()
	}
	return b.best
}

const (
	// suspicious is the number of paths through an automaton from which on a
	// costly position is looked for with more effort.
	suspicious = 2_500
	// probeStates is the number of states from which it is looked for, spread
	// over the automaton: costly positions lie behind literals that no greedy
	// search gets through.
	probeStates = 24
	// maxProbeWork bounds the edges followed, about 30 ms.
	maxProbeWork = 6_000_000
)

// paths bounds the number of runs that end in one state and came there without
// a loop, saturating: whatever the letters, a state has at most as many runs
// as its predecessors have together.
func paths(a *nfa.Automaton) float64 {
	ids, _ := Strong(len(a.States), func(v int32, i int) (int32, bool) {
		if i >= len(a.States[v].Out) {
			return 0, false
		}
		if e := &a.States[v].Out[i]; e.Kind == nfa.Step {
			return e.To, true
		}
		return -1, true
	})
	order := make([]int32, len(ids))
	for v := range ids {
		order[v] = int32(v)
	}
	slices.SortStableFunc(order, func(x, y int32) int { return int(ids[y] - ids[x]) })
	count := make([]float64, len(a.States))
	count[0] = 1
	most := 1.0
	for _, v := range order {
		out := a.States[v].Out
		for i := range out {
			if e := &out[i]; e.Kind == nfa.Step && ids[e.To] != ids[v] {
				count[e.To] = math.Min(count[e.To]+count[v]*float64(e.Mult), math.MaxFloat64/1e6)
				most = max(most, count[e.To])
			}
		}
	}
	return most
}

// probe repeats words of one and two classes from states spread over the
// automaton, as if a run had just come there.
func (b *bounder) probe() {
	b.work = 0
	s := &search{a: b.a, r: &Report{}, stamp: make([]int32, len(b.a.States))}
	stride := max(1, len(b.a.States)/probeStates)
	classes := b.a.Classes.Len()
	for q := 0; q < len(b.a.States); q += stride {
		prefix := s.path(0, func(v int32) bool { return v == int32(q) }, func(_ int32, e *nfa.Edge) (int, bool) { return e.On.First(), true })
		if prefix == nil {
			continue
		}
		at := vector{counts: []float64{1}, states: []int32{int32(q)}}
		share := b.work + maxProbeWork/probeStates
		for x := range classes {
			for y := range classes {
				pump := Word{uint8(x), uint8(y)}
				if x == y {
					pump = pump[:1]
				}
				b.repeat(at, prefix, pump)
				if b.work > share {
					break
				}
			}
		}
	}
}

func (b *bounder) note(v vector, prefix, pump Word) float64 {
	total := 0.0
	for i, s := range v.states {
		cost := v.counts[i] * b.a.States[s].Weight
		if len(b.captured) > 0 && b.captured[s] {
			cost *= b.a.Copies
		}
		total += cost
	}
	if total <= b.least() {
		return total
	}
	b.best.PerPosition = max(b.best.PerPosition, total)
	if pump == nil {
		prefix, pump = v.word, v.word[max(0, len(v.word)-1):]
	}
	k := slices.IndexFunc(b.best.Ways, func(w Way) bool { return slices.Equal(w.Pump, pump) })
	switch {
	case k < 0:
		b.best.Ways = append(b.best.Ways, Way{prefix, pump, total})
	case b.best.Ways[k].Total >= total:
		return total
	default:
		b.best.Ways[k] = Way{prefix, pump, total}
	}
	slices.SortStableFunc(b.best.Ways, func(x, y Way) int { return cmp.Compare(y.Total, x.Total) })
	b.best.Ways = b.best.Ways[:min(len(b.best.Ways), maxWays)]
	return total
}

// captured marks the states that a run may come to once it has captured one
// character of many; nil where the automaton stands for itself.
func captured(a *nfa.Automaton) []bool {
	if a.Copies == 0 {
		return nil
	}
	marked := make([]bool, len(a.States))
	var todo []int32
	mark := func(s int32) {
		if !marked[s] {
			marked[s] = true
			todo = append(todo, s)
		}
	}
	each := func(s int32, visit func(e *nfa.Edge)) {
		for i := range a.States[s].Out {
			if e := &a.States[s].Out[i]; e.Kind == nfa.Step {
				visit(e)
			}
		}
	}
	for s := range a.States {
		each(int32(s), func(e *nfa.Edge) {
			if slices.Contains(a.Captures, e.Atom) {
				mark(e.To)
			}
		})
	}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		each(s, func(e *nfa.Edge) { mark(e.To) })
	}
	return marked
}

// least is the total that a way must exceed to be kept.
func (b *bounder) least() float64 {
	if len(b.best.Ways) < maxWays {
		return 0
	}
	return b.best.Ways[maxWays-1].Total
}

func (b *bounder) step(v vector, class int) vector {
	var states []int32
	for i, s := range v.states {
		out := b.a.States[s].Out
		b.work += len(out)
		for k := range out {
			e := &out[k]
			if e.Kind != nfa.Step || !e.On.Has(class) {
				continue
			}
			if b.next[e.To] == 0 {
				states = append(states, e.To)
			}
			b.next[e.To] = math.Min(b.next[e.To]+v.counts[i]*float64(e.Mult), math.MaxFloat64/1e6)
		}
	}
	out := vector{states: states, counts: make([]float64, len(states))}
	for i, s := range states {
		out.counts[i] = b.next[s]
		b.next[s] = 0
	}
	out.word = append(append(make(Word, 0, len(v.word)+1), v.word...), uint8(class))
	return out
}

// visitAll reports whether the reachable vectors are few enough to visit.
func (b *bounder) visitAll(start vector) bool {
	seen := map[string]bool{vectorKey(start): true}
	queue := []vector{start}
	for i := 0; i < len(queue); i++ {
		b.note(queue[i], nil, nil)
		for class := range b.a.Classes.Len() {
			v := b.step(queue[i], class)
			if b.work > maxVectorWork {
				return false
			}
			k := vectorKey(v)
			if seen[k] {
				continue
			}
			if len(queue) == maxVectors {
				return false
			}
			seen[k] = true
			queue = append(queue, v)
		}
	}
	return true
}

// vectorKey tells vectors apart. Runs are found in the order of their states'
// first edges, which depends on the order of v.states: sort by insertion.
func vectorKey(v vector) string {
	for i := 1; i < len(v.states); i++ {
		for j := i; j > 0 && v.states[j] < v.states[j-1]; j-- {
			v.states[j], v.states[j-1] = v.states[j-1], v.states[j]
			v.counts[j], v.counts[j-1] = v.counts[j-1], v.counts[j]
		}
	}
	k := make([]byte, 0, 12*len(v.states))
	for i, s := range v.states {
		bits := math.Float64bits(v.counts[i])
		k = append(k, byte(s), byte(s>>8), byte(s>>16), byte(s>>24),
			byte(bits), byte(bits>>8), byte(bits>>16), byte(bits>>24),
			byte(bits>>32), byte(bits>>40), byte(bits>>48), byte(bits>>56))
	}
	return string(k)
}

// greedy follows the class with the largest total.
func (b *bounder) greedy(v vector) {
	for range maxGreedy {
		best, total := vector{}, -1.0
		for class := range b.a.Classes.Len() {
			w := b.step(v, class)
			if t := b.note(w, nil, nil); t > total {
				best, total = w, t
			}
		}
		if v = best; b.work > maxGreedyWork {
			return
		}
	}
}

// repeat follows a word again and again, for as long as that costs more and
// more.
func (b *bounder) repeat(v vector, prefix, pump Word) {
	best := 0.0
	for n, since := 0, 0; n < maxGreedy && since < 2*len(pump)+8; n++ {
		for _, class := range pump {
			v = b.step(v, int(class))
			v.word = nil // not needed: prefix and pump say it
		}
		total := b.note(v, prefix, pump)
		if since++; total > best {
			best, since = total, 0
		}
		if len(v.states) == 0 || b.work > maxProbeWork {
			return
		}
	}
}
