package syntax

import "fmt"

// A reference is a node that speaks of a group which may stand further on; it
// is resolved when every group is known.
type reference struct {
	node *Node
	span Span
	name string
	// number is the group when there is no name, already absolute.
	number int
	// recursive: without such a group, R and R1 ask about recursion.
	recursive bool
	// whole: 0 is allowed, the whole pattern.
	whole bool
	// missingFails: a missing group is no error, the reference never matches.
	missingFails bool
}

// refer leaves a reference to be resolved.
func (p *parser) refer(n *Node, r reference) {
	r.node = n
	p.pending = append(p.pending, r)
}

// resolve gives every reference its groups.
func (p *parser) resolve() {
	if p.d.twoPass && p.first == nil {
		return
	}
	for _, r := range p.pending {
		if p.err != nil {
			return
		}
		p.resolveOne(r)
	}
}

func (p *parser) resolveOne(r reference) {
	groups, ok := p.groupsOf(r)
	if !ok {
		if r.recursive && r.name != "" && p.resolveRecursion(r) {
			return
		}
		if r.missingFails {
			r.node.Op, r.node.Refs = OpFail, nil
			return
		}
		what := fmt.Sprintf("reference to group %d, which does not exist", r.number)
		if r.name != "" {
			what = "reference to group " + quoted(r.name) + ", which does not exist"
		}
		p.fail(ErrBadReference, r.span.Start, r.span.End, what, "a group of the pattern")
		return
	}
	switch r.node.Op {
	case OpCall:
		r.node.Index = groups[0]
	default:
		r.node.Refs = groups
	}
}

// groupsOf is the numbers of the groups a reference names.
func (p *parser) groupsOf(r reference) ([]int, bool) {
	if r.name != "" {
		g := p.names[r.name]
		return g, len(g) > 0
	}
	if r.number == 0 {
		return []int{0}, r.whole
	}
	return []int{r.number}, 0 < r.number && r.number < len(p.re.Groups) && len(p.re.Groups[r.number].Nodes) > 0
}

// resolveRecursion reads R and R1 as conditions when no group has that name.
func (p *parser) resolveRecursion(r reference) bool {
	if r.name[0] != 'R' {
		return false
	}
	n := 0
	for _, c := range r.name[1:] {
		if c < '0' || c > '9' || n > maxNumber {
			return false
		}
		n = n*10 + int(c-'0')
	}
	r.node.Cond = CondRecurse
	if len(r.name) == 1 {
		return true
	}
	if n >= len(p.re.Groups) {
		p.fail(ErrBadReference, r.span.Start, r.span.End, fmt.Sprintf("reference to group %d, which does not exist", n), "a group of the pattern")
	}
	r.node.Refs = []int{n}
	return true
}

// signedNumber reads a group number, relative with a sign: -1 is the group
// opened last, +1 the next to be opened.
func (p *parser) signedNumber() (reference, bool) {
	start := p.pos
	sign := p.peek()
	if sign == '+' || sign == '-' {
		p.pos++
	}
	n, ok := p.decimal()
	r := reference{span: Span{start, p.pos}, number: n}
	switch {
	case !ok:
		p.fail(ErrBadReference, start, p.pos+1, "missing group number", "a number")
		return r, false
	case n > maxGroups:
		p.fail(ErrBadReference, start, p.pos, "group number too large", fmt.Sprintf("at most %d", maxGroups))
		return r, false
	case n == 0 && (sign == '+' || sign == '-'):
		p.fail(ErrBadReference, start, p.pos, "relative group number 0", "a number from 1")
		return r, false
	case sign == '-':
		r.number = p.opened + 1 - n
		if r.number <= 0 {
			p.fail(ErrBadReference, start, p.pos, fmt.Sprintf("reference %d groups back", n), fmt.Sprintf("at most %d, the groups opened so far", p.opened))
			return r, false
		}
	case sign == '+':
		r.number = p.opened + n
	default:
		r.whole = true
	}
	return r, true
}

// maxGroups is the largest group number, PCRE2's: 65,535.
const maxGroups = 65535

// nameReference reads a name up to its terminator and refers to its groups.
func (p *parser) nameReference(s *sequence, op Op, open int, terminator string) {
	start := p.pos
	name, ok := p.name(open, terminator)
	if !ok {
		return
	}
	n := &Node{Op: op, Span: Span{open, p.pos}}
	if p.d.backwardOnly {
		number := 0
		if k := p.names[name]; len(k) > 0 {
			number = k[0]
		}
		if number == 0 || p.open[number] {
			p.fail(ErrBadReference, start, p.pos, "reference to group "+quoted(name)+", which is not closed before it", "a group before it")
			return
		}
		if !p.outsideBehind(number, start) {
			return
		}
	}
	if p.d.backwardNames && len(p.names[name]) == 0 {
		p.fail(ErrBadReference, start, p.pos, "reference to group "+quoted(name)+", which does not exist so far", "a group before it")
		return
	}
	p.refer(n, reference{name: name, span: Span{start, start + len(name)}})
	p.addReference(s, n)
}

// addReference adds a backreference or a call.
func (p *parser) addReference(s *sequence, n *Node) {
	if n.Op == OpBackref {
		n.Fold = p.mode&caseless != 0
		n.UnsetEmpty = p.d.unsetEmpty
	}
	s.add(n, targetPlain)
}

// backreference adds a backreference by number.
func (p *parser) backreference(s *sequence, number, start int) {
	n := &Node{Op: OpBackref, Span: Span{start, p.pos}}
	p.refer(n, reference{number: number, span: n.Span})
	p.addReference(s, n)
}

// gEscape reads \g of PCRE: \g1 \g{-1} \g{name} are backreferences, \g<…> and
// \g'…' calls.
func (p *parser) gEscape(s *sequence, start int) {
	switch c := p.peek(); {
	case p.eof() && !p.d.levels:
		p.fail(ErrBadEscape, start, p.pos, `\g without a group`, "a number or a name")
	case p.d.levels && c != '<' && c != '\'':
		p.addLiteral(s, 'g', start)
	case c == '<' || c == '\'':
		p.pos++
		p.callEscape(s, start, c)
	case c == '{' && (isDigit(p.at(1)) || p.at(1) == '-' || p.at(1) == '+'):
		p.pos++
		ref, ok := p.signedNumber()
		if !ok {
			return
		}
		if !p.eat("}") {
			p.fail(ErrBadEscape, start, p.pos+1, `unfinished \g{`, "} after the number")
			return
		}
		p.addNumberRef(s, ref, start)
	case c == '{':
		p.pos++
		p.nameReference(s, OpBackref, start, "}")
	case isDigit(c) || c == '-' || c == '+':
		if ref, ok := p.signedNumber(); ok {
			p.addNumberRef(s, ref, start)
		}
	default:
		p.fail(ErrBadEscape, start, p.pos+1, `\g without a group`, "a number or a name")
	}
}

func (p *parser) addNumberRef(s *sequence, ref reference, start int) {
	n := &Node{Op: OpBackref, Span: Span{start, p.pos}}
	ref.whole = false
	p.refer(n, ref)
	p.addReference(s, n)
}

// callEscape reads \g<…>: a call by number or name.
func (p *parser) callEscape(s *sequence, start int, opener byte) {
	terminator := closing(opener)
	c := p.peek()
	if isDigit(c) || c == '-' || c == '+' {
		ref, ok := p.signedNumber()
		if !ok || ref.number > 0 && p.namedBeside(start) {
			return
		}
		if !p.eat(terminator) {
			p.fail(ErrBadEscape, start, p.pos+1, `unfinished \g`, quoted(terminator)+" after the number")
			return
		}
		n := &Node{Op: OpCall, Span: Span{start, p.pos}}
		p.refer(n, ref)
		s.add(n, targetPlain)
		return
	}
	p.nameReference(s, OpCall, start, terminator)
}

// namedBeside fails on a number where groups have names (Onigmo).
func (p *parser) namedBeside(start int) bool {
	if !p.d.namedOnly || p.first == nil || !p.first.named {
		return false
	}
	p.fail(ErrBadReference, start, p.pos, "numbered reference beside named groups", "a name")
	return true
}

// closing is what ends a name after an opening character.
func closing(opener byte) string {
	switch opener {
	case '<':
		return ">"
	case '{':
		return "}"
	}
	return string(opener)
}
