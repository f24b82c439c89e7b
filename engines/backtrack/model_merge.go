package backtrack

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// rewrite applies change to every node under n, children first, and reports
// whether any call changed something.
func rewrite(n *syntax.Node, change func(n *syntax.Node) bool) bool {
	changed := false
	for _, sub := range n.Sub {
		changed = rewrite(sub, change) || changed
	}
	return change(n) || changed
}

// become makes n the node m, in the place of n.
func become(n, m *syntax.Node) {
	span := n.Span
	*n = *m
	n.Span = span
}

// merging says which alternatives an engine merges into a set: two branches
// of a single character each become one branch, so that what was ambiguous,
// a|a, no longer is.
type merging struct {
	least int  // the number of alternatives from which on it looks at all
	whole bool // only when every alternative is such a character
	takes func(w writing, text string) bool
	// nested alternatives are spread out first.
	nested bool
}

// mergeAlternatives merges alternatives of a single character.
func mergeAlternatives(how merging) shortcut {
	return shortcut{"merged alternation", func(b *modelBuilder) bool {
		return rewrite(b.re.Root, func(n *syntax.Node) bool {
			switch n.Op {
			case syntax.OpAlternate:
				return how.merge(b, n)
			case syntax.OpRepeat:
				// A loop over what became a single character is one.
				if c := inner(n.Sub[0]); c.Op == syntax.OpSet {
					n.Sub[0] = c
				}
			}
			return false
		})
	}}
}

func (how merging) merge(b *modelBuilder, n *syntax.Node) bool {
	if how.nested {
		n.Sub = spreadAlternatives(n.Sub)
	}
	if len(n.Sub) < how.least {
		return false
	}
	single := func(m *syntax.Node) bool {
		m = inner(m)
		if m.Op != syntax.OpSet {
			return false
		}
		w, _ := b.writing(m)
		return how.takes(w, b.written(m))
	}
	if how.whole && slices.ContainsFunc(n.Sub, func(m *syntax.Node) bool { return !single(m) }) {
		return false
	}
	var out []*syntax.Node
	merged := false
	open := false // the last of out may take more
	for _, m := range n.Sub {
		if !single(m) {
			out, open = append(out, m), false
			continue
		}
		if open {
			last := out[len(out)-1]
			last.Set = charset.Union(last.Set, inner(m).Set)
			merged = true
			continue
		}
		c := *inner(m)
		out, open = append(out, &c), true
	}
	n.Sub = out
	if len(out) == 1 {
		become(n, out[0])
	}
	return merged
}

// spreadAlternatives flattens alternatives that are themselves alternations.
func spreadAlternatives(subs []*syntax.Node) []*syntax.Node {
	var out []*syntax.Node
	for _, m := range subs {
		k := m
		for k.Op == syntax.OpGroup && k.Index == 0 {
			k = k.Sub[0]
		}
		if k.Op == syntax.OpAlternate {
			out = append(out, spreadAlternatives(k.Sub)...)
			continue
		}
		out = append(out, m)
	}
	return out
}

// factoring says how an engine takes a common prefix out of alternatives:
// ab|ac becomes a(?:b|c).
type factoring struct {
	least int  // the number of alternatives from which on it looks at all
	run   int  // the number of neighbours that must share a prefix
	whole bool // only what all alternatives begin with
	// letters: only literal characters, else any single character or fixed
	// repeat of one.
	letters bool
	// sorted: neighbours are first brought together by their first character.
	sorted bool
	// unique: of several empty rests one is kept.
	unique bool
}

// factorPrefixes takes common prefixes out of alternatives.
func factorPrefixes(how factoring) shortcut {
	return shortcut{"common prefix", func(b *modelBuilder) bool {
		return rewrite(b.re.Root, func(n *syntax.Node) bool {
			return n.Op == syntax.OpAlternate && how.factor(b, n, 0)
		})
	}}
}

// maxFactored bounds the characters of a prefix that are taken out.
const maxFactored = 1000

func (how factoring) factor(b *modelBuilder, n *syntax.Node, depth int) bool {
	if len(n.Sub) < how.least || depth > maxFactored {
		return false
	}
	subs := make([][]*syntax.Node, len(n.Sub))
	for i, m := range n.Sub {
		subs[i] = items(inner(m))
	}
	if how.sorted {
		how.sort(b, subs)
	}
	var out []*syntax.Node
	changed := false
	for i := 0; i < len(subs); {
		end := i + 1
		for end < len(subs) && how.head(b, subs[i]) && how.head(b, subs[end]) && sameItem(subs[i][0], subs[end][0]) {
			end++
		}
		if end < i+how.run || how.whole && (i > 0 || end < len(subs)) {
			for ; i < end; i++ {
				out = append(out, sequence(n, subs[i]))
			}
			continue
		}
		out = append(out, how.join(b, n, subs[i:end], depth))
		changed, i = true, end
	}
	n.Sub = out
	if len(out) == 1 {
		become(n, out[0])
	}
	return changed
}

// join is the common first item of branches, and an alternation of the rests.
func (how factoring) join(b *modelBuilder, n *syntax.Node, subs [][]*syntax.Node, depth int) *syntax.Node {
	rest := &syntax.Node{Op: syntax.OpAlternate, Span: n.Span}
	empty := false
	for _, s := range subs {
		isEmpty := len(s) == 1
		if isEmpty && empty && how.unique {
			continue
		}
		empty = empty || isEmpty
		rest.Sub = append(rest.Sub, sequence(n, s[1:]))
	}
	if len(rest.Sub) == 1 {
		rest = rest.Sub[0]
	} else {
		how.factor(b, rest, depth+1)
	}
	group := &syntax.Node{Op: syntax.OpGroup, Sub: []*syntax.Node{rest}, Span: n.Span}
	return &syntax.Node{Op: syntax.OpConcat, Sub: []*syntax.Node{subs[0][0], group}, Span: n.Span}
}

// head reports whether a branch begins with an item that may be taken out.
func (how factoring) head(b *modelBuilder, s []*syntax.Node) bool {
	if len(s) == 0 {
		return false
	}
	n := s[0]
	if how.letters {
		if n.Op != syntax.OpSet {
			return false
		}
		w, _ := b.writing(n)
		return w == asLetter
	}
	return n.Op == syntax.OpSet || n.Op == syntax.OpRepeat && n.Min == n.Max && n.Sub[0].Op == syntax.OpSet
}

// sort brings neighbouring branches of letters together by their first
// character.
func (how factoring) sort(b *modelBuilder, subs [][]*syntax.Node) {
	for i := 0; i < len(subs); {
		end := i
		for end < len(subs) && how.head(b, subs[end]) {
			end++
		}
		slices.SortStableFunc(subs[i:end], func(x, y []*syntax.Node) int {
			return int(x[0].Set.Ranges()[0].Lo) - int(y[0].Set.Ranges()[0].Lo)
		})
		i = max(end, i+1)
	}
}

func sameItem(a, b *syntax.Node) bool {
	if a.Op != b.Op {
		return false
	}
	if a.Op == syntax.OpRepeat {
		return a.Min == b.Min && a.Max == b.Max && a.Greed == b.Greed && sameItem(a.Sub[0], b.Sub[0])
	}
	return a.Op == syntax.OpSet && a.Set.Equal(b.Set)
}

// sequence is a node of items, in the place of n.
func sequence(n *syntax.Node, items []*syntax.Node) *syntax.Node {
	switch len(items) {
	case 0:
		return &syntax.Node{Op: syntax.OpEmpty, Span: n.Span}
	case 1:
		return items[0]
	}
	return &syntax.Node{Op: syntax.OpConcat, Sub: slices.Clone(items), Span: n.Span}
}
