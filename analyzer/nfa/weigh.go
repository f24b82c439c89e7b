package nfa

import (
	"maps"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// ManyCharacters is the name of a reference to one character of many, of which
// the automaton has one of each class.
const ManyCharacters = "backreference to one of many characters"

// LowerWeighed is the automaton of a pattern with a group that captures one
// character of many, once in an attempt: pinned to one character d of each
// class of the pattern's sets. It is nil where no group may be pinned so, and
// fails as Lower does.
//
// An attempt that captured d' is, with d and d' exchanged, an attempt that
// captured d, since no set of the pattern tells the two apart. So the attempts
// of the pattern are the runs of as many automata as there are characters to
// capture, each no more ambiguous than the one that is built. If that is
// finitely ambiguous so is the pattern, and Copies bounds by how much.
func LowerWeighed(re *syntax.Regexp, foresee bool) (*Automaton, error) {
	p := findPins(re)
	if !p.weigh() {
		return nil, nil
	}
	if foresee {
		return lowered(p, foreseeing)
	}
	return lowered(p)
}

// weigh pins the first group that may be, and reports whether there is one.
func (p *pins) weigh() bool {
	if p.re.Pattern.Mode == corpus.Global {
		return false // a run goes through several matches, each with its own character
	}
	for _, group := range p.many {
		node := p.re.Groups[group].Nodes[0]
		set := bare(node)
		if set.Op != syntax.OpSet || !once(p.re.Root, node) {
			continue
		}
		a := readAlphabet([]*pins{p}, false)
		classes, ok := charset.NewPartition(a.unit.Max(), append(a.strict, a.loose...))
		if !ok {
			return false
		}
		var texts [][]rune
		for class := range classes.Mask(set.Set).All {
			texts = append(texts, []rune{classes.Representative(class)})
		}
		if len(texts) > 0 && len(texts) <= maxTexts {
			p.texts[group], p.weighed, p.copies = texts, group, float64(set.Set.Len())
			p.groups = slices.Sorted(maps.Keys(p.texts))
			return true
		}
	}
	return false
}

// once reports whether an attempt goes through a group at most once, and not in
// the body of an assertion.
func once(n, group *syntax.Node) bool {
	if n == group {
		return true
	}
	if n.Op != syntax.OpGroup && n.Op != syntax.OpConcat && n.Op != syntax.OpAlternate {
		return false
	}
	return slices.ContainsFunc(n.Sub, func(s *syntax.Node) bool { return once(s, group) })
}

// weighed notes that the pinned group in force stands for more characters.
func (l *lowering) weighed(span syntax.Span) {
	l.a.Copies = l.pins.copies
	if c := (Construct{ManyCharacters, span}); !slices.Contains(l.a.Over, c) {
		l.a.Over = append(l.a.Over, c)
	}
}
