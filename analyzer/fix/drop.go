package fix

import "github.com/nearmiss-dev/nearmiss/analyzer/syntax"

// drop leaves out what a search does not need: where only the existence of a
// match counts, a+b matches where ab does, and \s+$ where \s$ does.
func drop(d *draft, at *place) {
	n := at.node
	if n.Op != syntax.OpRepeat || n.Max == n.Min {
		return
	}
	from, to := quantifier(n)
	why, one := "a search finds the shorter match wherever it finds the longer one", "one is as good as many here"
	if looped(at) {
		why, one = "the loop around it repeats it already", "the loop around it repeats it already"
	}
	if n.Min == 0 {
		d.propose(why, replace(n, ""))
		// Nothing but the group was repeated: it goes with its content.
		for up := at.parent; up != nil && up.node.Op == syntax.OpGroup; up = up.parent {
			d.propose(why, replace(up.node, ""))
		}
		d.propose(one, Edit{from, to, ""})
		if n.Max == syntax.Infinite {
			d.propose(one, Edit{from, to, "?"})
		}
		return
	}
	d.propose(why, replace(n, times(d.text[n.Span.Start:from], n.Min, n.Min)))
}

// looped reports whether a place stands in a loop.
func looped(at *place) bool {
	for up := at.parent; up != nil; up = up.parent {
		if up.node.Op == syntax.OpRepeat && up.node.Max != 1 {
			return true
		}
	}
	return false
}

// trim leaves out an anchor together with the loop beside it: ^.*x is x where
// the dot matches everything.
func trim(d *draft, at *place) {
	n := at.node
	if n.Op != syntax.OpConcat || !d.searches() {
		return
	}
	for i := range n.Sub[:len(n.Sub)-1] {
		a, b := n.Sub[i], n.Sub[i+1]
		switch {
		case a.Op == syntax.OpAssert && loose(b), loose(a) && b.Op == syntax.OpAssert:
			d.propose("a search begins and ends anywhere: the anchor asks nothing through a loop over everything",
				Edit{a.Span.Start, b.Span.End, ""})
		}
	}
}

// loose reports whether a node may match nothing.
func loose(n *syntax.Node) bool {
	r, ok := runOf(n)
	return ok && r.min == 0
}

// absorb lets one of two neighbouring loops do the work of both: \w*[a-z]* is
// \w*, \d+\d+ is \d\d+.
func absorb(d *draft, at *place) {
	n := at.node
	if n.Op != syntax.OpConcat {
		return
	}
	for i := range n.Sub {
		x, ok := runOf(n.Sub[i])
		if !ok || !x.loops() {
			continue
		}
		for j := i + 1; j < len(n.Sub); j++ {
			y, ok := runOf(n.Sub[j])
			if ok && y.quantified && !x.set.Intersect(y.set).IsEmpty() {
				const why = "the neighbouring loop takes what it would take"
				d.propose(why, replace(x.node, times(d.spell.set(x.set), x.min, x.min)))
				d.propose(why, replace(y.node, times(d.spell.set(y.set), y.min, y.min)))
				lo := x.min + y.min
				d.propose(why, Edit{x.node.Span.Start, y.node.Span.End, times(d.spell.set(x.set), lo, syntax.Infinite)})
				d.propose(why, Edit{x.node.Span.Start, y.node.Span.End, times(d.spell.set(y.set), lo, syntax.Infinite)})
			}
			if !nullable(n.Sub[j]) {
				break
			}
		}
	}
}
