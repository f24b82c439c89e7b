package charset

import (
	"sync"
	"unicode"
)

// The shorthand classes over ASCII.
var (
	Digit = Of(Range{'0', '9'})
	Word  = Of(Range{'0', '9'}, Range{'A', 'Z'}, Range{'_', '_'}, Range{'a', 'z'})
	Hex   = Of(Range{'0', '9'}, Range{'A', 'F'}, Range{'a', 'f'})
	// Space is tab, line feed, vertical tab, form feed, carriage return, space.
	Space = Of(Range{'\t', '\r'}, Range{' ', ' '})
	// SpaceNoVT is Space without the vertical tab: RE2's \s.
	SpaceNoVT = Of(Range{'\t', '\n'}, Range{'\f', '\r'}, Range{' ', ' '})
	// Horizontal is PCRE's and Java's \h.
	Horizontal = Of(Range{'\t', '\t'}, Range{' ', ' '}, Range{0xA0, 0xA0}, Range{0x1680, 0x1680}, Range{0x180E, 0x180E},
		Range{0x2000, 0x200A}, Range{0x202F, 0x202F}, Range{0x205F, 0x205F}, Range{0x3000, 0x3000})
	// Vertical is PCRE's and Java's \v, and every newline of \R.
	Vertical = Of(Range{'\n', '\r'}, Range{0x85, 0x85}, Range{0x2028, 0x2029})
)

// The shorthand classes over Unicode.
var (
	// DecimalNumber is \p{Nd}.
	DecimalNumber = sync.OnceValue(func() Set { return Table(unicode.Nd) })
	// WhiteSpace is the property White_Space.
	WhiteSpace = sync.OnceValue(func() Set { return Table(unicode.White_Space) })
	// WordPCRE is \w of PCRE2 10.42 under UCP: letters, numbers, underscore.
	WordPCRE = sync.OnceValue(func() Set { return Union(Table(unicode.L), Table(unicode.N), Runes('_')) })
	// SpacePCRE is \s of PCRE2 under UCP: separators and every \h and \v.
	SpacePCRE = sync.OnceValue(func() Set { return Union(Table(unicode.Z), Horizontal, Vertical) })
	// WordPython is \w of CPython for str: what str.isalnum accepts, and _.
	WordPython = sync.OnceValue(func() Set {
		return Union(Table(unicode.L), Table(unicode.N), Runes('_'))
	})
	// SpacePython is \s of CPython for str: str.isspace.
	SpacePython = sync.OnceValue(func() Set {
		return Union(Of(Range{'\t', '\r'}, Range{0x1C, 0x20}, Range{0x85, 0x85}), Table(unicode.Z))
	})
	// WordDotNet is \w of .NET: L, Mn, Nd, Pc.
	WordDotNet = sync.OnceValue(func() Set {
		return Union(Table(unicode.L), Table(unicode.Mn), Table(unicode.Nd), Table(unicode.Pc))
	})
	// WordUTS18 is \w of UTS #18, annex C: Alphabetic, M, Nd, Pc and the two
	// joiners; Java with UNICODE_CHARACTER_CLASS.
	WordUTS18 = sync.OnceValue(func() Set {
		return Union(Alphabetic(), Table(unicode.M), Table(unicode.Nd), Table(unicode.Pc), Table(unicode.Join_Control))
	})
	// WordOnigmo is [[:word:]] of Onigmo: Alphabetic, M, Nd, Pc.
	WordOnigmo = sync.OnceValue(func() Set {
		return Union(Alphabetic(), Table(unicode.M), Table(unicode.Nd), Table(unicode.Pc))
	})
	// WordOnigmoSingle is \w under (?u) outside brackets, and \b: below U+0100
	// Onigmo asks a table of ISO 8859-1, where superscript digits and
	// fractions are word characters.
	WordOnigmoSingle = sync.OnceValue(func() Set {
		return Union(WordOnigmo(), Runes(0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE))
	})
	// SpaceECMAScript is \s of ECMAScript: WhiteSpace and LineTerminator.
	SpaceECMAScript = sync.OnceValue(func() Set {
		return Union(Of(Range{'\t', '\r'}, Range{0xFEFF, 0xFEFF}, Range{0x2028, 0x2029}), Table(unicode.Zs))
	})
)
