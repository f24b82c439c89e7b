package syntax

// unicodeEscape reads the digits of \uhhhh or \Uhhhhhhhh.
func (p *parser) unicodeEscape(act action, c rune, start int) (rune, bool) {
	digits := 4
	if act == actUnicode8 {
		digits = 8
	}
	if (p.d.refs == numberAnnexB && !p.d.looseUnicode || p.d.refs == numberRuby) && p.eat("{") {
		return p.braced(start, 16)
	}
	from := p.pos
	n, count := p.number(16, digits)
	if count < digits && p.d.looseUnicode {
		p.pos = from
		return c, true
	}
	if count < digits {
		p.fail(ErrBadEscape, start, p.pos+1, "incomplete "+quoted(p.src[start:p.pos]), decimalString(digits)+" hexadecimal digits")
		return 0, false
	}
	if p.d.refs == numberAnnexB && p.re.Unit == Rune {
		n = p.joinSurrogates(n)
	}
	return p.codePoint(n, start)
}

// namedChar reads \N{U+hhhh} where only a character may stand.
func (p *parser) namedChar(start int) (rune, bool) {
	if p.eat("{U+") && p.re.Unit == Rune {
		return p.braced(start, 16)
	}
	p.fail(ErrBadEscape, start, p.pos, `\N in a class`, `\N{U+hhhh} with u`)
	return 0, false
}

// metaEscape reads the rest of \M-x and \C-x.
func (p *parser) metaEscape(act action, start int) (rune, bool) {
	if p.eat("-") && !p.eof() {
		if act == actControlDash {
			return p.rubyControl(start)
		}
		return p.next()&0xFF | 0x80, true
	}
	p.fail(ErrBadEscape, start, p.pos, "escape "+quoted(p.src[start:p.pos]), "a character")
	return 0, false
}
