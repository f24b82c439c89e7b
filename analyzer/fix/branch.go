package fix

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// A Branch is one alternative of a pattern, cut free: Text is the pattern
// without the alternatives beside it, the bytes [Start, End) of it are the
// alternative itself. A subject matches a pattern if it matches with one of the
// alternatives, so each may be mended by itself where only the existence of a
// match counts.
type Branch struct {
	Text       string
	Start, End int
	// From and To are the alternative in the pattern.
	From, To int
	whole    string
}

// Join is the pattern with what became of the branch's text: outside of the
// alternative that must be as it was.
func (b Branch) Join(text string) string {
	inside := text[b.Start : len(text)-(len(b.Text)-b.End)]
	return b.whole[:b.From] + inside + b.whole[b.To:]
}

// Keeps reports whether edits of the branch's text, or of what became of it,
// stay inside the alternative.
func (b Branch) Keeps(text string, edits []Edit) bool {
	for _, e := range edits {
		if e.Start < b.Start || e.End > len(text)-(len(b.Text)-b.End) {
			return false
		}
	}
	return true
}

// Branches are the alternatives of a pattern that hold a loop, of each
// alternation that stands in no other one, in no loop and in no lookaround.
func Branches(re *syntax.Regexp) []Branch {
	var out []Branch
	var visit func(n *syntax.Node)
	visit = func(n *syntax.Node) {
		switch n.Op {
		case syntax.OpGroup, syntax.OpConcat:
			for _, s := range n.Sub {
				visit(s)
			}
		case syntax.OpAlternate:
			for i, s := range n.Sub {
				if !loops(s) {
					continue
				}
				if b, ok := cutFree(re, n, i); ok {
					out = append(out, b)
				}
			}
		}
	}
	visit(re.Root)
	return out
}

// cutFree cuts the alternatives beside the i-th of a node, if the text that is
// left says the same of what is left: an option such as (?i) in one alternative
// may hold in the next.
func cutFree(re *syntax.Regexp, n *syntax.Node, i int) (Branch, bool) {
	text := re.Pattern.Text
	first, last, s := n.Sub[0].Span.Start, n.Sub[len(n.Sub)-1].Span.End, n.Sub[i].Span
	b := Branch{Text: text[:first] + text[s.Start:s.End] + text[last:], Start: first, End: first + s.End - s.Start, From: s.Start, To: s.End, whole: text}
	p := re.Pattern
	p.Text = b.Text
	alone, err := syntax.Parse(p)
	if err != nil || alone.Options != re.Options || alone.Unit != re.Unit {
		return b, false
	}
	return b, alike(flat(alone.Root), flat(only(re.Root, n, i)))
}

// only is a tree in which the i-th alternative stands in the place of a node.
func only(at, n *syntax.Node, i int) *syntax.Node {
	if at == n {
		return n.Sub[i]
	}
	if at.Span.Start > n.Span.Start || at.Span.End < n.Span.End {
		return at
	}
	out := *at
	out.Sub = make([]*syntax.Node, len(at.Sub))
	for k, s := range at.Sub {
		out.Sub[k] = only(s, n, i)
	}
	return &out
}

// flat is a tree without sequences in sequences.
func flat(n *syntax.Node) *syntax.Node {
	out := *n
	out.Sub = nil
	for _, s := range n.Sub {
		if s = flat(s); n.Op == syntax.OpConcat {
			out.Sub = append(out.Sub, items(s)...)
		} else {
			out.Sub = append(out.Sub, s)
		}
	}
	if n.Op == syntax.OpConcat && len(out.Sub) == 1 {
		return out.Sub[0]
	}
	return &out
}

// loops reports whether a node repeats something often.
func loops(n *syntax.Node) bool {
	found := false
	syntax.Walk(n, func(n *syntax.Node) bool {
		found = found || n.Op == syntax.OpRepeat && (n.Max == syntax.Infinite || n.Max > 1)
		return !found
	})
	return found
}

// sliced are two trees without the alternatives that they have in common, as
// far as only the existence of a match depends on them: a subject matches an
// alternation if it matches one of the alternatives. What stands in a loop, a
// lookaround or an atomic group stays as it is. ok is false where nothing
// could be cut, or where what is left refers to a group: it may be gone.
func sliced(a, b *syntax.Node) (x, y *syntax.Node, ok bool) {
	cut := false
	x, y = slice(a, b, &cut)
	for _, n := range []*syntax.Node{x, y} {
		if s := surroundings(n); s.references || s.calls || s.verbs {
			return a, b, false
		}
	}
	for _, n := range []*syntax.Node{a, b} {
		if s := surroundings(n); s.calls || s.verbs {
			return a, b, false
		}
	}
	return x, y, cut
}

func slice(a, b *syntax.Node, cut *bool) (x, y *syntax.Node) {
	switch {
	case a.Op == syntax.OpAlternate && b.Op == syntax.OpAlternate:
		p, q := trimmed(a.Sub, b.Sub)
		*cut = *cut || len(p) < len(a.Sub)
		if len(p) == 1 && len(q) == 1 {
			return slice(p[0], q[0], cut)
		}
		return alternation(p), alternation(q)
	case a.Op == syntax.OpGroup && sameNode(a, b):
		x, y = slice(a.Sub[0], b.Sub[0], cut)
		return with(a, []*syntax.Node{x}), with(b, []*syntax.Node{y})
	case a.Op == syntax.OpConcat && b.Op == syntax.OpConcat && len(a.Sub) == len(b.Sub):
		p, _ := trimmed(a.Sub, b.Sub)
		if len(p) != 1 {
			return a, b
		}
		i := slices.Index(a.Sub, p[0])
		x, y = slice(a.Sub[i], b.Sub[i], cut)
		left, right := slices.Clone(a.Sub), slices.Clone(b.Sub)
		left[i], right[i] = x, y
		return with(a, left), with(b, right)
	}
	return a, b
}

// with is a node with other children.
func with(n *syntax.Node, sub []*syntax.Node) *syntax.Node {
	out := *n
	out.Sub = sub
	return &out
}

// alternation is an alternation of nodes, which may be one or none.
func alternation(sub []*syntax.Node) *syntax.Node {
	switch len(sub) {
	case 0:
		return &syntax.Node{Op: syntax.OpFail}
	case 1:
		return sub[0]
	}
	return &syntax.Node{Op: syntax.OpAlternate, Sub: sub}
}
