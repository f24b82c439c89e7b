package syntax

// annexBNumber is \0 to \9… of ECMAScript: a group of the pattern, else, in
// Annex B, a legacy octal escape or the digit itself.
func (p *parser) annexBNumber(s *sequence, start int) {
	p.pos = start + 1
	n, _ := p.decimal()
	if p.first == nil {
		s.add(&Node{Op: OpEmpty, Span: Span{start, p.pos}}, targetPlain)
		return
	}
	if p.src[start+1] != '0' && n <= p.first.groups {
		p.backreference(s, n, start)
		return
	}
	if c, ok := p.legacyOctal(start); ok {
		p.addLiteral(s, c, start)
	}
}

// legacyOctal reads an octal number up to \377, or \8 and \9.
func (p *parser) legacyOctal(start int) (rune, bool) {
	first := p.src[start+1]
	p.pos = start + 2
	if p.d.strictNumbers {
		if first == '0' && (p.eof() || !isDigit(p.peek())) {
			return 0, true
		}
		p.fail(ErrBadEscape, start, p.pos, "escape "+quoted(p.src[start:p.pos]), "a group of the pattern")
		return 0, false
	}
	if first >= '8' {
		return rune(first), true
	}
	digits := 3
	if first > '3' {
		digits = 2
	}
	return p.octal(start, start+1, digits)
}

// joinSurrogates reads a low surrogate's escape behind a high one.
func (p *parser) joinSurrogates(high rune) rune {
	if high < 0xD800 || high > 0xDBFF || !p.has(`\u`) {
		return high
	}
	at := p.pos
	p.pos += 2
	low, count := p.number(16, 4)
	if count == 4 && 0xDC00 <= low && low <= 0xDFFF {
		return 0x10000 + (high-0xD800)<<10 + (low - 0xDC00)
	}
	p.pos = at
	return high
}
