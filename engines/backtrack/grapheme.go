package backtrack

import "sort"

// A breakClass is a value of Unicode's Grapheme_Cluster_Break property, with
// Extended_Pictographic beside them: no character has both.
type breakClass uint8

const (
	gbOther breakClass = iota
	gbCR
	gbLF
	gbControl
	gbExtend
	gbZWJ
	gbRegional
	gbPrepend
	gbSpacing
	gbL
	gbV
	gbT
	gbLV
	gbLVT
	gbPictographic
)

// breakOf is the class of a character.
func breakOf(c rune) breakClass {
	if 0xAC00 <= c && c <= 0xD7A3 { // Hangul syllables: LV when without a trailing consonant
		if (c-0xAC00)%28 == 0 {
			return gbLV
		}
		return gbLVT
	}
	k := sort.Search(len(breaks), func(i int) bool { return breaks[i].hi >= c })
	if k < len(breaks) && breaks[k].lo <= c {
		return breaks[k].class
	}
	return gbOther
}

// graphemeAt is the length of the extended grapheme cluster that begins at i,
// 0 at the end (UAX #29, rules GB3 to GB13). With loose, two pictographs also
// join without a joiner between them, as in PCRE2 10.42.
func graphemeAt[T unit](s []T, i int, loose bool) int {
	if i >= len(s) {
		return 0
	}
	left := breakOf(rune(s[i]))
	picture := left == gbPictographic // Extended_Pictographic Extend*
	joined := false                   // … ZWJ
	flags := 0                        // regional indicators up to here
	if left == gbRegional {
		for k := i; k >= 0 && breakOf(rune(s[k])) == gbRegional; k-- {
			flags++
		}
	}
	k := i + 1
	for ; k < len(s); k++ {
		right := breakOf(rune(s[k]))
		switch {
		case left == gbRegional && right == gbRegional:
			if flags%2 == 0 {
				return k - i
			}
			flags++
		case right == gbPictographic && (joined || loose && picture):
		case !joins(left, right):
			return k - i
		}
		joined = right == gbZWJ && picture
		picture = right == gbPictographic || picture && (right == gbExtend || loose && right == gbZWJ)
		left = right
	}
	return k - i
}

// joins reports whether there is no boundary between two characters, by the
// rules that look at those two only.
func joins(left, right breakClass) bool {
	switch {
	case left == gbCR:
		return right == gbLF // GB3
	case left == gbLF, left == gbControl, right == gbCR, right == gbLF, right == gbControl:
		return false // GB4, GB5
	case right == gbExtend, right == gbZWJ, right == gbSpacing, left == gbPrepend:
		return true // GB9, GB9a, GB9b
	case left == gbL:
		return right == gbL || right == gbV || right == gbLV || right == gbLVT // GB6
	case left == gbLV, left == gbV:
		return right == gbV || right == gbT // GB7
	case left == gbLVT, left == gbT:
		return right == gbT // GB8
	}
	return false
}
