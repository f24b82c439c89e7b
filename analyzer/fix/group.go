package fix

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// group lets a loop run only behind the optional item before it: \s*X?\s* is
// \s*(?:X\s*)?.
func group(d *draft, at *place) {
	n := at.node
	if n.Op != syntax.OpConcat {
		return
	}
	const why = "the second loop only has something to do behind the optional item; without it the first takes all"
	for i := range n.Sub[:len(n.Sub)-1] {
		m := n.Sub[i]
		b := bare(m)
		if b.Op != syntax.OpRepeat || b.Min > 0 || captures(m) {
			continue
		}
		y, ok := runOf(n.Sub[i+1])
		if !ok || !y.loops() {
			continue
		}
		must := times(d.atom(b.Sub[0]), 1, b.Max)
		loop := d.src(y.node)
		one := d.spell.set(y.set)
		if y.min == 0 {
			d.propose(why, Edit{m.Span.Start, y.node.Span.End, "(?:" + must + loop + ")?"})
			continue
		}
		d.propose(why, Edit{m.Span.Start, y.node.Span.End, "(?:" + must + loop + "|" + times(one, y.min, y.min) + ")"})
	}
}

// disjoint lets the second of two overlapping loops begin where the first
// cannot go on: [ab]*[bc]* is [ab]*(?:c[bc]*)?.
func disjoint(d *draft, at *place) {
	n := at.node
	if n.Op != syntax.OpConcat {
		return
	}
	const why = "the second loop begins where the first cannot go on"
	for i := range n.Sub[:len(n.Sub)-1] {
		x, ok := runOf(n.Sub[i])
		y, also := runOf(n.Sub[i+1])
		if !ok || !also || !x.loops() || !y.loops() || y.min > 1 || captures(y.node) {
			continue
		}
		both, rest := y.set.Intersect(x.set), y.set.Minus(x.set)
		if both.IsEmpty() || rest.IsEmpty() {
			continue
		}
		tail := d.spell.set(rest) + times(d.spell.set(y.set), 0, syntax.Infinite)
		if y.min == 0 {
			d.propose(why, replace(y.node, "(?:"+tail+")?"))
		} else {
			d.propose(why, replace(y.node, "(?:"+d.spell.set(both)+"|"+tail+")"))
		}
	}
}

// stop ends a loop at the character that follows it, or at the one that would
// start the match anew: .*=.* is [^=]*=.*, and <[^>]*> is <[^<>]*> where only the
// existence of a match counts.
func stop(d *draft, at *place) {
	r, ok := runOf(at.node)
	if !ok || !r.loops() || at.node.Op != syntax.OpRepeat {
		return
	}
	set := bare(at.node.Sub[0])
	after, before, begin := d.following(at), d.preceding(at), charset.Set{}
	if d.searches() {
		begin, _, _ = first(d.re.Root)
	}
	const (
		delimiter = "the loop may stop at the first delimiter: what follows takes the rest"
		restart   = "where the loop would pass another beginning of the match, the match may begin there"
	)
	d.subtract(at.node, set, r, after, delimiter)
	d.subtract(at.node, set, r, before, restart)
	d.subtract(at.node, set, r, charset.Union(after, before), restart)
	d.subtract(at.node, set, r, begin, restart)
	d.subtract(at.node, set, r, charset.Union(begin, after), restart)
}

// subtract proposes a loop without some of its characters, the first perhaps not
// asked: .+= is [^=]+= or .[^=]*=.
func (d *draft) subtract(loop, set *syntax.Node, r run, less charset.Set, why string) {
	rest := r.set.Minus(less)
	if rest.IsEmpty() || rest.Equal(r.set) {
		return
	}
	d.propose(why, replace(set, d.spell.set(rest)))
	if r.min == 1 && loop.Sub[0] == set {
		d.propose(why, replace(loop, d.spell.set(r.set)+times(d.spell.set(rest), 0, syntax.Infinite)))
	}
}

// following is the set of characters that may come right after a place, as far
// as the sequences around it say.
func (d *draft) following(at *place) charset.Set {
	var set charset.Set
	for up := at; up.parent != nil; up = up.parent {
		p := up.parent.node
		if p.Op == syntax.OpRepeat && p.Max != 1 {
			more, _, _ := first(p.Sub[0])
			set = charset.Union(set, more)
		}
		if p.Op != syntax.OpConcat {
			continue
		}
		for _, s := range p.Sub[up.index+1:] {
			more, empty, ok := first(s)
			set = charset.Union(set, more)
			if !ok || !empty {
				return set
			}
		}
	}
	return set
}

// preceding is the set of the single character right before a place, empty
// where it is not one set.
func (d *draft) preceding(at *place) charset.Set {
	for up := at; up.parent != nil; up = up.parent {
		if p := up.parent.node; p.Op == syntax.OpConcat && up.index > 0 {
			if r, ok := runOf(p.Sub[up.index-1]); ok {
				return r.set
			}
			if b := bare(p.Sub[up.index-1]); b.Op == syntax.OpConcat {
				if r, ok := runOf(b.Sub[len(b.Sub)-1]); ok {
					return r.set
				}
			}
			return charset.Set{}
		}
	}
	return charset.Set{}
}
