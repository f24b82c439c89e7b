package backtrack

import (
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// unit is a character of a decoded subject.
type unit interface{ uint8 | uint16 | int32 }

// MaxSubject is the largest subject, in bytes: positions are int32.
const MaxSubject = 1<<31 - 2

// A text is a subject decoded to units. Exactly one of bytes, words and runes
// is in use; offsets, unless nil, maps a unit's index to its byte offset, with
// one entry past the end.
type text struct {
	width   int // bytes per unit: 1, 2 or 4
	bytes   []uint8
	words   []uint16
	runes   []int32
	offsets []int32
	n       int
}

// decode makes units of subject, reusing t's buffers. A subject all of ASCII
// is its own units, whatever the alphabet. It reports false when the dialect
// refuses the subject: PCRE2 with u takes valid UTF-8 only.
func (t *text) decode(subject []byte, u syntax.Unit, d corpus.Dialect) bool {
	t.width, t.bytes, t.n = 1, subject, len(subject)
	if u == syntax.Byte || ascii(subject) {
		return true
	}
	t.offsets = t.offsets[:0]
	if u == syntax.UTF16 {
		return t.decodeUTF16(subject)
	}
	t.width, t.runes = 4, t.runes[:0]
	for i := 0; i < len(subject); {
		r, size := utf8.DecodeRune(subject[i:])
		if r == utf8.RuneError && size == 1 {
			if d == corpus.PCRE || d == "" {
				return false
			}
			if s, ok := surrogate(subject[i:]); ok && d != corpus.Go && d != corpus.DotNet {
				r, size = s, 3
			}
		}
		t.runes = append(t.runes, r)
		t.offsets = append(t.offsets, int32(i))
		i += size
	}
	t.offsets = append(t.offsets, int32(len(subject)))
	t.n = len(t.runes)
	return true
}

// decodeUTF16 reads generalised UTF-8: a surrogate alone is three bytes. The
// second unit of a pair stands at the middle of its four bytes.
func (t *text) decodeUTF16(subject []byte) bool {
	t.width, t.words = 2, t.words[:0]
	for i := 0; i < len(subject); {
		r, size := utf8.DecodeRune(subject[i:])
		if r == utf8.RuneError && size == 1 {
			if s, ok := surrogate(subject[i:]); ok {
				r, size = s, 3
			}
		}
		if r >= 0x10000 {
			r -= 0x10000
			t.words = append(t.words, uint16(0xD800+r>>10), uint16(0xDC00+r&0x3FF))
			t.offsets = append(t.offsets, int32(i), int32(i+2))
		} else {
			t.words = append(t.words, uint16(r))
			t.offsets = append(t.offsets, int32(i))
		}
		i += size
	}
	t.offsets = append(t.offsets, int32(len(subject)))
	t.n = len(t.words)
	return true
}

// surrogate decodes a surrogate written in three bytes.
func surrogate(b []byte) (rune, bool) {
	if len(b) < 3 || b[0] != 0xED || b[1]&0xE0 != 0xA0 || b[2]&0xC0 != 0x80 {
		return 0, false
	}
	return 0xD000 | rune(b[1]&0x3F)<<6 | rune(b[2]&0x3F), true
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// offset is the byte offset of the unit at index i.
func (t *text) offset(i int32) int {
	if t.width == 1 || i < 0 {
		return int(i)
	}
	return int(t.offsets[i])
}

// index is the unit at or after a byte offset.
func (t *text) index(offset int) int32 {
	if t.width == 1 {
		return int32(min(offset, t.n))
	}
	lo, hi := 0, t.n
	for lo < hi {
		mid := (lo + hi) / 2
		if int(t.offsets[mid]) < offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return int32(lo)
}

// between reports whether i stands between \r and \n.
func (t *text) between(i int) bool {
	switch {
	case t.width == 1:
		return between(t.bytes, i)
	case t.width == 2:
		return between(t.words, i)
	}
	return between(t.runes, i)
}

func between[T unit](s []T, i int) bool {
	return i > 0 && i < len(s) && s[i-1] == '\r' && s[i] == '\n'
}
