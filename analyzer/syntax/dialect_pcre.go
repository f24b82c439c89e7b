package syntax

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// pcre is PCRE2 10.42 as pcre2_compile reads patterns with default build
// options (pcre2pattern(3), pcre2syntax(3)).
var pcre = dialect{
	name: corpus.PCRE,
	flags: map[corpus.Flags]modes{
		corpus.Caseless: caseless, corpus.Multiline: multiline, corpus.DotAll: dotAll, corpus.Extended: extended,
		corpus.Unicode: unicodeMode, corpus.Anchored: anchored, corpus.DollarEndOnly: dollarEnd, corpus.Ungreedy: ungreedy,
		corpus.DupNames: dupNames, corpus.ExplicitCapture: explicitCapture, corpus.GlobalFlag: inert,
	},
	unit: func(m modes) Unit {
		if m&unicodeMode != 0 {
			return Rune
		}
		return Byte
	},
	startOptions: true,
	options: optionRules{
		letters: map[byte]modes{
			'i': caseless, 'm': multiline, 's': dotAll, 'x': extended, 'n': explicitCapture, 'J': dupNames, 'U': ungreedy,
		},
		clears: map[byte]modes{'x': extendedMore},
		caret:  true, double: true,
		resets: caseless | multiline | dotAll | extended | extendedMore | explicitCapture,
	},
	escapes: map[byte]escape{
		'a': {act: actChar, char: 7}, 'e': {act: actChar, char: 0x1B}, 'f': {act: actChar, char: '\f'},
		'n': {act: actChar, char: '\n'}, 'r': {act: actChar, char: '\r'}, 't': {act: actChar, char: '\t'},
		'd': {act: actClass, class: classDigit}, 'D': {act: actClass, class: classDigit, not: true},
		'w': {act: actClass, class: classWord}, 'W': {act: actClass, class: classWord, not: true},
		's': {act: actClass, class: classSpace}, 'S': {act: actClass, class: classSpace, not: true},
		'h': {act: actClass, class: classHorizontal}, 'H': {act: actClass, class: classHorizontal, not: true},
		'v': {act: actClass, class: classVertical}, 'V': {act: actClass, class: classVertical, not: true},
		'b': {act: actAssert, assert: WordBoundary}, 'B': {act: actAssert, assert: NotWordBoundary},
		'A': {act: actAssert, assert: BeginText}, 'Z': {act: actAssert, assert: EndTextOptional},
		'z': {act: actAssert, assert: EndText}, 'G': {act: actAssert, assert: SearchStart},
		'x': {act: actHex}, 'o': {act: actOctalBrace}, 'c': {act: actControl}, '0': {act: actOctal},
		'1': {act: actNumber}, '2': {act: actNumber}, '3': {act: actNumber}, '4': {act: actNumber}, '5': {act: actNumber},
		'6': {act: actNumber}, '7': {act: actNumber}, '8': {act: actNumber}, '9': {act: actNumber},
		'p': {act: actProperty}, 'P': {act: actProperty, not: true},
		'N': {act: actNotNewline}, 'R': {act: actNewline}, 'X': {act: actGrapheme}, 'K': {act: actKeep}, 'C': {act: actAnyUnit},
		'g': {act: actG}, 'k': {act: actK}, 'Q': {act: actQuote}, 'E': {act: actIgnore},
		'l': noCaseEscape, 'L': noCaseEscape, 'u': noCaseEscape, 'U': noCaseEscape, 'F': noCaseEscape,
	},
	classEscapes: map[byte]escape{
		'a': {act: actChar, char: 7}, 'b': {act: actChar, char: 8}, 'e': {act: actChar, char: 0x1B}, 'f': {act: actChar, char: '\f'},
		'n': {act: actChar, char: '\n'}, 'r': {act: actChar, char: '\r'}, 't': {act: actChar, char: '\t'},
		'd': {act: actClass, class: classDigit}, 'D': {act: actClass, class: classDigit, not: true},
		'w': {act: actClass, class: classWord}, 'W': {act: actClass, class: classWord, not: true},
		's': {act: actClass, class: classSpace}, 'S': {act: actClass, class: classSpace, not: true},
		'h': {act: actClass, class: classHorizontal}, 'H': {act: actClass, class: classHorizontal, not: true},
		'v': {act: actClass, class: classVertical}, 'V': {act: actClass, class: classVertical, not: true},
		'x': {act: actHex}, 'o': {act: actOctalBrace}, 'c': {act: actControl}, '0': {act: actOctal},
		'1': {act: actNumber}, '2': {act: actNumber}, '3': {act: actNumber}, '4': {act: actNumber}, '5': {act: actNumber},
		'6': {act: actNumber}, '7': {act: actNumber}, '8': {act: actNumber}, '9': {act: actNumber},
		'p': {act: actProperty}, 'P': {act: actProperty, not: true},
		'N': {act: actNamed}, 'g': {act: actLiteral}, 'Q': {act: actQuote}, 'E': {act: actIgnore},
		'l': noCaseEscape, 'L': noCaseEscape, 'u': noCaseEscape, 'U': noCaseEscape, 'F': noCaseEscape,
	},
	strayEscape: notAlphanumeric,
	groups: []groupForm{
		{"?:", groupPlain}, {"?=", groupAhead}, {"?!", groupNotAhead}, {"?*", groupAheadNonAtomic},
		{"?<=", groupBehind}, {"?<!", groupNotBehind}, {"?<*", groupBehindNonAtomic}, {"?>", groupAtomic}, {"?|", groupReset},
		{"?P<", groupNamed}, {"?P=", groupNameRef}, {"?P>", groupNameCall}, {"?P", groupUnknownP}, {"?<", groupNamed},
		{"?'", groupQuoted}, {"?&", groupNameCallAnd}, {"?R", groupRecurse}, {"?(", groupCondition}, {"?C", groupCallout},
		{"?#", groupComment}, {"*", groupVerb},
	},
	quant: quantRules{
		max: 65535, possessive: true, braces: true, gap: true,
		targets: targetPlain | targetLookahead | targetLookbehind | targetAccept,
	},
	class: classRules{closeFirst: true, posix: true, posixOutside: true, boundaries: true, narrowOutside: true},
	names: nameRules{most: 32, start: pcreNameStart, part: pcreNamePart, repeat: repeatWithMode, oneEach: true},
	refs:  numberPCRE,
	caret: BeginText, caretMulti: BeginLineNotEnd, dollar: EndTextOptional, dollarMulti: EndLine,
	lines: pcreLines, commentEnd: pcreLines, blank: pcreBlank, control: pcreControl,
	shorthand: pcreShorthand, posix: pcrePOSIX, property: pcreProperty, propertyLetter: true, propertyCaret: true,
	folding: func(m modes) charset.Folding {
		if m&(unicodeMode|ucp) != 0 {
			return charset.FoldSimple
		}
		return charset.FoldASCII
	},
	foldRule:   foldLiterals,
	lookbehind: lookbehindBranches,
	calls:      true, conditionLook: true, conditionWords: true, hexBrace: true, noSurrogates: true,
	kOpeners: "<'{", nest: 250,
}

var noCaseEscape = escape{act: actReject, hint: "no case conversion in a pattern"}

// notAlphanumeric: a backslash makes anything but ASCII letters and digits
// stand for itself.
func notAlphanumeric(_ *parser, c rune, _ bool) bool {
	return c >= 0x80 || !isAlpha(byte(c)) && !isDigit(byte(c))
}

func pcreShorthand(p *parser, k shorthand) charset.Set {
	unicode := p.mode&ucp != 0
	switch k {
	case classDigit:
		if unicode {
			return charset.DecimalNumber()
		}
		return charset.Digit
	case classWord:
		if unicode {
			return charset.WordPCRE()
		}
		return charset.Word
	case classSpace:
		if unicode {
			return charset.SpacePCRE()
		}
		return charset.Space
	case classHorizontal:
		return charset.Horizontal
	}
	return charset.Vertical
}

// pcrePOSIX: a caseless mode makes upper and lower alpha, but not under UCP.
func pcrePOSIX(p *parser, name string) (charset.Set, bool) {
	if p.mode&ucp != 0 {
		return charset.POSIXUCP(name)
	}
	if p.mode&caseless != 0 && (name == "upper" || name == "lower") {
		name = "alpha"
	}
	return charset.POSIX(name)
}
