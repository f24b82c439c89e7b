package syntax

import "strings"

// numberEscape reads \1 to \9… outside a class by the dialect's rule.
func (p *parser) numberEscape(s *sequence, start int, first rune) {
	switch p.d.refs {
	case numberPCRE:
		p.pcreNumber(s, start, first)
	case numberNone:
		if c, ok := p.octalOnly(start); ok {
			p.addLiteral(s, c, start)
		}
	case numberPython:
		p.pythonNumber(s, start)
	case numberAnnexB:
		p.annexBNumber(s, start)
	case numberJava:
		p.javaNumber(s, start, first)
	case numberRuby:
		p.rubyNumber(s, start, first)
	case numberDotNet:
		p.dotnetNumber(s, start)
	default:
		p.fail(ErrBadEscape, start, p.pos, "backreference "+quoted(p.src[start:p.pos]), "a pattern without backreferences")
	}
}

// pcreNumber: a group when below 10, when the first digit is 8 or 9, or when
// that many groups are opened so far; else octal, as is a number too large to
// read, or the digit itself.
func (p *parser) pcreNumber(s *sequence, start int, first rune) {
	p.pos = start + 1
	n, _ := p.decimal()
	tooLarge := n > maxReadNumber
	if tooLarge && first >= '8' {
		p.pos = start + 2
		p.addLiteral(s, first, start)
		return
	}
	if !tooLarge && (n < 10 || first >= '8' || n <= p.opened) {
		if n > maxGroups {
			p.fail(ErrBadReference, start, p.pos, "group number too large", "at most 65535")
			return
		}
		p.backreference(s, n, start)
		return
	}
	if c, ok := p.octal(start, start+1, 3); ok {
		p.addLiteral(s, c, start)
	}
}

// maxReadNumber is where PCRE2 stops to take digits after a backslash for a
// number: INT_MAX/10 - 1.
const maxReadNumber = 214748363

// classNumber reads \1 to \9… in a class.
func (p *parser) classNumber(first rune, start int) (rune, bool) {
	switch p.d.refs {
	case numberPCRE:
		if first >= '8' {
			return first, true
		}
		return p.octal(start, p.pos-1, 3)
	case numberNone:
		return p.octalOnly(start)
	}
	p.fail(ErrBadEscape, start, p.pos, "escape "+quoted(p.src[start:p.pos])+" in a class", "an escape of "+string(p.d.name))
	return 0, false
}

// kEscape reads \k<name>.
func (p *parser) kEscape(s *sequence, start int) {
	c := p.peek()
	if p.d.levels && (p.eof() || strings.IndexByte(p.d.kOpeners, c) < 0) {
		p.addLiteral(s, 'k', start)
		return
	}
	if p.d.kLiteral && (p.first == nil || !p.first.named) {
		p.addLiteral(s, 'k', start)
		return
	}
	if p.eof() || strings.IndexByte(p.d.kOpeners, c) < 0 {
		p.fail(ErrBadEscape, start, p.pos+1, `\k without a name`, `\k<name>`)
		return
	}
	p.pos++
	if p.d.levels {
		p.rubyK(s, start, c)
		return
	}
	if p.d.balance {
		p.angleEscape(s, start, c, true)
		return
	}
	p.nameReference(s, OpBackref, start, closing(c))
}
