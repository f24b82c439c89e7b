package nfa

import (
	"maps"
	"slices"
	"unicode"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// Limits of the groups whose texts are told apart.
const (
	// maxTexts is the number of texts: each has a copy of what follows.
	maxTexts = 16
	// maxText is the length of a text in characters.
	maxText = 8
)

// A pinned group is one that can capture only a few texts, such as a quotation
// mark, and whose backreferences all stand behind it. What follows it is then
// built once for each text, with the references replaced by it: exact, and free
// of the ambiguity that an approximated copy would add.
//
// One group that captures a single character of many may be pinned to one
// character of each class (weigh.go).
type pins struct {
	re *syntax.Regexp
	// texts are the texts of each group that may be pinned, by priority.
	texts map[int][][]rune
	// groups are the pinned ones in ascending order.
	groups []int
	// uses counts the backreferences to each group in the whole pattern.
	uses map[int]int
	// many are groups of one character of too many, in ascending order. weighed
	// is the one of them whose texts stand for all characters of their classes,
	// 0 for none, and copies the number of these.
	many    []int
	weighed int
	copies  float64
}

// findPins looks for groups that may be pinned.
func findPins(re *syntax.Regexp) *pins {
	p := &pins{re: re, texts: map[int][][]rune{}, uses: map[int]int{}}
	usable := true
	folds := map[int]bool{}
	syntax.Walk(re.Root, func(n *syntax.Node) bool {
		switch n.Op {
		case syntax.OpBackref:
			for _, ref := range n.Refs {
				p.uses[ref]++
				folds[ref] = folds[ref] || n.Fold
				if len(n.Refs) > 1 {
					p.uses[ref] += 1 << 20
				}
			}
		case syntax.OpCall, syntax.OpBalance, syntax.OpConditional, syntax.OpVerb:
			usable = false
		}
		return true
	})
	if !usable {
		return p
	}
	for _, ref := range slices.Sorted(maps.Keys(p.uses)) {
		if ref <= 0 || ref >= len(re.Groups) || len(re.Groups[ref].Nodes) != 1 {
			continue
		}
		texts, ok := textsOf(re.Groups[ref].Nodes[0].Sub[0])
		switch {
		case !ok:
			if !folds[ref] {
				p.many = append(p.many, ref)
			}
		case len(texts) > 0 && !(folds[ref] && slices.ContainsFunc(texts, cased)):
			p.texts[ref] = texts
		}
	}
	p.groups = slices.Sorted(maps.Keys(p.texts))
	return p
}

// cased reports whether a text may have another case: only ASCII characters
// other than letters surely have none.
func cased(text []rune) bool {
	return slices.ContainsFunc(text, func(c rune) bool { return c >= 0x80 || unicode.IsLetter(c) })
}

// sets are the single characters of the texts, which the alphabet must tell
// apart.
func (p *pins) sets(note func(charset.Set)) {
	for _, texts := range p.texts {
		for _, t := range texts {
			for _, c := range t {
				note(charset.Runes(c))
			}
		}
	}
}

// find is the group that is pinned where node n stands in front of the rest of
// its sequence, 0 for none: one that every way through n sets, and that is
// referred to in the rest, behind it, and nowhere else.
func (p *pins) find(n *syntax.Node, rest []*syntax.Node) int {
	for _, group := range p.groups {
		node := p.re.Groups[group].Nodes[0]
		if !passes(n, node) {
			continue
		}
		uses := func(nodes ...*syntax.Node) (count int) {
			behind := len(nodes) != 1 || nodes[0] != n
			for _, r := range nodes {
				syntax.Walk(r, func(m *syntax.Node) bool {
					behind = behind || m == node
					if behind && m.Op == syntax.OpBackref && slices.Contains(m.Refs, group) {
						count++
					}
					return true
				})
			}
			return count
		}
		// A sequence inside n has all uses of other groups.
		if after := uses(rest...); after > 0 && after+uses(n) == p.uses[group] {
			return group
		}
	}
	return 0
}

// passes reports whether every way through n leads through a group, once.
func passes(n, group *syntax.Node) bool {
	switch {
	case n == group:
		return true
	case n.Op == syntax.OpGroup || n.Op == syntax.OpConcat:
		return slices.ContainsFunc(n.Sub, func(s *syntax.Node) bool { return passes(s, group) })
	}
	return false
}

// pin builds a node that sets a pinned group, and what follows it once for each
// of the group's texts: rest builds that, while the text is in force.
func (l *lowering) pin(n *syntax.Node, group int, rest func() int32) int32 {
	node := l.re.Groups[group].Nodes[0]
	switch {
	case n == node:
		return l.pass(1, l.texts(group, n.Span, func() int32 { return l.pass(1, rest()) }))
	case n.Op == syntax.OpGroup:
		if n.Index == 0 {
			return l.pin(n.Sub[0], group, rest)
		}
		return l.pass(1, l.pin(n.Sub[0], group, func() int32 { return l.pass(1, rest()) }))
	}
	i := slices.IndexFunc(n.Sub, func(s *syntax.Node) bool { return passes(s, node) })
	return l.sequence(n.Sub[:i], l.pin(n.Sub[i], group, func() int32 { return l.sequence(n.Sub[i+1:], rest()) }))
}

// texts builds an alternative for each text of a pinned group.
func (l *lowering) texts(group int, span syntax.Span, rest func() int32) int32 {
	var alts []int32
	for _, text := range l.pins.texts[group] {
		l.pinnedText[group] = text
		pc := rest()
		if group == l.pins.weighed {
			l.a.Captures = append(l.a.Captures, int32(len(l.a.Atoms))) // of the literal's only character
		}
		alts = append(alts, l.literal(text, span, pc))
	}
	delete(l.pinnedText, group)
	if group == l.pins.weighed {
		l.weighed(span)
	}
	return l.emit(instruction{op: opAlt, alts: alts})
}

// literal builds a text.
func (l *lowering) literal(text []rune, span syntax.Span, next int32) int32 {
	for _, c := range slices.Backward(text) {
		next = l.char(charset.Bit(l.a.Classes.Of(c)), span, next)
	}
	return next
}

// textsOf lists the texts that a node matches, by priority; false when there
// are too many, or when what it matches is not only a text.
func textsOf(n *syntax.Node) ([][]rune, bool) {
	switch n.Op {
	case syntax.OpEmpty:
		return [][]rune{{}}, true
	case syntax.OpSet:
		if n.Set.Len() > maxTexts {
			return nil, false
		}
		var out [][]rune
		for _, r := range n.Set.Ranges() {
			for c := r.Lo; c <= r.Hi; c++ {
				out = append(out, []rune{c})
			}
		}
		return out, true
	case syntax.OpGroup:
		return textsOf(n.Sub[0])
	case syntax.OpAlternate:
		var out [][]rune
		for _, s := range n.Sub {
			more, ok := textsOf(s)
			if out = append(out, more...); !ok || len(out) > maxTexts {
				return nil, false
			}
		}
		return out, true
	case syntax.OpConcat:
		return joined(n.Sub)
	case syntax.OpRepeat:
		if n.Greed == syntax.Possessive || n.Max == syntax.Infinite || n.Max > maxText {
			return nil, false
		}
		var out [][]rune
		for k := n.Min; k <= n.Max; k++ {
			count := k
			if n.Greed == syntax.Greedy {
				count = n.Max + n.Min - k
			}
			more, ok := joined(slices.Repeat(n.Sub[:1], count))
			if out = append(out, more...); !ok || len(out) > maxTexts {
				return nil, false
			}
		}
		return out, true
	}
	return nil, false
}

func joined(nodes []*syntax.Node) ([][]rune, bool) {
	out := [][]rune{{}}
	for _, s := range nodes {
		texts, ok := textsOf(s)
		if !ok || len(out)*len(texts) > maxTexts {
			return nil, false
		}
		var next [][]rune
		for _, head := range out {
			for _, tail := range texts {
				if len(head)+len(tail) > maxText {
					return nil, false
				}
				next = append(next, append(slices.Clone(head), tail...))
			}
		}
		out = next
	}
	return out, true
}
