package nfa

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
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
	// A matcher reads a repeat of one set in one instruction; it counts the
	// iterations of any other.
	copies := n.Max
	if n.Max == syntax.Infinite {
		copies = max(n.Min, 1)
	}
	begin, count := 0, 0
	if bare(body).Op != syntax.OpSet && (copies > 1 || n.Min > 0) {
		begin, count = 1, 4
	}
	size := weigh(body)
	if copies > 1 && size*copies > maxExpansion {
		return l.unexpanded(n, next)
	}
	if n.Max == syntax.Infinite {
		once := n.Min > 0 && !(l.nullable(body) && l.re.Pattern.Dialect == corpus.Python)
		pc, required := l.loop(n, next, once), n.Min
		if once {
			required--
		}
		for i := range required {
			pc = l.passed(count, l.required(n, n.Min-required+i, pc, next))
		}
		return l.passed(begin, pc)
	}
	pc := next
	for range n.Max - n.Min {
		pc = l.optional(n, pc, next)
	}
	for i := range n.Min {
		pc = l.passed(count, l.required(n, i, pc, next))
	}
	return l.passed(begin, pc)
}

// required builds one required copy, the one before after others: X followed
// by then. An empty one leaves the repeat in Java, and in .NET when it is the
// last of a bounded repeat.
func (l *lowering) required(n *syntax.Node, after int, then, next int32) int32 {
	if l.nullable(n.Sub[0]) && n.Max != 1 {
		switch l.re.Pattern.Dialect {
		case corpus.Java:
			return l.iteration(n, then, next)
		case corpus.DotNet:
			if after == 0 {
				return l.iteration(n, then, next)
			}
		}
	}
	return l.node(n.Sub[0], then)
}

// iteration builds one copy of a body that may be empty, followed by then; an
// empty one fails, or goes to next.
func (l *lowering) iteration(n *syntax.Node, then, next int32) int32 {
	id := int32(len(l.a.Loops))
	l.a.Loops = append(l.a.Loops, Loop{n.Span, n.Min, n.Max})
	leave := l.emit(instruction{op: opLeave, loop: id, head: then, next: next})
	return l.emit(instruction{op: opEnter, loop: id, next: l.node(n.Sub[0], leave)})
}

// passed is pass where any steps are spent.
func (l *lowering) passed(steps int, next int32) int32 {
	if steps == 0 {
		return next
	}
	return l.pass(steps, next)
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
	if l.nullable(body) && (l.p.reject || n.Max > 1 && l.leavesBounded()) {
		pc = l.iteration(n, then, next)
	} else {
		pc = l.node(body, then)
	}
	return l.choice(n.Greed, pc, next)
}

// leavesBounded reports whether an empty iteration leaves a bounded repeat too:
// PCRE2 and Onigmo repeat the body's code there, and try on. (ECMAScript rejects
// it, by RepeatMatcher step 2.b.)
func (l *lowering) leavesBounded() bool {
	switch l.re.Pattern.Dialect {
	case corpus.Python, corpus.Java, corpus.DotNet:
		return true
	}
	return false
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
