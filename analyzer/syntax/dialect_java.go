package syntax

import (
	"strings"
	"unicode"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// java is java.util.regex of Java 17. The flag letters mean what they mean in
// a pattern: d is UNIX_LINES, u is UNICODE_CASE, U is
// UNICODE_CHARACTER_CLASS.
var java = dialect{
	name: corpus.Java,
	flags: map[corpus.Flags]modes{
		corpus.Caseless: caseless, corpus.Multiline: multiline, corpus.DotAll: dotAll, corpus.Extended: extended,
		corpus.Unicode: unicodeCase, corpus.Ungreedy: ucp | unicodeCase, corpus.Indices: unixLines, corpus.GlobalFlag: inert,
	},
	unit: func(modes) Unit { return Rune },
	options: optionRules{letters: map[byte]modes{
		'i': caseless, 'm': multiline, 's': dotAll, 'x': extended, 'u': unicodeCase, 'U': ucp | unicodeCase, 'd': unixLines,
	}},
	escapes: withEscapes(javaChars, javaClasses, anchorsOf("AGZz"), wordBoundaries, numbers(), map[byte]escape{
		'k': {act: actK}, 'R': {act: actNewline}, 'X': {act: actGrapheme}, 'Q': {act: actQuote}, '0': {act: actJavaOctal}, 'N': {act: actNamed},
	}),
	classEscapes: withEscapes(javaChars, javaClasses, map[byte]escape{'Q': {act: actQuote}, '0': {act: actJavaOctal}, 'N': {act: actNamed}}),
	strayEscape:  func(_ *parser, c rune, _ bool) bool { return c >= 0x80 || !isAlpha(byte(c)) && !isDigit(byte(c)) },
	groups: []groupForm{
		{"?:", groupPlain}, {"?=", groupAhead}, {"?!", groupNotAhead}, {"?>", groupAtomic}, {"?<=", groupBehind},
		{"?<!", groupNotBehind}, {"?<", groupNamed},
	},
	quant: quantRules{
		max: 1<<31 - 1, possessive: true, braces: true, strict: true, emptyTarget: true, stacked: stackBraceEmpty,
		targets: targetPlain | targetAnchor | targetLookahead | targetLookbehind, gap: true, braceGap: true,
	},
	class: classRules{closeFirst: true, nested: true, intersect: true, rangeOfClass: rangeRejectFirst, blanks: true},
	names: nameRules{start: javaNameStart, part: javaNamePart, repeat: repeatReject},
	refs:  numberJava,
	caret: BeginText, caretMulti: BeginLineNotEnd, dollar: EndTextOptional, dollarMulti: EndLine,
	lines: javaLines, commentEnd: javaLines,
	blank:   func(_ *parser, c rune) bool { return c == ' ' || c >= '\t' && c <= '\r' },
	control: func(p *parser, _ int) (rune, bool) { return p.next() ^ 64, true },
	shorthand: func(p *parser, k shorthand) charset.Set {
		if p.mode&ucp != 0 {
			switch k {
			case classDigit:
				return charset.DecimalNumber()
			case classWord:
				return charset.WordUTS18()
			case classSpace:
				return charset.WhiteSpace()
			}
		}
		switch k {
		case classDigit:
			return charset.Digit
		case classWord:
			return charset.Word
		case classSpace:
			return charset.Space
		case classHorizontal:
			return charset.Horizontal
		}
		return charset.Vertical
	},
	boundaryWord: func(*parser) charset.Set { return javaBoundary() },
	property:     javaProperty, propertyLetter: true,
	foldsAlone: javaFolds,
	folding: func(m modes) charset.Folding {
		if m&unicodeCase != 0 {
			return charset.FoldJava
		}
		return charset.FoldASCII
	},
	foldRule:   foldLiterals,
	lookbehind: lookbehindBounded,
	hexBrace:   true, hexDigits: 2, kOpeners: "<", backwardNames: true,
	nest: maxNest,
}

var javaChars = map[byte]escape{
	'a': {act: actChar, char: 7}, 'e': {act: actChar, char: 0x1B}, 'f': {act: actChar, char: '\f'}, 'n': {act: actChar, char: '\n'},
	'r': {act: actChar, char: '\r'}, 't': {act: actChar, char: '\t'}, 'x': {act: actHex}, 'u': {act: actUnicode4}, 'c': {act: actControl},
}

var javaClasses = map[byte]escape{
	'd': {act: actClass, class: classDigit}, 'D': {act: actClass, class: classDigit, not: true},
	'w': {act: actClass, class: classWord}, 'W': {act: actClass, class: classWord, not: true},
	's': {act: actClass, class: classSpace}, 'S': {act: actClass, class: classSpace, not: true},
	'h': {act: actClass, class: classHorizontal}, 'H': {act: actClass, class: classHorizontal, not: true},
	'v': {act: actClass, class: classVertical}, 'V': {act: actClass, class: classVertical, not: true},
	'p': {act: actProperty}, 'P': {act: actProperty, not: true},
}

func javaLines(p *parser) newlines {
	if p.mode&unixLines != 0 {
		return newlines{Set: setLF, Dot: setLF}
	}
	return newlines{Set: javaNewline, Dot: javaNewline, CRLF: true}
}

var javaNewline = charset.Runes('\n', '\r', 0x85, 0x2028, 0x2029)

// javaBoundary is what \b takes for a word character in Java 17: letters and
// digits of Unicode, the underscore; \w itself is ASCII (JDK-8264160).
func javaBoundary() charset.Set {
	return charset.Union(charset.Table(unicode.L), charset.Table(unicode.Nd), charset.Runes('_'))
}

func javaNameStart(_ *parser, c rune) bool { return c < 0x80 && isAlpha(byte(c)) }

func javaNamePart(_ *parser, c rune) bool { return c < 0x80 && (isAlpha(byte(c)) || isDigit(byte(c))) }

// javaProperty: POSIX names, categories, IsScript, InBlock, java.lang.Character
// methods.
func javaProperty(p *parser, text string, _ int) (charset.Set, bool) {
	if name, value, ok := strings.Cut(text, "="); ok {
		switch strings.ToLower(name) {
		case "sc", "script":
			return charset.Script(value, true, true)
		case "gc", "general_category":
			return charset.Category(value)
		case "blk", "block":
			return charset.Block(value)
		}
		return charset.Set{}, false
	}
	if value, ok := strings.CutPrefix(text, "In"); ok {
		return charset.Block(value)
	}
	if value, ok := strings.CutPrefix(text, "Is"); ok {
		if s, ok := charset.Category(value); ok {
			return s, true
		}
		if s, ok := charset.Script(value, true, true); ok {
			return s, true
		}
		return charset.Binary(value)
	}
	if name, ok := javaPOSIX[text]; ok {
		s, _ := charset.POSIX(name)
		if p.mode&ucp != 0 {
			s, _ = charset.POSIXUnicode(name)
			if name == "punct" {
				s, _ = charset.Category("P")
			}
		}
		if p.mode&caseless != 0 && (name == "lower" || name == "upper") {
			s = s.Fold(charset.FoldSimple, charset.MaxRune)
		}
		return s, true
	}
	switch text {
	case "L1":
		return charset.All(0xFF), true
	case "all":
		return charset.All(charset.MaxRune), true
	case "LD":
		return charset.Union(charset.Table(unicode.L), charset.Table(unicode.Nd)), true
	case "javaLowerCase":
		return charset.Lowercase(), true
	case "javaUpperCase":
		return charset.Uppercase(), true
	case "javaAlphabetic":
		return charset.Alphabetic(), true
	case "javaDigit":
		return charset.DecimalNumber(), true
	case "javaLetter":
		return charset.Table(unicode.L), true
	case "javaLetterOrDigit":
		return charset.Union(charset.Table(unicode.L), charset.Table(unicode.Nd)), true
	case "javaWhitespace":
		return charset.Union(charset.Table(unicode.Z).Minus(charset.Runes(0xA0, 0x2007, 0x202F)), charset.Of(charset.Range{Lo: 9, Hi: 13}, charset.Range{Lo: 0x1C, Hi: 0x1F})), true
	case "javaSpaceChar":
		return charset.Table(unicode.Z), true
	case "javaISOControl":
		return charset.Table(unicode.Cc), true
	case "javaTitleCase":
		return charset.Table(unicode.Lt), true
	case "javaIdeographic":
		return charset.Binary("Ideographic")
	case "javaDefined":
		return charset.Binary("Assigned")
	case "javaJavaIdentifierStart", "javaUnicodeIdentifierStart":
		return charset.Union(charset.Table(unicode.L), charset.Table(unicode.Nl), charset.Table(unicode.Sc), charset.Table(unicode.Pc)), true
	case "javaJavaIdentifierPart", "javaUnicodeIdentifierPart":
		return charset.Union(charset.Table(unicode.L), charset.Table(unicode.Nl), charset.Table(unicode.Sc), charset.Table(unicode.Pc),
			charset.Table(unicode.Nd), charset.Table(unicode.Mn), charset.Table(unicode.Mc), charset.Table(unicode.Cf)), true
	}
	if text == "L&" {
		return charset.Set{}, false
	}
	if p.mode&caseless != 0 && (text == "Lu" || text == "Ll" || text == "Lt") {
		text = "LC"
	}
	return charset.Category(text)
}

var javaPOSIX = map[string]string{
	"Lower": "lower", "Upper": "upper", "ASCII": "ascii", "Alpha": "alpha", "Digit": "digit", "Alnum": "alnum", "Punct": "punct",
	"Graph": "graph", "Print": "print", "Blank": "blank", "Cntrl": "cntrl", "XDigit": "xdigit", "Space": "space",
}

// javaNumber is \1 of Java: as many digits as make a group that is opened so
// far, at least one; a group that does not exist never matches.
func (p *parser) javaNumber(s *sequence, start int, first rune) {
	n := int(first - '0')
	for !p.eof() && isDigit(p.peek()) {
		next := 10*n + int(p.peek()-'0')
		if next > p.opened {
			break
		}
		n = next
		p.pos++
	}
	node := &Node{Op: OpBackref, Span: Span{start, p.pos}}
	p.refer(node, reference{number: n, span: node.Span, missingFails: true})
	p.addReference(s, node)
}

// javaOctal is \0 with one to three digits, up to \0377.
func (p *parser) javaOctal(start int) (rune, bool) {
	n, count := p.number(8, 2)
	if count == 0 {
		p.fail(ErrBadEscape, start, p.pos+1, `\0 without octal digits`, "one to three digits")
		return 0, false
	}
	if count == 2 && n <= 0o37 {
		if d, more := p.number(8, 1); more == 1 {
			n = n*8 + d
		}
	}
	return n, true
}

// javaFolds: ß has no upper case of one character, and so matches no ẞ, though
// ẞ matches ß (Pattern.single).
func javaFolds(c rune) bool {
	upper := unicode.ToUpper(c)
	return upper != unicode.ToLower(upper)
}
