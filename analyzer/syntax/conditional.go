package syntax

import "strings"

// conditional reads (?(…)yes|no); the cursor is after the second parenthesis.
func (p *parser) conditional(open int) *Node {
	n := &Node{Op: OpConditional}
	look := p.condition(n, open)
	bodyAt := p.pos
	p.inside(open, func() {
		branches := p.branches(nil)
		most := 2
		if n.Cond == CondDefine {
			most = 1
		}
		if len(branches) > most {
			p.fail(ErrBadGroup, open, p.pos+1, "too many branches in a conditional", decimalString(most)+" at most")
		}
		n.Sub = branches
	})
	n.Span = Span{open, min(p.pos, len(p.src))}
	for len(n.Sub) < 2 {
		n.Sub = append(n.Sub, &Node{Op: OpEmpty, Span: Span{max(n.Span.End-1, bodyAt), max(n.Span.End-1, bodyAt)}})
	}
	n.Sub = n.Sub[:2]
	if look != nil {
		n.Sub = append(n.Sub, look)
	}
	return n
}

// condition reads what a conditional asks, with its closing parenthesis. A
// lookaround is returned as a node.
func (p *parser) condition(n *Node, open int) *Node {
	start := p.pos - 1
	if p.d.conditionMarked {
		return p.markedCondition(n, open)
	}
	if p.d.conditionPlain {
		return p.plainCondition(n, open)
	}
	if p.d.conditionGroup {
		return p.groupCondition(n)
	}
	if p.d.conditionLook {
		if look, ok := p.conditionLook(start); ok {
			n.Cond = CondLook
			return look
		}
	}
	c := p.peek()
	switch {
	case isDigit(c) || (c == '+' || c == '-') && p.d.calls:
		ref, ok := p.signedNumber()
		if !ok {
			return nil
		}
		ref.whole = false
		if p.closeGroup(open, ") after the number") {
			p.refer(n, ref)
		}
	case p.d.conditionWords && p.has("VERSION") && (p.at(7) == '=' || p.at(7) == '>'):
		p.version(n, open)
	case p.d.conditionWords && p.eat("R&"):
		at := p.pos
		if name, ok := p.name(open, ")"); ok {
			n.Cond = CondRecurse
			p.refer(n, reference{name: name, span: Span{at, at + len(name)}})
		}
	default:
		p.conditionName(n, open)
	}
	return nil
}

// conditionName reads <name>, 'name' or a bare name, DEFINE and R among them.
func (p *parser) conditionName(n *Node, open int) {
	terminator, bare := ")", true
	if p.peek() == '<' || p.peek() == '\'' {
		terminator, bare = closing(p.peek()), false
		p.pos++
	}
	start := p.pos
	name, ok := p.name(open, terminator)
	if !ok {
		return
	}
	if !bare && !p.closeGroup(open, ") after the name") {
		return
	}
	if bare && p.d.conditionWords && name == "DEFINE" {
		n.Cond = CondDefine
		return
	}
	p.refer(n, reference{name: name, span: Span{start, start + len(name)}, recursive: bare && p.d.conditionWords})
}

// conditionLook reads a lookaround as the condition, and a callout before it.
func (p *parser) conditionLook(start int) (*Node, bool) {
	if p.has("?C") {
		p.pos = start + 3
		p.callout(start)
		p.skip()
		if p.err != nil || p.peek() != '(' {
			p.fail(ErrBadGroup, start, p.pos+1, "missing assertion", "a lookaround after the callout")
			return nil, true
		}
		start = p.pos
		p.pos++
	}
	if p.peek() != '?' && p.peek() != '*' {
		return nil, false
	}
	p.pos = start
	for _, f := range p.d.groups {
		if !strings.HasPrefix(p.src[start+1:], f.prefix) {
			continue
		}
		switch f.kind {
		case groupAhead, groupNotAhead, groupBehind, groupNotBehind:
			p.pos = start + 1 + len(f.prefix)
			return p.lookaround(f.kind, start), true
		case groupVerb:
			if n := p.alphaLook(start); n != nil {
				return n, true
			}
		}
		break
	}
	p.fail(ErrBadGroup, start, start+2, "condition that is no assertion", "a group, or a lookaround")
	return nil, true
}

// alphaLook reads (*pla:…) as a condition.
func (p *parser) alphaLook(start int) *Node {
	end := p.indexFrom(start, ':')
	if end < 0 {
		return nil
	}
	kind, ok := alphaGroups[p.src[start+2:max(start+2, start+end)]]
	if !ok || kind == groupAtomic || kind == groupAheadNonAtomic || kind == groupBehindNonAtomic {
		return nil
	}
	p.pos = start + end + 1
	return p.lookaround(kind, start)
}

// The version of PCRE2 that (?(VERSION…) compares with.
const (
	pcreMajor = 10
	pcreMinor = 42
)

// version reads VERSION>=10.4 or VERSION=10.42.
func (p *parser) version(n *Node, open int) {
	p.pos += len("VERSION")
	atLeast := p.eat(">")
	if !p.eat("=") {
		p.fail(ErrBadGroup, p.pos, p.pos+1, "malformed version condition", "= or >=")
		return
	}
	start := p.pos
	major, ok := p.decimal()
	minor, fine := 0, true
	if p.eat(".") {
		at := p.pos
		if minor, fine = p.decimal(); fine && p.pos == at+1 {
			minor *= 10
		}
		fine = fine && p.pos-at <= 2
	}
	if !ok || !fine || major > 1000 {
		p.fail(ErrBadGroup, start, p.pos+1, "malformed version condition", "a version such as 10.42")
		return
	}
	have, want := pcreMajor*100+pcreMinor, major*100+minor
	n.Cond = CondConst
	n.Negate = have != want && !(atLeast && have > want)
	p.closeGroup(open, ") after the version")
}

// callout reads (?C), (?C9) or (?C"text"); the cursor is after the C.
func (p *parser) callout(open int) *Node {
	n := &Node{Op: OpCallout}
	if c := p.peek(); isDigit(c) {
		n.Index, _ = p.decimal()
		if n.Index > 255 {
			p.fail(ErrBadGroup, open, p.pos, "callout number too large", "at most 255")
			return n
		}
	} else if c != ')' && !p.eof() {
		p.calloutText(open, c)
	}
	p.closeGroup(open, ") after the callout")
	n.Span = Span{open, min(p.pos, len(p.src))}
	return n
}

// calloutText reads a delimited string; a doubled delimiter stands for one.
func (p *parser) calloutText(open int, c byte) {
	if strings.IndexByte("`'\"^%#${", c) < 0 {
		p.fail(ErrBadGroup, open, p.pos+1, "unknown delimiter of a callout", "one of ` ' \" ^ % # $ {")
		return
	}
	end := closing(c)[0]
	for p.pos++; !p.eof(); p.pos++ {
		if p.peek() != end {
			continue
		}
		if p.at(1) != end {
			p.pos++
			return
		}
		p.pos++
	}
	p.failAt(ErrBadGroup, len(p.src), len(p.src), Span{open, open + 3}, "unfinished callout", "the closing delimiter")
}
