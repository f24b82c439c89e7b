package syntax

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A dialect is what one flavour of regular expressions knows and how it
// chooses where flavours differ. The parser holds no other knowledge of a
// flavour than its table.
type dialect struct {
	name corpus.Dialect
	// flags are what a user may give, and what each switches on.
	flags map[corpus.Flags]modes
	// implied are always on.
	implied modes
	unit    func(modes) Unit
	empty   EmptyLoop
	// unsetEmpty: a backreference to an unset group matches empty.
	unsetEmpty bool
	// twoPass: what an escape means depends on groups further on, so that the
	// pattern is read twice.
	twoPass bool
	// startOptions: (*UTF) and its like may lead the pattern.
	startOptions bool

	options optionRules
	// escapes and classEscapes are by the character after the backslash.
	escapes, classEscapes map[byte]escape
	// strayEscape is what \ makes of a character that is in no table.
	strayEscape func(p *parser, c rune, class bool) bool
	// groups are what may follow an opening parenthesis, longest first where
	// one begins another.
	groups []groupForm
	quant  quantRules
	class  classRules
	names  nameRules
	refs   numberRule

	caret, caretMulti, dollar, dollarMulti Assert
	lines                                  func(p *parser) newlines
	shorthand                              func(p *parser, k shorthand) charset.Set
	posix                                  func(p *parser, name string) (charset.Set, bool)
	property                               func(p *parser, text string, start int) (charset.Set, bool)
	folding                                func(m modes) charset.Folding
	foldRule                               foldRule
	// foldsAlone reports whether a literal character has a case, where that is
	// not what the folding says.
	foldsAlone func(c rune) bool
	lookbehind lookbehindRule
	// calls: (?1), (?-1), (?(+1)…) exist.
	calls bool
	// conditionLook: a conditional may ask a lookaround; conditionWords:
	// DEFINE, VERSION, R and R&name.
	conditionLook, conditionWords bool
	// balance: (?<a-b>…) pops group b.
	balance bool
	// commentEnd are the newlines that end a # comment, blank the characters
	// that extended mode skips.
	commentEnd func(p *parser) newlines
	blank      func(p *parser, c rune) bool
	// commentEscape: a backslash in (?#…) hides a parenthesis.
	commentEscape bool
	// lineEscape: a backslash in a # comment hides the newline (Python).
	lineEscape bool
	control    func(p *parser, start int) (rune, bool)
	// propertyLetter: \pL; propertyCaret: \p{^L}.
	propertyLetter, propertyCaret bool
	// boundaryWord is the word set of \b where it is not that of \w.
	boundaryWord func(p *parser) charset.Set
	// hexBrace: \x{…}; hexDigits are how many \x needs without braces;
	// hexLiteral: \x with fewer is the letter x.
	hexBrace, hexLiteral bool
	hexDigits            int
	// noSurrogates: escapes for U+D800-U+DFFF are errors.
	noSurrogates bool
	// plainNewline: \R may be backtracked into.
	plainNewline bool
	// kOpeners are what may open a name after \k.
	kOpeners string
	// kLiteral: \k is the letter k in a pattern without names; looseUnicode:
	// an incomplete \u or \c stands for its letter or for a backslash;
	// strictNumbers: an octal escape is an error (Annex B or not).
	kLiteral, looseUnicode, strictNumbers bool
	// backwardNames: \k<name> needs a group before it.
	backwardNames bool
	// conditionMarked: a conditional asks a number or a name in brackets;
	// levels: \k<n+1> (Onigmo).
	conditionMarked, levels bool
	// keepAnywhere: \K may stand in a lookaround.
	keepAnywhere bool
	// hexBytes: \x80 and above are bytes of UTF-8 (Onigmo); propertyOptional:
	// \p without a brace is the letter p.
	hexBytes, propertyOptional bool
	// plainBehind: only what steps back simply stands in a lookbehind, and
	// no capture in a negative one (Onigmo).
	plainBehind bool
	// endingCalls: a recursion that cannot end is an error (Onigmo).
	endingCalls bool
	// octalByte: octal escapes above \377 are errors.
	octalByte bool
	// octalMask: octal escapes keep their low eight bits.
	octalMask bool
	// conditionGroup: a conditional may ask any expression (.NET).
	conditionGroup bool
	numbering      numbering
	// conditionPlain: a conditional asks a number or a bare name (Python).
	conditionPlain bool
	// backwardOnly: references are to groups closed before them (Python).
	backwardOnly bool
	// namedOnly: plain parentheses do not capture where named ones exist.
	namedOnly bool
	// strictClose: a lone ], { or } is an error.
	strictClose bool
	// nest is the deepest that parentheses go, of the engine or maxNest.
	nest int
}

// modes are the settings in force at one place of a pattern.
type modes uint32

const (
	caseless modes = 1 << iota
	multiline
	dotAll
	extended
	extendedMore // blanks in classes do not count either
	ungreedy
	dupNames
	explicitCapture
	ucp         // \d \w \s \b and POSIX classes are over Unicode
	unicodeCase // caseless reaches beyond ASCII
	asciiOnly
	unixLines
	dollarEnd
	unicodeMode // code points: UTF, ECMAScript's u
	setsMode    // ECMAScript's v
	rightToLeft
	anchored
	localeMode
	inert // a flag that is recorded and does nothing here
)

// newlines say where lines end: a character of Set, and \r\n where CRLF. Dot
// is what the dot does not match.
type newlines struct {
	Set  charset.Set
	CRLF bool
	Dot  charset.Set
}

// shorthand is a class that an escape names.
type shorthand uint8

const (
	classDigit shorthand = iota
	classWord
	classSpace
	classHorizontal
	classVertical
	classHex
)

// An optionRules says what (?letters) means.
type optionRules struct {
	letters map[byte]modes
	// double: xx also hides blanks in classes.
	double bool
	// needLetter: (?) is an error; letterAfterDash: (?i-) is.
	needLetter, letterAfterDash bool
	// exclusive names letters that do not go together, "" when they do.
	exclusive func(letters string) string
	// noneAtAll: (?-:…) is an error.
	noneAtAll bool
	// keepsTarget: a*(?i)* repeats a* (Go).
	keepsTarget bool
	// whole: options at the very start count for the whole pattern.
	whole bool
	// plus: + switches back to setting; dashes: - may repeat.
	plus, dashes bool
	// caret: (?^…) resets to the defaults.
	caret bool
	// clears is what an option switches off while it switches on its letter:
	// (?x) undoes xx, (?u) undoes a.
	clears map[byte]modes
	// fixed letters cannot be unset.
	fixed string
	where optionPlace
	// scopedOnly: only (?i:…) exists.
	scopedOnly bool
	// distinct: a letter stands once.
	distinct bool
	// resets are what (?^) switches off.
	resets modes
}

type optionPlace uint8

const (
	optionsToGroupEnd optionPlace = iota // later alternatives included
	optionsGlobal                        // at the start only, for the whole pattern
	optionsIsolate                       // the rest of the group becomes a group: a(?i)b|c is a(?i:b|c)
)

// quantRules say how repeats are written and what they may follow.
type quantRules struct {
	// max is the largest bound of {n,m}.
	max int
	// strict: { that begins no quantifier is an error.
	strict bool
	// orphan: {n} with nothing before it is literal text.
	orphan bool
	// orphanStar: * + ? with nothing before it are literal text.
	orphanStar bool
	// emptyLow: {,n} is {0,n}.
	emptyLow bool
	// emptyBoth: {,} is *.
	emptyBoth bool
	// product is the largest product of nested bounds, 0 for any.
	product int
	// emptyTarget: {n} with nothing before it repeats the empty string (Java).
	emptyTarget bool
	// exactOptional: a{2}? is (?:a{2})? (Onigmo).
	exactOptional bool
	// possessive: x*+; braces: also x{1,2}+.
	possessive, braces bool
	// gap: white space and comments of extended mode may stand before the
	// mark ? or + of a repeat other than {…}.
	gap bool
	// braceGap: also before that of {…}.
	braceGap bool
	stacked  stackRule
	// targets is what may be repeated.
	targets target
}

type stackRule uint8

const (
	stackReject     stackRule = iota
	stackNest                 // a** repeats a repeat
	stackBraceEmpty           // a{2}{3}: {3} repeats the empty string, a** is an error
	stackBraces               // a{2}{3} is literal {3}, a** an error
)

// A target is a kind of item as far as repeating it goes.
type target uint8

const (
	targetPlain target = 1 << iota
	targetAnchor
	targetLookahead
	targetLookbehind
	targetAccept
	targetNone target = 0
)

// classRules say how [ ] is written.
type classRules struct {
	// closeFirst: ] right after [ or [^ is literal.
	closeFirst bool
	// narrowOutside: \D and its like end at U+00FF in a negated class with a
	// property (PCRE2 10.42).
	narrowOutside bool
	// posix: [:alpha:] inside a class; posixOutside: an error where it stands
	// for a class itself.
	posix, posixOutside bool
	// posixAnywhere: [: opens a POSIX class wherever :] follows, even behind a
	// closing bracket (Go).
	posixAnywhere bool
	// nested: [a[b]] is a union; intersect: &&; subtract: -[…] at the end.
	nested, intersect, subtract bool
	// sets: ECMAScript's v: && and -- between operands, \q{…}, reserved
	// double punctuators.
	sets bool
	// rangeOfClass is what a-\d is.
	rangeOfClass rangeRule
	// boundaries: [[:<:]] and [[:>:]].
	boundaries bool
	// posixIgnored: [:name:] in a class is read as one [ (regexp2).
	posixIgnored bool
	// dashEscape: an escaped hyphen begins no range and ends none.
	dashEscape bool
	// blanks: white space in a class does not count in extended mode.
	blanks bool
}

type rangeRule uint8

const (
	rangeReject      rangeRule = iota // an error
	rangeLiteral                      // three things: a, -, \d
	rangeRejectFirst                  // [\d-a] is literal, [a-\d] an error
)

// nameRules say what a group name is.
type nameRules struct {
	// most is the longest name in bytes, 0 for any.
	most  int
	start func(p *parser, c rune) bool
	part  func(p *parser, c rune) bool
	// repeat says whether a second group may have a name.
	repeat repeatRule
	// escapes: a name may hold \uhhhh.
	escapes bool
	// oneEach: groups of one number have one name (branch reset).
	oneEach bool
}

type repeatRule uint8

const (
	repeatReject       repeatRule = iota
	repeatWithMode                // under dupNames, or in branch reset
	repeatAnywhere                // Onigmo: several groups of one name
	repeatMerge                   // .NET: one group
	repeatAlternatives            // ECMAScript 2025: in different alternatives
)

// foldRule says which parts of a class a caseless mode widens.
type foldRule uint8

const (
	foldLiterals foldRule = iota // characters and ranges
	foldBefore                   // every item, before its own negation
	foldAfter                    // every item, after its own negation
)

// numberRule says what \1 to \99… are.
type numberRule uint8

const (
	numberPCRE   numberRule = iota // a group below 10 or so far opened, else octal
	numberNone                     // an error
	numberPython                   // \1…\99; three octal digits are octal
	numberAnnexB                   // a group of the pattern, else octal or the digit itself
	numberDotNet
	numberJava // as many digits as make a group that exists so far
	numberRuby
)

// numbering says which numbers groups get.
type numbering uint8

const (
	inOrder   numbering = iota
	namedLast           // plain groups first, then names, then gaps (.NET)
)

// lookbehindRule says how long a lookbehind may be.
type lookbehindRule uint8

const (
	lookbehindAny      lookbehindRule = iota // ECMAScript, .NET
	lookbehindBranches                       // each top-level branch of fixed length
	lookbehindFixed                          // one fixed length
	lookbehindBounded                        // with a largest length
)

// tableOf returns the dialect's table, nil for an unknown name.
func tableOf(name corpus.Dialect, flags corpus.Flags) *dialect {
	switch name {
	case corpus.ECMAScript:
		return ecmascriptTable(flags)
	case corpus.PCRE:
		return &pcre
	case corpus.DotNet:
		return &dotnet
	case corpus.Go:
		return &goDialect
	case corpus.Java:
		return &java
	case corpus.Ruby:
		return &ruby
	case corpus.Python:
		return &python
	}
	return nil
}
