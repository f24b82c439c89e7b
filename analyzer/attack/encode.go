package attack

import (
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// encode writes a word in the representatives of its classes.
func (b *Builder) encode(w []uint8) []byte {
	out := make([]byte, 0, len(w))
	for _, class := range w {
		out = appendChar(out, b.Base.Unit, b.Base.Classes.Representative(int(class)))
	}
	return out
}

// appendChar writes one character as a subject of the unit holds it: a UTF-16
// code unit as the generalised UTF-8 of its value, lone surrogates included.
func appendChar(out []byte, u syntax.Unit, c rune) []byte {
	switch {
	case u == syntax.Byte:
		return append(out, byte(c))
	case u == syntax.UTF16 && c >= 0xD800 && c <= 0xDFFF:
		return append(out, 0xED, 0x80|byte(c>>6&0x3F), 0x80|byte(c&0x3F))
	}
	return utf8.AppendRune(out, c)
}

// firstChar reads what appendChar wrote; size is 0 for anything else, and for
// a pair of surrogates in four bytes.
func firstChar(text []byte, u syntax.Unit) (c rune, size int) {
	if u == syntax.Byte {
		return rune(text[0]), 1
	}
	c, size = utf8.DecodeRune(text)
	switch {
	case u == syntax.UTF16 && size == 4:
		return 0, 0
	case c != utf8.RuneError || size == 3:
		return c, size
	case u == syntax.UTF16 && len(text) >= 3 && text[0] == 0xED && text[1]&0xE0 == 0xA0 && text[2]&0xC0 == 0x80:
		return 0xD000 | rune(text[1]&0x3F)<<6 | rune(text[2]&0x3F), 3
	}
	return 0, 0
}
