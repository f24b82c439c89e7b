package fix

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// alike compares two trees as what they match; spans count for nothing.
func alike(a, b *syntax.Node) bool {
	if !sameNode(a, b) || len(a.Sub) != len(b.Sub) {
		return false
	}
	for i := range a.Sub {
		if !alike(a.Sub[i], b.Sub[i]) {
			return false
		}
	}
	return true
}

// sameNode compares two nodes without their children.
func sameNode(a, b *syntax.Node) bool {
	return a.Op == b.Op && a.Greed == b.Greed && a.Assert == b.Assert && a.Verb == b.Verb && a.Cond == b.Cond &&
		a.Negate == b.Negate && a.Behind == b.Behind && a.NonAtomic == b.NonAtomic && a.Fold == b.Fold && a.CRLF == b.CRLF &&
		a.Min == b.Min && a.Max == b.Max && a.Index == b.Index && a.Name == b.Name && slices.Equal(a.Refs, b.Refs) &&
		a.UnsetEmpty == b.UnsetEmpty && a.Set.Equal(b.Set)
}

// A change is the part in which two trees differ, the nodes of one that stand
// in the place of those of the other, with the way there from the roots:
// outermost first, all alike but for the change.
type change struct {
	old, next []*syntax.Node
	path      []*syntax.Node
}

// changes are the smallest part in which two trees differ, and the larger ones
// around it, smallest first.
func changes(a, b *syntax.Node) []change {
	var out []change
	var path []*syntax.Node
	for {
		out = append(out, change{[]*syntax.Node{a}, []*syntax.Node{b}, slices.Clone(path)})
		var x, y []*syntax.Node
		switch {
		case a.Op == syntax.OpConcat || b.Op == syntax.OpConcat:
			path = append(path, &syntax.Node{Op: syntax.OpConcat})
			if x, y = trimmed(items(a), items(b)); len(x) != 1 || len(y) != 1 {
				out = append(out, change{x, y, path})
			}
		case sameNode(a, b) && len(a.Sub) == len(b.Sub):
			path = append(path, a)
			x, y = trimmed(a.Sub, b.Sub)
		}
		if len(x) != 1 || len(y) != 1 || x[0] == a && y[0] == b {
			slices.Reverse(out)
			return out
		}
		a, b = x[0], y[0]
	}
}

// items are the factors of a node.
func items(n *syntax.Node) []*syntax.Node {
	switch n.Op {
	case syntax.OpConcat:
		return n.Sub
	case syntax.OpEmpty:
		return nil
	}
	return []*syntax.Node{n}
}

// trimmed drops what two lists begin and end with.
func trimmed(a, b []*syntax.Node) (x, y []*syntax.Node) {
	for len(a) > 0 && len(b) > 0 && alike(a[0], b[0]) {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && alike(a[len(a)-1], b[len(b)-1]) {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}

// A surrounding says what stands around a change, or anywhere in a pattern, as
// far as replacing a part depends on it.
type surrounding struct {
	references, captures, verbs, calls bool
}

func surroundings(root *syntax.Node) surrounding {
	var s surrounding
	syntax.Walk(root, func(n *syntax.Node) bool {
		switch n.Op {
		case syntax.OpBackref, syntax.OpConditional, syntax.OpBalance:
			s.references = true
		case syntax.OpVerb:
			s.verbs = true
		case syntax.OpCall:
			s.calls = true
		case syntax.OpGroup:
			s.captures = s.captures || n.Index > 0
		}
		return true
	})
	return s
}
