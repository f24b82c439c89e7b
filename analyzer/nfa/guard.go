package nfa

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// A look is a condition on one neighbouring character: it is in In, or it is
// missing (the subject begins or ends there) and Edge holds.
type look struct {
	in   charset.Mask
	edge bool
}

func (l look) dead() bool { return l.in.IsEmpty() && !l.edge }

// A branch of a guard: the previous character satisfies prev, and the next
// ones satisfy next, in order. Branches of one guard exclude each other, so
// that they never add to the number of runs.
type branch struct {
	prev look
	next []look
}

// A guard is a disjunction of branches.
type guard struct{ branches []branch }

// usesPrev reports whether the guard asks about the previous character.
func (g guard) usesPrev(all charset.Mask) bool {
	for _, b := range g.branches {
		if !b.prev.edge || b.prev.in != all {
			return true
		}
	}
	return false
}

// not is the guard that holds exactly where g does not.
func (g guard) not(all charset.Mask) guard {
	out := guard{[]branch{{prev: look{all, true}}}}
	for _, b := range g.branches {
		out, _ = out.both(guard{b.not(all)}, all)
	}
	return out
}

// maxBranches bounds the branches of a guard made of others.
const maxBranches = 64

// both is the guard that asks g and h; false when it has too many branches.
func (g guard) both(h guard, all charset.Mask) (guard, bool) {
	var out []branch
	for _, x := range g.branches {
		for _, y := range h.branches {
			if z, ok := x.and(y, all); ok {
				out = append(out, z)
			}
		}
	}
	return guard{out}, len(out) <= maxBranches
}

// not is the complement of a branch, as branches that exclude each other.
func (b branch) not(all charset.Mask) []branch {
	out := []branch{{prev: b.prev.not(all)}}
	for i, l := range b.next {
		out = append(out, branch{b.prev, append(append([]look{}, b.next[:i]...), l.not(all))})
	}
	return out
}

func (l look) not(all charset.Mask) look { return look{all.AndNot(l.in), !l.edge} }

// and is the branch that asks both; false when nothing satisfies it. A look
// past the end of the subject asks nothing.
func (b branch) and(o branch, all charset.Mask) (branch, bool) {
	out := branch{prev: look{b.prev.in.And(o.prev.in), b.prev.edge && o.prev.edge}}
	if out.prev.dead() {
		return out, false
	}
	for i := range max(len(b.next), len(o.next)) {
		l := look{all, true}
		if i < len(b.next) {
			l = b.next[i]
		}
		if i < len(o.next) {
			l = look{l.in.And(o.next[i].in), l.edge && o.next[i].edge}
		}
		if l.dead() {
			return out, false
		}
		out.next = append(out.next, l)
		if l.in.IsEmpty() {
			break
		}
	}
	return out, true
}

// assertGuard builds the guard of an assertion. all is the mask of the whole
// alphabet, set of the assertion's own characters. split says that a line may
// begin and end between the two characters of \r\n too.
func assertGuard(n *syntax.Node, set, cr, lf, all charset.Mask, split bool) guard {
	anything := look{all, true}
	never := look{}
	begin := look{edge: true}
	end := look{edge: true}
	after := func(m charset.Mask) look { return look{in: m} }
	one := func(prev look, next ...look) guard { return guard{[]branch{{prev, next}}} }
	switch n.Assert {
	case syntax.BeginText, syntax.SearchStart:
		return one(begin)
	case syntax.EndText:
		return one(anything, end)
	case syntax.EndTextOptional:
		g := guard{[]branch{{anything, []look{end}}}}
		if n.CRLF && !split {
			// \r\n, or either alone, ends the subject; not between the two.
			single := set.AndNot(lf)
			g.branches = append(g.branches,
				branch{look{all.AndNot(cr), true}, []look{after(lf), end}},
				branch{anything, []look{after(single), end}},
				branch{anything, []look{after(cr), after(lf), end}})
			return g
		}
		g.branches = append(g.branches, branch{anything, []look{after(set), end}})
		if n.CRLF {
			g.branches = append(g.branches, branch{anything, []look{after(cr), after(lf), end}})
		}
		return g
	case syntax.BeginLine, syntax.BeginLineNotEnd:
		rest := anything
		if n.Assert == syntax.BeginLineNotEnd {
			rest = look{in: all}
		}
		g := guard{[]branch{{begin, nil}}}
		if n.CRLF && !split {
			between := look{in: rest.in.AndNot(lf), edge: rest.edge}
			g.branches = append(g.branches,
				branch{after(set.AndNot(cr)), []look{rest}},
				branch{after(set.And(cr)), []look{between}})
			return g
		}
		if n.CRLF {
			set = set.Or(lf) // where only \r\n is a newline, lineStart says over
		}
		g.branches = append(g.branches, branch{after(set), []look{rest}})
		return g
	case syntax.EndLine:
		if n.CRLF && !split {
			return guard{[]branch{
				{look{all.AndNot(cr), true}, []look{{set, true}}},
				{after(cr), []look{{set.AndNot(lf), true}}},
			}}
		}
		g := one(anything, look{set, true})
		if n.CRLF && !set.Contains(cr) {
			g.branches = append(g.branches, branch{anything, []look{after(cr), after(lf)}})
		}
		return g
	case syntax.WordBoundary:
		return guard{[]branch{
			{after(set), []look{{all.AndNot(set), true}}},
			{look{all.AndNot(set), true}, []look{after(set)}},
		}}
	case syntax.NotWordBoundary:
		return guard{[]branch{
			{after(set), []look{after(set)}},
			{look{all.AndNot(set), true}, []look{{all.AndNot(set), true}}},
		}}
	case syntax.WordStart:
		return one(look{all.AndNot(set), true}, after(set))
	case syntax.WordEnd:
		return one(after(set), look{all.AndNot(set), true})
	}
	return one(never)
}

// An obligation is a condition on the characters that come next: the first
// satisfies first, the rest satisfy the obligation rest, and all of them the
// lookaheads of ahead, an index into obligations.pending. Obligation 0 asks
// nothing.
type obligation struct {
	first look
	rest  int32
	ahead int32
}

// obligations interns obligations by their content.
type obligations struct {
	list  []obligation
	known map[obligation]int32
	all   charset.Mask
	// aheads are the lookaheads of the program, pending sets of them on their
	// way, next what an obligation becomes by a class.
	aheads  []*foresight
	pending pendings
	next    map[[2]int32]int32
}

func newObligations(all charset.Mask, aheads []*foresight) *obligations {
	return &obligations{
		list: []obligation{{first: look{all, true}}}, known: map[obligation]int32{}, all: all,
		aheads: aheads, next: map[[2]int32]int32{},
	}
}

// of is the obligation that the next characters satisfy looks in order, or
// false when nothing can.
func (t *obligations) of(looks []look) (int32, bool) {
	rest := int32(0)
	for i := len(looks) - 1; i >= 0; i-- {
		var ok bool
		if rest, ok = t.intern(obligation{first: looks[i], rest: rest}); !ok {
			return 0, false
		}
	}
	return rest, true
}

func (t *obligations) intern(o obligation) (int32, bool) {
	if o.first.dead() {
		return 0, false
	}
	if o.rest == 0 && o.ahead == 0 && o.first.edge && o.first.in == t.all {
		return 0, true
	}
	id, found := t.known[o]
	if !found {
		id = int32(len(t.list))
		t.list = append(t.list, o)
		t.known[o] = id
	}
	return id, true
}

// and is the obligation that asks both, or false when nothing satisfies it.
func (t *obligations) and(x, y int32) (int32, bool) {
	if x == 0 || x == y {
		return y, true
	}
	if y == 0 {
		return x, true
	}
	a, b := t.list[x], t.list[y]
	first := look{a.first.in.And(b.first.in), a.first.edge && b.first.edge}
	rest, ok := t.and(a.rest, b.rest)
	if !ok {
		// Only the end of the subject is left.
		first.in, rest = charset.Mask{}, 0
	}
	if first.in.IsEmpty() {
		rest = 0
	}
	return t.intern(obligation{first, rest, t.join(a.ahead, b.ahead)})
}
