package syntax

import (
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
)

// A setValue is what an operand of a class with set operations stands for:
// characters, and strings of other lengths than one.
type setValue struct {
	set     charset.Set
	strings [][]rune
	// char is the character a range may begin with; single says there is one.
	char   rune
	single bool
}

// setClass reads a class under ECMAScript's v flag and adds its node.
func (p *parser) setClass(s *sequence) {
	start := p.pos
	v := p.setBracket()
	span := Span{start, min(p.pos, len(p.src))}
	one := p.set(v.set, start)
	if len(v.strings) == 0 {
		s.add(one, targetPlain)
		return
	}
	// The longest string is tried first, single characters before the empty
	// string (22.2.2.9, CompileClassSetString).
	slices.SortStableFunc(v.strings, func(a, b []rune) int { return len(b) - len(a) })
	alt := &Node{Op: OpAlternate, Span: span}
	for _, text := range v.strings {
		if len(text) == 0 {
			continue
		}
		c := &Node{Op: OpConcat, Span: span}
		for _, r := range text {
			c.Sub = append(c.Sub, &Node{Op: OpSet, Set: p.literal(r), Span: span})
		}
		alt.Sub = append(alt.Sub, c)
	}
	if !v.set.IsEmpty() {
		alt.Sub = append(alt.Sub, one)
	}
	if len(v.strings[len(v.strings)-1]) == 0 {
		alt.Sub = append(alt.Sub, &Node{Op: OpEmpty, Span: span})
	}
	n := &Node{Op: OpGroup, Sub: []*Node{alt}, Span: span}
	if len(alt.Sub) == 1 {
		n.Sub[0] = alt.Sub[0]
	}
	s.add(n, targetPlain)
}

// setBracket reads [ … ] with unions, && and --.
func (p *parser) setBracket() setValue {
	open := p.pos
	if !p.enter(open) {
		return setValue{}
	}
	defer func() { p.depth-- }()
	p.pos++
	not := p.eat("^")
	v := p.setOperands(open)
	if not {
		if len(v.strings) > 0 {
			p.fail(ErrBadClass, open, p.pos, "negated class with strings", "single characters")
			return setValue{}
		}
		v.set = v.set.Negate(p.re.Unit.Max())
	}
	v.single = false
	p.charge(v.set, open)
	return v
}

// setOperands reads what is between the brackets, and the closing one.
func (p *parser) setOperands(open int) setValue {
	if p.eat("]") {
		return setValue{}
	}
	total := p.setRange(open)
	operator := ""
	for p.err == nil && !p.eof() && p.peek() != ']' {
		op := ""
		if p.has("&&") || p.has("--") {
			op = p.src[p.pos : p.pos+2]
		}
		if operator != "" && op != operator || op != "" && operator == "" && total.union {
			p.fail(ErrBadClass, p.pos, p.pos+2, "mixed operators in a class", "brackets around one of them")
			return setValue{}
		}
		if op == "" {
			next := p.setRange(open)
			total.union = true
			total.setValue = join(total.setValue, next.setValue)
			continue
		}
		operator = op
		p.pos += 2
		if op == "&&" && p.peek() == '&' {
			p.fail(ErrBadClass, p.pos, p.pos+1, "& behind &&", "an operand")
			return setValue{}
		}
		next := p.setOperand(open)
		if op == "&&" {
			total.setValue = meet(total.setValue, next)
		} else {
			total.setValue = without(total.setValue, next)
		}
	}
	if p.err == nil && !p.eat("]") {
		p.failAt(ErrMissingBracket, len(p.src), len(p.src), Span{open, open + 1}, "missing ]", "a closing bracket")
	}
	return total.setValue
}

// A setUnion is a value and whether it is a union or range already, which no
// operator may follow.
type setUnion struct {
	setValue
	union bool
}

// setRange reads an operand and the range it may begin.
func (p *parser) setRange(open int) setUnion {
	start := p.pos
	low := p.setOperand(open)
	if p.err != nil || p.peek() != '-' || p.at(1) == '-' {
		return setUnion{setValue: low}
	}
	p.pos++
	high := p.setOperand(open)
	if p.err != nil {
		return setUnion{}
	}
	if !low.single || !high.single {
		p.fail(ErrBadRange, start, p.pos, "range of a class", "single characters")
		return setUnion{}
	}
	if low.char > high.char {
		p.fail(ErrBadRange, start, p.pos, "range "+quoted(p.src[start:p.pos])+" out of order", "the smaller character first")
		return setUnion{}
	}
	return setUnion{setValue{set: p.folded(charset.Of(charset.Range{Lo: low.char, Hi: high.char}))}, true}
}

func (p *parser) folded(s charset.Set) charset.Set {
	if p.mode&caseless == 0 {
		return s
	}
	return s.Fold(p.d.folding(p.mode), p.re.Unit.Max())
}

// setOperand reads a nested class, an escape or one character.
func (p *parser) setOperand(open int) setValue {
	start := p.pos
	if p.eof() {
		p.failAt(ErrMissingBracket, len(p.src), len(p.src), Span{open, open + 1}, "missing ]", "a closing bracket")
		return setValue{}
	}
	c := p.peek()
	switch {
	case c == '[':
		return p.setBracket()
	case c == '\\' && p.at(1) == 'q':
		return p.setStrings(start)
	case c == '\\':
		item, ok := p.classEscape()
		if !ok {
			return setValue{}
		}
		if item.isSet {
			return setValue{set: item.set}
		}
		return setValue{set: p.literal(item.char), char: item.char, single: true}
	case strings.IndexByte("()]{}/-|", c) >= 0:
		p.fail(ErrBadClass, start, start+1, "unescaped "+quoted(string(c))+" in a class", "a backslash before it")
		return setValue{}
	case p.at(1) == c && strings.IndexByte("&!#$%*+,.:;<=>?@^`~", c) >= 0:
		p.fail(ErrBadClass, start, start+2, "reserved "+quoted(p.src[start:start+2])+" in a class", "a backslash before it")
		return setValue{}
	}
	r := p.next()
	return setValue{set: p.literal(r), char: r, single: true}
}

// setStrings reads \q{abc|d|}.
func (p *parser) setStrings(start int) setValue {
	p.pos += 2
	if !p.eat("{") {
		p.fail(ErrBadEscape, start, p.pos, `\q without {`, `\q{…}`)
		return setValue{}
	}
	var v setValue
	var text []rune
	flush := func() {
		if len(text) == 1 {
			v.set = charset.Union(v.set, p.literal(text[0]))
		} else {
			v.strings = append(v.strings, text)
		}
		text = nil
	}
	for !p.eof() && p.peek() != '}' {
		if p.eat("|") {
			flush()
			continue
		}
		one := p.setOperand(start)
		if p.err == nil && !one.single {
			p.fail(ErrBadEscape, start, p.pos, `class in \q{…}`, "single characters")
		}
		text = append(text, one.char)
	}
	if p.err == nil && !p.eat("}") {
		p.fail(ErrBadEscape, start, p.pos, `unfinished \q{`, "}")
	}
	flush()
	return v
}

func join(a, b setValue) setValue {
	return setValue{set: charset.Union(a.set, b.set), strings: append(slices.Clip(a.strings), b.strings...)}
}

func meet(a, b setValue) setValue {
	return setValue{set: a.set.Intersect(b.set), strings: keep(a.strings, b.strings, true)}
}

func without(a, b setValue) setValue {
	return setValue{set: a.set.Minus(b.set), strings: keep(a.strings, b.strings, false)}
}

// keep is the strings of a that are in b, or are not.
func keep(a, b [][]rune, in bool) [][]rune {
	has := map[string]bool{}
	for _, s := range b {
		has[string(s)] = true
	}
	var out [][]rune
	for _, s := range a {
		if has[string(s)] == in {
			out = append(out, s)
		}
	}
	return out
}
