package syntax

import (
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
)

// bracket reads a class and adds its node.
func (p *parser) bracket(s *sequence) {
	start := p.pos
	if p.d.class.boundaries {
		if kind, ok := p.wordBracket(); ok {
			s.add(&Node{Op: OpAssert, Assert: kind, Set: p.wordSet(), Span: Span{start, p.pos}}, targetPlain)
			return
		}
	}
	if p.d.class.posixOutside {
		if end, ok := p.posixEnd(p.pos + 1); ok {
			kind, found := ErrBadClass, "class "+quoted(p.src[start:end+2])+" outside brackets"
			p.fail(kind, start, end+2, found, "[["+p.src[start+1:end+1]+"]]")
			return
		}
	}
	if p.d.class.nested {
		s.add(p.set(p.nestedClass(), start), targetPlain)
		return
	}
	if p.d.class.sets {
		p.setClass(s)
		return
	}
	s.add(p.set(p.class(), start), targetPlain)
}

// wordBracket reads [[:<:]] and [[:>:]].
func (p *parser) wordBracket() (Assert, bool) {
	switch {
	case p.eat("[[:<:]]"):
		return WordStart, true
	case p.eat("[[:>:]]"):
		return WordEnd, true
	}
	return 0, false
}

// A classItem is one item of a class: a character that may begin or end a
// range, or a set that may not.
type classItem struct {
	char  rune
	isSet bool
	set   charset.Set
	span  Span
	kind  itemKind
}

// itemKind says what a set came from, where PCRE2 makes a difference.
type itemKind uint8

const (
	itemPlain    itemKind = iota
	itemOutside           // \D, [:^digit:]: not over Unicode
	itemProperty          // \p{…}
)

// A classBuilder gathers the items of one class.
type classBuilder struct {
	p *parser
	// plain are characters and ranges, fixed what the caseless mode has
	// already been applied to.
	plain, fixed []charset.Range
	compact      int
	// seen are the tables added already, by their first range: \w a thousand
	// times over is one table.
	seen map[*charset.Range]bool
	// outside are the negated shorthands and POSIX classes over ASCII in a
	// class of PCRE2, property that a property stands beside them.
	outside  charset.Set
	property bool
	// items counts what was gathered; lineEnd: \r or \n is an item or bounds a
	// range.
	items   int
	lineEnd bool
	// minus is what a subtraction takes away in the end.
	minus charset.Set
}

func (b *classBuilder) add(set charset.Set) {
	ranges := set.Ranges()
	if len(ranges) == 0 || b.seen[&ranges[0]] {
		return
	}
	if b.seen == nil {
		b.seen = map[*charset.Range]bool{}
	}
	b.seen[&ranges[0]] = true
	b.fixed = append(b.fixed, ranges...)
	if len(b.fixed) > max(b.compact, compactAt) {
		b.fixed = slices.Clone(charset.Of(b.fixed...).Ranges())
		b.compact = 2 * len(b.fixed)
	}
}

// compactAt is the number of gathered ranges at which a class first merges
// them; a table of Unicode words has 700.
const compactAt = 4096

func (b *classBuilder) span(lo, hi rune) {
	b.plain = append(b.plain, charset.Range{Lo: lo, Hi: hi})
	b.items++
	if lo != hi {
		b.items++
	}
	b.lineEnd = b.lineEnd || lo == '\r' || lo == '\n' || hi == '\r' || hi == '\n'
}

// done is the set of what was gathered.
func (b *classBuilder) done() charset.Set {
	set := charset.Of(b.plain...)
	if p := b.p; p.mode&caseless != 0 {
		set = set.Fold(p.d.folding(p.mode), p.re.Unit.Max())
	}
	return charset.Union(set, charset.Of(b.fixed...))
}

// beyond is what the items outside ASCII add. In a negated class with a
// property they end at U+00FF, so that [^\D\P{Nd}] is every digit: a fault of
// PCRE2 10.42 that its own tests hold (testoutput5, "[^\D\P{Nd}]").
func (b *classBuilder) beyond(not bool) charset.Set {
	if not && b.property {
		return b.outside.Intersect(charset.All(charset.MaxByte))
	}
	return b.outside
}

// class reads a bracketed class, brackets and all.
func (p *parser) class() charset.Set {
	open := p.pos
	p.pos++
	not := false
	p.skipClassQuote()
	if p.peek() == '^' && !p.quote {
		p.pos++
		not = true
		p.skipClassQuote()
	}
	b := classBuilder{p: p}
	p.classItems(&b, open)
	// A negated class of one character is a thing of its own in PCRE2.
	p.lineEnd = p.lineEnd || b.lineEnd && !(not && b.items == 1)
	set := charset.Union(b.done(), b.beyond(not))
	if not {
		set = set.Negate(p.re.Unit.Max())
	}
	set = set.Minus(b.minus)
	return p.charge(set, open)
}

// charge counts the ranges of a set against the limit for the whole tree.
func (p *parser) charge(set charset.Set, open int) charset.Set {
	p.ranges += len(set.Ranges())
	if p.ranges > maxRanges {
		p.fail(ErrLimit, open, p.pos, "classes too large together", "at most "+decimalString(maxRanges)+" ranges")
	}
	return set
}

// classItems reads items up to the closing bracket, and moves behind it.
func (p *parser) classItems(b *classBuilder, open int) {
	for first := true; ; first = false {
		p.skipClassBlank()
		if p.eof() {
			p.failAt(ErrMissingBracket, len(p.src), len(p.src), Span{open, open + 1}, "missing ]", "a closing bracket")
			return
		}
		if !p.quote && p.peek() == ']' && !(first && p.d.class.closeFirst) {
			p.pos++
			return
		}
		if p.d.class.subtract && !first && p.has("-[") && !p.quote {
			p.subtraction(b, open)
			continue
		}
		low, ok := p.classItem()
		if !ok {
			continue
		}
		p.classRange(b, low)
	}
}

// subtraction reads -[…], which must be the last item.
func (p *parser) subtraction(b *classBuilder, open int) {
	start := p.pos
	p.pos++
	if p.enter(open) {
		b.minus = p.class()
	}
	p.depth--
	if p.err == nil && !p.eof() && p.peek() != ']' {
		p.fail(ErrBadClass, start, p.pos, "subtraction before the end of a class", "] after it")
	}
}

// classRange adds an item, and the range it begins if a hyphen follows.
func (p *parser) classRange(b *classBuilder, low classItem) {
	if !low.isSet {
		p.skipClassQuote()
	}
	saved := p.pos
	if p.quote || p.eof() || p.peek() != '-' {
		p.addItem(b, low)
		return
	}
	if p.d.class.subtract && p.at(1) == '[' && low.isSet {
		p.addItem(b, low)
		return
	}
	p.pos++
	if low.isSet && p.d.class.rangeOfClass != rangeReject {
		p.pos = saved
		p.addItem(b, low)
		return
	}
	if low.isSet {
		// PCRE2 takes this for a mistake unless the hyphen is the last item; it
		// does not skip blanks here.
		p.skipClassQuote()
		if !p.eof() && (p.quote || p.peek() != ']') {
			p.failAt(ErrBadRange, saved, p.pos, low.span, "range from a class", "a single character before -")
			return
		}
		p.pos = saved
		p.addItem(b, low)
		return
	}
	p.skipClassBlank()
	if !p.quote && p.peek() == ']' || p.eof() {
		p.addItem(b, low)
		b.span('-', '-')
		return
	}
	if p.d.class.subtract && p.peek() == '[' {
		p.pos = saved
		p.addItem(b, low)
		return
	}
	high, ok := p.rangeEnd()
	if !ok {
		return
	}
	if high.isSet && p.d.class.rangeOfClass == rangeLiteral {
		p.addItem(b, low)
		b.span('-', '-')
		p.addItem(b, high)
		return
	}
	if high.isSet {
		p.failAt(ErrBadRange, saved, p.pos, high.span, "range to a class", "a single character after -")
		return
	}
	if low.char > high.char {
		p.fail(ErrBadRange, low.span.Start, high.span.End, "range "+quoted(p.src[low.span.Start:high.span.End])+" out of order", "the smaller character first")
		return
	}
	b.span(low.char, high.char)
}

// rangeEnd reads the item behind a hyphen. In Go no POSIX class opens there.
func (p *parser) rangeEnd() (classItem, bool) {
	if p.d.class.posixAnywhere && p.peek() == '[' {
		p.pos++
		return classItem{char: '[', span: Span{p.pos - 1, p.pos}}, true
	}
	return p.classItem()
}

func (p *parser) addItem(b *classBuilder, i classItem) {
	b.items++
	switch {
	case i.kind == itemOutside && p.d.class.narrowOutside && p.mode&ucp == 0:
		b.outside = charset.Union(b.outside, i.set)
		return
	case i.isSet:
		b.property = b.property || i.kind == itemProperty
		b.add(i.set)
		return
	}
	b.items-- // counted by span
	b.span(i.char, i.char)
}

// classItem reads one character or one named set.
func (p *parser) classItem() (classItem, bool) {
	start := p.pos
	if !p.quote {
		switch p.peek() {
		case '\\':
			return p.classEscape()
		case '[':
			if p.d.class.posixIgnored && p.ignorePOSIX() {
				return classItem{char: '[', span: Span{start, p.pos}}, true
			}
			if p.d.class.posix {
				if item, ok := p.posixItem(); ok || p.err != nil {
					return item, ok
				}
			}
		}
	}
	return classItem{char: p.classChar(), span: Span{start, p.pos}}, true
}

// classChar reads a literal character of a class: where that is a surrogate
// pair, its halves one by one.
func (p *parser) classChar() rune {
	c, n := p.char()
	if p.re.Unit != UTF16 || c <= charset.MaxUTF16 {
		p.pos += n
		return c
	}
	high, low := surrogates(c)
	if p.half == 0 {
		p.half = low
		return high
	}
	p.half = 0
	p.pos += n
	return low
}

// classEscape reads a backslash and what follows in a class.
func (p *parser) classEscape() (classItem, bool) {
	start := p.pos
	p.pos++
	if p.eof() {
		p.fail(ErrTrailingEscape, start, start+1, `\ at the end`, "a character after it")
		return classItem{}, false
	}
	c := p.next()
	p.inClass = true
	defer func() { p.inClass = false }()
	e := p.lookup(p.d.classEscapes, c)
	if e.act == actProperty && p.d.propertyOptional && (p.eof() || p.peek() != '{') {
		e = escape{act: actLiteral}
	}
	item := classItem{isSet: true}
	switch e.act {
	case actClass:
		item.set = p.shorthandSet(e)
		if e.not && e.class != classHorizontal && e.class != classVertical {
			item.kind = itemOutside
		}
	case actProperty:
		item.set, item.kind = p.propertyEscape(e.not, start), itemProperty
	case actNumber:
		if p.d.refs == numberAnnexB {
			r, ok := p.legacyOctal(start)
			if !ok {
				return classItem{}, false
			}
			item = classItem{char: r}
			break
		}
		r, ok := p.charEscape(e, c, start, true)
		if !ok {
			return classItem{}, false
		}
		item = classItem{char: r}
	case actK:
		if p.d.strictNumbers || p.first != nil && p.first.named {
			p.fail(ErrBadEscape, start, p.pos, `\k in a class`, "a character")
			return classItem{}, false
		}
		item = classItem{char: c}
	case actDash:
		item.set = charset.Runes('-')
	default:
		r, ok := p.charEscape(e, c, start, true)
		if !ok {
			return classItem{}, false
		}
		item = classItem{char: r}
	}
	item.span = Span{start, min(p.pos, len(p.src))}
	return item, p.err == nil
}

// skipClassQuote moves over \Q, \E and what is between nothing.
func (p *parser) skipClassQuote() {
	for !p.eof() {
		switch {
		case p.quote:
			if !p.eat(`\E`) {
				return
			}
			p.quote = false
		case p.peek() == '\\' && p.d.classEscapes[p.at(1)].act == actQuote:
			p.pos += 2
			p.quote = true
		case p.peek() == '\\' && p.d.classEscapes[p.at(1)].act == actIgnore:
			p.pos += 2
		default:
			return
		}
	}
}

// skipClassBlank is skipClassQuote, and over blanks that do not count.
func (p *parser) skipClassBlank() {
	for {
		p.skipClassQuote()
		if p.eof() || p.quote || p.mode&extendedMore == 0 || p.peek() != ' ' && p.peek() != '\t' {
			return
		}
		p.pos++
	}
}

// posixEnd finds the terminator of [: … :] from the offset of the colon:
// PCRE2's check_posix_syntax. A closing bracket or a new opening ends the
// search.
func (p *parser) posixEnd(at int) (int, bool) {
	if at >= len(p.src) {
		return 0, false
	}
	mark := p.src[at]
	if p.d.class.posixAnywhere {
		if p.lastPOSIX == 0 {
			p.work += len(p.src)
			p.lastPOSIX = 2 + strings.LastIndex(p.src, ":]")
		}
		if mark != ':' || at+1 > p.lastPOSIX-2 {
			return 0, false
		}
		i := strings.Index(p.src[at+1:], ":]")
		if i < 0 {
			p.work += len(p.src) - at
			return 0, false
		}
		p.work += i
		return at + 1 + i, true
	}
	if mark != ':' && mark != '.' && mark != '=' {
		return 0, false
	}
	for i := at + 1; i+1 < len(p.src); i++ {
		p.work++
		switch c, d := p.src[i], p.src[i+1]; {
		case c == '\\' && (d == ']' || d == '\\'):
			i++
		case c == '[' && d == mark || c == ']':
			return 0, false
		case c == mark && d == ']':
			return i, true
		}
	}
	return 0, false
}

// posixItem reads [:name:]; it is not ok when the bracket opens none.
func (p *parser) posixItem() (classItem, bool) {
	start := p.pos
	end, ok := p.posixEnd(start + 1)
	if !ok {
		return classItem{}, false
	}
	text := p.src[start+2 : end]
	p.pos = end + 2
	if p.src[start+1] != ':' {
		p.fail(ErrBadClass, start, p.pos, "collating element "+quoted(p.src[start:p.pos]), "a class such as [:alpha:]")
		return classItem{}, false
	}
	name := strings.TrimPrefix(text, "^")
	set, known := p.d.posix(p, name)
	if !known {
		p.fail(ErrBadClass, start, p.pos, "unknown class "+quoted(text), "a POSIX class such as [:alpha:]")
		return classItem{}, false
	}
	item := classItem{isSet: true, set: p.foldItem(set, name != text), span: Span{start, p.pos}}
	if name != text {
		item.kind = itemOutside
	}
	return item, true
}

// ignorePOSIX moves over [:name:].
func (p *parser) ignorePOSIX() bool {
	i := p.pos + 1
	if i >= len(p.src) || p.src[i] != ':' {
		return false
	}
	if i++; i < len(p.src) && p.src[i] == '^' {
		i++
	}
	for i < len(p.src) && (isWord(p.src[i]) || p.src[i] >= 0x80) {
		p.work++
		i++
	}
	if !strings.HasPrefix(p.src[i:], ":]") {
		return false
	}
	p.pos = i + 2
	return true
}
