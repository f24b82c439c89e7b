package fix

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// maxPrefix bounds the literal that a loop is kept from passing: for longer ones
// the expression is not worth reading.
const maxPrefix = 6

// exclude keeps a loop from passing another beginning of the match, where that
// is a literal of several characters: ab.*c is ab(?:[^ac]|a+[^abc])*a*c where only
// the existence of a match counts. The expression comes from the automaton that
// looks for the literal (Knuth, Morris & Pratt 1977), without its end.
func exclude(d *draft, at *place) {
	r, ok := runOf(at.node)
	if !ok || !r.loops() || at.node.Op != syntax.OpRepeat || !d.searches() {
		return
	}
	literal := d.literal(at)
	if len(literal) < 2 {
		return
	}
	look := part(d.re, literal)
	m, reason := language.Determinize(look, maxDetermined, d.budget)
	if reason != nil {
		return
	}
	for _, less := range []charset.Set{{}, d.following(at)} {
		if text, ok := d.without(m, r.set.Minus(less), r.min); ok {
			d.propose("where the loop would pass another beginning of the match, the match may begin there", replace(at.node, text))
		}
	}
}

// literal are the single characters right before a place, at most maxPrefix, if
// the pattern begins with them.
func (d *draft) literal(at *place) []*syntax.Node {
	for up := at; up.parent != nil; up = up.parent {
		p := up.parent.node
		if p.Op == syntax.OpRepeat || p.Op == syntax.OpConcat && up.index > 0 {
			if p.Op == syntax.OpRepeat || up.index > maxPrefix || !d.leads(up.parent) {
				return nil
			}
			for _, s := range p.Sub[:up.index] {
				if s.Op != syntax.OpSet {
					return nil
				}
			}
			return p.Sub[:up.index]
		}
	}
	return nil
}

// without is the expression of the words over a set that hold no match of an
// automaton; the first lo characters, 0 or 1, are not asked.
func (d *draft) without(m *language.Machine, over charset.Set, lo int) (string, bool) {
	if over.IsEmpty() || lo > 1 {
		return "", false
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
	text, ok := d.eliminate(g, longer+2*len(d.text))
	if lo == 1 {
		text = d.spell.set(over) + text
	}
	return text, ok
}
