package syntax

import (
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// python is CPython 3.11's re for str patterns.
var python = dialect{
	name: corpus.Python,
	flags: map[corpus.Flags]modes{
		corpus.Caseless: caseless, corpus.Multiline: multiline, corpus.DotAll: dotAll, corpus.Extended: extended,
		corpus.Unicode: inert, corpus.GlobalFlag: inert,
	},
	unit: func(modes) Unit { return Rune },
	options: optionRules{
		letters: map[byte]modes{
			'a': asciiOnly, 'i': caseless, 'L': localeMode, 'm': multiline, 's': dotAll, 'u': inert, 'x': extended,
		},
		clears: map[byte]modes{'u': asciiOnly}, fixed: "aLu", where: optionsGlobal, needLetter: true, letterAfterDash: true,
		exclusive: pythonOptions,
	},
	escapes: withEscapes(pythonChars, pythonClasses, numbers(), wordBoundaries, map[byte]escape{
		'A': {act: actAssert, assert: BeginText}, 'Z': {act: actAssert, assert: EndText}, '0': {act: actOctal},
	}),
	classEscapes: withEscapes(pythonChars, pythonClasses, octals(), map[byte]escape{'b': {act: actChar, char: 8}}),
	strayEscape:  notAlphanumeric,
	groups: []groupForm{
		{"?:", groupPlain}, {"?=", groupAhead}, {"?!", groupNotAhead}, {"?<=", groupBehind}, {"?<!", groupNotBehind},
		{"?>", groupAtomic}, {"?P<", groupNamed}, {"?P=", groupNameRef}, {"?P", groupUnknownP}, {"?(", groupCondition}, {"?#", groupComment},
	},
	quant: quantRules{
		max: 1<<32 - 2, emptyLow: true, emptyBoth: true, possessive: true, braces: true,
		targets: targetPlain | targetLookahead | targetLookbehind,
	},
	class: classRules{closeFirst: true},
	names: nameRules{start: pythonNameStart, part: pythonNamePart, repeat: repeatReject},
	refs:  numberPython,
	caret: BeginText, caretMulti: BeginLine, dollar: EndTextOptional, dollarMulti: EndLine,
	lines: lineFeed, commentEnd: lineFeed,
	blank: func(_ *parser, c rune) bool { return c == ' ' || c >= '\t' && c <= '\r' },
	shorthand: func(p *parser, k shorthand) charset.Set {
		ascii := p.mode&asciiOnly != 0
		switch {
		case k == classDigit && ascii:
			return charset.Digit
		case k == classDigit:
			return charset.DecimalNumber()
		case k == classWord && ascii:
			return charset.Word
		case k == classWord:
			return charset.WordPython()
		case ascii:
			return charset.Space
		}
		return charset.SpacePython()
	},
	folding: func(m modes) charset.Folding {
		if m&asciiOnly != 0 {
			return charset.FoldASCII
		}
		return charset.FoldPython
	},
	foldRule:   foldLiterals,
	lookbehind: lookbehindFixed,
	hexDigits:  2, octalByte: true, commentEscape: true, lineEscape: true, conditionPlain: true, backwardOnly: true,
	nest: maxNest,
}

var pythonChars = map[byte]escape{
	'a': {act: actChar, char: 7}, 'f': {act: actChar, char: '\f'}, 'n': {act: actChar, char: '\n'}, 'r': {act: actChar, char: '\r'},
	't': {act: actChar, char: '\t'}, 'v': {act: actChar, char: '\v'}, 'x': {act: actHex}, 'u': {act: actUnicode4}, 'U': {act: actUnicode8},
	'N': {act: actNamed},
}

var pythonClasses = map[byte]escape{
	'd': {act: actClass, class: classDigit}, 'D': {act: actClass, class: classDigit, not: true},
	'w': {act: actClass, class: classWord}, 'W': {act: actClass, class: classWord, not: true},
	's': {act: actClass, class: classSpace}, 'S': {act: actClass, class: classSpace, not: true},
}

// pythonOptions says which letters CPython refuses together: L has no place
// in a str pattern, a and u exclude each other, and letters are only unset in
// a group of their own.
func pythonOptions(letters string) string {
	on, off, _ := strings.Cut(letters, "-")
	switch {
	case strings.Contains(on, "L"):
		return "option L in a pattern of characters"
	case strings.Contains(on, "a") && strings.Contains(on, "u"):
		return "options a and u together"
	case on != "" && off != "" && strings.ContainsAny(on, off):
		return "option set and unset"
	}
	return ""
}

func pythonNameStart(_ *parser, c rune) bool { return c == '_' || identifierStart().Contains(c) }

func pythonNamePart(_ *parser, c rune) bool { return identifierPart().Contains(c) }

func identifierStart() charset.Set { s, _ := charset.Binary("XID_Start"); return s }

func identifierPart() charset.Set { s, _ := charset.Binary("XID_Continue"); return s }

// pythonNumber is \1 to \99: a group that is closed. Three octal digits are a
// character.
func (p *parser) pythonNumber(s *sequence, start int) {
	digits := p.src[start+1 : min(len(p.src), start+4)]
	if len(digits) == 3 && octalDigits(digits) {
		c, _ := p.octal(start, start+1, 3)
		if c > 0xFF {
			p.fail(ErrBadEscape, start, p.pos, "octal escape "+quoted(p.src[start:p.pos])+" out of range", `at most \377`)
			return
		}
		p.addLiteral(s, c, start)
		return
	}
	n := int(digits[0] - '0')
	if !p.eof() && isDigit(p.peek()) {
		n = 10*n + int(p.peek()-'0')
		p.pos++
	}
	p.backwardReference(s, n, start)
}

func octalDigits(s string) bool {
	return strings.Trim(s, "01234567") == ""
}

// backwardReference refers to a group that must be closed already.
func (p *parser) backwardReference(s *sequence, n, start int) {
	switch {
	case n > p.opened:
		p.fail(ErrBadReference, start, p.pos, "reference to group "+decimalString(n)+", which does not exist so far", "a group before it")
	case p.open[n]:
		p.fail(ErrBadReference, start, p.pos, "reference to group "+decimalString(n)+", which is open", "a group that is closed")
	case !p.outsideBehind(n, start):
	default:
		p.backreference(s, n, start)
	}
}

// outsideBehind fails on a group that is open, or stands in the lookbehind
// that speaks of it.
func (p *parser) outsideBehind(n, start int) bool {
	switch {
	case p.behind == 0:
		return true
	case n > p.opened || p.open[n]:
		p.fail(ErrBadReference, start, p.pos, "reference to group "+decimalString(n)+", which is open", "a group that is closed")
	case n > p.closed:
		p.fail(ErrBadReference, start, p.pos, "reference to group "+decimalString(n)+" of the same lookbehind", "a group before the lookbehind")
	default:
		return true
	}
	return false
}

// plainCondition reads (?(1)…) or (?(name)…) of Python.
func (p *parser) plainCondition(n *Node, open int) *Node {
	start := p.pos
	if isDigit(p.peek()) {
		k, _ := p.decimal()
		if k == 0 || k > maxGroups {
			p.fail(ErrBadReference, start, p.pos, "condition on group "+decimalString(k), "a group from 1")
			return nil
		}
		if p.closeGroup(open, ") after the number") && p.outsideBehind(k, start) {
			p.refer(n, reference{number: k, span: Span{start, p.pos - 1}})
		}
		return nil
	}
	name, ok := p.name(open, ")")
	if !ok {
		return nil
	}
	if len(p.names[name]) == 0 {
		p.fail(ErrBadReference, start, p.pos, "condition on group "+quoted(name)+", which does not exist so far", "a group before it")
		return nil
	}
	if p.outsideBehind(p.names[name][0], start) {
		p.refer(n, reference{name: name, span: Span{start, p.pos - 1}})
	}
	return nil
}

// checkFixed: the whole lookbehind has one length (CPython).
func (p *parser) checkFixed(n *Node) {
	m := NewMeasure(p.re)
	m.exactRefs = true
	defer func() { p.work += m.work }()
	if low, high := m.Min(n.Sub[0]), m.Max(n.Sub[0]); low != high {
		p.fail(ErrBadLookbehind, n.Span.Start, n.Span.End, "lookbehind of variable length", "one fixed length")
	}
}
