package language

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// SameSpans reports whether two patterns match in the same subjects, and report
// the same span in each. It is decided over ordered lists of states, cut after
// the first acceptance: the winner among all attempts of a backtracking
// matcher, its start and its end are compared.
func SameSpans(old, next *syntax.Regexp, budget *Budget) (bool, *Reason) {
	budget = budget.orDefault()
	for _, re := range []*syntax.Regexp{old, next} {
		if why := moved(re); why != "" {
			return false, &Reason{Message: why}
		}
	}
	a, b, reason := lowered(budget, old, next)
	if reason != nil {
		return false, reason
	}
	return sameSpans(a, b, budget)
}

// moved names what makes a reported span another than what was read, or a
// later match of a global search another than the first.
func moved(re *syntax.Regexp) string {
	why := ""
	global := re.Pattern.Mode == corpus.Global
	syntax.Walk(re.Root, func(n *syntax.Node) bool {
		switch {
		case n.Op == syntax.OpKeep:
			why = `\K moves the match`
		case global && (n.Op == syntax.OpAssert || n.Op == syntax.OpLook):
			why = "in a global search an assertion may see the match before"
		}
		return why == ""
	})
	return why
}

// A contender is a state of a list with the characters read since the match it
// stands for has ended: 0 while it goes on.
type contender struct {
	state int32
	past  int32
}

// A field is the state of a search after a word: the attempts alive, by start
// and priority. The last entry of the last start that any is alive for may be
// the search loop itself. won says that an acceptance is behind them all.
type field struct {
	starts [][]contender
	won    bool
}

// An acceptance is a match that a step finds: the index of its start, and how
// many characters ago it ended; start -1 is none.
type acceptance struct {
	start int
	past  int32
}

// race is one automaton on its way.
type race struct {
	a *nfa.Automaton
	// seen is the last step that met a state, past the same for contenders
	// whose match has ended.
	seen []int
	past map[contender]int
	step int
	work int
}

func newRace(a *nfa.Automaton) *race {
	return &race{a: a, seen: make([]int, len(a.States)), past: map[contender]int{}}
}

// met reports whether a contender was met in this step, and notes it.
func (k *race) met(c contender) bool {
	if c.past > 0 {
		met := k.past[c] == k.step
		k.past[c] = k.step
		return met
	}
	met := k.seen[c.state] == k.step
	k.seen[c.state] = k.step
	return met
}

// next is the field after one more character of a class, -1 for the end of the
// subject, and what was accepted in that step.
func (k *race) next(f field, class int) (out field, got acceptance) {
	k.step++
	got.start = -1
	out.won = f.won
	for i := 0; i < len(f.starts); i++ {
		var now, later []contender
		for _, c := range f.starts[i] {
			for j := range k.a.States[c.state].Out {
				k.work++
				e := &k.a.States[c.state].Out[j]
				on := class >= 0 && e.On.Has(class)
				if e.Kind == nfa.Accept && (on || class < 0 && e.AtEnd) {
					out.won = true
					out.starts = append(out.starts, now)
					return out, acceptance{i, c.past}
				}
				if !on || e.Kind != nfa.Step && e.Kind != nfa.Ghost {
					continue
				}
				to := contender{state: e.To}
				if e.Kind == nfa.Ghost || c.past > 0 {
					to.past = c.past + 1
				}
				if k.met(to) {
					continue
				}
				if e.Kind == nfa.Step && e.Atom < 0 {
					later = append(later, to) // the search goes on one character further
				} else {
					now = append(now, to)
				}
			}
		}
		out.starts = append(out.starts, now)
		if len(later) > 0 {
			out.starts = append(out.starts, later)
		}
	}
	return out, got
}

// sameSpans walks two searches in lockstep. With each pair goes whether both
// have won, and with the same span.
func sameSpans(a, b *nfa.Automaton, budget *Budget) (bool, *Reason) {
	x, y := newRace(a), newRace(b)
	var fields interned
	first := field{starts: [][]contender{{{}}}}
	w := newWalk([2]int32{fields.of(first.flat(true)), fields.of(first.flat(true))}, budget.Pairs)
	for i := int32(0); int(i) < len(w.pairs) && w.failed == nil; i++ {
		p := w.pairs[i]
		f, same := landed(fields.list[p[0]])
		g, _ := landed(fields.list[p[1]])
		ef, m := x.next(f, -1)
		eg, n := y.next(g, -1)
		if !agrees(ef, eg, m, n, same) {
			return false, nil
		}
		if reason := budget.spend(x.work + y.work); reason != nil {
			return false, reason
		}
		x.work, y.work = 0, 0
		for class := range a.Classes.Len() {
			f2, m := x.next(f, class)
			g2, n := y.next(g, class)
			same := agrees(f2, g2, m, n, same)
			f2, g2 = align(f2, g2)
			if len(f2.starts) == 0 {
				if !same {
					return false, nil
				}
				continue
			}
			if !w.add([2]int32{fields.of(f2.flat(same)), fields.of(g2.flat(same))}, i, class) {
				break
			}
		}
	}
	return w.failed == nil, w.failed
}

// agrees reports whether two searches, if they ended now, would report the
// same: m and n are what they accepted in this step, same whether they agreed
// before it.
func agrees(f, g field, m, n acceptance, same bool) bool {
	switch {
	case m.start >= 0 || n.start >= 0:
		return m == n
	case f.won != g.won:
		return false
	}
	return same
}

// align drops the starts that neither search has an attempt alive for.
func align(f, g field) (x, y field) {
	x.won, y.won = f.won, g.won
	at := func(f field, i int) []contender {
		if i < len(f.starts) {
			return f.starts[i]
		}
		return nil
	}
	for i := range max(len(f.starts), len(g.starts)) {
		if p, q := at(f, i), at(g, i); len(p) > 0 || len(q) > 0 {
			x.starts, y.starts = append(x.starts, p), append(y.starts, q)
		}
	}
	return x, y
}

// flat writes a field as one list.
func (f field) flat(same bool) []int32 {
	out := []int32{0}
	if f.won {
		out[0] |= 1
	}
	if same {
		out[0] |= 2
	}
	for _, start := range f.starts {
		for _, c := range start {
			out = append(out, c.state, c.past)
		}
		out = append(out, -1)
	}
	return out
}

// landed reads what flat wrote.
func landed(list []int32) (f field, same bool) {
	f.won, same = list[0]&1 != 0, list[0]&2 != 0
	for i := 1; i < len(list); i++ {
		var start []contender
		for ; list[i] >= 0; i += 2 {
			start = append(start, contender{list[i], list[i+1]})
		}
		f.starts = append(f.starts, start)
	}
	return f, same
}
