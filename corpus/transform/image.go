package transform

import (
	"fmt"
	"strings"
)

// A Set is a set of bytes.
type Set [4]uint64

// Has reports whether a byte is in the set.
func (s *Set) Has(c byte) bool { return s[c>>6]>>(c&63)&1 == 1 }

func (s *Set) add(c byte)  { s[c>>6] |= 1 << (c & 63) }
func (s *Set) drop(c byte) { s[c>>6] &^= 1 << (c & 63) }
func (s *Set) empty() bool { return *s == Set{} }
func (s *Set) overlaps(o *Set) bool {
	return s[0]&o[0]|s[1]&o[1]|s[2]&o[2]|s[3]&o[3] != 0
}

// bytesThat is the set of bytes with a property.
func bytesThat(is func(byte) bool) (s Set) {
	for c := range 256 {
		if is(byte(c)) {
			s.add(byte(c))
		}
	}
	return s
}

func bytesOf(chars string) Set {
	return bytesThat(func(c byte) bool { return strings.IndexByte(chars, c) >= 0 })
}

// An Image over-approximates the texts that may come out of a chain: every
// such text is over Bytes, begins with one of First, each byte is followed by
// one of Next of it, and is at most MaxLen bytes long (-1: any length).
type Image struct {
	Bytes, First Set
	Next         [256]Set
	MaxLen       int
}

// anything is the image of all texts over a set.
func anything(bytes Set) *Image {
	im := &Image{Bytes: bytes, First: bytes, MaxLen: -1}
	for c := range 256 {
		if bytes.Has(byte(c)) {
			im.Next[c] = bytes
		}
	}
	return im
}

// every is the set of all bytes.
var every = bytesThat(func(byte) bool { return true })

// Full reports whether the image says nothing.
func (im *Image) Full() bool {
	return im.Bytes == every && im.First == every && im.MaxLen < 0 && !im.restricts()
}

// restricts reports whether some byte may not follow another.
func (im *Image) restricts() bool {
	for c := range 256 {
		if im.Bytes.Has(byte(c)) && im.Next[c] != im.Bytes {
			return true
		}
	}
	return false
}

// mapped is the image of texts whose bytes are mapped one by one.
func (im *Image) mapped(f func(byte) byte) *Image {
	move := func(s *Set) (out Set) {
		for c := range 256 {
			if s.Has(byte(c)) {
				out.add(f(byte(c)))
			}
		}
		return out
	}
	out := &Image{Bytes: move(&im.Bytes), First: move(&im.First), MaxLen: im.MaxLen}
	for c := range 256 {
		if im.Bytes.Has(byte(c)) {
			next := move(&im.Next[c])
			row := &out.Next[f(byte(c))]
			for i := range row {
				row[i] |= next[i]
			}
		}
	}
	return out
}

// over is the image of texts over the same bytes, but for some that are taken
// away or may be added, in any order.
func (im *Image) over(taken, added Set) *Image {
	s := im.Bytes
	for i := range s {
		s[i] = s[i]&^taken[i] | added[i]
	}
	return anything(s)
}

// unless is im itself where it lacks one of the bytes that start something,
// else other.
func (im *Image) unless(starts string, other func() *Image) *Image {
	s := bytesOf(starts)
	if im.Bytes.overlaps(&s) {
		return other()
	}
	return im
}

// Describe says in words what the image leaves out, "" for nothing: "no
// [A-Z]; no two blanks in a row".
func (im *Image) Describe() string {
	var facts []string
	if im.MaxLen >= 0 {
		facts = append(facts, fmt.Sprintf("at most %d bytes", im.MaxLen))
	}
	if missing := bytesThat(func(c byte) bool { return !im.Bytes.Has(c) }); !missing.empty() {
		if n := count(&missing); n > 128 {
			facts = append(facts, "nothing but ["+ranges(&im.Bytes)+"]")
		} else {
			facts = append(facts, "no ["+ranges(&missing)+"]")
		}
	}
	if first := bytesThat(func(c byte) bool { return im.Bytes.Has(c) && !im.First.Has(c) }); !first.empty() {
		facts = append(facts, "none of ["+ranges(&first)+"] at the start")
	}
	for c := range 256 {
		c := byte(c)
		if !im.Bytes.Has(c) || im.Next[c] == im.Bytes {
			continue
		}
		not := bytesThat(func(d byte) bool { return im.Bytes.Has(d) && !im.Next[c].Has(d) })
		if c == ' ' && not == bytesOf(" ") {
			facts = append(facts, "no two blanks in a row")
		} else {
			facts = append(facts, fmt.Sprintf("none of [%s] behind %q", ranges(&not), c))
		}
		if len(facts) > 6 {
			facts = append(facts, "…")
			break
		}
	}
	return strings.Join(facts, "; ")
}

func count(s *Set) (n int) {
	for c := range 256 {
		if s.Has(byte(c)) {
			n++
		}
	}
	return n
}

// ranges writes a set as the inside of a character class.
func ranges(s *Set) string {
	var b strings.Builder
	for lo := 0; lo < 256; lo++ {
		if !s.Has(byte(lo)) {
			continue
		}
		hi := lo
		for hi < 255 && s.Has(byte(hi+1)) {
			hi++
		}
		b.WriteString(inClass(byte(lo)))
		if hi > lo+1 {
			b.WriteByte('-')
		}
		if hi > lo {
			b.WriteString(inClass(byte(hi)))
		}
		lo = hi
	}
	return b.String()
}

func inClass(c byte) string {
	switch {
	case strings.IndexByte(`\]-^`, c) >= 0:
		return `\` + string(c)
	case c == ' ':
		return `\x20`
	case c > ' ' && c <= '~':
		return string(c)
	case c >= '\a' && c <= '\r' && c != '\b' && c != '\v':
		return `\` + string("abtnvfr"[c-'\a'])
	}
	return fmt.Sprintf(`\x%02x`, c)
}
