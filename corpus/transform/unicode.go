package transform

import (
	"fmt"
	"unicode/utf8"
)

// utf8toUnicode writes every character of more than one byte as %uHHHH.
// ModSecurity drops NULs and bytes that begin a character and are not followed
// by its rest, and keeps the first byte of a character that is none (surrogate
// or written too long) besides. Coraza writes bytes that are no character as
// %ufffd, and leaves a text alone that has none of more than one byte.
func utf8toUnicode(h Host, b []byte) []byte {
	if h == Coraza {
		return runesToUnicode(b)
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		c := b[i]
		n, code := sequence(b[i:])
		switch {
		case c == 0:
		case n == 0: // no byte that begins a character of several bytes
			out = append(out, c)
		default:
			if c >= 0xF5 {
				out = append(out, c)
			}
			if n < 0 {
				break
			}
			out = fmt.Appendf(out, "%%u%04x", code)
			if code >= 0xD800 && code <= 0xDFFF {
				out = append(out, c)
			}
			if code < map[int]int{2: 0x80, 3: 0x800, 4: 0x10000}[n] {
				out = append(out, c)
			}
		}
		i += max(n, 1)
	}
	return out
}

// sequence is the length of the character that a text begins with and its code
// point; -1 where its rest is missing, 0 where it is of one byte.
func sequence(b []byte) (n, code int) {
	switch c := b[0]; {
	case c&0xE0 == 0xC0:
		n, code = 2, int(c&0x1F)
	case c&0xF0 == 0xE0:
		n, code = 3, int(c&0xF)
	case c&0xF8 == 0xF0:
		n, code = 4, int(c&7)
	default:
		return 0, 0
	}
	for i := 1; i < n; i++ {
		if at(b, i)&0xC0 != 0x80 {
			return -1, 0
		}
		code = code<<6 | int(b[i]&0x3F)
	}
	return n, code
}

func runesToUnicode(b []byte) []byte {
	var out []byte
	for _, r := range string(b) {
		if r < utf8.RuneSelf {
			out = append(out, byte(r))
		} else {
			out = fmt.Appendf(out, "%%u%04x", r)
		}
	}
	return out
}
