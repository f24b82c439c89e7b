package fix

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// A Method is an argument that a rewrite matches what the text before it did.
type Method string

// The methods.
const (
	// SameWords: the changed part matches the same words, and nothing around it
	// asks for more.
	SameWords Method = "the changed part matches the same words"
	// SameEnds: the changed part offers the same ends in the same order.
	SameEnds Method = "the changed part offers the same ends in the same order"
	// SameSubjects: the whole patterns match in the same subjects.
	SameSubjects Method = "both match in the same subjects"
	// SameSpans: the whole patterns report the same spans.
	SameSpans Method = "both report the same spans"
)

// A Step of a proof: one text turned into another.
type Step struct {
	From, To string
	Idea     string
	Why      string
	By       Method
}

// A Proof is a chain of steps from a pattern to its fix, each of which keeps
// what the use needs.
type Proof struct {
	Use   Use
	Steps []Step
}

// Prove looks for an argument that next matches what old does, as far as a use
// needs it, within a budget. ok is false where there is none, or where a limit was
// reached.
func Prove(old, next *syntax.Regexp, use Use, budget *language.Budget) (by Method, ok bool) {
	if old.Unit != next.Unit || len(old.Groups) != len(next.Groups) && use == Captures {
		return "", false
	}
	around := surroundings(old.Root)
	all := changes(old.Root, next.Root)
	for _, c := range all {
		if weight(c.old)+weight(c.next) > maxPart {
			continue
		}
		if by, ok := c.prove(old, next, use, around, budget); ok {
			return by, true
		}
	}
	switch {
	case use == Match && alone(old, next, budget):
		return SameSubjects, true
	case use == Match:
		return SameSubjects, language.Compare(old, next, budget).Relation == language.Same
	case use == Span, !around.captures && !surroundings(next.Root).captures:
		ok, _ := language.SameSpans(old, next, budget)
		return SameSpans, ok
	}
	return "", false
}

// maxInPlace is the number of nodes up to which parts around the smallest change
// are compared where only the place of the change is looked at.
const maxInPlace = 120

// ProveInPlace looks for an argument as Prove does, but only at the changed part
// and what stands close around it: it costs what the part costs, however long the
// pattern is.
func ProveInPlace(old, next *syntax.Regexp, use Use, budget *language.Budget) (by Method, ok bool) {
	if old.Unit != next.Unit || len(old.Groups) != len(next.Groups) && use == Captures {
		return "", false
	}
	around := surroundings(old.Root)
	for i, c := range changes(old.Root, next.Root) {
		if i > 0 && weight(c.old)+weight(c.next) > maxInPlace {
			break
		}
		if by, ok := c.prove(old, next, use, around, budget); ok {
			return by, true
		}
	}
	return "", false
}

// alone compares the subjects of two patterns without the alternatives that they
// have in common.
func alone(old, next *syntax.Regexp, budget *language.Budget) bool {
	x, y, ok := sliced(old.Root, next.Root)
	if !ok {
		return false
	}
	a, b := *old, *next
	a.Root, b.Root = x, y
	return language.Compare(&a, &b, budget).Relation == language.Same
}

// prove compares a changed part by itself.
func (c change) prove(old, next *syntax.Regexp, use Use, around surrounding, budget *language.Budget) (Method, bool) {
	if around.verbs || around.calls || c.behind() {
		return "", false
	}
	x, y := fragment(old, c.old), fragment(next, c.next)
	loses := captures(x.Root) || captures(y.Root)
	if loses && (use == Captures || around.references) {
		return "", false
	}
	if use == Match && c.free(around) {
		if same, _ := language.SameWords(x, y, budget); same {
			return SameWords, true
		}
		return "", false
	}
	if same, _ := language.SameEnds(x, y, budget); same {
		return SameEnds, true
	}
	return "", false
}

// maxPart is the number of nodes up to which parts are compared by themselves:
// for larger ones the whole patterns, or alternatives of them, are compared.
const maxPart = 400

func weight(nodes []*syntax.Node) int {
	n := 0
	for _, root := range nodes {
		syntax.Walk(root, func(*syntax.Node) bool {
			n++
			return true
		})
	}
	return n
}

// fragment is a part of a pattern as a pattern.
func fragment(re *syntax.Regexp, nodes []*syntax.Node) *syntax.Regexp {
	if len(nodes) == 0 {
		out := *re
		out.Root = &syntax.Node{Op: syntax.OpEmpty}
		return &out
	}
	return part(re, nodes)
}

// behind reports whether the part stands in a lookbehind, which is read from
// right to left in some dialects, and bound in length in others.
func (c change) behind() bool {
	for _, n := range c.path {
		if n.Op == syntax.OpLook && n.Behind {
			return true
		}
	}
	return false
}

// free reports whether only the words of the part count around it: a match
// exists or not, whichever of its ends is tried first. What is atomic keeps the
// first end; a reference repeats what a loop or a lookaround has left behind.
func (c change) free(around surrounding) bool {
	for _, n := range c.path {
		switch n.Op {
		case syntax.OpConcat, syntax.OpAlternate, syntax.OpGroup:
		case syntax.OpRepeat:
			if n.Greed == syntax.Possessive || around.references {
				return false
			}
		case syntax.OpLook:
			if around.references {
				return false
			}
		default:
			return false
		}
	}
	return true
}
