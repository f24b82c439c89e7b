package syntax

import (
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// ECMAScript 2025 has three grammars: without u, where Annex B gives a
// meaning to nearly everything; with u; and with v, whose classes have set
// operations. Each has its table.
var (
	ecmascript  = annexB()
	ecmascriptU = ecmascriptUnicode()
	ecmascriptV = ecmascriptSets()
)

func ecmascriptTable(flags corpus.Flags) *dialect {
	switch {
	case flags.Has(corpus.UnicodeSets):
		return &ecmascriptV
	case flags.Has(corpus.Unicode):
		return &ecmascriptU
	}
	return &ecmascript
}

func annexB() dialect {
	return dialect{
		name: corpus.ECMAScript,
		flags: map[corpus.Flags]modes{
			corpus.Caseless: caseless, corpus.Multiline: multiline, corpus.DotAll: dotAll, corpus.Unicode: unicodeMode,
			corpus.UnicodeSets: setsMode, corpus.Sticky: inert, corpus.Indices: inert, corpus.GlobalFlag: inert,
		},
		unit:       func(modes) Unit { return UTF16 },
		empty:      RejectEmpty,
		unsetEmpty: true,
		twoPass:    true,
		options: optionRules{
			letters:  map[byte]modes{'i': caseless, 'm': multiline, 's': dotAll},
			distinct: true, scopedOnly: true, noneAtAll: true,
		},
		escapes: withEscapes(ecmaChars, ecmaClasses, wordBoundaries, numbers(), map[byte]escape{
			'0': {act: actNumber}, 'k': {act: actK},
		}),
		classEscapes: withEscapes(ecmaChars, ecmaClasses, numbers(), map[byte]escape{
			'0': {act: actNumber}, 'b': {act: actChar, char: 8}, 'k': {act: actK},
		}),
		strayEscape: func(*parser, rune, bool) bool { return true },
		groups: []groupForm{
			{"?:", groupPlain}, {"?=", groupAhead}, {"?!", groupNotAhead}, {"?<=", groupBehind}, {"?<!", groupNotBehind}, {"?<", groupNamed},
		},
		quant: quantRules{max: 1 << 41, targets: targetPlain | targetLookahead},
		class: classRules{rangeOfClass: rangeLiteral},
		names: nameRules{start: ecmaNameStart, part: ecmaNamePart, repeat: repeatAlternatives, escapes: true},
		refs:  numberAnnexB,
		caret: BeginText, caretMulti: BeginLine, dollar: EndText, dollarMulti: EndLine,
		lines:     func(*parser) newlines { return newlines{Set: ecmaNewline, Dot: ecmaNewline} },
		control:   ecmaControl,
		shorthand: ecmaShorthand,
		folding:   func(modes) charset.Folding { return charset.FoldUpper },
		foldRule:  foldAfter,
		hexDigits: 2, hexLiteral: true, kOpeners: "<", kLiteral: true, looseUnicode: true,
		nest: maxNest,
	}
}

func ecmascriptUnicode() dialect {
	d := annexB()
	d.unit = func(modes) Unit { return Rune }
	d.escapes['p'] = escape{act: actProperty}
	d.escapes['P'] = escape{act: actProperty, not: true}
	d.classEscapes['p'] = escape{act: actProperty}
	d.classEscapes['P'] = escape{act: actProperty, not: true}
	d.strayEscape = func(_ *parser, c rune, class bool) bool {
		return strings.ContainsRune(`^$\.*+?()[]{}|/`, c) || class && c == '-'
	}
	d.quant.strict = true
	d.quant.targets = targetPlain
	d.class.rangeOfClass = rangeReject
	d.folding = func(modes) charset.Folding { return charset.FoldSimple }
	d.property = ecmaProperty
	d.hexLiteral, d.kLiteral, d.looseUnicode = false, false, false
	d.strictClose, d.strictNumbers = true, true
	return d
}

func ecmascriptSets() dialect {
	d := ecmascriptUnicode()
	d.class.sets = true
	d.foldRule = foldBefore
	d.classEscapes['q'] = escape{act: actStrings}
	d.strayEscape = func(_ *parser, c rune, class bool) bool {
		return strings.ContainsRune(`^$\.*+?()[]{}|/`, c) || class && strings.ContainsRune("&-!#%,:;<=>@`~", c)
	}
	return d
}

var ecmaNewline = charset.Runes('\n', '\r', 0x2028, 0x2029)

var ecmaChars = map[byte]escape{
	'f': {act: actChar, char: '\f'}, 'n': {act: actChar, char: '\n'}, 'r': {act: actChar, char: '\r'}, 't': {act: actChar, char: '\t'},
	'v': {act: actChar, char: '\v'}, 'c': {act: actControl}, 'x': {act: actHex}, 'u': {act: actUnicode4},
}

var ecmaClasses = map[byte]escape{
	'd': {act: actClass, class: classDigit}, 'D': {act: actClass, class: classDigit, not: true},
	'w': {act: actClass, class: classWord}, 'W': {act: actClass, class: classWord, not: true},
	's': {act: actClass, class: classSpace}, 'S': {act: actClass, class: classSpace, not: true},
}

// ecmaShorthand: with i and u, \w has what folds to a word character
// (22.2.2.7.1, WordCharacters).
func ecmaShorthand(p *parser, k shorthand) charset.Set {
	switch k {
	case classDigit:
		return charset.Digit
	case classSpace:
		return charset.SpaceECMAScript()
	}
	if p.mode&caseless != 0 && p.re.Unit == Rune {
		return charset.Word.Fold(charset.FoldSimple, charset.MaxRune)
	}
	return charset.Word
}

func ecmaNameStart(_ *parser, c rune) bool {
	return c == '$' || c == '_' || c >= 0x80 && idStart().Contains(c) || c < 0x80 && isAlpha(byte(c))
}

func ecmaNamePart(_ *parser, c rune) bool {
	return c == '$' || c == 0x200C || c == 0x200D || c >= 0x80 && idPart().Contains(c) || c < 0x80 && isWord(byte(c))
}

func idStart() charset.Set { s, _ := charset.Binary("ID_Start"); return s }

func idPart() charset.Set { s, _ := charset.Binary("ID_Continue"); return s }

// ecmaControl is \cA. Annex B reads anything else as a backslash, and in a
// class also takes digits and the underscore.
func ecmaControl(p *parser, start int) (rune, bool) {
	c := p.peek()
	if isAlpha(c) || p.inClass && p.d.looseUnicode && (isDigit(c) || c == '_') {
		p.pos++
		return rune(c & 31), true
	}
	if p.d.looseUnicode {
		p.pos = start + 1
		return '\\', true
	}
	p.fail(ErrBadEscape, start, p.pos+1, `\c without a letter`, "a letter after it")
	return 0, false
}

// ecmaProperty: names as they stand in the specification, case included.
func ecmaProperty(_ *parser, text string, _ int) (charset.Set, bool) {
	if name, value, ok := strings.Cut(text, "="); ok {
		switch name {
		case "General_Category", "gc":
			return ecmaCategory(value)
		case "Script", "sc":
			return charset.Script(value, false, true)
		case "Script_Extensions", "scx":
			return charset.ScriptExtensions(value, false, true)
		}
		return charset.Set{}, false
	}
	if s, ok := ecmaCategory(text); ok {
		return s, true
	}
	if strings.Contains(ecmaBinary, " "+text+" ") && text != "" && !strings.Contains(text, " ") {
		return charset.Binary(text)
	}
	return charset.Set{}, false
}

func ecmaCategory(name string) (charset.Set, bool) {
	if name == "L&" {
		return charset.Set{}, false
	}
	if s, ok := charset.Category(name); ok && len(name) <= 2 {
		return s, true
	}
	if short, ok := charset.CategoryName(name, false); ok {
		return charset.Category(short)
	}
	return charset.Set{}, false
}

// ecmaBinary are the binary properties of ECMAScript (table 67) with their
// aliases.
const ecmaBinary = " ASCII ASCII_Hex_Digit AHex Alphabetic Alpha Any Assigned Bidi_Control Bidi_C Bidi_Mirrored Bidi_M " +
	"Case_Ignorable CI Cased Changes_When_Casefolded CWCF Changes_When_Casemapped CWCM Changes_When_Lowercased CWL " +
	"Changes_When_NFKC_Casefolded CWKCF Changes_When_Titlecased CWT Changes_When_Uppercased CWU Dash " +
	"Default_Ignorable_Code_Point DI Deprecated Dep Diacritic Dia Emoji Emoji_Component EComp Emoji_Modifier EMod " +
	"Emoji_Modifier_Base EBase Emoji_Presentation EPres Extended_Pictographic ExtPict Extender Ext Grapheme_Base Gr_Base " +
	"Grapheme_Extend Gr_Ext Hex_Digit Hex IDS_Binary_Operator IDSB IDS_Trinary_Operator IDST ID_Continue IDC ID_Start IDS " +
	"Ideographic Ideo Join_Control Join_C Logical_Order_Exception LOE Lowercase Lower Math Noncharacter_Code_Point NChar " +
	"Pattern_Syntax Pat_Syn Pattern_White_Space Pat_WS Quotation_Mark QMark Radical Regional_Indicator RI " +
	"Sentence_Terminal STerm Soft_Dotted SD Terminal_Punctuation Term Unified_Ideograph UIdeo Uppercase Upper " +
	"Variation_Selector VS White_Space space XID_Continue XIDC XID_Start XIDS "
