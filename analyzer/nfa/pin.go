package nfa

import (
	"slices"
	"unicode"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// Limits of the groups whose texts are told apart.
const (
	// maxTexts is the number of texts: each has a copy of what follows.
	maxTexts = 12
	// maxText is the length of a text in characters.
	maxText = 8
)

// A pinned group is one that can capture only a few texts, such as a quotation
// mark, and whose backreferences all stand behind it in one sequence. The
// sequence is then built once for each text, with the references replaced by
// it: exact, and free of the ambiguity that an approximated copy would add.
type pins struct {
	re *syntax.Regexp
	// texts are the texts of each group that may be pinned, by priority.
	texts map[int][][]rune
	// uses counts the backreferences to each group in the whole pattern.
	uses map[int]int
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
	for ref := range p.uses {
		if ref <= 0 || ref >= len(re.Groups) || len(re.Groups[ref].Nodes) != 1 {
			continue
		}
		if texts, ok := textsOf(re.Groups[ref].Nodes[0].Sub[0]); ok && len(texts) > 0 && !(folds[ref] && slices.ContainsFunc(texts, cased)) {
			p.texts[ref] = texts
		}
	}
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

// pinned reports whether node n is a group that may be pinned with the rest of
// its sequence behind it.
func (p *pins) pinned(n *syntax.Node, rest []*syntax.Node) bool {
	if n.Op != syntax.OpGroup || n.Index == 0 || p.texts[n.Index] == nil {
		return false
	}
	uses := 0
	for _, r := range rest {
		syntax.Walk(r, func(m *syntax.Node) bool {
			if m.Op == syntax.OpBackref && slices.Contains(m.Refs, n.Index) {
				uses++
			}
			return true
		})
	}
	return uses == p.uses[n.Index]
}

// pin builds a sequence that begins with a pinned group: an alternative for
// each of its texts.
func (l *lowering) pin(n *syntax.Node, rest []*syntax.Node, next int32) int32 {
	var alts []int32
	for _, text := range l.pins.texts[n.Index] {
		l.pinnedText[n.Index] = text
		pc := l.sequence(rest, next)
		alts = append(alts, l.literal(text, n.Span, pc))
	}
	delete(l.pinnedText, n.Index)
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
