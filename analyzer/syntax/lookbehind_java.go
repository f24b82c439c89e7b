package syntax

import "strings"

// A javaWidth is what Java 17 knows of the length of a sequence before it
// compiles a lookbehind (java.util.regex.Pattern.TreeInfo). Its arithmetic is
// that of 32-bit integers, overflow and all: a*? has the length 2³¹-1, and
// (?:ab)*? twice that, which is -2 and refused.
type javaWidth struct {
	least, most int32
	// leastBase and mostBase are the lengths up to the last alternation:
	// behind it the counting begins anew, and overflow is not seen in the sum.
	leastBase, mostBase int32
	// valid: there is a largest length; steady: a group of this body repeats
	// as one of fixed length would (GroupCurly), else by a general loop,
	// which has no largest length.
	valid, steady bool
}

// javaRepeats is the upper bound of a repeat that has none.
const javaRepeats = 1<<31 - 1

// javaEnough is the least length where a product passed 2³¹.
const javaEnough = 0xFFFFFFF

// checkBounded holds a lookbehind against Java's rule, and leaves in Min and
// Max the lengths that the engine tries.
func (p *parser) checkBounded(n *Node) {
	w := javaWidth{valid: true, steady: true}
	p.javaStudy(n.Sub[0], &w)
	if !w.valid {
		p.fail(ErrBadLookbehind, n.Span.Start, n.Span.End, "lookbehind without an obvious largest length", "bounded repeats")
		return
	}
	w.collapse()
	n.Min, n.Max = int(w.least), int(w.most)
	switch {
	case w.most < -1<<30:
		n.Max = Infinite
	case w.most < 0:
		// The engine looks for a beginning behind the end.
		n.Min, n.Max = 1, 0
	}
}

// javaStudy adds a node to what stands before it.
func (p *parser) javaStudy(n *Node, w *javaWidth) {
	switch n.Op {
	case OpSet:
		w.add(1, 1)
	case OpFail:
		if text := p.src[n.Span.Start:n.Span.End]; len(text) > 1 && text[0] == '\\' && isDigit(text[1]) {
			w.valid = false // a reference to a group that does not exist
			return
		}
		w.add(1, 1)
	case OpBackref:
		w.valid = false
	case OpGrapheme:
		w.add(1, 0)
		w.steady = false
	case OpConcat:
		for _, s := range n.Sub {
			p.javaStudy(s, w)
		}
	case OpAlternate:
		if p.javaNewline(n, w) {
			return
		}
		p.javaBranches(n.Sub, w)
	case OpGroup, OpAtomic:
		if p.javaNewline(n, w) {
			return
		}
		p.javaStudy(n.Sub[0], w)
	case OpRepeat:
		p.javaRepeat(n, w)
	}
}

// javaNewline: \R is one node, whatever the tree makes of it.
func (p *parser) javaNewline(n *Node, w *javaWidth) bool {
	if !strings.HasPrefix(p.src[n.Span.Start:], `\R`) || n.Span.End != n.Span.Start+2 {
		return false
	}
	w.add(1, 2)
	return true
}

func (w *javaWidth) add(least, most int32) {
	w.least += least
	w.most += most
}

// javaBranches is Branch.study.
func (p *parser) javaBranches(branches []*Node, w *javaWidth) {
	least, most := int32(javaRepeats), int32(-1)
	for _, b := range branches {
		one := javaWidth{valid: true, steady: true}
		if b != nil {
			p.javaStudy(b, &one)
			one.collapse()
		}
		least, most = min(least, one.least), max(most, one.most)
		w.valid = w.valid && one.valid
	}
	w.add(least, most)
	w.leastBase, w.mostBase = w.leastBase+w.least, w.mostBase+w.most
	w.least, w.most = 0, 0
	w.steady = false
}

// collapse counts what stands before the last alternation again.
func (w *javaWidth) collapse() {
	w.add(w.leastBase, w.mostBase)
	w.leastBase, w.mostBase = 0, 0
}

// javaRepeat is Ques, Curly, GroupCurly, Loop and CharPropertyGreedy.study.
func (p *parser) javaRepeat(n *Node, w *javaWidth) {
	sub := n.Sub[0]
	group := sub.Op == OpGroup
	if n.Min == 0 && n.Max == 1 && !p.javaBraces(n) {
		if group && n.Greed != Possessive {
			p.javaBranches([]*Node{sub, nil}, w)
			return
		}
		least, leastBase, mostBase := w.least, w.leastBase, w.mostBase
		w.leastBase, w.mostBase = 0, 0
		p.javaStudy(sub, w)
		w.collapse()
		w.least, w.leastBase, w.mostBase = least, leastBase, mostBase
		w.steady = false
		return
	}
	one := javaWidth{valid: true, steady: true}
	p.javaStudy(sub, &one)
	one.collapse()
	if group && n.Greed != Possessive && !one.steady {
		w.valid, w.steady = false, false
		return
	}
	if (sub.Op == OpSet || sub.Op == OpFail && one.valid) && n.Max == Infinite && n.Greed == Greedy {
		if w.valid {
			w.add(int32(min(n.Min, javaRepeats)), javaRepeats)
		}
		w.steady = false
		return
	}
	times := int32(javaRepeats)
	if n.Max != Infinite {
		times = int32(min(n.Max, javaRepeats))
	}
	least := one.least*int32(min(n.Min, javaRepeats)) + w.least
	if least < w.least {
		least = javaEnough
	}
	w.least = least
	if w.valid = w.valid && one.valid; w.valid {
		most := one.most*times + w.most
		w.valid = most >= w.most
		w.most = most
	}
	w.steady = w.steady && one.steady && n.Min == n.Max
}

// javaBraces reports whether a repeat is written {n,m}.
func (p *parser) javaBraces(n *Node) bool {
	end := strings.TrimRight(p.src[n.Sub[0].Span.End:n.Span.End], "?+")
	return strings.HasSuffix(end, "}")
}
