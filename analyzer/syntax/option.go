package syntax

import "strings"

// inlineOptions reads (?i), (?i-m), (?i:…), (?^i) and the like; the cursor is
// after the question mark.
func (p *parser) inlineOptions(s *sequence, open int) {
	rules := &p.d.options
	mode := p.mode
	seen := ""
	unset := false
	if rules.caret && p.eat("^") {
		mode &^= rules.resets
	}
	caretAt := p.pos > open+2
	for !p.eof() && p.peek() != ')' && p.peek() != ':' {
		c := p.peek()
		if c == '-' {
			if unset && !rules.dashes || caretAt {
				p.fail(ErrBadFlag, p.pos, p.pos+1, "misplaced - in options", "one - before the letters to unset")
				return
			}
			unset = true
			p.pos++
			continue
		}
		if c == '+' && rules.plus {
			unset = false
			p.pos++
			continue
		}
		m, known := rules.letters[c]
		if !known {
			p.badOption(open, seen == "" && !unset)
			return
		}
		if rules.distinct && strings.IndexByte(seen, c) >= 0 {
			p.fail(ErrBadFlag, p.pos, p.pos+1, "repeated option "+quoted(string(c)), "each letter once")
			return
		}
		if unset && strings.IndexByte(rules.fixed, c) >= 0 {
			p.fail(ErrBadFlag, p.pos, p.pos+1, "option "+quoted(string(c))+" after -", "a letter that can be unset")
			return
		}
		double := c == 'x' && m&extended != 0 && p.at(1) == 'x' && rules.double
		p.pos++
		if double {
			p.pos++
			m |= extendedMore
		}
		repeated := strings.IndexByte(seen, c) >= 0
		seen += string(c)
		switch {
		case unset && m&extended != 0:
			mode &^= extended | extendedMore
		case unset:
			mode &^= m
		default:
			// (?xxx) is (?xx), (?xx)(?x) is (?x).
			if !(rules.double && repeated) {
				mode &^= rules.clears[c]
			}
			mode |= m
		}
	}
	if p.eof() {
		p.failAt(ErrMissingParen, len(p.src), len(p.src), Span{open, open + 1}, "missing )", "a closing parenthesis")
		return
	}
	p.checkOptions(open, seen, unset)
	p.applyOptions(s, open, mode, unset)
}

func (p *parser) badOption(open int, first bool) {
	_, n := p.char()
	if first {
		p.fail(ErrBadGroup, open, p.pos+n, "unknown group "+quoted(p.src[open:p.pos+n]), "a group of "+string(p.d.name))
		return
	}
	p.fail(ErrBadFlag, p.pos, p.pos+n, "unknown option "+quoted(p.src[p.pos:p.pos+n]), "an option letter, : or )")
}

// checkOptions holds a complete run of letters against the dialect's rules.
func (p *parser) checkOptions(open int, seen string, unset bool) {
	rules := &p.d.options
	if rules.needLetter && seen == "" && p.pos == open+2 {
		p.fail(ErrBadFlag, open, p.pos+1, "options without a letter", "a letter")
		return
	}
	if rules.letterAfterDash && unset && p.src[p.pos-1] == '-' {
		p.fail(ErrBadFlag, p.pos, p.pos+1, "- without a letter", "a letter to unset")
	}
	if rules.noneAtAll && unset && seen == "" {
		p.fail(ErrBadFlag, open, p.pos+1, "- without a letter", "a letter")
	}
	if rules.exclusive != nil {
		if msg := rules.exclusive(p.src[open+2 : min(p.pos, len(p.src))]); msg != "" {
			p.fail(ErrBadFlag, open, p.pos+1, msg, "options that go together")
		}
	}
}

// applyOptions puts a mode in force: for a group of its own, or from here on.
func (p *parser) applyOptions(s *sequence, open int, mode modes, unset bool) {
	if p.eof() {
		return
	}
	if p.peek() == ':' {
		p.pos++
		saved := p.mode
		p.mode = mode
		n := p.body(OpGroup, open, nil)
		p.mode = saved
		s.add(n, targetPlain)
		return
	}
	if p.d.options.scopedOnly || p.d.options.where == optionsGlobal && unset {
		p.fail(ErrBadGroup, open, p.pos+1, "options without a body", ": and a body")
		return
	}
	p.pos++
	switch p.d.options.where {
	case optionsToGroupEnd:
		p.mode = mode
		if !p.d.options.keepsTarget {
			s.target = targetNone
		}
		s.repeated = false
		if p.d.options.whole && p.depth == 0 && len(s.items) == 0 {
			p.initial = mode
		}
	case optionsGlobal:
		if p.depth > 0 || len(s.items) > 0 || p.alternatives[0].branch > 0 {
			p.fail(ErrBadFlag, open, p.pos, "global options inside the pattern", "them at its start")
		}
		p.mode = mode
		p.initial = mode
	case optionsIsolate:
		p.isolate(s, open, mode)
	}
}

// isolate reads the rest of the group as a group of its own under a mode.
func (p *parser) isolate(s *sequence, open int, mode modes) {
	saved := p.mode
	p.mode = mode
	n := &Node{Op: OpGroup, Sub: []*Node{{Op: OpEmpty}}}
	if p.enter(open) {
		n.Sub[0] = p.disjunction(p.pos)
	}
	p.depth--
	p.mode = saved
	n.Span = Span{open, min(p.pos, len(p.src))}
	s.add(n, targetNone)
}
