package fix

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A speller writes sets of characters the way the author does.
type speller struct {
	re *syntax.Regexp
	// own are the spellings of the pattern itself, short are shorthands.
	own   map[string]string
	short []shorthand
	// fold says that letters are read without case everywhere.
	fold bool
	all  charset.Set
}

type shorthand struct {
	text string
	set  charset.Set
}

func newSpeller(re *syntax.Regexp) *speller {
	s := &speller{re: re, own: map[string]string{}, all: charset.All(re.Unit.Max())}
	s.fold = re.Flags.Has(corpus.Caseless) || strings.HasPrefix(re.Pattern.Text, "(?i)") ||
		strings.HasPrefix(re.Pattern.Text, "(?i:") && re.Root.Op == syntax.OpGroup
	syntax.Walk(re.Root, func(n *syntax.Node) bool {
		if n.Op == syntax.OpSet && n.Span.End <= len(re.Pattern.Text) {
			key, text := n.Set.String(), re.Pattern.Text[n.Span.Start:n.Span.End]
			if old, found := s.own[key]; !found || len(text) < len(old) {
				s.own[key] = text
			}
		}
		return true
	})
	for _, text := range []string{`\w`, `\d`, `\s`, `\W`, `\D`, `\S`} {
		p := re.Pattern
		p.Text = text
		if one, err := syntax.Parse(p); err == nil && one.Root.Op == syntax.OpSet {
			s.short = append(s.short, shorthand{text, one.Root.Set})
		}
	}
	return s
}

// set is a spelling of a set that is not empty, as one item that a quantifier
// may follow.
func (s *speller) set(set charset.Set) string {
	if text, ok := s.own[set.String()]; ok {
		return text
	}
	for _, sh := range s.short {
		if sh.set.Equal(set) {
			return sh.text
		}
	}
	if r := set.Ranges(); len(r) == 1 && r[0].Lo == r[0].Hi {
		return s.literal(r[0].Lo)
	}
	plain := s.items(set)
	if negated := s.items(set.Negate(s.re.Unit.Max())); len(negated) < len(plain) && negated != "" {
		return "[^" + negated + "]"
	}
	return "[" + plain + "]"
}

// items is the inside of a class.
func (s *speller) items(set charset.Set) string {
	var b strings.Builder
	left := set
	for _, sh := range s.short {
		if sh.set.Len() > 1 && sh.set.Minus(set).IsEmpty() && !left.Intersect(sh.set).IsEmpty() && len(left.Minus(sh.set).Ranges()) < len(left.Ranges()) {
			b.WriteString(sh.text)
			left = left.Minus(sh.set)
		}
	}
	dash := false
	for _, r := range left.Ranges() {
		for _, part := range s.cased(r) {
			if part.Lo == '-' && part.Hi == '-' {
				dash = true
				continue
			}
			b.WriteString(s.inClass(part.Lo))
			if part.Hi > part.Lo {
				if part.Hi > part.Lo+1 {
					b.WriteByte('-')
				}
				b.WriteString(s.inClass(part.Hi))
			}
		}
	}
	if dash {
		b.WriteString(`\-`)
	}
	return b.String()
}

// cased drops the capitals of ASCII where case does not count: their lower
// letters stand in the set, too.
func (s *speller) cased(r charset.Range) []charset.Range {
	if !s.fold || r.Hi < 'A' || r.Lo > 'Z' {
		return []charset.Range{r}
	}
	var out []charset.Range
	if r.Lo < 'A' {
		out = append(out, charset.Range{Lo: r.Lo, Hi: 'A' - 1})
	}
	if r.Hi > 'Z' {
		out = append(out, charset.Range{Lo: 'Z' + 1, Hi: r.Hi})
	}
	return out
}

// inClass is a character inside a class.
func (s *speller) inClass(c rune) string {
	if strings.ContainsRune(`\]^[-&~`, c) {
		return `\` + string(c)
	}
	return s.char(c)
}

// literal is a character outside of a class.
func (s *speller) literal(c rune) string {
	if s.fold && unicode.IsUpper(c) && c < 0x80 {
		c = unicode.ToLower(c)
	}
	if strings.ContainsRune(`\.+*?()|[]{}^$`, c) || c == '/' && s.re.Pattern.Dialect == corpus.ECMAScript {
		return `\` + string(c)
	}
	return s.char(c)
}

var escapes = map[rune]string{'\n': `\n`, '\r': `\r`, '\t': `\t`, '\f': `\f`}

// char is a character that has no meaning of its own.
func (s *speller) char(c rune) string {
	if text, ok := escapes[c]; ok {
		return text
	}
	extended := s.re.Flags.Has(corpus.Extended)
	if c > ' ' && c < 0x7F && (c != '#' || !extended) || c == ' ' && !extended {
		return string(c)
	}
	if c >= 0x80 && s.re.Unit != syntax.Byte && unicode.IsPrint(c) && (s.re.Unit == syntax.Rune || c <= 0xFFFF) {
		return string(c)
	}
	switch d := s.re.Pattern.Dialect; {
	case c <= 0xFF:
		return fmt.Sprintf(`\x%02x`, c)
	case (d == corpus.ECMAScript || d == corpus.Python || d == corpus.DotNet) && c <= 0xFFFF:
		return fmt.Sprintf(`\u%04x`, c)
	case d == corpus.Python:
		return fmt.Sprintf(`\U%08x`, c)
	case d == corpus.ECMAScript, d == corpus.Ruby:
		return fmt.Sprintf(`\u{%x}`, c)
	}
	return fmt.Sprintf(`\x{%x}`, c)
}

// A run is one set of characters, repeated: x, x*, x{2,}.
type run struct {
	node     *syntax.Node
	set      charset.Set
	min, max int
	greed    syntax.Greed
	// quantified says that it is written as a repeat.
	quantified bool
}

// runOf reads a node as a run; groups around it or inside count for nothing.
func runOf(n *syntax.Node) (run, bool) {
	b := bare(n)
	switch b.Op {
	case syntax.OpSet:
		return run{n, b.Set, 1, 1, syntax.Greedy, false}, true
	case syntax.OpRepeat:
		if in := bare(b.Sub[0]); in.Op == syntax.OpSet && !in.Set.IsEmpty() {
			return run{n, in.Set, b.Min, b.Max, b.Greed, true}, true
		}
	}
	return run{}, false
}

// loops reports whether the run has no upper bound.
func (r run) loops() bool { return r.max == syntax.Infinite }

// atom is the text of a node as one item that a quantifier may follow.
func (d *draft) atom(n *syntax.Node) string {
	switch n.Op {
	case syntax.OpSet, syntax.OpGroup:
		return d.src(n)
	}
	return "(?:" + d.src(n) + ")"
}

// times is an item with a quantifier.
func times(atom string, lo, hi int) string {
	switch {
	case atom == "" || hi == 0:
		return ""
	case lo == 1 && hi == 1:
		return atom
	case lo == 0 && hi == syntax.Infinite:
		return atom + "*"
	case lo == 1 && hi == syntax.Infinite:
		return atom + "+"
	case lo == 0 && hi == 1:
		return atom + "?"
	case hi == syntax.Infinite:
		return fmt.Sprintf("%s{%d,}", atom, lo)
	case lo == hi && lo <= 3 && len(atom) <= 2:
		return strings.Repeat(atom, lo)
	case lo == hi:
		return fmt.Sprintf("%s{%d}", atom, lo)
	}
	return fmt.Sprintf("%s{%d,%d}", atom, lo, hi)
}

// first is the set of the characters that a node's matches may begin with, and
// whether one may be empty. It knows plain nodes only; ok is false for others.
func first(n *syntax.Node) (set charset.Set, empty, ok bool) {
	switch n.Op {
	case syntax.OpEmpty, syntax.OpAssert:
		return set, true, true
	case syntax.OpSet:
		return n.Set, false, true
	case syntax.OpGroup, syntax.OpAtomic:
		return first(n.Sub[0])
	case syntax.OpRepeat:
		set, empty, ok = first(n.Sub[0])
		return set, empty || n.Min == 0, ok
	case syntax.OpConcat:
		for _, s := range n.Sub {
			more, empty, ok := first(s)
			if set = charset.Union(set, more); !ok || !empty {
				return set, false, ok
			}
		}
		return set, true, true
	case syntax.OpAlternate:
		for _, s := range n.Sub {
			more, may, ok := first(s)
			if !ok {
				return set, false, false
			}
			set, empty = charset.Union(set, more), empty || may
		}
		return set, empty, true
	}
	return set, false, false
}

// nullable reports whether a plain node may match nothing.
func nullable(n *syntax.Node) bool {
	_, empty, ok := first(n)
	return ok && empty && !slices.ContainsFunc([]*syntax.Node{n}, asserts)
}

// asserts reports whether a node holds an assertion.
func asserts(n *syntax.Node) bool {
	found := false
	syntax.Walk(n, func(n *syntax.Node) bool {
		found = found || n.Op == syntax.OpAssert || n.Op == syntax.OpLook
		return !found
	})
	return found
}
