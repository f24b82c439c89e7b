package language

import (
	"fmt"
	"slices"
	"unicode/utf16"

	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// A walk visits pairs of states in the order of their shortest words.
type walk struct {
	pairs  [][2]int32
	from   []int32 // the pair before, -1 for the first
	by     []int16 // the class between them
	known  map[[2]int32]struct{}
	failed *Reason
	most   int
}

func newWalk(first [2]int32, most int) *walk {
	return &walk{most: most, pairs: [][2]int32{first}, from: []int32{-1}, by: []int16{-1}, known: map[[2]int32]struct{}{first: {}}}
}

// add queues a pair that is new; it is false at the limit.
func (w *walk) add(pair [2]int32, from int32, class int) bool {
	if _, found := w.known[pair]; found {
		return true
	}
	if len(w.pairs) == w.most {
		w.failed = &Reason{Limit: "pairs", Value: int64(w.most), Message: fmt.Sprintf("the comparison needs more than %d pairs of states", w.most)}
		return false
	}
	w.known[pair] = struct{}{}
	w.pairs, w.from, w.by = append(w.pairs, pair), append(w.from, from), append(w.by, int16(class))
	return true
}

// word is the shortest word that leads to a pair, a class for each character.
func (w *walk) word(at int32) []int {
	var out []int
	for ; w.from[at] >= 0; at = w.from[at] {
		out = append(out, int(w.by[at]))
	}
	slices.Reverse(out)
	return out
}

// compare walks the two deterministic automata in lockstep, shortest words
// first.
func compare(a, b *nfa.Automaton, budget *Budget) Difference {
	x, y := newSubset(a), newSubset(b)
	w := newWalk([2]int32{0, 0}, budget.Pairs)
	var d Difference
	for i := int32(0); int(i) < len(w.pairs) && w.failed == nil; i++ {
		p := w.pairs[i]
		switch inOld, inNew := x.end(p[0]), y.end(p[1]); {
		case inOld && !inNew && d.Lost == nil:
			d.Lost = write(a, w.word(i))
		case inNew && !inOld && d.Gained == nil:
			d.Gained = write(a, w.word(i))
		}
		if d.Lost != nil && d.Gained != nil {
			break
		}
		if w.failed = budget.spend(x.spent() + y.spent()); w.failed != nil {
			break
		}
		for class := range a.Classes.Len() {
			q := [2]int32{x.step(p[0], class), y.step(p[1], class)}
			if q[0] == matched && q[1] == matched {
				continue
			}
			if !w.add(q, i, class) {
				break
			}
		}
	}
	switch {
	case d.Lost != nil && d.Gained != nil:
		d.Relation = Other
	case w.failed != nil:
		d.Relation, d.Reason = Undecided, w.failed
	case d.Gained != nil:
		d.Relation = Wider
	case d.Lost != nil:
		d.Relation = Narrower
	default:
		d.Relation = Same
	}
	return d
}

// write is a word of classes as a subject, never nil.
func write(a *nfa.Automaton, word []int) []byte {
	out := []byte{}
	var units []uint16
	for _, class := range word {
		switch c := a.Classes.Representative(class); a.Unit {
		case syntax.Byte:
			out = append(out, byte(c))
		case syntax.UTF16:
			units = append(units, uint16(c))
		default:
			out = append(out, string(c)...)
		}
	}
	if a.Unit == syntax.UTF16 {
		out = append(out, string(utf16.Decode(units))...)
	}
	return out
}
