package nfa

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// An alphabet is the sets that a pattern tells apart.
type alphabet struct {
	unit syntax.Unit
	seen map[*charset.Range]strictness
	// join says that symbols that are alternatives of each other are one set.
	join bool
	// strict are the sets that must be unions of classes, loose small ones that
	// are only read: an edge on them may stand for more characters.
	strict, loose []charset.Set
}

// A strictness is how a set was noted.
type strictness uint8

const (
	unseen strictness = iota
	loosely
	strictly
)

// small is the number of characters up to which a set may be loose: one
// character, in all its cases.
const small = 4

// newAlphabet partitions the alphabet by every set of patterns of one unit.
// Where that makes too many classes, as in an alternation of hundreds of
// symbols, loose sets share classes: edges on them are over-approximated then.
func newAlphabet(patterns ...*pins) (*charset.Partition, error) {
	a := readAlphabet(patterns, false)
	sets := slices.Concat(a.strict, a.loose)
	if classes, ok := charset.NewPartition(a.unit.Max(), sets); ok {
		return classes, nil
	}
	a = readAlphabet(patterns, true)
	for groups := charset.MaxClasses / 2; groups > 0; groups /= 2 {
		if classes, ok := charset.NewPartition(a.unit.Max(), a.grouped(groups)); ok {
			classes.Coarse = true
			return classes, nil
		}
	}
	return nil, &LimitError{"character classes", charset.MaxClasses}
}

func readAlphabet(patterns []*pins, join bool) *alphabet {
	a := &alphabet{unit: patterns[0].re.Unit, seen: map[*charset.Range]strictness{}, join: join}
	for _, p := range patterns {
		p.sets(a.keep)
		a.node(p.re.Root, true)
	}
	return a
}

// symbols is the alternatives with neighbouring single characters as one set:
// they exclude each other, so that they have no order. counts are the numbers
// of alternatives that each stands for.
func symbols(subs []*syntax.Node) (out []*syntax.Node, counts []int) {
	for _, s := range subs {
		if k := len(out) - 1; s.Op == syntax.OpSet && k >= 0 && out[k].Op == syntax.OpSet {
			both := charset.Union(out[k].Set, s.Set)
			if both.Len() == out[k].Set.Len()+s.Set.Len() {
				out[k] = &syntax.Node{Op: syntax.OpSet, Set: both, Span: syntax.Span{Start: out[k].Span.Start, End: s.Span.End}}
				counts[k]++
				continue
			}
		}
		out, counts = append(out, s), append(counts, 1)
	}
	return out, counts
}

// grouped is the sets with the loose ones joined to so many groups.
func (a *alphabet) grouped(groups int) []charset.Set {
	out := slices.Clone(a.strict)
	for g := range groups {
		out = append(out, charset.Union(a.loose[g*len(a.loose)/groups:(g+1)*len(a.loose)/groups]...))
	}
	return out
}

// keep notes a set that must be a union of classes.
func (a *alphabet) keep(s charset.Set) { a.note(s, strictly) }

func (a *alphabet) note(s charset.Set, as strictness) {
	r := s.Ranges()
	if len(r) == 0 || a.seen[&r[0]] >= as {
		return
	}
	a.seen[&r[0]] = as
	if as == loosely {
		a.loose = append(a.loose, s)
	} else {
		a.strict = append(a.strict, s)
	}
}

// node notes the sets of a node. Sets are loose outside of what may ask for
// their complement, or whether they were read for sure.
func (a *alphabet) node(n *syntax.Node, loose bool) {
	switch n.Op {
	case syntax.OpSet:
		if loose && n.Set.Len() <= small {
			a.note(n.Set, loosely)
		} else {
			a.keep(n.Set)
		}
	case syntax.OpGrapheme:
		a.keep(graphemeRest(a.unit))
	case syntax.OpAssert:
		if n.CRLF {
			a.keep(charset.Runes('\r'))
			a.keep(charset.Runes('\n'))
		}
		a.keep(n.Set)
	case syntax.OpLook, syntax.OpAtomic, syntax.OpConditional, syntax.OpAbsent:
		loose = false
	case syntax.OpRepeat:
		loose = loose && n.Greed != syntax.Possessive
	default:
		a.keep(n.Set)
	}
	subs := n.Sub
	if a.join && n.Op == syntax.OpAlternate {
		subs, _ = symbols(subs)
	}
	for _, sub := range subs {
		a.node(sub, loose)
	}
}
