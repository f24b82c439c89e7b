package syntax

import "fmt"

// maxBehind is PCRE2's longest lookbehind, in characters.
const maxBehind = 65535

// checkLookbehinds holds every lookbehind against the dialect's rule.
func (p *parser) checkLookbehinds() {
	f := &fixer{p: p, within: map[int]bool{}, known: map[int]int{}}
	for _, n := range p.behinds {
		if p.err != nil {
			return
		}
		if p.d.plainBehind {
			p.checkPlain(n)
		}
		switch p.d.lookbehind {
		case lookbehindBranches:
			p.checkBranches(n, f)
		case lookbehindBounded:
			p.checkBounded(n)
		case lookbehindFixed:
			p.checkFixed(n)
		}
	}
}

// checkPlain: a lookbehind holds no lookahead, atomic group, reference,
// condition or assertion about the end, and a negative one does not capture
// (Onigmo's ALLOWED_TYPE_IN_LB).
func (p *parser) checkPlain(n *Node) {
	Walk(n.Sub[0], func(s *Node) bool {
		what := ""
		switch s.Op {
		case OpGroup:
			if n.Negate && s.Index > 0 {
				what = "capture group in a negative lookbehind"
			}
		case OpLook:
			if !s.Behind {
				what = "lookahead in a lookbehind"
			}
		case OpAssert:
			if s.Assert == EndText || s.Assert == EndTextOptional {
				what = "end of the text in a lookbehind"
			}
		case OpAtomic, OpBackref, OpConditional, OpAbsent, OpGrapheme:
			what = "atomic group, reference or condition in a lookbehind"
		case OpRepeat:
			if s.Greed == Possessive {
				what = "possessive repeat in a lookbehind"
			}
		}
		if what != "" {
			p.failAt(ErrBadLookbehind, n.Span.Start, n.Span.End, s.Span, what, "(?:…) and what steps back")
		}
		return p.err == nil
	})
}

// checkBranches: every top-level alternative has one length (PCRE2 10.42).
func (p *parser) checkBranches(n *Node, f *fixer) {
	branches := []*Node{n.Sub[0]}
	if n.Sub[0].Op == OpAlternate {
		branches = n.Sub[0].Sub
	}
	for _, b := range branches {
		f.ended = false
		switch length, ok := f.length(b); {
		case !ok:
			p.failAt(ErrBadLookbehind, n.Span.Start, n.Span.End, b.Span, "lookbehind of variable length", "a fixed length in each alternative")
		case length > maxBehind:
			p.failAt(ErrBadLookbehind, n.Span.Start, n.Span.End, b.Span, "lookbehind too long", fmt.Sprintf("at most %d characters", maxBehind))
		}
	}
}

// A fixer computes the one length of what a node matches, as PCRE2's
// get_branchlength does.
type fixer struct {
	p      *parser
	within map[int]bool
	known  map[int]int
	// ended: the branch met (*ACCEPT) or (*FAIL), and what follows does not
	// count.
	ended bool
}

func (f *fixer) length(n *Node) (int, bool) {
	f.p.work++
	switch n.Op {
	case OpEmpty, OpLook, OpAssert, OpKeep, OpCallout:
		return 0, true
	case OpFail:
		f.ended = f.ended || f.p.src[n.Span.Start] == '('
		if f.p.src[n.Span.Start] == '(' {
			return 0, true
		}
		return 1, true
	case OpVerb:
		f.ended = f.ended || n.Verb == VerbAccept
		return 0, true
	case OpSet:
		return 1, true
	case OpConcat:
		return f.sum(n.Sub)
	case OpAlternate:
		return f.same(n.Sub)
	case OpGroup, OpAtomic, OpScriptRun:
		return f.group(n)
	case OpRepeat:
		// PCRE2 reads over the repeat of a lookahead, but not of a lookbehind.
		if n.Sub[0].Op == OpLook && !n.Sub[0].Behind && !f.p.d.plainBehind {
			return 0, true
		}
		if n.Min != n.Max {
			return 0, false
		}
		k, ok := f.length(n.Sub[0])
		if k > 0 && n.Min > (maxBehind+1)/k {
			return maxBehind + 1, ok
		}
		return k * n.Min, ok
	case OpBackref:
		return f.reference(n)
	case OpCall:
		return f.call(n, n.Index)
	case OpConditional:
		return f.conditional(n)
	}
	return 0, false
}

func (f *fixer) sum(nodes []*Node) (int, bool) {
	total := 0
	for _, n := range nodes {
		k, ok := f.length(n)
		if !ok {
			return 0, false
		}
		if total += k; total > maxBehind {
			total = maxBehind + 1
		}
		if f.ended {
			break
		}
	}
	return total, true
}

func (f *fixer) same(branches []*Node) (int, bool) {
	length := -1
	ended := f.ended
	for _, b := range branches {
		f.ended = ended
		k, ok := f.length(b)
		if !ok || length >= 0 && k != length {
			return 0, false
		}
		length = k
	}
	f.ended = ended
	return length, true
}

func (f *fixer) group(n *Node) (int, bool) {
	if n.Index == 0 {
		saved := f.ended
		k, ok := f.length(n.Sub[0])
		f.ended = saved
		return k, ok
	}
	return f.numbered(n.Index, n)
}

// numbered is the length of a capture group; inside itself it has none.
func (f *fixer) numbered(index int, n *Node) (int, bool) {
	if k, ok := f.known[index]; ok {
		return k, k >= 0
	}
	if f.within[index] {
		return 0, false
	}
	f.within[index] = true
	saved := f.ended
	k, ok := f.length(n.Sub[0])
	f.ended = saved
	delete(f.within, index)
	if !ok {
		k = -1
	}
	f.known[index] = k
	return k, ok
}

func (f *fixer) reference(n *Node) (int, bool) {
	if len(n.Refs) != 1 || n.UnsetEmpty || f.p.resets {
		return 0, false
	}
	return f.call(n, n.Refs[0])
}

// call is the length of a group that is spoken of; not of one the lookbehind
// stands in, since that would be recursion.
func (f *fixer) call(n *Node, index int) (int, bool) {
	if index == 0 || len(f.p.re.Groups[index].Nodes) == 0 {
		return 0, false
	}
	g := f.p.re.Groups[index].Nodes[0]
	if g.Span.Start < n.Span.Start && n.Span.End < g.Span.End {
		return 0, false
	}
	return f.numbered(index, g)
}

// conditional: PCRE2 looks at the branches that are written, so that a
// conditional with one of them has its length.
func (f *fixer) conditional(n *Node) (int, bool) {
	if n.Cond == CondDefine {
		return 0, true
	}
	if n.Sub[1].Op == OpEmpty && n.Sub[1].Span.Start == n.Span.End-1 && f.p.src[n.Span.End-2] != '|' {
		return f.length(n.Sub[0])
	}
	return f.same(n.Sub[:2])
}

// checkProduct holds the product of nested repeat bounds against the
// dialect's limit (Go's repeatIsValid).
func (p *parser) checkProduct(n *Node, left int) {
	if p.d.quant.product == 0 || p.err != nil {
		return
	}
	if n.Op == OpRepeat {
		m := n.Max
		if n.Max == 0 {
			return
		}
		if m < 0 {
			m = n.Min
		}
		if m > left {
			p.fail(ErrRepeatSize, n.Span.Start, n.Span.End, "nested repeats too large", "a product of at most "+decimalString(p.d.quant.product))
			return
		}
		if m > 0 {
			left /= m
		}
	}
	for _, s := range n.Sub {
		p.checkProduct(s, left)
	}
}
