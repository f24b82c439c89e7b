package syntax

import (
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
)

// propertyEscape reads what follows \p or \P, and is its set.
func (p *parser) propertyEscape(not bool, start int) charset.Set {
	switch {
	case p.eof():
	case p.peek() != '{':
		if c, n := p.char(); p.d.propertyLetter && c < 0x80 && isAlpha(byte(c)) {
			text := p.src[p.pos : p.pos+n]
			p.pos += n
			return p.propertySet(text, not, start)
		}
	default:
		if end := p.index('}'); end >= 0 {
			text := p.src[p.pos+1 : p.pos+end]
			p.pos += end + 1
			if p.d.propertyCaret && strings.HasPrefix(text, "^") {
				not, text = !not, text[1:]
			}
			return p.propertySet(text, not, start)
		}
	}
	p.fail(ErrBadClass, start, p.pos+1, "malformed property", `\p{name}`)
	return charset.Set{}
}

// propertySet is a property under the mode in force.
func (p *parser) propertySet(text string, not bool, start int) charset.Set {
	key := "p" + text + "\x00" + decimalString(int(p.mode&(caseless|ucp|unicodeCase|asciiOnly|unicodeMode|setsMode)))
	if not {
		key += "!"
	}
	if s, ok := p.classes[key]; ok {
		return s
	}
	s, ok := p.d.property(p, text, start)
	if !ok {
		p.fail(ErrBadClass, start, p.pos, "unknown property "+quoted(text), "a property of "+string(p.d.name))
		return charset.Set{}
	}
	s = p.foldItem(s, not)
	p.classes[key] = s
	return s
}

// pcreProperty reads a property as PCRE2 10.42 does: names match loosely, a
// script means its extensions, sc: and bc: say which property.
func pcreProperty(_ *parser, text string, _ int) (charset.Set, bool) {
	name := charset.Loose(text)
	if kind, value, ok := cutAny(name, ":="); ok {
		switch kind {
		case "sc", "script":
			return charset.Script(value, true, true)
		case "scx", "scriptextensions":
			return pcreScript(value)
		case "bc", "bidiclass":
			return charset.BidiClass(value)
		}
		return charset.Set{}, false
	}
	switch name {
	case "any":
		return charset.All(charset.MaxRune), true
	case "l&", "lc":
		return charset.Category("LC")
	case "xan":
		return charset.POSIXUCP("alnum")
	case "xsp", "xps":
		return charset.SpacePCRE(), true
	case "xwd":
		return charset.WordPCRE(), true
	case "xuc":
		return charset.Of(charset.Range{Lo: '$', Hi: '$'}, charset.Range{Lo: '@', Hi: '@'}, charset.Range{Lo: '`', Hi: '`'},
			charset.Range{Lo: 0xA0, Hi: 0xD7FF}, charset.Range{Lo: 0xE000, Hi: charset.MaxRune}), true
	}
	if len(name) <= 2 && name != "" {
		if s, ok := charset.Category(strings.ToUpper(name[:1]) + name[1:]); ok {
			return s, true
		}
	}
	if s, ok := pcreScript(name); ok {
		return s, true
	}
	if s, ok := charset.Binary(name); ok {
		return s, true
	}
	if class, ok := strings.CutPrefix(name, "bidi"); ok {
		return charset.BidiClass(class)
	}
	return charset.Set{}, false
}

// pcreScript is the characters of a script and those with it among their
// extensions; Common and Inherited keep the characters that have extensions.
func pcreScript(name string) (charset.Set, bool) {
	extended, ok := charset.ScriptExtensions(name, true, true)
	if !ok {
		return charset.Set{}, false
	}
	own, _ := charset.Script(name, true, true)
	return charset.Union(own, extended), true
}

// cutAny splits at the first of some separators.
func cutAny(s, separators string) (before, after string, ok bool) {
	i := strings.IndexAny(s, separators)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}
