// Package charset holds sets of characters and the partition of an alphabet
// into the classes that a pattern can tell apart.
//
// A character is whatever unit the pattern's engine compares: a byte, a code
// point, or a UTF-16 code unit. The package does not know which; the universe
// is given by its largest character.
package charset

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// The largest character of each alphabet.
const (
	MaxByte  = 0xFF
	MaxUTF16 = 0xFFFF
	MaxRune  = 0x10FFFF
)

// A Range is the characters from Lo to Hi, both included.
type Range struct{ Lo, Hi rune }

// A Set is an immutable set of characters: sorted, disjoint ranges that do
// not touch. The zero Set is empty.
type Set struct{ ranges []Range }

// Of makes a set of ranges given in any order; overlaps are merged and ranges
// with Lo > Hi hold nothing.
func Of(ranges ...Range) Set {
	rs := make([]Range, 0, len(ranges))
	for _, r := range ranges {
		if r.Lo <= r.Hi {
			rs = append(rs, r)
		}
	}
	slices.SortFunc(rs, func(a, b Range) int { return int(a.Lo) - int(b.Lo) })
	out := rs[:0]
	for _, r := range rs {
		if n := len(out); n > 0 && r.Lo <= out[n-1].Hi+1 {
			out[n-1].Hi = max(out[n-1].Hi, r.Hi)
			continue
		}
		out = append(out, r)
	}
	return Set{ranges: slices.Clip(out)}
}

// Runes makes a set of single characters.
func Runes(chars ...rune) Set {
	rs := make([]Range, len(chars))
	for i, c := range chars {
		rs[i] = Range{c, c}
	}
	return Of(rs...)
}

// All is every character from 0 to last.
func All(last rune) Set { return Of(Range{0, last}) }

// Ranges is the set's ranges in order. The caller must not change them.
func (s Set) Ranges() []Range { return s.ranges }

// IsEmpty reports whether the set holds nothing.
func (s Set) IsEmpty() bool { return len(s.ranges) == 0 }

// Len is the number of characters in the set.
func (s Set) Len() int {
	n := 0
	for _, r := range s.ranges {
		n += int(r.Hi-r.Lo) + 1
	}
	return n
}

// Contains reports whether c is in the set: a binary search over the ranges.
func (s Set) Contains(c rune) bool {
	k := sort.Search(len(s.ranges), func(i int) bool { return s.ranges[i].Hi >= c })
	return k < len(s.ranges) && s.ranges[k].Lo <= c
}

// Union is the characters in any of the sets.
func Union(sets ...Set) Set {
	var rs []Range
	for _, s := range sets {
		rs = append(rs, s.ranges...)
	}
	return Of(rs...)
}

// Intersect is the characters in both sets.
func (s Set) Intersect(t Set) Set {
	var out []Range
	for i, j := 0, 0; i < len(s.ranges) && j < len(t.ranges); {
		a, b := s.ranges[i], t.ranges[j]
		if lo, hi := max(a.Lo, b.Lo), min(a.Hi, b.Hi); lo <= hi {
			out = append(out, Range{lo, hi})
		}
		if a.Hi < b.Hi {
			i++
		} else {
			j++
		}
	}
	return Set{ranges: out}
}

// Negate is the characters of 0…last that are not in the set.
func (s Set) Negate(last rune) Set {
	var out []Range
	next := rune(0)
	for _, r := range s.ranges {
		if r.Lo > last {
			break
		}
		if r.Lo > next {
			out = append(out, Range{next, r.Lo - 1})
		}
		next = r.Hi + 1
	}
	if next <= last {
		out = append(out, Range{next, last})
	}
	return Set{ranges: out}
}

// Minus is the characters of s that are not in t.
func (s Set) Minus(t Set) Set {
	if len(s.ranges) == 0 {
		return s
	}
	return s.Intersect(t.Negate(s.ranges[len(s.ranges)-1].Hi))
}

// Equal reports whether the sets hold the same characters.
func (s Set) Equal(t Set) bool { return slices.Equal(s.ranges, t.ranges) }

// String shows the ranges as [a-z0-9], with what is not printable ASCII in
// hexadecimal; it is for dumps and tests, not a pattern in any dialect.
func (s Set) String() string {
	var b strings.Builder
	b.WriteByte('[')
	for _, r := range s.ranges {
		b.WriteString(show(r.Lo))
		if r.Hi > r.Lo {
			if r.Hi > r.Lo+1 {
				b.WriteByte('-')
			}
			b.WriteString(show(r.Hi))
		}
	}
	b.WriteByte(']')
	return b.String()
}

func show(c rune) string {
	if c > ' ' && c < 0x7F && !strings.ContainsRune(`[]\-`, c) {
		return string(c)
	}
	return fmt.Sprintf(`\x{%x}`, c)
}
