package nfa

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// maxCopy is the longest text of a group for which a backreference counts its
// characters; longer ones stand as a loop over the group's alphabet.
const maxCopy = 32

// backref builds an over-approximation of what a group may have captured: any
// text over the group's alphabet with its least and largest length. A true
// backreference has one way to match at a position, this has one for each
// length.
func (l *lowering) backref(n *syntax.Node, next int32) int32 {
	if text, pinned := l.repeated(n); pinned {
		return l.literal(text, n.Span, next)
	}
	switch {
	case l.unset[n] && n.UnsetEmpty:
		return next
	case l.unset[n]:
		return l.dead
	}
	var alphabet charset.Mask
	shortest, longest := syntax.Infinite, 0
	known := len(n.Refs) > 0
	for _, ref := range n.Refs {
		if ref <= 0 || ref >= len(l.re.Groups) || len(l.re.Groups[ref].Nodes) == 0 {
			known = false
			continue
		}
		for _, g := range l.re.Groups[ref].Nodes {
			m, ok := l.letters(g)
			known = known && ok
			alphabet = alphabet.Or(m)
			if lo := l.measure.Min(g); shortest == syntax.Infinite || lo < shortest {
				shortest = lo
			}
			if hi := l.measure.Max(g); hi == syntax.Infinite || longest == syntax.Infinite {
				longest = syntax.Infinite
			} else {
				longest = max(longest, hi)
			}
		}
	}
	switch {
	case !known || n.Fold && l.re.Pattern.Dialect == corpus.Ruby: // Onigmo takes ss for ß
		alphabet = l.all
	case n.Fold:
		alphabet = l.folded(alphabet)
	}
	if !known {
		shortest, longest = 0, syntax.Infinite
	}
	if n.UnsetEmpty || shortest == syntax.Infinite {
		shortest = 0
	}
	return l.inside(InBackref, func() int32 {
		return l.copying(l.over("backreference", n.Span, next), func(next int32) int32 {
			pc := next
			if longest == syntax.Infinite || longest > maxCopy {
				shortest = min(shortest, maxCopy)
				pc = l.leaving(l.star(alphabet, n.Span, next))
			} else {
				for range longest - shortest {
					again := l.char(alphabet, n.Span, pc)
					pc = l.leaving(l.emit(instruction{op: opAlt, alts: []int32{again, next}}))
				}
			}
			for range shortest {
				pc = l.char(alphabet, n.Span, pc)
			}
			return pc
		})
	})
}

// copying builds a copy in front of its end: a part whose text a matcher has no
// choice of. leaving marks the instructions in it from which it may end.
func (l *lowering) copying(end int32, build func(next int32) int32) int32 {
	before := l.copy
	l.copy = end
	pc := build(end)
	l.copy = before
	return pc
}

func (l *lowering) leaving(pc int32) int32 {
	l.p.code[pc].copy = l.copy
	return pc
}

// repeated is the text that a reference repeats where its group is pinned.
func (l *lowering) repeated(n *syntax.Node) (text []rune, ok bool) {
	if len(n.Refs) != 1 {
		return nil, false
	}
	text, ok = l.pinnedText[n.Refs[0]]
	return text, ok
}

// folded is the classes of every character that some comparison without case
// takes for one of m.
func (l *lowering) folded(m charset.Mask) charset.Mask {
	var sets []charset.Set
	for class := range m.All {
		sets = append(sets, l.a.Classes.Class(class))
	}
	return l.a.Classes.Mask(charset.Union(sets...).FoldAny(l.re.Unit.Max()))
}

// letters is every class that a node may consume; false when it holds a
// reference or a call, whose text is not its own.
func (l *lowering) letters(n *syntax.Node) (charset.Mask, bool) {
	var m charset.Mask
	ok := true
	syntax.Walk(n, func(s *syntax.Node) bool {
		switch s.Op {
		case syntax.OpSet:
			m = m.Or(l.mask(s.Set))
		case syntax.OpBackref, syntax.OpCall, syntax.OpGrapheme, syntax.OpAbsent, syntax.OpVerb:
			ok = false
		case syntax.OpLook:
			// A lookaround may set groups but its text is not the group's;
			// counting it only widens the alphabet.
		}
		return ok
	})
	return m, ok
}

// call builds a subroutine call: a jump to the group's body, whose end returns
// to every caller. Every true run is one of these, since the stack of calls
// follows from the run.
func (l *lowering) call(n *syntax.Node, next int32) int32 {
	return l.inside(InRecursion, func() int32 {
		sub := l.subs[n.Index]
		if sub == nil {
			var body *syntax.Node
			switch {
			case n.Index == 0:
				body = l.re.Root
			case n.Index < len(l.re.Groups) && len(l.re.Groups[n.Index].Nodes) > 0:
				body = l.re.Groups[n.Index].Nodes[0]
			default:
				return l.dead
			}
			sub = &subroutine{returns: l.emit(instruction{op: opAlt}), entry: l.emit(instruction{op: opAlt})}
			l.subs[n.Index] = sub
			// The body serves callers inside and outside of loops and regions.
			loops, regions := l.loops, l.regions
			l.loops, l.regions = nil, 0
			entry := l.node(body, sub.returns)
			l.loops, l.regions = loops, regions
			l.p.code[sub.entry].alts = []int32{entry}
		}
		back := l.over("recursion", n.Span, next)
		r := &l.p.code[sub.returns]
		r.alts = append(r.alts, back)
		return l.emit(instruction{op: opOver, next: sub.entry})
	})
}

// conditional builds both branches; which of them the matcher takes is not
// known.
func (l *lowering) conditional(n *syntax.Node, next int32) int32 {
	if n.Cond == syntax.CondDefine {
		return l.node(n.Sub[1], next)
	}
	no := l.over("conditional", n.Span, l.node(n.Sub[1], next))
	yes := l.over("conditional", n.Span, l.node(n.Sub[0], next))
	alts := []int32{yes, no}
	if n.Cond == syntax.CondLook && len(n.Sub) > 2 {
		look := n.Sub[2]
		if look.Behind && !l.boundedBehind(look) {
			return l.fail(&UnsupportedError{Construct{"lookbehind of unbounded length", look.Span}})
		}
		if look.Behind {
			alts[0] = l.emit(instruction{op: opPass, cost: l.backwardCost(look.Sub[0]), next: yes})
		} else {
			inside := l.inside(InLookaround, func() int32 { return l.node(look.Sub[0], l.dead) })
			alts = append([]int32{inside}, alts...)
		}
	}
	return l.emit(instruction{op: opAlt, alts: alts})
}

// absent builds Ruby's (?~X), any text in which X does not match: a matcher
// tries X at every offset of it.
func (l *lowering) absent(n *syntax.Node, next int32) int32 {
	next = l.over("absent operator", n.Span, next)
	return l.looping(n, func() int32 {
		head := l.emit(instruction{op: opAlt})
		inside := l.inside(InLookaround, func() int32 { return l.node(n.Sub[0], l.dead) })
		again := l.char(l.all, n.Span, head)
		l.p.code[head].alts = []int32{inside, again, next}
		return head
	})
}

// grapheme builds \X: a carriage return with its line feed, or up to two
// characters (the first may be a prepended mark) and then any that may extend
// a cluster. The matcher takes the longest cluster only; here every length has
// its path.
func (l *lowering) grapheme(n *syntax.Node, next int32) int32 {
	return l.copying(l.over(`\X`, n.Span, next), func(next int32) int32 {
		rest := l.mask(graphemeRest(l.re.Unit))
		if !rest.IsEmpty() {
			next = l.leaving(l.star(rest, n.Span, next))
		}
		second := l.char(l.all, n.Span, next)
		either := l.emit(instruction{op: opAlt, alts: []int32{next, second}})
		return l.char(l.all, n.Span, either)
	})
}
