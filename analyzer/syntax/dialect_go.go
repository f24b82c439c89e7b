package syntax

import (
	"unicode"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// goDialect is RE2 as regexp/syntax reads it with the flags of
// regexp.Compile.
var goDialect = dialect{
	name: corpus.Go,
	flags: map[corpus.Flags]modes{
		corpus.Caseless: caseless, corpus.Multiline: multiline, corpus.DotAll: dotAll, corpus.Ungreedy: ungreedy, corpus.GlobalFlag: inert,
	},
	unit:  func(modes) Unit { return Rune },
	empty: SkipEmpty,
	options: optionRules{
		letters:         map[byte]modes{'i': caseless, 'm': multiline, 's': dotAll, 'U': ungreedy},
		letterAfterDash: true, keepsTarget: true,
	},
	escapes:      withEscapes(goChars, asciiClasses, anchorsOf("Az"), wordBoundaries, numbers(), map[byte]escape{'Q': {act: actQuote}}),
	classEscapes: withEscapes(goChars, asciiClasses, numbers()),
	strayEscape:  func(_ *parser, c rune, _ bool) bool { return c < 0x80 && !isAlpha(byte(c)) && !isDigit(byte(c)) },
	groups:       []groupForm{{"?:", groupPlain}, {"?P<", groupNamed}, {"?P", groupUnknownP}, {"?<", groupNamed}},
	quant: quantRules{
		max: 1000, targets: targetPlain | targetAnchor, product: 1000,
	},
	class: classRules{closeFirst: true, posix: true, posixAnywhere: true, rangeOfClass: rangeRejectFirst},
	names: nameRules{start: asciiNamePart, part: asciiNamePart, repeat: repeatReject},
	refs:  numberNone,
	caret: BeginText, caretMulti: BeginLine, dollar: EndText, dollarMulti: EndLine,
	lines: lineFeed,
	shorthand: func(_ *parser, k shorthand) charset.Set {
		switch k {
		case classDigit:
			return charset.Digit
		case classWord:
			return charset.Word
		}
		return charset.SpaceNoVT
	},
	boundaryWord: func(*parser) charset.Set { return charset.Word },
	posix:        func(_ *parser, name string) (charset.Set, bool) { return charset.POSIX(name) },
	property:     goProperty, propertyLetter: true, propertyCaret: true,
	folding:  func(modes) charset.Folding { return charset.FoldSimple },
	foldRule: foldBefore,
	hexBrace: true, hexDigits: 2,
	nest: maxNest,
}

var goChars = map[byte]escape{
	'a': {act: actChar, char: 7}, 'f': {act: actChar, char: '\f'}, 'n': {act: actChar, char: '\n'}, 'r': {act: actChar, char: '\r'},
	't': {act: actChar, char: '\t'}, 'v': {act: actChar, char: '\v'}, 'x': {act: actHex}, '0': {act: actOctal},
}

var asciiClasses = map[byte]escape{
	'd': {act: actClass, class: classDigit}, 'D': {act: actClass, class: classDigit, not: true},
	'w': {act: actClass, class: classWord}, 'W': {act: actClass, class: classWord, not: true},
	's': {act: actClass, class: classSpace}, 'S': {act: actClass, class: classSpace, not: true},
	'p': {act: actProperty}, 'P': {act: actProperty, not: true},
}

// goProperty: categories and scripts by exact name, categories by long name
// too, and the four words of regexp/syntax.
func goProperty(_ *parser, name string, _ int) (charset.Set, bool) {
	switch charset.Loose(name) {
	case "any":
		return charset.All(charset.MaxRune), true
	case "ascii", "assigned":
		return charset.Binary(name)
	case "lc":
		return charset.Category("LC")
	case "cn":
		return charset.Category("Cn")
	}
	if _, ok := unicode.Categories[name]; ok {
		return charset.Category(name)
	}
	if t, ok := unicode.Scripts[name]; ok {
		return charset.Table(t), true
	}
	if short, ok := charset.CategoryName(name, true); ok {
		return charset.Category(short)
	}
	return charset.Set{}, false
}

// octalOnly is \12 of Go: two octal digits at least.
func (p *parser) octalOnly(start int) (rune, bool) {
	if d := p.src[start+1]; d > '7' || p.eof() || p.peek() < '0' || p.peek() > '7' {
		p.fail(ErrBadEscape, start, p.pos, "backreference "+quoted(p.src[start:p.pos]), "a pattern without backreferences")
		return 0, false
	}
	return p.octal(start, start+1, 3)
}
