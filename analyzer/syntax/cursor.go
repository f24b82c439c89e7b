package syntax

import (
	"strings"
	"unicode/utf8"
)

// eof reports whether the text is used up. After an error it always is, so
// that every loop ends.
func (p *parser) eof() bool { return p.pos >= len(p.src) }

// peek is the byte at the cursor, 0 at the end.
func (p *parser) peek() byte { return p.at(0) }

// at is the byte n behind the cursor, 0 past the end.
func (p *parser) at(n int) byte {
	p.work++
	if p.pos+n >= len(p.src) {
		return 0
	}
	return p.src[p.pos+n]
}

// has reports whether the text goes on with s.
func (p *parser) has(s string) bool {
	p.work++
	return strings.HasPrefix(p.src[min(p.pos, len(p.src)):], s)
}

// index is how far behind the cursor a byte stands, -1 where none does.
func (p *parser) index(c byte) int { return p.indexFrom(p.pos, c) }

// indexFrom is how far behind an offset a byte stands, -1 where none does.
func (p *parser) indexFrom(start int, c byte) int {
	i := strings.IndexByte(p.src[start:], c)
	if p.work += i; i < 0 {
		p.work += len(p.src) - start
	}
	return i
}

// eat moves past s if the text goes on with it.
func (p *parser) eat(s string) bool {
	if p.has(s) {
		p.pos += len(s)
		return true
	}
	return false
}

// char is the character at the cursor and its length in bytes: a byte where
// the pattern's alphabet is bytes, else a code point. It is 0, 0 at the end.
func (p *parser) char() (rune, int) {
	if p.eof() {
		return 0, 0
	}
	p.work++
	if c := p.src[p.pos]; c < utf8.RuneSelf || p.re.Unit == Byte {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(p.src[p.pos:])
}

// next is char, and moves past it.
func (p *parser) next() rune {
	c, n := p.char()
	p.pos += n
	return c
}

// decimal reads digits; the number saturates at maxNumber. It is not ok
// without a digit.
func (p *parser) decimal() (n int, ok bool) {
	for !p.eof() && isDigit(p.peek()) {
		if n = n*10 + int(p.peek()-'0'); n > maxNumber {
			n = maxNumber
		}
		p.pos++
		ok = true
	}
	return n, ok
}

// number reads up to most digits of a base (8 or 16); it saturates above the
// last code point. count is how many digits there were.
func (p *parser) number(base rune, most int) (n rune, count int) {
	for count < most && !p.eof() {
		d := digitOf(p.peek())
		if d >= base {
			break
		}
		if n = n*base + d; n > saturated {
			n = saturated
		}
		p.pos++
		count++
	}
	return n, count
}

// saturated stands for any number above the last code point.
const saturated = 0x1000000

func digitOf(c byte) rune {
	switch {
	case isDigit(c):
		return rune(c - '0')
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10
	}
	return 99
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isAlpha(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isWord(c byte) bool { return isAlpha(c) || isDigit(c) || c == '_' }

// fail records the first error and ends the text.
func (p *parser) fail(kind ErrorKind, start, end int, found, expected string) {
	if p.err == nil {
		p.err = &Error{Kind: kind, Span: Span{start, min(end, len(p.src))}, Found: found, Expected: expected}
		if p.err.Span.End < start {
			p.err.Span.Start = p.err.Span.End
		}
	}
	p.pos = len(p.src)
}

// failAt is fail with a second place.
func (p *parser) failAt(kind ErrorKind, start, end int, also Span, found, expected string) {
	first := p.err == nil
	p.fail(kind, start, end, found, expected)
	if first {
		p.err.Also = &also
	}
}
