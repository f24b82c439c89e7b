package syntax

import "fmt"

// A groupForm is what stands after an opening parenthesis, and what the
// parenthesis then opens.
type groupForm struct {
	prefix string
	kind   groupKind
}

type groupKind uint8

const (
	groupPlain groupKind = iota // (?:
	groupAtomic
	groupAhead
	groupNotAhead
	groupAheadNonAtomic // (?*
	groupBehind
	groupNotBehind
	groupBehindNonAtomic // (?<*
	groupReset           // (?|
	groupNamed           // (?<n> (?P<n>
	groupQuoted          // (?'n'
	groupNameRef         // (?P=n)
	groupNameCall        // (?P>n)
	groupNameCallAnd     // (?&n)
	groupRecurse         // (?R)
	groupCondition       // (?(
	groupCallout         // (?C
	groupComment         // (?#
	groupVerb            // (*
	groupAbsent          // (?~
	groupUnknownP        // (?P without more
)

// hasComment reports whether (?#…) is a comment.
func (d *dialect) hasComment() bool {
	for _, f := range d.groups {
		if f.kind == groupComment {
			return true
		}
	}
	return false
}

// group reads what an opening parenthesis opens.
func (p *parser) group(s *sequence) {
	open := p.pos
	p.pos++
	for _, f := range p.d.groups {
		if p.has(f.prefix) {
			p.pos += len(f.prefix)
			p.openGroup(s, f.kind, open)
			return
		}
	}
	if p.peek() != '?' || p.eof() {
		p.plainParenthesis(s, open)
		return
	}
	p.pos++
	p.question(s, open)
}

// plainParenthesis is ( alone: a capture group unless those must be named.
func (p *parser) plainParenthesis(s *sequence, open int) {
	if p.mode&explicitCapture != 0 || p.d.namedOnly && p.first != nil && p.first.named {
		s.add(p.body(OpGroup, open, nil), targetPlain)
		return
	}
	s.add(p.capture(open, ""), targetPlain)
}

func (p *parser) openGroup(s *sequence, kind groupKind, open int) {
	switch kind {
	case groupPlain:
		s.add(p.body(OpGroup, open, nil), targetPlain)
	case groupAtomic:
		s.add(p.body(OpAtomic, open, nil), targetPlain)
	case groupAbsent:
		s.add(p.body(OpAbsent, open, nil), targetPlain)
	case groupAhead, groupNotAhead, groupAheadNonAtomic, groupBehind, groupNotBehind, groupBehindNonAtomic:
		n := p.lookaround(kind, open)
		t := targetLookahead
		if n.Behind {
			t = targetLookbehind
		}
		s.add(n, t)
	case groupReset:
		s.add(p.branchReset(open), targetPlain)
	case groupNamed:
		p.namedGroup(s, open, '>')
	case groupQuoted:
		p.namedGroup(s, open, '\'')
	case groupNameRef:
		p.nameReference(s, OpBackref, open, ")")
	case groupNameCall, groupNameCallAnd:
		p.nameReference(s, OpCall, open, ")")
	case groupRecurse:
		if !p.closeGroup(open, ") after (?R") {
			return
		}
		s.add(&Node{Op: OpCall, Span: Span{open, p.pos}}, targetPlain)
	case groupCondition:
		s.add(p.conditional(open), targetPlain)
	case groupCallout:
		s.add(p.callout(open), targetNone)
	case groupComment:
		p.pos = open
		p.comment()
	case groupVerb:
		p.verb(s, open)
	case groupUnknownP:
		p.fail(ErrBadGroup, open, p.pos+1, "unknown group (?P", "(?P<name>, (?P=name) or (?P>name)")
	}
}

// closeGroup moves past the closing parenthesis.
func (p *parser) closeGroup(open int, expected string) bool {
	if p.peek() == ')' && !p.eof() {
		p.pos++
		return true
	}
	if p.err == nil && p.eof() {
		p.failAt(ErrMissingParen, len(p.src), len(p.src), Span{open, open + 1}, "missing )", "a closing parenthesis")
		return false
	}
	p.fail(ErrBadGroup, p.pos, p.pos+1, "unexpected character in a group", expected)
	return false
}

// enter opens a nested construct; it is false past the nesting limit.
func (p *parser) enter(open int) bool {
	p.depth++
	if p.depth > p.d.nest {
		p.fail(ErrLimit, open, open+1, "parentheses nested too deep", fmt.Sprintf("at most %d levels", p.d.nest))
		return false
	}
	return true
}

// body reads alternatives up to the closing parenthesis under their own
// options, and makes a node of them. before runs once inside.
func (p *parser) body(op Op, open int, n *Node) *Node {
	if n == nil {
		n = &Node{Op: op}
	}
	p.inside(open, func() {
		n.Sub = []*Node{p.disjunction(p.pos)}
	})
	n.Span = Span{open, min(p.pos, len(p.src))}
	if n.Sub == nil {
		n.Sub = []*Node{{Op: OpEmpty}}
	}
	return n
}

// inside runs read between an opening parenthesis and its closing one.
func (p *parser) inside(open int, read func()) {
	saved := p.mode
	if p.enter(open) {
		read()
	}
	p.depth--
	p.mode = saved
	if p.err == nil {
		p.closeGroup(open, "a closing parenthesis")
	}
}

// capture reads a numbered group.
func (p *parser) capture(open int, name string) *Node {
	n := &Node{Op: OpGroup, Name: name, Index: p.newGroup(name)}
	p.re.Groups[n.Index].Nodes = append(p.re.Groups[n.Index].Nodes, n)
	p.open[n.Index] = true
	p.body(OpGroup, open, n)
	p.open[n.Index] = false
	return n
}

// newGroup is the number of the next capture group. In a branch reset a
// number may be taken already.
func (p *parser) newGroup(name string) int {
	p.opened++
	for len(p.re.Groups) <= p.opened {
		p.re.Groups = append(p.re.Groups, Group{})
	}
	if name != "" {
		p.re.Groups[p.opened].Name = name
	}
	return p.opened
}

func (p *parser) lookaround(kind groupKind, open int) *Node {
	n := &Node{Op: OpLook}
	switch kind {
	case groupNotAhead:
		n.Negate = true
	case groupAheadNonAtomic:
		n.NonAtomic = true
	case groupBehind:
		n.Behind = true
	case groupNotBehind:
		n.Behind, n.Negate = true, true
	case groupBehindNonAtomic:
		n.Behind, n.NonAtomic = true, true
	}
	if n.Behind {
		if p.behind == 0 {
			p.closed = p.opened
		}
		p.behind++
	}
	p.looks++
	p.body(OpLook, open, n)
	p.looks--
	if n.Behind {
		p.behind--
		p.behinds = append(p.behinds, n)
	}
	return n
}

// branchReset reads (?|…): every alternative counts its groups from the same
// number.
func (p *parser) branchReset(open int) *Node {
	n := &Node{Op: OpGroup}
	p.resets = true
	p.inside(open, func() {
		from, most, start := p.opened, p.opened, p.pos
		branches := p.branches(func() {
			most = max(most, p.opened)
			p.opened = from
		})
		p.opened = max(most, p.opened)
		n.Sub = branches[:1]
		if len(branches) > 1 {
			n.Sub = []*Node{{Op: OpAlternate, Sub: branches, Span: Span{start, branches[len(branches)-1].Span.End}}}
		}
	})
	n.Span = Span{open, min(p.pos, len(p.src))}
	if n.Sub == nil {
		n.Sub = []*Node{{Op: OpEmpty}}
	}
	return n
}

// question reads what follows (? when it is no form of the table: a call by
// number or options.
func (p *parser) question(s *sequence, open int) {
	c := p.peek()
	calls := p.d.calls
	if calls && (isDigit(c) || (c == '+' || c == '-') && isDigit(p.at(1))) {
		p.numberCall(s, open)
		return
	}
	if p.eof() {
		p.failAt(ErrMissingParen, p.pos, p.pos, Span{open, open + 1}, "missing )", "a group")
		return
	}
	p.inlineOptions(s, open)
}

// numberCall reads the number of (?1), (?-1) or (?+1).
func (p *parser) numberCall(s *sequence, open int) {
	ref, ok := p.signedNumber()
	if !ok || !p.closeGroup(open, ") after the number") {
		return
	}
	n := &Node{Op: OpCall, Span: Span{open, p.pos}}
	p.refer(n, ref)
	s.add(n, targetPlain)
}

// comment moves past (?#…).
func (p *parser) comment() {
	open := p.pos
	for p.pos += 3; !p.eof(); p.pos++ {
		if p.d.commentEscape && p.peek() == '\\' {
			p.pos++
			continue
		}
		if p.peek() == ')' {
			p.pos++
			return
		}
	}
	p.failAt(ErrMissingParen, len(p.src), len(p.src), Span{open, open + 3}, "missing ) after (?# comment", "a closing parenthesis")
}
