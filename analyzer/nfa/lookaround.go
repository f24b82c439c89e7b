package nfa

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// look builds a lookaround. One that asks about a neighbouring character or is
// an assertion itself is a guard, and exact. The body of a wider lookahead is a
// branch that ends in nothing, entered at every arrival; whether the matcher
// then goes on is known where the body's first character decides it. A
// lookbehind of bounded length costs a constant at every arrival.
func (l *lowering) look(n *syntax.Node, next int32) int32 {
	body := n.Sub[0]
	if g, ok := l.simple(body, n.Behind); ok {
		if n.Negate {
			g = g.not(l.all)
		}
		return l.guarded(g, next)
	}
	if n.Behind {
		return l.lookbehind(n, next)
	}
	var inside int32
	var number uint8
	var numbered bool
	l.inside(InLookaround, func() int32 {
		inside, number, numbered = l.region(n, l.dead)
		return inside
	})
	var rest int32
	if m, edge, ok := l.first(body); ok {
		g := guard{[]branch{{look{l.all, true}, []look{{m, edge}}}}}
		if n.Negate {
			g = g.not(l.all)
		}
		rest = l.guarded(g, next)
	} else {
		rest = l.over("lookahead", n.Span, next)
	}
	if n.Negate && numbered {
		rest = l.emit(instruction{op: opNot, region: number, next: rest})
	}
	return l.emit(instruction{op: opAlt, alts: []int32{inside, rest}})
}

// simple reads a lookaround body that is a guard.
func (l *lowering) simple(n *syntax.Node, behind bool) (guard, bool) {
	if in, edge, ok := l.neighbour(n, behind); ok {
		if behind {
			return guard{[]branch{{prev: look{in, edge}}}}, true
		}
		return guard{[]branch{{look{l.all, true}, []look{{in, edge}}}}}, true
	}
	n = bare(n)
	switch {
	case n.Op == syntax.OpAssert && n.Assert != syntax.SearchStart:
		return l.assertion(n), true
	case n.Op == syntax.OpLook:
		g, ok := l.simple(n.Sub[0], n.Behind)
		if ok && n.Negate {
			g = g.not(l.all)
		}
		return g, ok
	}
	return guard{}, false
}

// first reads a lookahead body whose success its first character decides: once
// that is read, what follows may be empty.
func (l *lowering) first(n *syntax.Node) (in charset.Mask, edge, ok bool) {
	n = bare(n)
	switch n.Op {
	case syntax.OpEmpty:
		return l.all, true, true
	case syntax.OpSet:
		return l.mask(n.Set), false, true
	case syntax.OpConcat:
		for _, s := range n.Sub[1:] {
			if !optional(s) {
				return in, false, false
			}
		}
		return l.first(n.Sub[0])
	case syntax.OpRepeat:
		switch n.Min {
		case 0:
			return l.all, true, true
		case 1:
			return l.first(n.Sub[0])
		}
	case syntax.OpAlternate:
		for _, s := range n.Sub {
			m, e, one := l.first(s)
			if !one {
				return in, false, false
			}
			in, edge = in.Or(m), edge || e
		}
		return in, edge, true
	case syntax.OpAtomic:
		return l.first(n.Sub[0])
	}
	return in, false, false
}

// optional reports whether a node matches the empty string wherever it stands.
func optional(n *syntax.Node) bool {
	n = bare(n)
	switch n.Op {
	case syntax.OpEmpty:
		return true
	case syntax.OpRepeat:
		return n.Min == 0 || optional(n.Sub[0])
	case syntax.OpConcat:
		return !slices.ContainsFunc(n.Sub, func(s *syntax.Node) bool { return !optional(s) })
	case syntax.OpAlternate:
		return slices.ContainsFunc(n.Sub, optional)
	}
	return false
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
