package language

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// SameWords reports whether two parts of patterns match the same words. The
// parts hold no assertions, lookarounds or references: then one may stand for
// the other wherever only the existence of a match counts.
func SameWords(old, next *syntax.Regexp, budget *Budget) (bool, *Reason) {
	budget = budget.orDefault()
	a, b, reason := parts(budget, old, next, corpus.Full)
	if reason != nil {
		return false, reason
	}
	d := compare(a, b, budget)
	return d.Relation == Same, d.Reason
}

// SameEnds reports whether two parts of patterns offer the same ends in the
// same order to what follows them, wherever they begin: an end that was offered
// before, and failed, counts no more. Then one may stand for the other as far as
// match, span and all captures around it go.
func SameEnds(old, next *syntax.Regexp, budget *Budget) (bool, *Reason) {
	budget = budget.orDefault()
	a, b, reason := parts(budget, old, next, corpus.Match)
	if reason != nil {
		return false, reason
	}
	return sameEnds(a, b, budget)
}

// parts lowers two parts of patterns in a mode.
func parts(budget *Budget, old, next *syntax.Regexp, mode corpus.Mode) (a, b *nfa.Automaton, reason *Reason) {
	var in [2]*syntax.Regexp
	for i, re := range []*syntax.Regexp{old, next} {
		if !plain(re.Root) {
			return nil, nil, &Reason{Message: "the part asks about what is around it"}
		}
		part := *re
		part.Pattern.Mode = mode
		part.Flags &^= corpus.Anchored | corpus.Sticky
		part.Options = syntax.Options{}
		in[i] = &part
	}
	return lowered(budget, in[0], in[1])
}

// plain reports whether a tree only reads characters.
func plain(n *syntax.Node) bool {
	ok := true
	syntax.Walk(n, func(n *syntax.Node) bool {
		switch n.Op {
		case syntax.OpEmpty, syntax.OpFail, syntax.OpSet, syntax.OpConcat, syntax.OpAlternate, syntax.OpGroup:
		case syntax.OpRepeat:
			ok = ok && n.Greed != syntax.Possessive
		default:
			ok = false
		}
		return ok
	})
	return ok
}

// A ranking is the state of a matcher after a word, seen from all ends that it
// may still offer: the live states by priority, cut by the ends already passed.
// ranking[0] comes before the first of these ends, ranking[1] after it, …
type ranking [][]int32

// rank is one automaton on its way.
type rank struct {
	a    *nfa.Automaton
	seen []int // by state: the last step that met it
	step int
	work int
}

func newRank(a *nfa.Automaton) *rank { return &rank{a: a, seen: make([]int, len(a.States))} }

// next is the ranking after one more character of a class, -1 for none: the
// end of the subject. at is the index of the part of r in which an end was
// offered here, -1 when none was.
func (k *rank) next(r ranking, class int) (out ranking, at int) {
	k.step++
	at = -1
	for i, part := range r {
		var now []int32
		for _, q := range part {
			for j := range k.a.States[q].Out {
				k.work++
				switch e := &k.a.States[q].Out[j]; {
				case e.Kind == nfa.Accept && at < 0:
					at = i
					out, now = append(out, now), nil
				case e.Kind == nfa.Step && class >= 0 && e.On.Has(class) && k.seen[e.To] != k.step:
					k.seen[e.To] = k.step
					now = append(now, e.To)
				}
			}
		}
		out = append(out, now)
	}
	return out, at
}

// sameEnds walks two rankings in lockstep: they differ where one offers an end
// that the other does not, or offers it elsewhere in the order.
func sameEnds(a, b *nfa.Automaton, budget *Budget) (bool, *Reason) {
	x, y := newRank(a), newRank(b)
	var rankings interned
	of := func(r ranking) int32 { return rankings.of(r.flat()) }
	w := newWalk([2]int32{of(ranking{{0}}), of(ranking{{0}})}, budget.Pairs)
	for i := int32(0); int(i) < len(w.pairs) && w.failed == nil; i++ {
		p := w.pairs[i]
		r, s := raise(rankings.list[p[0]]), raise(rankings.list[p[1]])
		_, m := x.next(r, -1)
		if _, n := y.next(s, -1); m != n {
			return false, nil
		}
		if reason := budget.spend(x.work + y.work); reason != nil {
			return false, reason
		}
		x.work, y.work = 0, 0
		for class := range a.Classes.Len() {
			r, _ := x.next(r, class)
			s, _ := y.next(s, class)
			r, s = squeeze(r, s)
			if len(r) > 0 && !w.add([2]int32{of(r), of(s)}, i, class) {
				break
			}
		}
	}
	return w.failed == nil, w.failed
}

// squeeze drops the parts in which both have no live state: the ends around
// them can never be told apart again.
func squeeze(r, s ranking) (x, y ranking) {
	for i := range r {
		if len(r[i]) > 0 || len(s[i]) > 0 {
			x, y = append(x, r[i]), append(y, s[i])
		}
	}
	return x, y
}

// flat writes a ranking as one list, a -1 behind each part.
func (r ranking) flat() []int32 {
	var out []int32
	for _, part := range r {
		out = append(append(out, part...), -1)
	}
	return out
}

// raise reads what flat wrote.
func raise(list []int32) ranking {
	var out ranking
	for len(list) > 0 {
		n := 0
		for list[n] >= 0 {
			n++
		}
		out, list = append(out, list[:n]), list[n+1:]
	}
	return out
}
