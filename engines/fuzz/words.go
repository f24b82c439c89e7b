package fuzz

import (
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// A lexicon is short words of every node of a pattern: strings that the node
// may match, the shortest usual one first. What assertions ask is left out;
// a backreference is read as its group's first word. They are material for
// inputs, not a promise.
type lexicon struct {
	re    *syntax.Regexp
	abc   *alphabet
	known map[*syntax.Node][]string
	full  bool // optional parts are taken once in the first words
	calls int
	depth int
	work  int // nodes looked at: maxWork bounds them
}

func newLexicon(re *syntax.Regexp, abc *alphabet, full bool) *lexicon {
	return &lexicon{re: re, abc: abc, full: full, known: map[*syntax.Node][]string{}}
}

// maxWork bounds the nodes looked at: calls inside calls repeat them.
const maxWork = 100_000

// maxSingles bounds the characters taken from one set.
const maxSingles = 6

// of is the words of a node, at least one unless it can match nothing.
func (l *lexicon) of(n *syntax.Node) []string {
	if words, ok := l.known[n]; ok {
		return words
	}
	if l.work++; l.depth > maxDepth || l.work > maxWork {
		return []string{""}
	}
	l.depth++
	words := l.make(n)
	l.depth--
	words = slices.DeleteFunc(words, func(w string) bool { return len(w) > maxWord })
	words = distinct(words, maxWords)
	if l.calls == 0 {
		l.known[n] = words
	}
	return words
}

// first is the usual word of a node, "" where there is none.
func (l *lexicon) first(n *syntax.Node) string {
	if w := l.of(n); len(w) > 0 {
		return w[0]
	}
	return ""
}

func distinct(words []string, most int) []string {
	var out []string
	for _, w := range words {
		if len(out) < most && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func (l *lexicon) make(n *syntax.Node) []string {
	switch n.Op {
	case syntax.OpFail:
		return nil
	case syntax.OpSet:
		s := l.abc.of(n.Set)
		return s[:min(len(s), maxSingles)]
	case syntax.OpConcat:
		return l.concat(n.Sub)
	case syntax.OpAlternate:
		return l.alternate(n.Sub)
	case syntax.OpRepeat:
		return l.repeat(n)
	case syntax.OpGroup, syntax.OpAtomic, syntax.OpScriptRun, syntax.OpBalance:
		return l.of(n.Sub[0])
	case syntax.OpConditional:
		if n.Cond == syntax.CondDefine {
			return []string{""}
		}
		return l.alternate(n.Sub[:2])
	case syntax.OpBackref:
		for _, g := range n.Refs {
			if words := l.group(g); len(words) > 0 {
				if n.UnsetEmpty {
					words = append(slices.Clone(words), "")
				}
				return words
			}
		}
	case syntax.OpCall:
		return l.group(n.Index)
	case syntax.OpGrapheme:
		if l.abc.unit == syntax.Byte {
			return []string{"a", "\r\n"}
		}
		return []string{"a", "à", "\r\n", "\u0301"}
	}
	return []string{""}
}

// group is the words of a capture group, or of the whole pattern.
func (l *lexicon) group(g int) []string {
	if l.calls >= maxCalls || g >= len(l.re.Groups) {
		return nil
	}
	l.calls++
	defer func() { l.calls-- }()
	if g == 0 {
		return l.of(l.re.Root)
	}
	for _, n := range l.re.Groups[g].Nodes {
		if words := l.of(n); len(words) > 0 {
			return words
		}
	}
	return nil
}

// concat is the concatenation of first words, then those with one part
// exchanged, part by part.
func (l *lexicon) concat(subs []*syntax.Node) []string {
	parts := make([][]string, len(subs))
	base := make([]string, len(subs))
	size := 0
	for i, sub := range subs {
		if parts[i] = l.of(sub); len(parts[i]) == 0 {
			return nil
		}
		base[i] = parts[i][0]
		size += len(base[i])
	}
	if size > maxWord {
		return []string{strings.Join(base, "")[:maxWord]}
	}
	out := []string{strings.Join(base, "")}
	for round := 1; len(out) < 2*maxWords; round++ {
		more := false
		for i := range subs {
			if round < len(parts[i]) {
				more = true
				base[i] = parts[i][round]
				out = append(out, strings.Join(base, ""))
				base[i] = parts[i][0]
			}
		}
		if !more {
			break
		}
	}
	return out
}

func (l *lexicon) alternate(subs []*syntax.Node) []string {
	var parts [][]string
	for _, sub := range subs {
		parts = append(parts, l.of(sub))
	}
	var out []string
	for round := 0; len(out) < 2*maxWords; round++ {
		more := false
		for _, p := range parts {
			if round < len(p) {
				more = true
				out = append(out, p[round])
			}
		}
		if !more {
			break
		}
	}
	return out
}

func (l *lexicon) repeat(n *syntax.Node) []string {
	if n.Max == 0 {
		return []string{""}
	}
	body := l.of(n.Sub[0])
	var out []string
	if n.Min == 0 && !l.full {
		out = append(out, "")
	}
	for _, w := range body {
		k := max(n.Min, 1)
		if w == "" {
			k = 1
		} else if k*len(w) > maxWord {
			k = maxWord / len(w)
		}
		out = append(out, strings.Repeat(w, k))
	}
	if len(body) > 0 && body[0] != "" && n.Max != 1 && len(body[0])*(n.Min+1) < maxWord {
		out = append(out, strings.Repeat(body[0], n.Min+1))
	}
	if n.Min == 0 && l.full {
		out = append(out, "")
	}
	return out
}
