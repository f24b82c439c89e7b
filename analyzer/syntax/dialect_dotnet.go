package syntax

import (
	"unicode"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// dotnet is .NET as regexp2 v1.12 and v2.13 read it without their RE2 and
// ECMAScript options.
var dotnet = dialect{
	name: corpus.DotNet,
	flags: map[corpus.Flags]modes{
		corpus.Caseless: caseless, corpus.Multiline: multiline, corpus.DotAll: dotAll, corpus.Extended: extended,
		corpus.ExplicitCapture: explicitCapture, corpus.RightToLeft: rightToLeft, corpus.Unicode: unicodeMode, corpus.GlobalFlag: inert,
	},
	unit:    func(modes) Unit { return Rune },
	twoPass: true,
	options: optionRules{
		letters: map[byte]modes{
			'i': caseless, 'm': multiline, 's': dotAll, 'x': extended, 'n': explicitCapture, 'u': inert, 'd': inert,
			'I': caseless, 'M': multiline, 'S': dotAll, 'X': extended, 'N': explicitCapture, 'U': inert, 'D': inert,
		},
		plus: true, needLetter: true, dashes: true,
	},
	escapes:      withEscapes(dotnetChars, dotnetClasses, anchorsOf("AGZz"), wordBoundaries, numbers(), dotnetOutside),
	classEscapes: withEscapes(dotnetChars, dotnetClasses, octals(), map[byte]escape{'b': {act: actChar, char: 8}, 'Q': {act: actQuote}, '-': {act: actDash}}),
	strayEscape: func(_ *parser, c rune, _ bool) bool {
		return !charset.WordDotNet().Contains(c) && c != 0x200C && c != 0x200D
	},
	groups: []groupForm{
		{"?:", groupPlain}, {"?=", groupAhead}, {"?!", groupNotAhead}, {"?<=", groupBehind}, {"?<!", groupNotBehind},
		{"?>", groupAtomic}, {"?<", groupNamed}, {"?'", groupQuoted}, {"?(", groupCondition}, {"?#", groupComment},
	},
	quant: quantRules{
		max: 1<<31 - 1, possessive: true, braces: true, gap: true, braceGap: true,
		targets: targetPlain | targetAnchor | targetLookahead | targetLookbehind,
	},
	class:     classRules{closeFirst: true, subtract: true, rangeOfClass: rangeRejectFirst, posixIgnored: true, dashEscape: true},
	names:     nameRules{start: dotnetNamePart, part: dotnetNamePart, repeat: repeatMerge},
	refs:      numberDotNet,
	numbering: namedLast,
	balance:   true,
	caret:     BeginText, caretMulti: BeginLine, dollar: EndTextOptional, dollarMulti: EndLine,
	lines: lineFeed, commentEnd: lineFeed,
	blank:   func(_ *parser, c rune) bool { return c == ' ' || c >= '\t' && c <= '\r' },
	control: dotnetControl,
	shorthand: func(_ *parser, k shorthand) charset.Set {
		switch k {
		case classDigit:
			return charset.DecimalNumber()
		case classWord:
			return dotnetWord()
		}
		return charset.WhiteSpace()
	},
	property: dotnetProperty, propertyLetter: true,
	folding:  func(modes) charset.Folding { return charset.FoldLower },
	foldRule: foldLiterals,
	hexBrace: true, hexDigits: 2, octalMask: true, conditionGroup: true, kOpeners: "<'",
	nest: maxNest,
}

var dotnetChars = map[byte]escape{
	'a': {act: actChar, char: 7}, 'e': {act: actChar, char: 0x1B}, 'f': {act: actChar, char: '\f'}, 'n': {act: actChar, char: '\n'},
	'r': {act: actChar, char: '\r'}, 't': {act: actChar, char: '\t'}, 'v': {act: actChar, char: '\v'},
	'x': {act: actHex}, 'u': {act: actUnicode4}, 'c': {act: actControl}, '0': {act: actOctal},
}

var dotnetClasses = map[byte]escape{
	'd': {act: actClass, class: classDigit}, 'D': {act: actClass, class: classDigit, not: true},
	'w': {act: actClass, class: classWord}, 'W': {act: actClass, class: classWord, not: true},
	's': {act: actClass, class: classSpace}, 'S': {act: actClass, class: classSpace, not: true},
	'p': {act: actProperty}, 'P': {act: actProperty, not: true},
}

// dotnetOutside holds what regexp2 v2 has besides v1 too: \Q…\E as one item,
// \R and \X.
var dotnetOutside = map[byte]escape{
	'Q': {act: actQuoteItem}, 'R': {act: actNewline}, 'X': {act: actGrapheme},
	'k': {act: actK}, '<': {act: actAngle}, '\'': {act: actAngle}}

// dotnetWord is regexp2's \w, which has the two joiners besides .NET's.
func dotnetWord() charset.Set {
	return charset.Union(charset.WordDotNet(), charset.Runes(0x200C, 0x200D))
}

func dotnetNamePart(_ *parser, c rune) bool {
	return unicode.In(c, unicode.L, unicode.Mn, unicode.Nd, unicode.Pc) || c == 0x200C || c == 0x200D
}

// dotnetControl is \c with a letter or one of @[\]^_.
func dotnetControl(p *parser, start int) (rune, bool) {
	c := p.next()
	if 'a' <= c && c <= 'z' {
		c -= 0x20
	}
	if c < '@' || c > '_' {
		p.fail(ErrBadEscape, start, p.pos, `\c with a character that is no control`, "a letter after it")
		return 0, false
	}
	return c - '@', true
}

// dotnetProperty: the names of the unicode package, exactly. A caseless mode
// makes Lu, Ll and Lt one.
func dotnetProperty(p *parser, name string, _ int) (charset.Set, bool) {
	if p.mode&caseless != 0 && (name == "Lu" || name == "Ll" || name == "Lt") {
		name = "LC"
	}
	if s, ok := charset.Category(name); ok && name != "L&" {
		return s, true
	}
	if t, ok := unicode.Scripts[name]; ok {
		return charset.Table(t), true
	}
	if t, ok := unicode.Properties[name]; ok {
		return charset.Table(t), true
	}
	if short, ok := charset.CategoryName(name, true); ok {
		return charset.Category(short)
	}
	if s, ok := charset.Script(name, true, true); ok {
		return s, true
	}
	for long, t := range unicode.Properties {
		if charset.Loose(long) == charset.Loose(name) {
			return charset.Table(t), true
		}
	}
	return charset.Set{}, false
}

// lineFeed: only \n ends a line.
func lineFeed(*parser) newlines { return newlines{Set: setLF, Dot: setLF} }
