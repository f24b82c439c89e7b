package backtrack

import "github.com/nearmiss-dev/nearmiss/analyzer/syntax"

// heads are what PCRE2's compiler knows of a pattern's matches: the code unit
// that each begins with, and the last one that it noted as required.
//
// A code unit is a character here; in UTF-8 that differs only in which byte of
// a character is looked for.
type heads struct{ first, required headUnit }

// A headUnit is one code unit of heads.
type headUnit struct {
	state unitState
	letter
	// varies says that the item stands behind one of variable length; an
	// anchored match looks for its required unit only then.
	varies bool
}

type unitState uint8

const (
	unitOpen unitState = iota // nothing seen yet that matters
	unitNone                  // there is none
	unitSet
)

func (u headUnit) same(v headUnit) bool { return u.state == v.state && u.letter == v.letter }

// A headScan goes over a tree in the order in which PCRE2 compiles it: whether
// an item of variable length was passed is one fact for the whole pattern,
// whatever group it stood in (pcre2_compile.c of 10.42, compile_branch and
// compile_regex).
type headScan struct {
	b      *modelBuilder
	varies bool
}

// headsOf computes the heads of the pattern.
func (b *modelBuilder) headsOf() heads {
	if b.heads == nil {
		s := headScan{b: b}
		h := s.alternatives(branches(b.re.Root))
		if b.hasAccept {
			h.required.state = unitNone
		}
		if h.first.state != unitSet {
			h.first = b.asserted(b.re.Root, false)
		}
		b.heads = &h
	}
	return *b.heads
}

// alternatives joins the heads of the branches of a group. What differs is
// dropped, but a first unit of some branches may still be required.
func (s *headScan) alternatives(subs []*syntax.Node) heads {
	var all heads
	for i, sub := range subs {
		h := s.branch(items(sub))
		if i == 0 {
			all = h
			continue
		}
		if !all.first.same(h.first) {
			if all.first.state == unitSet && all.required.state != unitSet {
				all.required = all.first
			}
			all.first = headUnit{state: unitNone}
		}
		if all.first.state != unitSet && h.first.state == unitSet && h.required.state != unitSet {
			h.required = h.first
		}
		if !all.required.same(h.required) {
			all.required = headUnit{state: unitNone}
			continue
		}
		all.required.varies = all.required.varies || h.required.varies
	}
	return all
}

// A branchScan is the state within one branch: the heads, and what they were
// before the last item, to which a repeat from zero goes back.
type branchScan struct {
	*headScan
	now, zero heads
	grouped   bool // the last item is a group that gave the first unit
}

func (s *headScan) branch(items []*syntax.Node) heads {
	b := branchScan{headScan: s}
	for _, n := range items {
		b.item(n)
	}
	return b.now
}

// item goes over one item, its quantifier included.
func (s *branchScan) item(n *syntax.Node) {
	if n.Op == syntax.OpRepeat {
		s.repeat(n)
		return
	}
	s.single(n)
}

func (s *branchScan) repeat(n *syntax.Node) {
	body := n.Sub[0]
	s.single(body)
	if n.Min == 0 {
		s.now = s.zero
	} else if n.Min > 1 {
		if w, l := s.b.writing(body); body.Op == syntax.OpSet && w == asLetter {
			s.now.required = headUnit{unitSet, l, s.varies}
		} else if s.grouped && s.now.required.state != unitSet {
			s.now.required = s.now.first
		}
	}
	s.grouped = false
	s.varies = s.varies || n.Min != n.Max
}

// none is an item that consumes and has no single first unit.
func (s *branchScan) none() {
	if s.now.first.state == unitOpen {
		s.now.first.state = unitNone
	}
	s.zero = s.now
}

func (s *branchScan) single(n *syntax.Node) {
	s.grouped = false
	switch n.Op {
	case syntax.OpSet:
		if w, l := s.b.writing(n); w == asLetter {
			s.letter(l)
			return
		}
		s.none()
	case syntax.OpGrapheme, syntax.OpBackref, syntax.OpCall:
		s.none()
	case syntax.OpAssert:
		if n.Assert == syntax.BeginLineNotEnd || n.Assert == syntax.BeginLine {
			s.none()
		}
	case syntax.OpVerb:
		if n.Verb == syntax.VerbAccept {
			s.none()
		}
	case syntax.OpConcat:
		for _, sub := range items(n) {
			s.item(sub)
		}
	case syntax.OpGroup, syntax.OpAtomic, syntax.OpScriptRun, syntax.OpLook, syntax.OpConditional, syntax.OpAlternate:
		s.group(n)
	}
}

func (s *branchScan) letter(l letter) {
	if s.now.first.state == unitOpen {
		s.zero = s.now
		s.zero.first.state = unitNone
		s.now.first = headUnit{state: unitSet, letter: l}
		return
	}
	s.zero = s.now
	s.now.required = headUnit{unitSet, l, s.varies}
}

func (s *branchScan) group(n *syntax.Node) {
	varied := s.varies
	var sub heads
	switch {
	case n.Op == syntax.OpConditional:
		if n.Cond == syntax.CondLook && len(n.Sub) > 2 {
			s.alternatives(branches(n.Sub[2].Sub[0]))
		}
		sub = s.alternatives(n.Sub[:min(2, len(n.Sub))])
		if n.Cond == syntax.CondDefine {
			return
		}
		if len(n.Sub) < 2 || n.Sub[1].Op == syntax.OpEmpty {
			sub = heads{headUnit{state: unitNone}, headUnit{state: unitNone}}
		}
	case n.Op == syntax.OpAlternate:
		sub = s.alternatives(n.Sub)
	case n.Op == syntax.OpAtomic && len(s.b.written(n)) == 2: // \R
		s.none()
		return
	default:
		sub = s.alternatives(branches(n.Sub[0]))
	}
	s.zero = s.now
	if n.Op == syntax.OpLook {
		if !n.Behind && !n.Negate && sub.required.state == unitSet && sub.first.state == unitSet {
			s.now.required = sub.required
		}
		return
	}
	switch {
	case s.now.first.state == unitOpen && sub.first.state != unitOpen:
		s.now.first = sub.first
		s.grouped = sub.first.state == unitSet
		s.zero.first = headUnit{state: unitNone}
	case sub.first.state == unitSet && sub.required.state != unitSet && s.now.first.state != unitOpen:
		sub.required = sub.first
		sub.required.varies = sub.required.varies || varied
	}
	if sub.required.state == unitSet {
		s.now.required = sub.required
	}
}

// asserted is the first unit that lookaheads at the pattern's begin ask for,
// where nothing else gives one (find_firstassertedcu).
func (b *modelBuilder) asserted(n *syntax.Node, inside bool) headUnit {
	var all headUnit
	for _, branch := range branches(n) {
		u := b.assertedBranch(branch, inside)
		if u.state != unitSet || all.state == unitSet && !all.same(u) {
			return headUnit{state: unitNone}
		}
		all = u
	}
	return all
}

func (b *modelBuilder) assertedBranch(n *syntax.Node, inside bool) headUnit {
	none := headUnit{state: unitNone}
	n = b.significant(items(n), true)
	if n == nil {
		return none
	}
	if n.Op == syntax.OpRepeat && n.Min > 0 {
		if c := n.Sub[0]; c.Op != syntax.OpSet || n.Max != syntax.Infinite && n.Min < 2 {
			if c.Op == syntax.OpSet {
				return none
			}
		}
		n = n.Sub[0]
	}
	switch n.Op {
	case syntax.OpGroup, syntax.OpAtomic, syntax.OpScriptRun:
		return b.asserted(n.Sub[0], inside)
	case syntax.OpLook:
		if !n.Behind && !n.Negate {
			return b.asserted(n.Sub[0], true)
		}
	case syntax.OpSet:
		if w, l := b.writing(n); inside && w == asLetter {
			return headUnit{state: unitSet, letter: l}
		}
	}
	return none
}

// significant is the first item that decides what a match begins with
// (first_significant_code); assertions that consume nothing are skipped when
// asked for.
func (b *modelBuilder) significant(items []*syntax.Node, skip bool) *syntax.Node {
	for _, n := range items {
		switch n.Op {
		case syntax.OpEmpty, syntax.OpCallout:
			continue
		case syntax.OpConditional:
			if n.Cond == syntax.CondDefine {
				continue
			}
		case syntax.OpLook:
			if skip && (n.Behind || n.Negate) {
				continue
			}
		case syntax.OpAssert:
			if skip && (n.Assert == syntax.WordBoundary || n.Assert == syntax.NotWordBoundary) {
				continue
			}
		}
		return n
	}
	return nil
}
