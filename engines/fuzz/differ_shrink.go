package fuzz

import (
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// smallest makes a difference small: parts of the pattern's tree are taken away
// or put in place of what holds them, then characters of the input, as long as
// the same readers disagree.
func smallest(d Difference, speakers []Speaker) Difference {
	s := shrinking{best: d, speakers: speakers, left: shrinkChecks, tried: map[string]bool{}}
	for again := true; again && s.left > 0; {
		again = s.pattern() || s.flags() || s.input()
	}
	s.best.Construct = construct(s.best.Pattern)
	return s.best
}

type shrinking struct {
	best     Difference
	speakers []Speaker
	left     int
	tried    map[string]bool
}

// still takes a smaller pair where the same readers disagree on it.
func (s *shrinking) still(p corpus.Pattern, in []byte) bool {
	key := p.Text + "\x00" + p.Flags.String() + "\x00" + string(in)
	if s.left == 0 || s.tried[key] {
		return false
	}
	s.tried[key] = true
	s.left--
	c := comparison{own: p}
	if !c.open(p, s.speakers) {
		return false
	}
	defer c.close()
	for _, d := range c.differences(in) {
		if d.Kind == s.best.Kind && d.Where == s.best.Where {
			s.best = d
			return true
		}
	}
	return false
}

// pattern takes the largest part away that is not needed.
func (s *shrinking) pattern() bool {
	p := s.best.Pattern
	re, err := syntax.Parse(p)
	if err != nil {
		return false
	}
	var texts []string
	syntax.Walk(re.Root, func(n *syntax.Node) bool {
		at := n.Span
		if at.Start < 0 || at.End > len(p.Text) || at.Start >= at.End {
			return true
		}
		with := func(inner string) { texts = append(texts, p.Text[:at.Start]+inner+p.Text[at.End:]) }
		with("")
		for _, sub := range n.Sub {
			if at.Start <= sub.Span.Start && sub.Span.End <= at.End && sub.Span != at {
				with(p.Text[sub.Span.Start:sub.Span.End])
			}
		}
		if n.Op == syntax.OpSet && at.End-at.Start > 1 {
			with("a")
		}
		return true
	})
	texts = slices.DeleteFunc(texts, func(t string) bool { return len(t) >= len(p.Text) })
	slices.SortStableFunc(texts, func(a, b string) int { return len(a) - len(b) })
	for _, t := range texts {
		q := p
		q.Text = t
		if s.still(q, s.best.Input) {
			return true
		}
	}
	return false
}

// flags takes a flag away.
func (s *shrinking) flags() bool {
	p := s.best.Pattern
	for f := corpus.Flags(1); f != 0 && f <= p.Flags; f <<= 1 {
		q := p
		if q.Flags &^= f; p.Flags.Has(f) && s.still(q, s.best.Input) {
			return true
		}
	}
	return false
}

// input cuts the input, halves first, and makes its letters equal.
func (s *shrinking) input() bool {
	in := s.best.Input
	for size := (len(in) + 1) / 2; size >= 1; size /= 2 {
		for at := 0; at+size <= len(in); at += size {
			if s.still(s.best.Pattern, slices.Delete(slices.Clone(in), at, at+size)) {
				return true
			}
		}
	}
	for i, c := range in {
		if c == 'a' || strings.IndexByte("\n\r", c) >= 0 {
			continue
		}
		with := slices.Clone(in)
		with[i] = 'a'
		if s.still(s.best.Pattern, with) {
			return true
		}
	}
	return false
}

// constructs are the names of nodes that a difference may come from.
var constructs = map[syntax.Op]string{
	syntax.OpFail: "fail", syntax.OpRepeat: "repeat", syntax.OpAlternate: "alternation", syntax.OpGroup: "group", syntax.OpAtomic: "atomic group",
	syntax.OpLook: "lookaround", syntax.OpBackref: "backreference", syntax.OpConditional: "conditional", syntax.OpCall: "call", syntax.OpVerb: "verb",
	syntax.OpKeep: `\K`, syntax.OpGrapheme: `\X`, syntax.OpBalance: "balancing group", syntax.OpScriptRun: "script run", syntax.OpAbsent: "absent operator",
}

// construct names what a pattern is made of: its assertions and escapes as
// written, other nodes by their kind.
func construct(p corpus.Pattern) string {
	re, err := syntax.Parse(p)
	if err != nil {
		return "unread"
	}
	var words []string
	add := func(w string) {
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	syntax.Walk(re.Root, func(n *syntax.Node) bool {
		text := ""
		if n.Span.Start >= 0 && n.Span.End <= len(p.Text) && n.Span.Start < n.Span.End {
			text = p.Text[n.Span.Start:n.Span.End]
		}
		switch {
		case n.Op == syntax.OpAssert:
			add(text)
		case n.Op == syntax.OpSet && strings.HasPrefix(text, "["):
			add("class")
		case n.Op == syntax.OpSet && (strings.HasPrefix(text, `\`) || text == "."):
			add(text)
		case n.Op == syntax.OpGroup && n.Index == 0:
		case constructs[n.Op] != "":
			add(constructs[n.Op])
		}
		return true
	})
	if p.Flags != 0 {
		add("flags " + p.Flags.String())
	}
	if len(words) == 0 {
		return "literal"
	}
	return strings.Join(words, " ")
}
