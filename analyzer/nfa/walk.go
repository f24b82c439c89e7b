package nfa

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Walk is what a matcher does at a lookbehind of unbounded length, where it
// reads from right to left (ECMAScript, .NET): the automaton of the reversed
// body, which reads the text before the position backwards. Whether the
// lookbehind holds is known, or approximated, elsewhere; a walk only costs.
type Walk struct {
	*Automaton
	// Starts are the states in which a walk begins, by what stands behind the
	// position.
	Starts []WalkStart
}

// A WalkStart is a state that a walk begins in where the next character is in
// On, or where there is none and AtEnd holds.
type WalkStart struct {
	State int32
	On    charset.Mask
	AtEnd bool
}

// An Arrival says that a matcher in a state comes to the beginning of a walk in
// Mult ways, if the next character is in On, or there is none and AtEnd holds.
// A condition on further characters is left out.
type Arrival struct {
	Walk  int32 // index into Automaton.Walks
	On    charset.Mask
	AtEnd bool
	Mult  uint32
}

// walk is the number of a lookbehind's walk. ok is false where the body reads
// from left to right, or holds what cannot be read backwards.
func (l *lowering) walk(n *syntax.Node) (int32, bool) {
	if !l.rightToLeft() {
		return 0, false
	}
	if id, found := l.walks[n]; found {
		return id, id >= 0
	}
	l.walks[n] = -1
	body, ok := reversed(n.Sub[0])
	if !ok {
		return 0, false
	}
	var b *lowering
	a, err := lower(findPins(l.part(body, corpus.Match)), l.a.Classes, func(inner *lowering) {
		b = inner
		b.entered = true
	})
	if err != nil || len(a.Walks) > 0 {
		return 0, false // a walk within a walk turns round
	}
	w := &Walk{Automaton: a}
	begin := WalkStart{State: 0, On: l.all, AtEnd: true}
	if b.p.anchor[b.p.start] {
		begin.On = charset.Mask{}
		for class, state := range a.entry {
			k := slices.IndexFunc(w.Starts, func(s WalkStart) bool { return s.State == state })
			if k < 0 {
				k = len(w.Starts)
				w.Starts = append(w.Starts, WalkStart{State: state})
			}
			w.Starts[k].On = w.Starts[k].On.Or(charset.Bit(class))
		}
	}
	w.Starts = append(w.Starts, begin)
	id := int32(len(l.a.Walks))
	l.a.Walks = append(l.a.Walks, w)
	l.walks[n] = id
	return id, true
}

// unwalked names what keeps a lookbehind of unbounded length from a walk.
func unwalked(n *syntax.Node) string {
	name := "lookbehind of unbounded length"
	syntax.Walk(n.Sub[0], func(s *syntax.Node) bool {
		switch s.Op {
		case syntax.OpLook:
			name = "lookaround in a lookbehind of unbounded length"
		case syntax.OpBackref, syntax.OpConditional, syntax.OpBalance:
			name = "reference in a lookbehind of unbounded length"
		}
		return true
	})
	return name
}

// rightToLeft reports whether the dialect's lookbehinds are read so.
func (l *lowering) rightToLeft() bool {
	return l.re.Pattern.Dialect == corpus.ECMAScript || l.re.Pattern.Dialect == corpus.DotNet
}

// reversed is the node that matches the reversed texts of n, in the order in
// which a matcher that reads from right to left tries them. ok is false for
// what depends on the texts of groups, or has no mirror image.
func reversed(n *syntax.Node) (_ *syntax.Node, ok bool) {
	out := *n
	switch n.Op {
	case syntax.OpEmpty, syntax.OpFail, syntax.OpSet, syntax.OpCallout:
		return n, true
	case syntax.OpConcat, syntax.OpAlternate, syntax.OpRepeat, syntax.OpGroup, syntax.OpAtomic:
	case syntax.OpLook:
		out.Behind = !n.Behind
	case syntax.OpAssert:
		return reversedAssert(n)
	default:
		return nil, false
	}
	out.Sub = make([]*syntax.Node, len(n.Sub))
	for i, s := range n.Sub {
		if out.Sub[i], ok = reversed(s); !ok {
			return nil, false
		}
	}
	if n.Op == syntax.OpConcat {
		slices.Reverse(out.Sub)
	}
	return &out, true
}

func reversedAssert(n *syntax.Node) (*syntax.Node, bool) {
	mirror := map[syntax.Assert]syntax.Assert{
		syntax.BeginText: syntax.EndText, syntax.EndText: syntax.BeginText,
		syntax.WordBoundary: syntax.WordBoundary, syntax.NotWordBoundary: syntax.NotWordBoundary,
		syntax.WordStart: syntax.WordEnd, syntax.WordEnd: syntax.WordStart,
	}
	out := *n
	to, found := mirror[n.Assert]
	switch {
	case found:
	case n.CRLF:
		return nil, false
	case n.Assert == syntax.BeginLine:
		to = syntax.EndLine
	case n.Assert == syntax.EndLine:
		to = syntax.BeginLine
	case n.Assert == syntax.EndTextOptional:
		// Before the end and perhaps a newline, which stand behind in the mirror.
		begin := &syntax.Node{Op: syntax.OpAssert, Assert: syntax.BeginText, Span: n.Span}
		line := &syntax.Node{Op: syntax.OpRepeat, Max: 1, Span: n.Span, Sub: []*syntax.Node{{Op: syntax.OpSet, Set: n.Set, Span: n.Span}}}
		both := &syntax.Node{Op: syntax.OpConcat, Span: n.Span, Sub: []*syntax.Node{begin, line}}
		return &syntax.Node{Op: syntax.OpLook, Behind: true, Span: n.Span, Sub: []*syntax.Node{both}}, true
	default:
		return nil, false
	}
	out.Assert = to
	return &out, true
}

// arrive adds an arrival to those of a closed config.
func (c *closer) arrive(at config, walk int32, out *closed) {
	arrival := Arrival{Walk: walk, AtEnd: c.obs.atEnd(at.obl), Mult: 1}
	c.obs.step(at.obl, c.all, func(on charset.Mask, _ int32) { arrival.On = arrival.On.Or(on) })
	out.arrivals = together([]Arrival{arrival}, out.arrivals)
}

// together is the arrivals of two lists, those under one condition counted
// together.
func together(some, more []Arrival) []Arrival {
	if len(more) == 0 {
		return some
	}
	out := slices.Clone(some)
	for _, m := range more {
		k := slices.IndexFunc(out, func(o Arrival) bool { return o.Walk == m.Walk && o.On == m.On && o.AtEnd == m.AtEnd })
		if k < 0 {
			out = append(out, m)
		} else {
			out[k].Mult = saturate(out[k].Mult, m.Mult)
		}
	}
	return out
}
