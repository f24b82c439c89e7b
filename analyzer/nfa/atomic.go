package nfa

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// possessive builds X{min,max}+. Over one set of characters it is exact: the
// loop may only be left where the next character is not in the set, or where
// the bound is reached. Otherwise it is an atomic group.
func (l *lowering) possessive(n *syntax.Node, next int32) int32 {
	body := bare(n.Sub[0])
	copies := n.Max
	if n.Max == syntax.Infinite {
		copies = n.Min
	}
	if body.Op != syntax.OpSet || copies > maxExpansion {
		greedy := *n
		greedy.Greed = syntax.Greedy
		return l.atomic(&syntax.Node{Op: syntax.OpAtomic, Sub: []*syntax.Node{&greedy}, Span: n.Span}, next)
	}
	m := l.mask(body.Set)
	// Around a bare set a matcher counts no iterations and sets no marks.
	marks := 0.0
	if n.Sub[0] != body {
		marks = nodes(n.Sub[0]) + 1
	}
	again := func(next int32) int32 {
		pc := l.char(m, body.Span, next)
		l.p.code[pc].cost += marks
		return pc
	}
	notIn := guard{[]branch{{look{l.all, true}, []look{{l.all.AndNot(m), true}}}}}
	leave := l.guarded(notIn, next)
	pc := next
	if n.Max == syntax.Infinite {
		pc = l.looping(n, func() int32 {
			head := l.emit(instruction{op: opAlt})
			l.p.code[head].alts = []int32{again(head), leave}
			return head
		})
	} else {
		for range n.Max - n.Min {
			pc = l.emit(instruction{op: opAlt, alts: []int32{again(pc), leave}})
		}
	}
	for range n.Min {
		pc = again(pc)
	}
	return pc
}

// atomic builds (?>X). A body that can match in only one way needs no
// atomicity; one that is a repeat of single characters is possessive; any
// other body stands as a plain group, whose runs include the true ones.
func (l *lowering) atomic(n *syntax.Node, next int32) int32 {
	body := bare(n.Sub[0])
	switch {
	case body.Op == syntax.OpRepeat && body.Greed != syntax.Lazy && bare(body.Sub[0]).Op == syntax.OpSet && body.Max != 0:
		possessive := *body
		possessive.Greed = syntax.Possessive
		if l.expandable(&possessive) {
			return l.possessive(&possessive, next)
		}
	case rigid(body):
		return l.pass(2, l.node(n.Sub[0], next))
	}
	return l.inside(InAtomic, func() int32 {
		end := l.over("atomic group", n.Span, next)
		l.p.code[end].atomic = true
		pc, _, _ := l.region(n, end)
		l.p.code[pc].cost += step
		return pc
	})
}

func (l *lowering) expandable(n *syntax.Node) bool {
	return n.Min <= maxExpansion && n.Max <= maxExpansion
}

// bare strips groups around a node: capturing does not change what is matched.
func bare(n *syntax.Node) *syntax.Node {
	for n.Op == syntax.OpGroup || n.Op == syntax.OpConcat && len(n.Sub) == 1 {
		n = n.Sub[0]
	}
	return n
}

// rigid reports whether a node matches in at most one way at any position.
func rigid(n *syntax.Node) bool {
	switch n.Op {
	case syntax.OpEmpty, syntax.OpFail, syntax.OpSet, syntax.OpAssert:
		return true
	case syntax.OpConcat, syntax.OpGroup, syntax.OpAtomic:
		for _, s := range n.Sub {
			if !rigid(s) {
				return false
			}
		}
		return true
	case syntax.OpRepeat:
		return n.Min == n.Max && rigid(n.Sub[0])
	}
	return false
}
