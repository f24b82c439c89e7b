package backtrack

import (
	"unicode"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A folding is how backreferences compare characters without case.
type folding uint8

const (
	foldASCII  folding = iota // a-z and A-Z: PCRE2 on bytes in the C locale, Java without u
	foldSimple                // Unicode simple case folding
	foldUpper                 // to upper case, one unit, ASCII apart: ECMAScript without u
	foldLower                 // to lower case: .NET, CPython
)

func foldingOf(d corpus.Dialect, u syntax.Unit, f corpus.Flags) folding {
	switch {
	case d == corpus.ECMAScript && u == syntax.UTF16:
		return foldUpper
	case d == corpus.DotNet, d == corpus.Python && u == syntax.Rune:
		return foldLower
	case u == syntax.Byte, d == corpus.Java && !f.Has(corpus.Unicode):
		return foldASCII
	}
	return foldSimple
}

// equal reports whether a and b differ in case only.
func (f folding) equal(a, b rune) bool {
	if a == b {
		return true
	}
	switch f {
	case foldASCII:
		return asciiLower(a) == asciiLower(b)
	case foldUpper:
		return upperUnit(a) == upperUnit(b)
	case foldLower:
		return unicode.ToLower(a) == unicode.ToLower(b)
	}
	for c := unicode.SimpleFold(a); c != a; c = unicode.SimpleFold(c) {
		if c == b {
			return true
		}
	}
	return false
}

func asciiLower(c rune) rune {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// upperUnit is Canonicalize of ECMAScript 22.2.2.7.3 without u or v: upper
// case, unless that leaves ASCII's complement or is more than one unit.
func upperUnit(c rune) rune {
	up := unicode.ToUpper(c)
	if c >= 128 && up < 128 || up > 0xFFFF || special(c) {
		return c
	}
	return up
}

// special are the characters whose full upper case is longer than one
// character, though their simple one is not themselves.
func special(c rune) bool {
	return 0x1F80 <= c && c <= 0x1FAF || c == 0x1FB3 || c == 0x1FC3 || c == 0x1FF3
}
