package syntax

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
)

// An escape is what a backslash and a character stand for.
type escape struct {
	act    action
	char   rune      // actChar
	class  shorthand // actClass
	not    bool      // the class or property is negated
	assert Assert    // actAssert
	hint   string    // actReject: what the dialect lacks
}

type action uint8

const (
	actNone        action = iota
	actChar               // one character
	actClass              // \d \s \w \h \v
	actAssert             // \b \A \z
	actHex                // \xhh and, where the table says so, \x{…}
	actNumber             // \1: a group or octal
	actOctal              // \0
	actOctalBrace         // \o{…}
	actControl            // \cX
	actUnicode4           // \uhhhh
	actUnicode8           // \Uhhhhhhhh
	actProperty           // \p
	actNotNewline         // \N
	actNamed              // \N{…}
	actNewline            // \R
	actGrapheme           // \X
	actKeep               // \K
	actAnyUnit            // \C
	actG                  // \g
	actK                  // \k
	actQuote              // \Q
	actIgnore             // \E alone
	actLiteral            // the character itself
	actReject             // an error
	actStrings            // \q{…} in a class
	actAngle              // \<name>: .NET's old \k
	actQuoteItem          // \Q…\E as one item
	actDash               // \- that begins no range
	actJavaOctal          // \0n
	actMeta               // \M-x
	actControlDash        // \C-x
)

// escape reads a backslash and what follows, outside a class.
func (p *parser) escape(s *sequence) {
	start := p.pos
	p.pos++
	if p.eof() {
		p.fail(ErrTrailingEscape, start, start+1, `\ at the end`, "a character after it")
		return
	}
	c := p.next()
	e := p.lookup(p.d.escapes, c)
	if e.act == actProperty && p.d.propertyOptional && (p.eof() || p.peek() != '{') {
		e = escape{act: actLiteral}
	}
	switch e.act {
	case actClass:
		s.add(p.set(p.shorthandSet(e), start), targetPlain)
	case actAssert:
		s.add(p.escapeAssert(e, start), targetAnchor)
	case actNotNewline:
		s.add(p.notNewlineEscape(start), targetPlain)
	case actNewline:
		s.add(p.newlineSequence(start), targetPlain)
	case actGrapheme:
		s.add(&Node{Op: OpGrapheme, Span: Span{start, p.pos}}, targetPlain)
	case actKeep:
		if p.looks > 0 && !p.d.keepAnywhere {
			p.fail(ErrUnsupported, start, p.pos, `\K in a lookaround`, "it outside")
			return
		}
		s.add(&Node{Op: OpKeep, Span: Span{start, p.pos}}, targetAnchor)
	case actAnyUnit:
		p.anyUnit(s, start)
	case actProperty:
		s.add(p.set(p.propertyEscape(e.not, start), start), targetPlain)
	case actG:
		p.gEscape(s, start)
	case actQuoteItem:
		p.quoteItem(s, start)
	case actAngle:
		p.angleEscape(s, start, byte(c), false)
	case actK:
		p.kEscape(s, start)
	case actNumber:
		p.numberEscape(s, start, c)
	default:
		if r, ok := p.charEscape(e, c, start, false); ok {
			p.addLiteral(s, r, start)
		}
	}
}

// quoteItem reads \Q…\E as regexp2 v2 does: one item, compared with case.
func (p *parser) quoteItem(s *sequence, start int) {
	var inner sequence
	saved := p.mode
	p.mode &^= caseless
	for !p.eof() && !p.has(`\E`) {
		at := p.pos
		p.addLiteral(&inner, p.next(), at)
	}
	p.mode = saved
	text := Span{start + 2, p.pos}
	p.eat(`\E`)
	s.add(&Node{Op: OpGroup, Span: Span{start, p.pos}, Sub: []*Node{{Op: OpConcat, Sub: inner.items, Span: text}}}, targetPlain)
	switch n := s.items[len(s.items)-1]; len(inner.items) {
	case 0:
		n.Sub = []*Node{{Op: OpEmpty, Span: text}}
	case 1:
		n.Sub = inner.items
	}
}

// lookup is the table's entry for a character; only ASCII is in tables.
func (p *parser) lookup(table map[byte]escape, c rune) escape {
	if c < 0x80 {
		return table[byte(c)]
	}
	return escape{}
}

// charEscape reads the rest of an escape that stands for one character.
func (p *parser) charEscape(e escape, c rune, start int, class bool) (rune, bool) {
	switch e.act {
	case actChar:
		return e.char, true
	case actLiteral:
		return c, true
	case actHex:
		return p.hexEscape(start)
	case actOctal:
		return p.octal(start, p.pos-1, 3)
	case actOctalBrace:
		if !p.eat("{") {
			p.fail(ErrBadEscape, start, p.pos, `\o without {`, `\o{…}`)
			return 0, false
		}
		return p.braced(start, 8)
	case actControl:
		return p.controlEscape(start)
	case actJavaOctal:
		return p.javaOctal(start)
	case actUnicode4, actUnicode8:
		return p.unicodeEscape(e.act, c, start)
	case actNamed:
		return p.namedChar(start)
	case actNumber:
		return p.classNumber(c, start)
	case actMeta, actControlDash:
		return p.metaEscape(e.act, start)
	case actReject:
		p.fail(ErrBadEscape, start, p.pos, "escape "+quoted(p.src[start:p.pos]), e.hint)
		return 0, false
	}
	if e.act == actNone && p.d.strayEscape(p, c, class) {
		return c, true
	}
	where := ""
	if class {
		where = " in a class"
	}
	p.fail(ErrBadEscape, start, p.pos, "escape "+quoted(p.src[start:min(p.pos, len(p.src))])+where, "an escape of "+string(p.d.name))
	return 0, false
}

// shorthandSet is the set of \d and its like.
func (p *parser) shorthandSet(e escape) charset.Set {
	key := fmt.Sprintf("\\%d %t %t %d", e.class, e.not, p.inClass, p.mode&(caseless|ucp|unicodeCase|asciiOnly|unicodeMode|setsMode))
	if s, ok := p.classes[key]; ok {
		return s
	}
	s := p.d.shorthand(p, e.class)
	s = p.foldItem(s, e.not)
	p.classes[key] = s
	return s
}

// foldItem applies the caseless mode and the negation to one item of a class.
func (p *parser) foldItem(s charset.Set, not bool) charset.Set {
	last := p.re.Unit.Max()
	s = s.Intersect(charset.All(last))
	fold := p.mode&caseless != 0
	if fold && p.d.foldRule == foldBefore {
		s = s.Fold(p.d.folding(p.mode), last)
	}
	if not {
		s = s.Negate(last)
	}
	if fold && p.d.foldRule == foldAfter {
		s = s.Fold(p.d.folding(p.mode), last)
	}
	return s
}

// escapeAssert is \b, \A and the like.
func (p *parser) escapeAssert(e escape, start int) *Node {
	n := &Node{Op: OpAssert, Assert: e.assert, Span: Span{start, p.pos}}
	switch e.assert {
	case WordBoundary, NotWordBoundary, WordStart, WordEnd:
		n.Set = p.wordSet()
	case EndTextOptional, BeginLine, BeginLineNotEnd, EndLine:
		nl := p.d.lines(p)
		n.Set, n.CRLF = nl.Set, nl.CRLF
	}
	return n
}

// wordSet is what \b takes for word characters: one set for all of them.
func (p *parser) wordSet() charset.Set {
	key := fmt.Sprintf("\\b %d", p.mode)
	if s, ok := p.classes[key]; ok {
		return s
	}
	var s charset.Set
	if p.d.boundaryWord != nil {
		s = p.d.boundaryWord(p)
	} else {
		s = p.d.shorthand(p, classWord).Intersect(charset.All(p.re.Unit.Max()))
	}
	p.classes[key] = s
	return s
}

// notNewlineEscape is \N, whatever the dotall mode.
func (p *parser) notNewlineEscape(start int) *Node {
	if p.peek() == '{' && !p.eof() {
		at := p.pos
		if _, ok := p.braces(at); !ok && p.err == nil {
			if !p.has("{U+") {
				p.fail(ErrBadEscape, start, p.pos, `\N{name}`, `\N{U+hhhh} with u, or \N`)
				return &Node{}
			}
			if p.re.Unit != Rune {
				p.fail(ErrBadEscape, start, p.pos, `\N{U+…} without u`, `\x{…}`)
				return &Node{}
			}
			p.pos += 3
			r, _ := p.braced(start, 16)
			return p.set(p.literal(r), start)
		}
		p.pos = min(p.pos, at)
		if p.err != nil {
			p.pos = len(p.src)
		}
	}
	return p.notNewline(start)
}

// newlineSequence is \R: \r\n as one, or one newline character.
func (p *parser) newlineSequence(start int) *Node {
	set := charset.Vertical.Intersect(charset.All(p.re.Unit.Max()))
	if p.start.bsrAnyCRLF {
		set = charset.Runes('\r', '\n')
	}
	one := p.set(set, start)
	pair := &Node{Op: OpConcat, Span: one.Span, Sub: []*Node{p.set(charset.Runes('\r'), start), p.set(charset.Runes('\n'), start)}}
	either := &Node{Op: OpAlternate, Span: one.Span, Sub: []*Node{pair, one}}
	if p.d.plainNewline {
		return &Node{Op: OpGroup, Span: one.Span, Sub: []*Node{either}}
	}
	return &Node{Op: OpAtomic, Span: one.Span, Sub: []*Node{either}}
}

// anyUnit is \C: one byte. It has no meaning over code points.
func (p *parser) anyUnit(s *sequence, start int) {
	if p.re.Unit != Byte {
		p.fail(ErrUnsupported, start, p.pos, `\C with u, a part of a character`, "it without u")
		return
	}
	s.add(p.set(charset.All(p.re.Unit.Max()), start), targetPlain)
}

// hexEscape reads what follows \x.
func (p *parser) hexEscape(start int) (rune, bool) {
	if p.d.hexBrace && p.peek() == '{' && !p.eof() {
		p.pos++
		return p.braced(start, 16)
	}
	n, count := p.number(16, 2)
	if count < p.d.hexDigits {
		if p.d.hexLiteral {
			p.pos = start + 2
			return 'x', true
		}
		p.fail(ErrBadEscape, start, p.pos+1, `incomplete \x`, decimalString(p.d.hexDigits)+" hexadecimal digits")
		return 0, false
	}
	if p.d.hexBytes {
		return p.joinBytes(n, start)
	}
	return n, true
}

// braced reads digits up to a closing brace.
func (p *parser) braced(start int, base rune) (rune, bool) {
	at := p.pos
	n, count := p.number(base, len(p.src))
	switch {
	case count == 0 && (p.eof() || p.peek() == '}'):
		p.fail(ErrBadEscape, start, p.pos+1, "missing digits in "+quoted(p.src[start:at]), "digits")
		return 0, false
	case p.eof() || p.peek() != '}':
		p.fail(ErrBadEscape, start, p.pos+1, "unfinished escape "+quoted(p.src[start:min(p.pos, len(p.src))]), "digits and }")
		return 0, false
	}
	p.pos++
	return p.codePoint(n, start)
}

// codePoint holds a number against the alphabet.
func (p *parser) codePoint(n rune, start int) (rune, bool) {
	last := p.re.Unit.Max()
	if p.re.Unit == UTF16 {
		last = charset.MaxRune
	}
	if n > last {
		p.fail(ErrBadEscape, start, p.pos, "character "+quoted(p.src[start:min(p.pos, len(p.src))])+" out of range", fmt.Sprintf("at most %x", last))
		return 0, false
	}
	if n >= 0xD800 && n <= 0xDFFF && p.d.noSurrogates && p.re.Unit == Rune {
		p.fail(ErrBadEscape, start, p.pos, "surrogate "+quoted(p.src[start:min(p.pos, len(p.src))]), "a character")
		return 0, false
	}
	return n, true
}

// octal reads up to most digits from an offset.
func (p *parser) octal(start, from, most int) (rune, bool) {
	from = max(from, start+1)
	p.pos = from
	n, _ := p.number(8, most)
	if p.d.octalMask {
		n &= 0xFF
	}
	if (p.re.Unit == Byte || p.d.octalByte) && n > charset.MaxByte {
		p.fail(ErrBadEscape, start, p.pos, "octal escape "+quoted(p.src[start:p.pos])+" out of range", `at most \377`)
		return 0, false
	}
	if p.d.hexBytes {
		return p.joinBytes(n&0xFF, start)
	}
	return n, true
}

// controlEscape reads the character after \c.
func (p *parser) controlEscape(start int) (rune, bool) {
	if p.eof() {
		p.fail(ErrTrailingEscape, start, p.pos, `\c at the end`, "a character after it")
		return 0, false
	}
	return p.d.control(p, start)
}

// pcreControl is PCRE2's \c: a printable ASCII character with bit 6 flipped.
func pcreControl(p *parser, start int) (rune, bool) {
	c := p.peek()
	if c < ' ' || c > '~' {
		p.fail(ErrBadEscape, start, p.pos+1, `\c with a character that is not printable ASCII`, "a letter after it")
		return 0, false
	}
	p.pos++
	if 'a' <= c && c <= 'z' {
		c -= 0x20
	}
	return rune(c ^ 0x40), true
}
