package syntax

import (
	"fmt"
	"unicode"
)

// A place is the way through the alternatives to a group: two groups with
// one name may stand where no match passes both.
type place []alternative

// An alternative is one branch of a disjunction.
type alternative struct{ group, branch int }

func (p *parser) newDisjunction() int {
	p.disjunctions++
	return p.disjunctions
}

// apart reports whether two places are in different alternatives of one
// disjunction.
func (a place) apart(b place) bool {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i].group != b[i].group {
			return false
		}
		if a[i].branch != b[i].branch {
			return true
		}
	}
	return false
}

// name reads a group name up to a terminator, which it moves past.
func (p *parser) name(open int, terminator string) (string, bool) {
	start := p.pos
	rules := &p.d.names
	decoded := ""
	for !p.eof() {
		c, n := p.char()
		if rules.escapes {
			if c, n = p.nameChar(); n == 0 {
				break
			}
		}
		if p.pos == start && !rules.start(p, c) || p.pos > start && !rules.part(p, c) {
			break
		}
		p.pos += n
		decoded += string(c)
		if rules.most > 0 && p.pos-start > rules.most {
			p.fail(ErrBadName, start, p.pos, "group name too long", fmt.Sprintf("at most %d bytes", rules.most))
			return "", false
		}
	}
	text := p.src[start:min(p.pos, len(p.src))]
	if text == "" {
		p.failAt(ErrBadName, start, start+1, Span{open, start}, "missing group name", "a name that starts with a letter or _")
		return "", false
	}
	if !p.eat(terminator) {
		p.failAt(ErrBadName, p.pos, p.pos+1, Span{open, start}, "unfinished group name", quoted(terminator)+" after the name")
		return "", false
	}
	if rules.escapes {
		text = decoded
	}
	return text, true
}

// nameChar is the character at the cursor of an ECMAScript name, spelled out
// or as an escape, and its length in bytes; 0 when there is none.
func (p *parser) nameChar() (rune, int) {
	if !p.has(`\u`) {
		return p.char()
	}
	at := p.pos
	defer func() { p.pos = at }()
	p.pos += 2
	if p.eat("{") {
		c, count := p.number(16, len(p.src))
		if count == 0 || !p.eat("}") {
			return 0, 0
		}
		return c, p.pos - at
	}
	c, count := p.number(16, 4)
	if count < 4 {
		return 0, 0
	}
	c = p.joinSurrogates(c)
	return c, p.pos - at
}

// namedGroup reads the rest of (?<n>…) or (?'n'…).
func (p *parser) namedGroup(s *sequence, open int, terminator byte) {
	if p.d.balance {
		p.balanceGroup(s, open, terminator)
		return
	}
	start := p.pos
	name, ok := p.name(open, string(terminator))
	if !ok {
		return
	}
	s.add(p.captureNamed(open, name, Span{start, start + len(name)}), targetPlain)
}

// captureNamed reads a group with a name, if the name may be used again.
func (p *parser) captureNamed(open int, name string, span Span) *Node {
	number := p.opened + 1
	others := p.names[name]
	same := false
	for _, k := range others {
		same = same || k == number
	}
	here := append(place(nil), p.alternatives...)
	if len(others) > 0 && !same && !p.mayRepeat(name, here) {
		p.failAt(ErrBadName, span.Start, span.End, p.nameFirst[name], "group name "+quoted(name)+" is taken", "a name of its own")
	}
	if p.d.names.oneEach && number < len(p.re.Groups) && p.re.Groups[number].Name != "" && p.re.Groups[number].Name != name {
		p.fail(ErrBadName, span.Start, span.End, fmt.Sprintf("second name %s for group %d", quoted(name), number), "the name "+quoted(p.re.Groups[number].Name))
	}
	if !same {
		p.names[name] = append(others, number)
	}
	p.nameAt[name] = append(p.nameAt[name], here)
	if len(others) == 0 {
		p.nameFirst[name] = span
	}
	return p.capture(open, name)
}

func (p *parser) mayRepeat(name string, here place) bool {
	switch p.d.names.repeat {
	case repeatWithMode:
		return p.mode&dupNames != 0
	case repeatAnywhere, repeatMerge:
		return true
	case repeatAlternatives:
		for _, other := range p.nameAt[name] {
			if !here.apart(other) {
				return false
			}
		}
		return true
	}
	return false
}

// The characters of names.

func asciiNameStart(_ *parser, c rune) bool { return c == '_' || c < 0x80 && isAlpha(byte(c)) }

func asciiNamePart(_ *parser, c rune) bool { return c < 0x80 && isWord(byte(c)) }

func pcreNameStart(p *parser, c rune) bool {
	if c < 0x80 {
		return asciiNameStart(p, c)
	}
	return p.re.Unit == Rune && unicode.IsLetter(c)
}

func pcreNamePart(p *parser, c rune) bool {
	if c < 0x80 {
		return asciiNamePart(p, c)
	}
	return p.re.Unit == Rune && (unicode.IsLetter(c) || unicode.Is(unicode.Nd, c))
}
