package regexp2

import "unicode/utf8"

// A text is a subject in runes, and where each stands in bytes.
type text struct {
	runes []rune
	// offsets are byte offsets of the runes and of the end, nil where every
	// rune is one byte.
	offsets []int
}

// decode reads a subject as Go does: a byte that begins no UTF-8 sequence is
// U+FFFD, one byte long. With units, surrogates written as three bytes
// (generalised UTF-8, how a witness in UTF-16 units arrives) are runes too.
func decode(subject []byte, units bool) text {
	runes := make([]rune, 0, len(subject))
	var offsets []int
	for i := 0; i < len(subject); {
		r, size := rune(subject[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(subject[i:])
			if s, ok := surrogate(subject[i:]); units && ok {
				r, size = s, 3
			}
		}
		if size > 1 && offsets == nil {
			offsets = make([]int, len(runes), len(subject)+1)
			for k := range offsets {
				offsets[k] = k
			}
		}
		if offsets != nil {
			offsets = append(offsets, i)
		}
		runes = append(runes, r)
		i += size
	}
	if offsets != nil {
		offsets = append(offsets, len(subject))
	}
	return text{runes: runes, offsets: offsets}
}

// surrogate decodes U+D800–U+DFFF written as ED A0..BF 80..BF.
func surrogate(b []byte) (rune, bool) {
	if len(b) < 3 || b[0] != 0xED || b[1]&0xE0 != 0xA0 || b[2]&0xC0 != 0x80 {
		return 0, false
	}
	return 0xD000 | rune(b[1]&0x3F)<<6 | rune(b[2]&0x3F), true
}

// bytes turns rune indexes into byte offsets, in place.
func (t text) bytes(caps []int) []int {
	if t.offsets == nil {
		return caps
	}
	for i, c := range caps {
		if c >= 0 {
			caps[i] = t.offsets[c]
		}
	}
	return caps
}
