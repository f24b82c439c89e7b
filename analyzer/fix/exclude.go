package fix

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// Limits of what a loop is kept from passing.
const (
	// maxLead bounds the items before a loop, or behind it, that it is kept from
	// passing: more make an expression that nobody reads.
	maxLead = 64
	// maxExcluded bounds the states of the automaton that looks for them where
	// they are no plain literal.
	maxExcluded = 64
	// wordier is how much such a part may grow in bytes, besides doubling.
	wordier = 1_500
)

// exclude keeps a loop from passing another beginning of the match, or the
// words that follow it, where those are more than one character: ab.*c is
// ab[^a]*(?:a(?:[^ab][^a]*)?)*c where only the existence of a match counts. The
// expression comes from the automaton that looks for them (Knuth, Morris &
// Pratt 1977), without its end.
func exclude(d *draft, at *place) {
	r, ok := runOf(at.node)
	if at.node.Op != syntax.OpRepeat || at.node.Max != syntax.Infinite || !d.touches(at.node) {
		return
	}
	if !ok {
		d.piecewise(at)
		return
	}
	lead, delimiter := d.lead(at), d.delimiter(at)
	const (
		restart = "where the loop would pass another beginning of the match, the match may begin there"
		stops   = "the loop may stop at the first delimiter: what follows takes the rest"
	)
	if len(lead) > 0 && d.searches() {
		d.passing(at, r, lead, restart)
	}
	if len(delimiter) > 1 || len(delimiter) == 1 && delimiter[0].Op != syntax.OpSet {
		d.passing(at, r, delimiter, stops)
		if len(lead) > 0 && d.searches() {
			either := &syntax.Node{Op: syntax.OpAlternate, Sub: []*syntax.Node{sequence(lead), sequence(delimiter)}}
			d.passing(at, r, []*syntax.Node{either}, restart)
		}
	}
}

// piecewise keeps a loop over words from passing another beginning of the match:
// what it reads, and what holds none, are automata of which both must agree.
func (d *draft) piecewise(at *place) {
	lead := d.lead(at)
	if len(lead) == 0 || !d.searches() || captures(at.node) && d.use > Match {
		return
	}
	loop, reason := language.DeterminizePart(part(d.re, []*syntax.Node{at.node}), maxDetermined, d.budget)
	if reason != nil || len(loop.Next) > maxExcluded {
		return
	}
	look, reason := language.Determinize(part(d.re, lead), maxDetermined, d.budget)
	if reason != nil || len(look.Next) > maxExcluded {
		return
	}
	if g := product(loop, look); g != nil {
		if text, ok := d.eliminate(g, longer+2*len(d.src(at.node))); ok {
			d.propose("where the loop would pass another beginning of the match, the match may begin there", replace(at.node, text))
		}
	}
}

// product is the graph of the words that one automaton ends with and in which
// the other does not match; nil where it has too many states.
func product(words, look *language.Machine) *graph {
	type pair struct{ a, b int32 }
	ids := map[pair]int{{}: 0}
	list := []pair{{}}
	type edge struct {
		from, to int
		on       charset.Set
	}
	var edges []edge
	for i := 0; i < len(list); i++ {
		if len(list) > maxRebuilt {
			return nil
		}
		for class, a := range words.Next[list[i].a] {
			for other, b := range look.Next[list[i].b] {
				on := words.Classes.Class(class).Intersect(look.Classes.Class(other))
				if a == language.Matched || b == language.Matched || on.IsEmpty() {
					continue
				}
				p := pair{a, b}
				if _, found := ids[p]; !found {
					ids[p] = len(list)
					list = append(list, p)
				}
				edges = append(edges, edge{i, ids[p], on})
			}
		}
	}
	g := emptyGraph(len(list))
	for _, e := range edges {
		g.add(e.from, e.to, set(e.on))
	}
	for i, p := range list {
		if words.End[p.a] {
			g.add(i, g.last, empty)
		}
	}
	return g
}

func sequence(nodes []*syntax.Node) *syntax.Node {
	return &syntax.Node{Op: syntax.OpConcat, Sub: nodes}
}

// passing proposes a loop that does not pass what nodes match.
func (d *draft) passing(at *place, r run, nodes []*syntax.Node, why string) {
	if r.min > 1 {
		return
	}
	for _, less := range []charset.Set{{}, d.following(at)} {
		for _, text := range d.without(nodes, r.set.Minus(less)) {
			if r.min == 0 {
				d.propose(why, replace(at.node, text))
				continue
			}
			one := d.spell.set(r.set)
			d.propose(why, replace(at.node, one+text))
			d.propose(why, replace(at.node, text+one))
		}
	}
}

// lookbehind keeps a loop from passing another beginning of the match, where
// that is a literal and the engine can look back: ab.*c is ab(?:.(?<!ab))*c.
func lookbehind(d *draft, at *place) {
	r, ok := runOf(at.node)
	if d.target != PCRE2 || !ok || !r.loops() || at.node.Op != syntax.OpRepeat || r.min > 1 || !d.touches(at.node) || !d.searches() {
		return
	}
	lead := d.lead(at)
	if len(lead) < 2 || !consecutive(lead) {
		return
	}
	for _, n := range lead {
		if n.Op != syntax.OpSet {
			return
		}
	}
	one := d.spell.set(r.set)
	text := "(?:" + one + "(?<!" + d.between(lead[0], lead[len(lead)-1]) + "))*"
	if r.min == 1 {
		text += one
	}
	d.propose("where the loop would pass another beginning of the match, the match may begin there", replace(at.node, text))
}

// consecutive reports whether nothing stands between nodes.
func consecutive(nodes []*syntax.Node) bool {
	for i := range nodes[:len(nodes)-1] {
		if nodes[i].Span.End != nodes[i+1].Span.Start {
			return false
		}
	}
	return true
}

// lead are the items between the beginning of the pattern, or of the
// alternative, and a place; nil where a loop or a lookaround stands around it.
func (d *draft) lead(at *place) []*syntax.Node {
	var out []*syntax.Node
	for up := at; up.parent != nil; up = up.parent {
		switch p := up.parent.node; p.Op {
		case syntax.OpConcat:
			out = append(append([]*syntax.Node(nil), p.Sub[:up.index]...), out...)
		case syntax.OpGroup, syntax.OpAlternate:
		default:
			if p.Op != syntax.OpRepeat || p.Max != 1 {
				return nil
			}
		}
	}
	if len(out) > maxLead {
		return nil
	}
	return out
}

// delimiter are the items behind a place up to the next loop.
func (d *draft) delimiter(at *place) []*syntax.Node {
	var out []*syntax.Node
	for up := at; up.parent != nil; up = up.parent {
		switch p := up.parent.node; p.Op {
		case syntax.OpConcat:
			for _, s := range p.Sub[up.index+1:] {
				if loops(s) || asserts(s) || len(out) == maxLead {
					return out
				}
				out = append(out, s)
			}
		case syntax.OpGroup, syntax.OpAlternate:
		default:
			if p.Op != syntax.OpRepeat || p.Max != 1 {
				return out
			}
		}
	}
	return out
}

// without are expressions of the words over a set that hold no match of a
// sequence: the short one of words that do not overlap, and the one from its
// automaton, where the first is none or takes loops between the words for loops
// over everything.
func (d *draft) without(nodes []*syntax.Node, over charset.Set) []string {
	if over.IsEmpty() {
		return nil
	}
	var texts []string
	most := wordier + 2*len(d.text)
	if e := excludingChain(nodes, over); e != nil {
		w := &writer{spell: d.spell}
		if text := w.text(e); len(text) <= most {
			texts = append(texts, text)
		}
		if !slices.ContainsFunc(nodes, loops) {
			return texts
		}
	}
	m, reason := language.Determinize(part(d.re, nodes), maxDetermined, d.budget)
	if reason != nil || len(m.Next) > maxExcluded {
		return texts
	}
	g := emptyGraph(len(m.Next))
	for q, row := range m.Next {
		for class, to := range row {
			// The automaton's alphabet tells the literal's characters apart, not
			// those of the set: a class may be cut in two.
			inside := m.Classes.Class(class).Intersect(over)
			if to == language.Matched || inside.IsEmpty() {
				continue
			}
			g.add(q, int(to), set(inside))
		}
		g.add(q, g.last, empty)
	}
	if text, ok := d.eliminate(g, most); ok {
		texts = append(texts, text)
	}
	return texts
}
