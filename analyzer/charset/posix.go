package charset

import "unicode"

// POSIX is the ASCII characters of a POSIX class by its bare name, such as
// "alpha": the C locale, with "ascii" and "word" besides the twelve of the
// standard.
func POSIX(name string) (Set, bool) {
	s, ok := posix[name]
	return s, ok
}

var posix = map[string]Set{
	"alnum":  Of(Range{'0', '9'}, Range{'A', 'Z'}, Range{'a', 'z'}),
	"alpha":  Of(Range{'A', 'Z'}, Range{'a', 'z'}),
	"ascii":  Of(Range{0, 0x7F}),
	"blank":  Runes('\t', ' '),
	"cntrl":  Of(Range{0, 0x1F}, Range{0x7F, 0x7F}),
	"digit":  Digit,
	"graph":  Of(Range{'!', '~'}),
	"lower":  Of(Range{'a', 'z'}),
	"print":  Of(Range{' ', '~'}),
	"punct":  Of(Range{'!', '/'}, Range{':', '@'}, Range{'[', '`'}, Range{'{', '~'}),
	"space":  Space,
	"upper":  Of(Range{'A', 'Z'}),
	"word":   Word,
	"xdigit": Hex,
}

// POSIXUCP is a POSIX class as PCRE2 reads it under UCP: see "POSIX character
// classes" in pcre2pattern(3), 10.42.
func POSIXUCP(name string) (Set, bool) {
	switch name {
	case "alpha":
		return Table(unicode.L), true
	case "lower":
		return Table(unicode.Ll), true
	case "upper":
		return Table(unicode.Lu), true
	case "alnum":
		return Union(Table(unicode.L), Table(unicode.N)), true
	case "space":
		return SpacePCRE(), true
	case "word":
		return WordPCRE(), true
	case "digit":
		return DecimalNumber(), true
	case "blank":
		return Horizontal, true
	case "cntrl":
		return Table(unicode.Cc), true
	case "graph":
		return graphUCP(), true
	case "print":
		// No line or paragraph separators and no controls, but U+180E.
		return Union(graphUCP(), Table(unicode.Zs), Runes(0x180E)), true
	case "punct":
		low := Table(unicode.S).Intersect(All(0x7F))
		return Union(Table(unicode.P), low), true
	}
	return POSIX(name)
}

// graphUCP is every character that marks the page: not Z, C of any kind,
// except most Cf.
func graphUCP() Set {
	out := Union(Table(unicode.Z), unassigned(), Table(unicode.Cc), Table(unicode.Cs), Table(unicode.Co))
	return out.Negate(MaxRune).Minus(Of(Range{0x61C, 0x61C}, Range{0x180E, 0x180E}, Range{0x2066, 0x2069}))
}

// POSIXUnicode is a POSIX class bracket as Onigmo reads it on UTF-8, and as
// Java's \p{Alpha} under UNICODE_CHARACTER_CLASS (UTS #18, annex C).
func POSIXUnicode(name string) (Set, bool) {
	switch name {
	case "alpha":
		return Alphabetic(), true
	case "lower":
		return Lowercase(), true
	case "upper":
		return Uppercase(), true
	case "alnum":
		return Union(Alphabetic(), Table(unicode.Nd)), true
	case "space":
		return WhiteSpace(), true
	case "word":
		return WordOnigmo(), true
	case "digit":
		return DecimalNumber(), true
	case "blank":
		return Union(Table(unicode.Zs), Runes('\t')), true
	case "cntrl":
		return Table(unicode.Cc), true
	case "graph":
		return graphUnicode(), true
	case "print":
		return Union(graphUnicode(), Table(unicode.Zs)), true
	case "punct":
		return Union(Table(unicode.P), Table(unicode.S).Intersect(All(0x7F))), true
	}
	return POSIX(name)
}

func graphUnicode() Set {
	return Union(WhiteSpace(), unassigned(), Table(unicode.Cc), Table(unicode.Cs)).Negate(MaxRune)
}
