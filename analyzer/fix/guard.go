package fix

import "github.com/nearmiss-dev/nearmiss/analyzer/syntax"

// guard keeps a search from starting in the middle of a loop: \w+@ matches as
// \b\w+@ does, from the same place.
func guard(d *draft, at *place) {
	n := at.node
	if n.Op != syntax.OpRepeat || !d.leads(at) || !d.searches() {
		return
	}
	r, ok := runOf(n)
	if !ok || !r.loops() {
		return
	}
	const why = "the first match begins where the loop does, never inside it"
	here := n.Span.Start
	d.propose(why, Edit{here, here, `\b`})
	if d.target == PCRE2 {
		d.propose(why, Edit{here, here, "(?<!" + d.spell.set(r.set) + ")"})
	}
}

// leads reports whether a match may begin at a place.
func (d *draft) leads(at *place) bool {
	for up := at; up.parent != nil; up = up.parent {
		switch p := up.parent.node; p.Op {
		case syntax.OpGroup, syntax.OpAlternate:
		case syntax.OpConcat:
			if up.index > 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// possess lets a loop keep what it has taken, where the engine can.
func possess(d *draft, at *place) {
	n := at.node
	if d.target != PCRE2 || n.Op != syntax.OpRepeat || n.Greed != syntax.Greedy || n.Max != syntax.Infinite {
		return
	}
	if r, ok := runOf(n); !ok || !r.quantified {
		return
	}
	d.propose("giving back what the loop has taken leads to no match", Edit{n.Span.End, n.Span.End, "+"})
}
