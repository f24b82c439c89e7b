package nfa

import (
	"unicode"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// graphemeRest is a superset of the characters that may stand in an extended
// grapheme cluster after its first (UAX #29): marks, joiners, Hangul jamo,
// regional indicators, symbols that take part in emoji sequences. The line
// feed after a carriage return and what follows a prepended mark are not among
// them: they make one more way for each cluster, not a loop.
func graphemeRest(u syntax.Unit) charset.Set {
	if u == syntax.Byte {
		return charset.Set{}
	}
	var rs []charset.Range
	add := func(lo, hi rune) {
		if hi = min(hi, u.Max()); lo <= hi {
			rs = append(rs, charset.Range{Lo: lo, Hi: hi})
		}
	}
	for _, t := range []*unicode.RangeTable{unicode.M, unicode.So} {
		for _, r := range t.R16 {
			for c := rune(r.Lo); c <= rune(r.Hi); c += rune(r.Stride) {
				add(c, c)
			}
		}
		for _, r := range t.R32 {
			for c := rune(r.Lo); c <= rune(r.Hi); c += rune(r.Stride) {
				add(c, c)
			}
		}
	}
	add(0x1F3FB, 0x1F3FF)
	add(0x200C, 0x200D)
	add(0x1100, 0x11FF)
	add(0xA960, 0xA97C)
	add(0xAC00, 0xD7FB)
	add(0x1F000, 0x1FAFF)
	add(0xE0000, 0xE0FFF)
	return charset.Of(rs...)
}
