package verdict

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus/transform"
)

// languageOf is what may arrive, in the units that the pattern is matched by.
// Bytes with the same neighbours are one kind. Where the unit is no byte, the
// characters beyond ASCII are one kind more, which may stand wherever one of
// their bytes may.
func languageOf(im *transform.Image, u syntax.Unit) nfa.Language {
	last := 0xFF
	if u != syntax.Byte {
		last = 0x7F
	}
	var l nfa.Language
	var of []int // kind → one of its bytes, or wide
	same := func(c, d int) bool {
		if im.First.Has(byte(c)) != im.First.Has(byte(d)) || im.Next[c] != im.Next[d] {
			return false
		}
		for b := range 256 {
			if im.Next[b].Has(byte(c)) != im.Next[b].Has(byte(d)) {
				return false
			}
		}
		return true
	}
	members := [][]rune{}
	for c := 0; c <= last; c++ {
		if !im.Bytes.Has(byte(c)) {
			continue
		}
		k := slices.IndexFunc(of, func(d int) bool { return same(c, d) })
		if k < 0 {
			k = len(of)
			of, members = append(of, c), append(members, nil)
		}
		members[k] = append(members[k], rune(c))
	}
	for _, m := range members {
		l.Kinds = append(l.Kinds, charset.Runes(m...))
	}
	if u != syntax.Byte && anyWide(&im.Bytes) {
		of = append(of, wide)
		l.Kinds = append(l.Kinds, charset.Of(charset.Range{Lo: 0x80, Hi: u.Max()}))
	}
	for _, c := range of {
		l.First = append(l.First, mayHold(&im.First, c))
		var row []bool
		for _, d := range of {
			row = append(row, follows(im, c, d))
		}
		l.Next = append(l.Next, row)
	}
	return l
}

// wide stands for the characters beyond ASCII.
const wide = -1

func anyWide(s *transform.Set) bool {
	for c := 0x80; c <= 0xFF; c++ {
		if s.Has(byte(c)) {
			return true
		}
	}
	return false
}

func mayHold(s *transform.Set, c int) bool {
	if c == wide {
		return anyWide(s)
	}
	return s.Has(byte(c))
}

func follows(im *transform.Image, c, d int) bool {
	if c != wide {
		return mayHold(&im.Next[c], d)
	}
	for b := 0x80; b <= 0xFF; b++ {
		if mayHold(&im.Next[b], d) {
			return true
		}
	}
	return false
}
