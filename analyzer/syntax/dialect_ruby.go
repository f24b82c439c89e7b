package syntax

import (
	"unicode"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// ruby is Onigmo with Ruby's syntax on UTF-8 strings: ^ and $ always stand at
// line ends, m is dotall, \w \d \s are ASCII unless (?u), while \b and POSIX
// brackets are over Unicode unless (?a).
var ruby = dialect{
	name: corpus.Ruby,
	flags: map[corpus.Flags]modes{
		corpus.Caseless: caseless, corpus.Multiline: dotAll, corpus.Extended: extended, corpus.Unicode: inert, corpus.GlobalFlag: inert,
	},
	unit:    func(modes) Unit { return Rune },
	twoPass: true,
	options: optionRules{
		letters: map[byte]modes{'i': caseless, 'm': dotAll, 'x': extended, 'a': asciiOnly, 'u': ucp, 'd': inert},
		clears:  map[byte]modes{'a': ucp, 'u': asciiOnly, 'd': ucp | asciiOnly}, fixed: "adu", where: optionsIsolate,
	},
	escapes: withEscapes(rubyChars, rubyClasses, anchorsOf("AGZz"), wordBoundaries, numbers(), map[byte]escape{
		'k': {act: actK}, 'g': {act: actG}, 'R': {act: actNewline}, 'X': {act: actGrapheme}, 'K': {act: actKeep}, '0': {act: actOctal},
	}),
	classEscapes: withEscapes(rubyChars, rubyClasses, octals(), map[byte]escape{'b': {act: actChar, char: 8}, 'R': {act: actLiteral}, 'X': {act: actLiteral}}),
	strayEscape:  func(*parser, rune, bool) bool { return true },
	groups: []groupForm{
		{"?:", groupPlain}, {"?=", groupAhead}, {"?!", groupNotAhead}, {"?>", groupAtomic}, {"?~", groupAbsent}, {"?<=", groupBehind},
		{"?<!", groupNotBehind}, {"?<", groupNamed}, {"?'", groupQuoted}, {"?(", groupCondition}, {"?#", groupComment},
	},
	quant: quantRules{
		max: 100000, emptyLow: true, possessive: true, stacked: stackNest, exactOptional: true,
		targets: targetPlain | targetAnchor | targetLookahead | targetLookbehind,
	},
	class:     classRules{closeFirst: true, posix: true, nested: true, intersect: true, rangeOfClass: rangeReject},
	names:     nameRules{start: rubyNameStart, part: rubyNamePart, repeat: repeatAnywhere},
	refs:      numberRuby,
	namedOnly: true,
	caret:     BeginLineNotEnd, caretMulti: BeginLineNotEnd, dollar: EndLine, dollarMulti: EndLine,
	lines: lineFeed, commentEnd: lineFeed,
	blank:        func(_ *parser, c rune) bool { return c == ' ' || c >= '\t' && c <= '\r' },
	control:      func(p *parser, start int) (rune, bool) { return p.rubyControl(start) },
	shorthand:    rubyShorthand,
	boundaryWord: rubyBoundary,
	posix: func(p *parser, name string) (charset.Set, bool) {
		if p.mode&asciiOnly != 0 {
			return charset.POSIX(name)
		}
		return charset.POSIXUnicode(name)
	},
	property: rubyProperty, propertyCaret: true,
	folding:    func(modes) charset.Folding { return charset.FoldSimple },
	foldRule:   foldBefore,
	lookbehind: lookbehindBranches,
	hexDigits:  1, hexBytes: true, plainBehind: true, endingCalls: true, noSurrogates: true, propertyOptional: true, kOpeners: "<'", conditionMarked: true, commentEscape: true, levels: true, keepAnywhere: true,
	nest: maxNest,
}

var rubyChars = map[byte]escape{
	'a': {act: actChar, char: 7}, 'e': {act: actChar, char: 0x1B}, 'f': {act: actChar, char: '\f'}, 'n': {act: actChar, char: '\n'},
	'r': {act: actChar, char: '\r'}, 't': {act: actChar, char: '\t'}, 'v': {act: actChar, char: '\v'},
	'x': {act: actHex}, 'u': {act: actUnicode4}, 'c': {act: actControl}, 'C': {act: actControlDash}, 'M': {act: actMeta},
}

var rubyClasses = map[byte]escape{
	'd': {act: actClass, class: classDigit}, 'D': {act: actClass, class: classDigit, not: true},
	'w': {act: actClass, class: classWord}, 'W': {act: actClass, class: classWord, not: true},
	's': {act: actClass, class: classSpace}, 'S': {act: actClass, class: classSpace, not: true},
	'h': {act: actClass, class: classHex}, 'H': {act: actClass, class: classHex, not: true},
	'p': {act: actProperty}, 'P': {act: actProperty, not: true},
}

func rubyShorthand(p *parser, k shorthand) charset.Set {
	wide := p.mode&ucp != 0
	switch k {
	case classHex:
		return charset.Hex
	case classDigit:
		if wide {
			return charset.DecimalNumber()
		}
		return charset.Digit
	case classWord:
		switch {
		case wide && p.inClass:
			return charset.WordOnigmo()
		case wide:
			return charset.WordOnigmoSingle()
		}
		return charset.Word
	}
	if wide {
		return charset.WhiteSpace()
	}
	return charset.Space
}

func rubyBoundary(p *parser) charset.Set {
	if p.mode&asciiOnly != 0 {
		return charset.Word
	}
	return charset.WordOnigmoSingle()
}

func rubyNameStart(_ *parser, c rune) bool {
	return c == '_' || unicode.IsLetter(c)
}

func rubyNamePart(_ *parser, c rune) bool {
	return c == '_' || unicode.In(c, unicode.L, unicode.M, unicode.N)
}

// rubyProperty: POSIX names, categories, scripts and properties under loose
// matching, blocks with In_.
func rubyProperty(_ *parser, text string, _ int) (charset.Set, bool) {
	name := charset.Loose(text)
	if name != "ascii" {
		if s, ok := charset.POSIXUnicode(name); ok {
			return s, true
		}
	}
	if len(name) == 1 || len(name) == 2 {
		short := string(name[0]-'a'+'A') + name[1:]
		if s, ok := charset.Category(short); ok {
			return s, true
		}
	}
	if short, ok := charset.CategoryName(name, true); ok {
		return charset.Category(short)
	}
	if s, ok := charset.Script(name, true, true); ok {
		return s, true
	}
	if s, ok := charset.Binary(name); ok {
		return s, true
	}
	if len(name) > 2 && name[:2] == "in" {
		return charset.Block(name[2:])
	}
	return charset.Set{}, false
}

// rubyControl is the character after \c or \C-, with its upper bits off.
func (p *parser) rubyControl(start int) (rune, bool) {
	c := p.next()
	if c == '?' {
		return 0x7F, true
	}
	if c > 0x7F {
		p.fail(ErrBadEscape, start, p.pos, `\c with a character outside ASCII`, "a letter after it")
		return 0, false
	}
	return c & 0x9F, true
}

// rubyNumber is \1 of Onigmo: a group of the pattern when below 10 or so many
// are opened so far, else octal or the digit. Numbers have no meaning beside
// named groups.
func (p *parser) rubyNumber(s *sequence, start int, first rune) {
	p.pos = start + 1
	n, _ := p.decimal()
	if n <= 9 || n <= p.opened {
		if p.namedBeside(start) {
			return
		}
		p.backreference(s, n, start)
		return
	}
	if first >= '8' {
		p.pos = start + 2
		p.addLiteral(s, first, start)
		return
	}
	if c, ok := p.octal(start, start+1, 3); ok {
		p.addLiteral(s, c, start)
	}
}

// rubyK reads \k<name>, \k<1>, \k<-1>, each with a recursion level +n or -n
// behind it.
func (p *parser) rubyK(s *sequence, start int, opener byte) {
	c := p.peek()
	n := &Node{Op: OpBackref}
	var ref reference
	at := p.pos
	if isDigit(c) || c == '-' || c == '+' {
		var ok bool
		if ref, ok = p.signedNumber(); !ok || p.namedBeside(start) {
			return
		}
		ref.whole = false
	} else {
		for !p.eof() {
			r, k := p.char()
			if p.pos == at && !p.d.names.start(p, r) || !p.d.names.part(p, r) {
				break
			}
			p.pos += k
		}
		ref = reference{name: p.src[at:min(p.pos, len(p.src))], span: Span{at, p.pos}}
		if ref.name == "" {
			p.fail(ErrBadName, at, at+1, "missing group name", "a name or a number")
			return
		}
	}
	if p.peek() == '+' || p.peek() == '-' {
		level := p.pos
		p.pos++
		if _, ok := p.decimal(); !ok {
			p.fail(ErrBadName, level, p.pos+1, "malformed recursion level", "a number")
			return
		}
		n.Name = p.src[level:p.pos]
	}
	if !p.eat(closing(opener)) {
		p.fail(ErrBadName, p.pos, p.pos+1, `unfinished \k`, quoted(closing(opener)))
		return
	}
	n.Span = Span{start, p.pos}
	p.refer(n, ref)
	p.addReference(s, n)
}

// markedCondition reads (?(1)…), (?(<name>)…) and (?('name')…) of Onigmo.
func (p *parser) markedCondition(n *Node, open int) *Node {
	c := p.peek()
	quotedName := c == '<' || c == '\''
	if quotedName {
		p.pos++
	}
	start := p.pos
	terminator := ")"
	if quotedName {
		terminator = closing(c)
	}
	if isDigit(p.peek()) || p.peek() == '-' || p.peek() == '+' {
		ref, ok := p.signedNumber()
		if !ok {
			return nil
		}
		ref.whole = false
		if !p.eat(terminator) || quotedName && !p.eat(")") {
			p.fail(ErrBadGroup, start, p.pos+1, "unfinished condition", ")")
			return nil
		}
		p.refer(n, ref)
		return nil
	}
	if !quotedName {
		p.fail(ErrBadGroup, start, start+1, "condition that names no group", "(1) or (<name>)")
		return nil
	}
	name, ok := p.name(open, terminator)
	if !ok || !p.closeGroup(open, ") after the name") {
		return nil
	}
	p.refer(n, reference{name: name, span: Span{start, start + len(name)}})
	return nil
}

// joinBytes reads the escapes behind one of 0x80 and above: together they
// must be a character in UTF-8.
func (p *parser) joinBytes(first rune, start int) (rune, bool) {
	bytes := []byte{byte(first)}
	for first >= 0x80 && !utf8.FullRune(bytes) && p.peek() == '\\' && (p.at(1) == 'x' || isDigit(p.at(1))) {
		p.pos++
		base, most := rune(8), 3
		if p.eat("x") {
			base, most = 16, 2
		}
		n, _ := p.number(base, most)
		bytes = append(bytes, byte(n))
	}
	if first < 0x80 {
		return first, true
	}
	c, n := utf8.DecodeRune(bytes)
	if c == utf8.RuneError || n != len(bytes) {
		p.fail(ErrBadEncoding, start, p.pos, "bytes outside UTF-8 "+quoted(p.src[start:min(p.pos, len(p.src))]), "the bytes of one character")
		return 0, false
	}
	return c, true
}
