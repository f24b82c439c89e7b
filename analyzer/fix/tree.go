package fix

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
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

// Key is the same for texts that are read alike, but for groups that only keep
// together.
func Key(re *syntax.Regexp) string {
	var b strings.Builder
	key(&b, flat(re.Root))
	return b.String()
}

func key(b *strings.Builder, n *syntax.Node) {
	if n.Op == syntax.OpGroup && n.Index == 0 && n.Name == "" {
		key(b, n.Sub[0])
		return
	}
	own := *n
	own.Sub, own.Span, own.Set = nil, syntax.Span{}, charset.Set{}
	if n.Op != syntax.OpSet {
		fmt.Fprintf(b, "%v", own)
	}
	for _, r := range n.Set.Ranges() {
		b.Write(binary.LittleEndian.AppendUint64(nil, uint64(r.Lo)<<32|uint64(r.Hi)))
	}
	b.WriteByte('(')
	for _, s := range n.Sub {
		key(b, s)
		b.WriteByte(',')
	}
	b.WriteByte(')')
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
			x, y = trimmed(items(a), items(b))
			out = append(out, neighbours(items(a), items(b), len(x), slices.Clone(path))...)
			if len(x) != 1 || len(y) != 1 {
				out = append(out, change{x, y, slices.Clone(path)})
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

// maxBeside is how many items on either side of a changed part are compared with
// it: a loop that takes over from its neighbour stands one or two beside it.
const maxBeside = 2

// neighbours are the changes that take in what stands beside the part in which
// two sequences differ, of which the first has size items: largest first, all
// smaller than the sequences.
func neighbours(a, b []*syntax.Node, size int, path []*syntax.Node) []change {
	before := 0
	for before < len(a) && before < len(b) && before < len(a)-size && alike(a[before], b[before]) {
		before++
	}
	behind := len(a) - size - before
	var out []change
	for wide := 2 * maxBeside; wide > 0; wide-- {
		for l := min(wide, maxBeside); l >= 0; l-- {
			if r := wide - l; r <= maxBeside && l <= before && r <= behind && l+r+size < len(a) {
				out = append(out, change{a[before-l : len(a)-behind+r], b[before-l : len(b)-behind+r], path})
			}
		}
	}
	return out
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
