package syntax

import "github.com/nearmiss-dev/nearmiss/analyzer/charset"

// nestedClass reads [ … ] of Java and Onigmo: unions of characters, ranges
// and classes, intersected by &&.
func (p *parser) nestedClass() charset.Set {
	open := p.pos
	if !p.enter(open) {
		return charset.Set{}
	}
	defer func() { p.depth-- }()
	p.pos++
	not := p.eat("^")
	last := p.re.Unit.Max()
	result := charset.All(last)
	part := classBuilder{p: p}
	empty := true
	for first := true; ; {
		p.skipNested()
		if p.eof() {
			p.failAt(ErrMissingBracket, len(p.src), len(p.src), Span{open, open + 1}, "missing ]", "a closing bracket")
			return charset.Set{}
		}
		if !p.quote && p.peek() == ']' && !first {
			p.pos++
			break
		}
		if !p.quote && p.has("&&") {
			p.pos += 2
			if !empty {
				result = result.Intersect(part.done())
			}
			part, empty = classBuilder{p: p}, true
			first = false
			continue
		}
		p.nestedItem(&part)
		first, empty = false, false
	}
	if !empty {
		result = result.Intersect(part.done())
	}
	if not {
		result = result.Negate(last)
	}
	return p.charge(result, open)
}

// nestedItem reads one operand of a union: a class, a character or a range.
func (p *parser) nestedItem(b *classBuilder) {
	if p.peek() == '[' && !p.quote && !(p.d.class.posix && p.at(1) == ':') {
		b.add(p.nestedClass())
		return
	}
	low, ok := p.classItem()
	if !ok {
		return
	}
	p.skipNested()
	if low.isSet && p.d.class.rangeOfClass == rangeReject && p.peek() == '-' && !p.eof() && p.at(1) != ']' {
		p.failAt(ErrBadRange, p.pos, p.pos+1, low.span, "range from a class", "a single character before -")
		return
	}
	if low.isSet || p.quote || p.eof() || p.peek() != '-' {
		p.addItem(b, low)
		return
	}
	dash := p.pos
	p.pos++
	p.skipNested()
	if !p.quote && !p.eof() && (p.peek() == ']' || p.peek() == '[' || p.has("&&")) {
		p.pos = dash + 1
		p.addItem(b, low)
		b.span('-', '-')
		return
	}
	high, ok := p.classItem()
	if !ok {
		return
	}
	switch {
	case high.isSet && p.d.class.rangeOfClass == rangeLiteral:
		p.addItem(b, low)
		b.span('-', '-')
		p.addItem(b, high)
	case high.isSet:
		p.failAt(ErrBadRange, dash, p.pos, high.span, "range to a class", "a single character after -")
	case low.char > high.char:
		p.fail(ErrBadRange, low.span.Start, high.span.End, "range "+quoted(p.src[low.span.Start:high.span.End])+" out of order", "the smaller character first")
	default:
		b.span(low.char, high.char)
	}
}

// skipNested moves over quotes and, in Java's extended mode, blanks and
// comments.
func (p *parser) skipNested() {
	for {
		p.skipClassQuote()
		if p.eof() || p.quote || !p.d.class.blanks || p.mode&extended == 0 || !p.skipBlank() {
			return
		}
	}
}
