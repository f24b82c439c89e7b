package fix

import "github.com/nearmiss-dev/nearmiss/analyzer/syntax"

// unnest takes one of two quantifiers from a loop in a loop: (?:a+)+ is a+, and
// (?:[^"\\]+|\\.)* is (?:[^"\\]|\\.)*.
func unnest(d *draft, at *place) {
	n := at.node
	if n.Op != syntax.OpRepeat || n.Max == 1 {
		return
	}
	body := bare(n.Sub[0])
	branches := []*syntax.Node{body}
	if body.Op == syntax.OpAlternate {
		branches = body.Sub
	}
	const why = "the loop around it repeats it already"
	// Where nothing but the group is left of one loop, it goes, too.
	plain := body.Op == syntax.OpRepeat && n.Min <= 1 && n.Sub[0].Op == syntax.OpGroup && n.Sub[0].Index == 0
	if plain {
		d.propose(why, replace(n, d.src(body)))
		d.propose(why, replace(n, times(d.atom(body.Sub[0]), 0, syntax.Infinite)))
	}
	for _, b := range branches {
		b = bare(b)
		if b.Op != syntax.OpRepeat {
			continue
		}
		from, to := quantifier(b)
		once := Edit{from, to, ""}
		d.propose(why, once)
		if b.Min == 0 && n.Min > 0 {
			from, to := quantifier(n)
			d.propose(why, once, Edit{from, to, "*"})
		}
	}
	if body.Op != syntax.OpRepeat || n.Min > 1 {
		return
	}
	from, to := quantifier(n)
	d.propose(why, Edit{from, to, ""})
}

// count multiplies the bounds of a repeat of a repeat: (?:a?){20} is a{0,20}.
func count(d *draft, at *place) {
	n := at.node
	if n.Op != syntax.OpRepeat {
		return
	}
	b := bare(n.Sub[0])
	if b.Op != syntax.OpRepeat || captures(n) {
		return
	}
	lo, hi := n.Min*b.Min, syntax.Infinite
	if n.Max != syntax.Infinite && b.Max != syntax.Infinite {
		hi = n.Max * b.Max
	}
	text := times(d.atom(b.Sub[0]), lo, hi)
	if b.Greed == syntax.Lazy && text != "" {
		text += "?"
	}
	d.propose("a repeat of a repeat counts once", replace(n, text))
}
