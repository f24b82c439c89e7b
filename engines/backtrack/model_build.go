package backtrack

import (
	"unicode"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A modelBuilder is a model under construction: a tree of its own that
// shortcuts may change, and the plan of starts.
type modelBuilder struct {
	re     *syntax.Regexp
	plan   startPlan
	early  map[*syntax.Node]early
	widths widths
	text   string

	hasCalls, hasPruneOrSkip, hasAccept, hasThen bool

	// heads is what the engine knows of a match's first and required
	// characters, computed once.
	heads *heads
}

func newModelBuilder(re *syntax.Regexp) *modelBuilder {
	b := &modelBuilder{re: cloneTree(re), early: map[*syntax.Node]early{}, text: re.Pattern.Text}
	b.plan.skip = -1
	b.survey(b.re.Root)
	b.widths = widths{re: b.re, accept: b.hasAccept, known: map[*syntax.Node]width{}, busy: map[*syntax.Node]bool{}}
	return b
}

// cloneTree copies a pattern's tree, so that it can be changed.
func cloneTree(re *syntax.Regexp) *syntax.Regexp {
	copies := map[*syntax.Node]*syntax.Node{}
	var clone func(n *syntax.Node) *syntax.Node
	clone = func(n *syntax.Node) *syntax.Node {
		if c, ok := copies[n]; ok {
			return c
		}
		c := new(syntax.Node)
		*c = *n
		copies[n] = c
		c.Sub = make([]*syntax.Node, len(n.Sub))
		for i, sub := range n.Sub {
			c.Sub[i] = clone(sub)
		}
		return c
	}
	out := *re
	out.Root = clone(re.Root)
	out.Groups = make([]syntax.Group, len(re.Groups))
	for i, g := range re.Groups {
		out.Groups[i] = syntax.Group{Name: g.Name}
		for _, n := range g.Nodes {
			out.Groups[i].Nodes = append(out.Groups[i].Nodes, clone(n))
		}
	}
	return &out
}

func (b *modelBuilder) survey(n *syntax.Node) {
	switch n.Op {
	case syntax.OpCall:
		b.hasCalls = true
	case syntax.OpVerb:
		switch n.Verb {
		case syntax.VerbPrune, syntax.VerbSkip, syntax.VerbCommit:
			b.hasPruneOrSkip = b.hasPruneOrSkip || n.Verb != syntax.VerbCommit
		case syntax.VerbAccept:
			b.hasAccept = true
		case syntax.VerbThen:
			b.hasThen = true
		}
	}
	for _, sub := range n.Sub {
		b.survey(sub)
	}
}

// options are the pattern's own settings.
func (b *modelBuilder) options() *syntax.Options { return &b.re.Options }

// startOptimizes reports whether the engine may choose its starts.
func (b *modelBuilder) startOptimizes() bool {
	return !b.options().NoStartOptimize && !b.re.Flags.Has(corpus.RightToLeft)
}

// written is the pattern's text at a node.
func (b *modelBuilder) written(n *syntax.Node) string {
	if n.Span.Start < 0 || n.Span.End > len(b.text) || n.Span.Start > n.Span.End {
		return ""
	}
	return b.text[n.Span.Start:n.Span.End]
}

// A letter is a single literal character, perhaps in both cases.
type letter struct {
	char     rune
	caseless bool
}

// A writing is how a character set was written, which is what an engine's
// compiler goes by.
type writing uint8

const (
	asLetter writing = iota // a literal, or a class of a single character
	asNot                   // a class that excludes a single character
	asType                  // an escape such as \d, or a property
	asDot                   // any character, newlines apart or not
	asClass                 // any other class
)

// writing says how an OpSet was written. A letter is a set of one character
// or of one character in its two cases.
func (b *modelBuilder) writing(n *syntax.Node) (writing, letter) {
	text := b.written(n)
	rs := n.Set.Ranges()
	if len(rs) == 0 || text == "" {
		return asClass, letter{}
	}
	size := n.Set.Len()
	one := letter{rs[0].Lo, size == 2}
	switch {
	case text == ".":
		return asDot, letter{}
	case text[0] == '[':
		inner := text[1:]
		if inner != "" && inner[0] == '^' {
			if out := n.Set.Negate(b.re.Unit.Max()); out.Len() == 1 {
				return asNot, letter{char: out.Ranges()[0].Lo}
			} else if out.Len() == 2 && len(inner) == 3 {
				return asNot, letter{out.Ranges()[0].Lo, true}
			}
			return asClass, letter{}
		}
		if size == 1 || size == 2 && (len(inner) == 2 || len(inner) == 3 && inner[0] == '\\') && isCasePair(n.Set) || b.classOfCases(n.Set, inner) {
			return asLetter, one
		}
		return asClass, letter{}
	case text[0] == '\\' && len(text) > 1:
		switch text[1] {
		case 'N':
			return asDot, letter{}
		case 'd', 'D', 's', 'S', 'w', 'W', 'h', 'H', 'v', 'V', 'p', 'P':
			return asType, letter{}
		}
	}
	if size == 1 || size == 2 && isCasePair(n.Set) {
		return asLetter, one
	}
	return asClass, letter{}
}

// classOfCases reports whether PCRE2 compiles a class of two characters as one
// in both cases: they are all that is written in it, and no third character
// has the same fold, as the Kelvin sign does (compile_branch in
// pcre2_compile.c of 10.42; seen in what pcre2_pattern_info says of [wW], [kK]).
// inner is what is written behind the opening bracket.
func (b *modelBuilder) classOfCases(s charset.Set, inner string) bool {
	if b.re.Pattern.Dialect != corpus.PCRE || s.Len() != 2 || len(inner) != len("xX]") || !isCasePair(s) {
		return false
	}
	c := s.Ranges()[0].Lo
	return unicode.SimpleFold(unicode.SimpleFold(c)) == c
}

// isCasePair reports whether a set of two characters is one in both cases.
func isCasePair(s charset.Set) bool {
	rs := s.Ranges()
	return unicode.SimpleFold(rs[0].Lo) == rs[len(rs)-1].Hi || unicode.SimpleFold(rs[len(rs)-1].Hi) == rs[0].Lo
}

// inner looks through groups that do not capture and have one alternative.
func inner(n *syntax.Node) *syntax.Node {
	for n.Op == syntax.OpGroup && n.Index == 0 && n.Sub[0].Op != syntax.OpAlternate {
		n = n.Sub[0]
	}
	return n
}

// items are the parts of a sequence, sequences within it spread out.
func items(n *syntax.Node) []*syntax.Node {
	if n.Op != syntax.OpConcat {
		return []*syntax.Node{n}
	}
	var out []*syntax.Node
	for _, sub := range n.Sub {
		out = append(out, items(sub)...)
	}
	return out
}

// branches are the alternatives of a group's body.
func branches(n *syntax.Node) []*syntax.Node {
	if n.Op == syntax.OpAlternate {
		return n.Sub
	}
	return []*syntax.Node{n}
}

// otherCase is the other case of a character that has one.
func otherCase(c rune) rune {
	return unicode.SimpleFold(c)
}
