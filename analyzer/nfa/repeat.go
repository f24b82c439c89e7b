package nfa

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// repeat builds X{min,max}: required copies, then a loop or optional copies
// nested in each other, X{1,3} = X(X(X)?)?, so that each count has one path.
func (l *lowering) repeat(n *syntax.Node, next int32) int32 {
	if n.Greed == syntax.Possessive {
		return l.possessive(n, next)
	}
	body := n.Sub[0]
	if n.Max == 0 {
		return next
	}
	copies := n.Max
	if n.Max == syntax.Infinite {
		copies = max(n.Min, 1)
	}
	size := weigh(body)
	if copies > 1 && size*copies > maxExpansion {
		return l.unexpanded(n, next)
	}
	if n.Max == syntax.Infinite {
		if n.Min == 0 {
			return l.loop(n, next, false)
		}
		pc := l.loop(n, next, true)
		for range n.Min - 1 {
			pc = l.node(body, pc)
		}
		return pc
	}
	pc := next
	for range n.Max - n.Min {
		pc = l.optional(n, pc, next)
	}
	for range n.Min {
		pc = l.node(body, pc)
	}
	return pc
}

// unexpanded stands X* for a bounded repeat that is too large to expand. That
// keeps every run apart as long as an iteration consumes something (DESIGN
// 4.2); a nullable body has no such automaton.
func (l *lowering) unexpanded(n *syntax.Node, next int32) int32 {
	if l.nullable(n.Sub[0]) {
		return l.fail(&UnsupportedError{Construct{"a large repeat of what may be empty", n.Span}})
	}
	l.a.Counters = append(l.a.Counters, Loop{n.Span, n.Min, n.Max})
	return l.loop(n, l.over("a large repeat", n.Span, next), n.Min > 0)
}

// optional builds one optional copy: X followed by then, or next.
func (l *lowering) optional(n *syntax.Node, then, next int32) int32 {
	body := n.Sub[0]
	var pc int32
	if l.p.reject && l.nullable(body) {
		// ECMAScript RepeatMatcher step 2.b rejects an empty iteration past
		// the minimum in bounded repeats too.
		id := int32(len(l.a.Loops))
		l.a.Loops = append(l.a.Loops, Loop{n.Span, n.Min, n.Max})
		leave := l.emit(instruction{op: opLeave, loop: id, head: then, next: next})
		pc = l.emit(instruction{op: opEnter, loop: id, next: l.node(body, leave)})
	} else {
		pc = l.node(body, then)
	}
	return l.choice(n.Greed, pc, next)
}

func (l *lowering) choice(g syntax.Greed, more, next int32) int32 {
	if g == syntax.Lazy {
		return l.emit(instruction{op: opAlt, alts: []int32{next, more}})
	}
	return l.emit(instruction{op: opAlt, alts: []int32{more, next}})
}

// loop builds X* (or X+ when once): a head that chooses between one more
// iteration and next. An iteration that consumed nothing leaves the loop or
// fails, by the dialect's rule.
func (l *lowering) loop(n *syntax.Node, next int32, once bool) int32 {
	return l.looping(n, func() int32 {
		head := l.emit(instruction{op: opAlt})
		id := l.loops[len(l.loops)-1]
		var body int32
		if l.nullable(n.Sub[0]) {
			leave := l.emit(instruction{op: opLeave, loop: id, head: head, next: next})
			body = l.emit(instruction{op: opEnter, loop: id, next: l.node(n.Sub[0], leave)})
		} else {
			body = l.node(n.Sub[0], head)
		}
		if n.Greed == syntax.Lazy {
			l.p.code[head].alts = []int32{next, body}
		} else {
			l.p.code[head].alts = []int32{body, next}
		}
		if !once {
			return head
		}
		if l.p.reject && l.p.code[body].op == opEnter {
			// The required iteration may be empty.
			return l.node(n.Sub[0], head)
		}
		return body
	})
}

// star builds m* for one set of characters.
func (l *lowering) star(m charset.Mask, span syntax.Span, next int32) int32 {
	n := &syntax.Node{Op: syntax.OpRepeat, Max: syntax.Infinite, Span: span}
	return l.looping(n, func() int32 {
		head := l.emit(instruction{op: opAlt})
		body := l.char(m, span, head)
		l.p.code[head].alts = []int32{body, next}
		return head
	})
}

// weigh counts the instructions that a node expands to, saturating well above
// every limit.
func weigh(n *syntax.Node) int {
	const top = 1 << 40
	total := 1
	for _, s := range n.Sub {
		total += weigh(s)
	}
	if n.Op == syntax.OpRepeat {
		total *= max(n.Min, n.Max, 1)
	}
	return min(total, top)
}
