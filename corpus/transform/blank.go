package transform

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// blank is isspace of the C locale.
func blank(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// nbsp is the no-break space of Latin-1.
const nbsp = 0xA0

// blankOf is what a host's removeWhitespace and compressWhitespace take for
// white space, as far as single bytes say.
func blankOf(h Host, name string, c byte) bool {
	switch {
	case blank(c):
		return true
	case h == ModSecurity2:
		return c == nbsp
	case h == ModSecurity3:
		return name == "removeWhitespace" && (c == nbsp || c == 0xC2)
	}
	return false
}

// compressWhitespace turns every run of white space into one blank.
func compressWhitespace(h Host, b []byte) []byte {
	out := make([]byte, 0, len(b))
	inside := false
	for i := 0; i < len(b); {
		n, is := 1, blankOf(h, "compressWhitespace", b[i])
		if h == Coraza {
			n, is = latinSpace(b[i:])
		}
		if !is {
			out = append(out, b[i:i+n]...)
		} else if !inside {
			out = append(out, ' ')
		}
		inside = is
		i += n
	}
	return out
}

// latinSpace is the length of the first character, and whether it is one of
// Latin-1's white space, in UTF-8 or, for the no-break space, as a byte.
func latinSpace(b []byte) (int, bool) {
	r, n := utf8.DecodeRune(b)
	return n, r < 0x80 && blank(byte(r)) || r == 0x85 || r == nbsp || b[0] == nbsp
}

// removeWhitespace drops white space. Coraza reads UTF-8, and writes bytes
// that are none as U+FFFD when it drops anything at all.
func removeWhitespace(h Host, b []byte) []byte {
	if h == Coraza {
		return []byte(strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, string(b)))
	}
	out := make([]byte, 0, len(b))
	for _, c := range b {
		if !blankOf(h, "removeWhitespace", c) {
			out = append(out, c)
		}
	}
	return out
}

func trimLeft(_ Host, b []byte) []byte {
	for len(b) > 0 && blank(b[0]) {
		b = b[1:]
	}
	return b
}

func trimRight(_ Host, b []byte) []byte {
	for len(b) > 0 && blank(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func trim(h Host, b []byte) []byte { return trimLeft(h, trimRight(h, b)) }

func removeNulls(_ Host, b []byte) []byte { return bytes.ReplaceAll(b, []byte{0}, nil) }

func replaceNulls(_ Host, b []byte) []byte { return bytes.ReplaceAll(b, []byte{0}, []byte{' '}) }

// untilNull is the text up to its first NUL.
func untilNull(b []byte) []byte {
	if k := bytes.IndexByte(b, 0); k >= 0 {
		return b[:k]
	}
	return b
}
