package fix

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// A word is a sequence of sets of characters.
type word []charset.Set

// Limits of the words that a part is read as.
const (
	maxWords = 16
	maxWord  = 40 // characters of one
)

// spelled are the words that a node matches, nil where they are too many, too
// long, or not only characters.
func spelled(n *syntax.Node) []word {
	switch n.Op {
	case syntax.OpEmpty:
		return []word{{}}
	case syntax.OpSet:
		return []word{{n.Set}}
	case syntax.OpGroup:
		return spelled(n.Sub[0])
	case syntax.OpConcat:
		out := []word{{}}
		for _, s := range n.Sub {
			if out = joined(out, spelled(s)); out == nil {
				return nil
			}
		}
		return out
	case syntax.OpAlternate:
		var out []word
		for _, s := range n.Sub {
			more := spelled(s)
			if out = append(out, more...); more == nil || len(out) > maxWords {
				return nil
			}
		}
		return out
	case syntax.OpRepeat:
		if n.Max == syntax.Infinite || n.Max > maxWord || n.Max > n.Min+1 {
			return nil
		}
		out, one := []word{{}}, spelled(n.Sub[0])
		for range n.Min {
			out = joined(out, one)
		}
		if n.Max > n.Min {
			if more := joined(out, one); more != nil {
				out = append(out, more...)
			} else {
				return nil
			}
		}
		return out
	}
	return nil
}

func joined(a, b []word) []word {
	if len(a)*len(b) > maxWords {
		return nil
	}
	var out []word
	for _, x := range a {
		for _, y := range b {
			if len(x)+len(y) > maxWord {
				return nil
			}
			out = append(out, append(append(word{}, x...), y...))
		}
	}
	return out
}

// excludingChain is the expression of the words over a set that hold no match of
// nodes, where these are words with loops between them: behind the first words
// none of the next may stand, and so on. nil where they are others, or where a
// loop stands at an end.
func excludingChain(nodes []*syntax.Node, over charset.Set) *expression {
	var chain [][]word
	from := 0
	for i := 0; i <= len(nodes); i++ {
		if i < len(nodes) && !loops(nodes[i]) {
			continue
		}
		if i == from && i > 0 && i < len(nodes) {
			from = i + 1 // two loops in a row
			continue
		}
		words := spelled(sequence(nodes[from:i]))
		if i == from || len(words) == 0 {
			return nil
		}
		chain = append(chain, words)
		from = i + 1
	}
	var out *expression
	for i := len(chain) - 1; i >= 0; i-- {
		e := excluding(chain[i], over)
		if e == nil {
			return nil
		}
		if out != nil {
			var either *expression
			for _, w := range chain[i] {
				one := empty
				for _, on := range w {
					if on = on.Intersect(over); on.IsEmpty() {
						return nil
					}
					one = cat(one, set(on))
				}
				either = or(either, one)
			}
			e = cat(e, &expression{kind: shapeAlt, sub: []*expression{cat(either, out), empty}})
		}
		out = e
	}
	return out
}

// A trie holds words by their beginnings. Its branches are disjoint.
type trie struct {
	on   []charset.Set
	to   []*trie
	ends bool // a word ends here
}

// add inserts a word; false where two branches overlap without being equal.
func (t *trie) add(w word, over charset.Set) bool {
	if len(w) == 0 {
		t.ends = true
		return true
	}
	on := w[0].Intersect(over)
	if on.IsEmpty() {
		return true // no word over the set is this one
	}
	for i, s := range t.on {
		if s.Equal(on) {
			return t.to[i].add(w[1:], over)
		}
		if !s.Intersect(on).IsEmpty() {
			return false
		}
	}
	next := &trie{}
	t.on, t.to = append(t.on, on), append(t.to, next)
	return next.add(w[1:], over)
}

// excluding is the expression of the words over a set that hold none of some
// words, where no beginning of one stands inside another: what is read is cut
// at each beginning, and what follows one must not be the rest of a word. nil
// where the words are others.
func excluding(words []word, over charset.Set) *expression {
	root := &trie{}
	for _, w := range words {
		if !root.add(w, over) {
			return nil
		}
	}
	if root.ends {
		return nil
	}
	var begin, single charset.Set
	for i, on := range root.on {
		if root.to[i].ends {
			single = charset.Union(single, on)
		} else {
			begin = charset.Union(begin, on)
		}
	}
	x := &excluder{begin: begin, others: over.Minus(begin).Minus(single), single: single}
	x.free = star(setOrNil(x.others))
	var pieces, last *expression
	for i, on := range root.on {
		if root.to[i].ends {
			continue
		}
		rest, blocked, ok := x.follow(root.to[i])
		if !ok {
			return nil
		}
		if rest != nil {
			pieces = or(pieces, cat(set(on), rest))
		}
		if blocked != nil {
			last = or(last, cat(set(on), blocked))
		}
	}
	if last != nil {
		last = or(last, empty)
		return cat(x.free, star(pieces), last)
	}
	return cat(x.free, star(pieces))
}

// An excluder writes what may follow the beginnings of words.
type excluder struct {
	// begin are the first characters of words, single are words by themselves,
	// others are what is left of the set.
	begin, single, others charset.Set
	free                  *expression // others, any number of times
}

// follow is what may be read behind a beginning of a word, up to the next
// first character: rest, and blocked, behind which no first character may come
// and so nothing at all; nil for nothing.
func (x *excluder) follow(t *trie) (rest, blocked *expression, ok bool) {
	away, closed := x.others, false
	for i, on := range t.on {
		away = away.Minus(on)
		both := on.Intersect(x.begin)
		switch {
		case both.IsEmpty():
		case t.to[i].ends && x.begin.Minus(on).IsEmpty():
			closed = true // the word would end with a first character
		default:
			return nil, nil, false
		}
	}
	if !away.IsEmpty() {
		rest = cat(set(away), x.free)
	}
	for i, on := range t.on {
		if t.to[i].ends {
			continue
		}
		more, stop, ok := x.follow(t.to[i])
		if !ok {
			return nil, nil, false
		}
		if on = on.Minus(x.single); on.IsEmpty() {
			continue
		}
		if more != nil {
			rest = or(rest, cat(set(on), more))
		}
		if stop != nil {
			blocked = or(blocked, cat(set(on), stop))
		}
	}
	if closed {
		return rest, or(blocked, empty), true
	}
	return or(rest, empty), blocked, true
}

// or is an alternation as it is written: nothing is joined.
func or(a, b *expression) *expression {
	if a == nil {
		return b
	}
	if b == empty && a == empty {
		return a
	}
	sub := []*expression{b}
	if b.kind == shapeAlt {
		sub = b.sub
	}
	if a.kind == shapeAlt {
		return &expression{kind: shapeAlt, sub: append(append([]*expression(nil), a.sub...), sub...)}
	}
	return &expression{kind: shapeAlt, sub: append([]*expression{a}, sub...)}
}

func setOrNil(s charset.Set) *expression {
	if s.IsEmpty() {
		return nil
	}
	return set(s)
}
