package nfa

import "slices"

// unsettled is a bag of places on an ε-path that ends at a goal, a match or the
// end of a body, without those that cannot keep a matcher from it: the ends of
// atomic groups behind which the goal is reached whatever follows.
//
// A run that comes to the end of an atomic group is kept back only where an
// earlier run of the same entry has ended the body before it. That one went on
// from there in the same way, and reached the goal.
func (c *closer) unsettled(past, goal int32) int32 {
	if past == 0 {
		return 0
	}
	all := c.pasts.list[past]
	rest := slices.DeleteFunc(slices.Clone(all), func(place int32) bool {
		return c.p.endsAtomic(place) && c.reaches(place, goal)
	})
	if len(rest) == len(all) {
		return past
	}
	return c.pasts.intern(rest)
}

// endsAtomic reports whether an instruction is the end of an atomic group's
// body, or right behind it.
func (p *program) endsAtomic(pc int32) bool {
	in := &p.code[pc]
	return in.op == opOver && in.atomic || in.op == opExit && p.code[in.next].op == opOver && p.code[in.next].atomic
}

// reaches reports whether a matcher at an instruction surely comes to another
// without reading on, once all that it tries before has failed.
func (c *closer) reaches(pc, goal int32) bool {
	if pc == goal {
		return true
	}
	key := [2]int32{pc, goal}
	if known, found := c.settled[key]; found {
		return known
	}
	c.settled[key] = false // on the way: a circle reaches nothing by itself
	in := &c.p.code[pc]
	var sure bool
	switch {
	case in.op == opPass, in.op == opEnter, c.p.endsAtomic(pc):
		sure = c.reaches(in.next, goal)
	case in.op == opAlt && in.copy == 0:
		sure = slices.ContainsFunc(in.alts, func(alt int32) bool { return c.reaches(alt, goal) })
	case in.op == opLeave && (in.keep || !c.p.reject):
		sure = c.reaches(in.head, goal) && c.reaches(in.next, goal)
	}
	c.settled[key] = sure
	return sure
}
