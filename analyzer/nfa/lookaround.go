package nfa

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// look builds a lookaround. One that asks about a single neighbouring
// character is a guard, and exact. The body of a wider lookahead is a branch
// that ends in nothing, entered at every arrival; whether the matcher then
// goes on is not known. A lookbehind of bounded length costs a constant at
// every arrival.
func (l *lowering) look(n *syntax.Node, next int32) int32 {
	body := n.Sub[0]
	if in, edge, ok := l.neighbour(body, n.Behind); ok {
		seen := look{in, edge}
		if n.Negate {
			seen = look{l.all.AndNot(in), !edge}
		}
		if n.Behind {
			return l.guarded(guard{[]branch{{prev: seen}}}, next)
		}
		return l.guarded(guard{[]branch{{look{l.all, true}, []look{seen}}}}, next)
	}
	if n.Behind {
		return l.lookbehind(n, next)
	}
	rest := l.over("lookahead", n.Span, next)
	inside := l.inside(InLookaround, func() int32 { return l.node(body, l.dead) })
	return l.p.add(instruction{op: opAlt, alts: []int32{inside, rest}})
}

func (l *lowering) lookbehind(n *syntax.Node, next int32) int32 {
	longest := l.measure.Max(n.Sub[0])
	if longest == syntax.Infinite {
		return l.fail(&UnsupportedError{Construct{"lookbehind of unbounded length", n.Span}})
	}
	pc := l.over("lookbehind", n.Span, next)
	l.p.code[pc].cost = backwardCost(n.Sub[0])
	return pc
}

// backwardCost bounds the steps of matching a body of bounded length once: the
// number of its paths, times their length.
func backwardCost(n *syntax.Node) float64 {
	const top = 1e18
	switch n.Op {
	case syntax.OpAlternate:
		sum := 1.0
		for _, s := range n.Sub {
			sum += backwardCost(s)
		}
		return min(sum, top)
	case syntax.OpRepeat:
		one := backwardCost(n.Sub[0])
		total := 1.0
		for range min(max(n.Max, n.Min, 1), 64) {
			total = min(total*(one+1), top)
		}
		return total
	}
	total := 1.0
	for _, s := range n.Sub {
		total = min(total*(backwardCost(s)+1), top)
	}
	return total
}

// neighbour reads a lookaround body that asks about one character: a set, an
// edge of the subject, or alternatives of these.
func (l *lowering) neighbour(n *syntax.Node, behind bool) (in charset.Mask, edge, ok bool) {
	n = bare(n)
	switch n.Op {
	case syntax.OpSet:
		return l.mask(n.Set), false, true
	case syntax.OpAssert:
		if behind && n.Assert == syntax.BeginText || !behind && n.Assert == syntax.EndText {
			return in, true, true
		}
		if !n.CRLF && (behind && n.Assert == syntax.BeginLine || !behind && n.Assert == syntax.EndLine) {
			return l.mask(n.Set), true, true
		}
	case syntax.OpAlternate:
		for _, s := range n.Sub {
			m, e, one := l.neighbour(s, behind)
			if !one {
				return in, false, false
			}
			in, edge = in.Or(m), edge || e
		}
		return in, edge, true
	}
	return in, false, false
}
