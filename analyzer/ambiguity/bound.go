package ambiguity

import (
	"math"

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
	// Word leads to the largest total.
	Word Word
}

// A vector is the number of runs in each state, on one word.
type vector struct {
	counts []float64
	states []int32
	word   Word
}

// BoundRuns finds the most expensive position: by visiting every reachable
// vector of run counts, breadth first; where they are too many, by following
// the class that costs most next, which gives no proof.
func BoundRuns(a *nfa.Automaton) Bound {
	b := &bounder{a: a, next: make([]float64, len(a.States))}
	start := vector{counts: make([]float64, 1), states: []int32{0}}
	start.counts[0] = 1
	if b.visitAll(start) {
		b.best.Proved = true
		return b.best
	}
	b.work = 0
	b.greedy(start)
	for class := range a.Classes.Len() {
		b.repeat(start, class)
	}
	return b.best
}

type bounder struct {
	a    *nfa.Automaton
	best Bound
	next []float64 // scratch: counts by state
	work int
}

func (b *bounder) note(v vector) float64 {
	total := 0.0
	for i, s := range v.states {
		total += v.counts[i] * b.a.States[s].Weight
	}
	if total > b.best.PerPosition {
		b.best.PerPosition, b.best.Word = total, v.word
	}
	return total
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
		b.note(queue[i])
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
			if t := b.note(w); t > total {
				best, total = w, t
			}
		}
		if v = best; b.work > maxGreedyWork {
			return
		}
	}
}

// repeat follows one class.
func (b *bounder) repeat(v vector, class int) {
	for range maxGreedy {
		before := len(v.states)
		v = b.step(v, class)
		b.note(v)
		if b.work > 2*maxGreedyWork || len(v.states) == 0 || len(v.states) == before && len(v.word) > 2*len(b.a.States) {
			return
		}
	}
}
