package backtrack

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// An initialScan collects the characters that a match can begin with, as
// PCRE2's set_start_bits does: it gives up where that is no short list.
type initialScan struct {
	b   *modelBuilder
	set charset.Set
	// loose: every set will do, and assertions are passed over.
	loose bool
}

// An initialState says how a scan of an item went.
type initialState uint8

const (
	initialGiveUp initialState = iota
	initialDone                // the item consumes: what follows does not matter
	initialOn                  // the item may match empty
)

func (s *initialScan) alternatives(subs []*syntax.Node) initialState {
	all := initialDone
	for _, sub := range subs {
		switch s.sequence(items(sub)) {
		case initialGiveUp:
			return initialGiveUp
		case initialOn:
			all = initialOn
		}
	}
	return all
}

func (s *initialScan) sequence(items []*syntax.Node) initialState {
	for _, n := range items {
		if st := s.item(n); st != initialOn {
			return st
		}
	}
	return initialOn
}

func (s *initialScan) item(n *syntax.Node) initialState {
	switch n.Op {
	case syntax.OpEmpty, syntax.OpCallout:
		return initialOn
	case syntax.OpSet:
		w, _ := s.b.writing(n)
		if !s.loose && (w == asDot || w == asNot) {
			return initialGiveUp
		}
		s.set = charset.Union(s.set, n.Set)
		return initialDone
	case syntax.OpAssert:
		if s.loose || n.Assert == syntax.WordBoundary || n.Assert == syntax.NotWordBoundary {
			return initialOn
		}
		return initialGiveUp
	case syntax.OpLook:
		if s.loose || n.Behind || n.Negate {
			return initialOn
		}
		return s.alternatives(branches(n.Sub[0]))
	case syntax.OpGroup, syntax.OpAtomic, syntax.OpScriptRun:
		return s.alternatives(branches(n.Sub[0]))
	case syntax.OpAlternate:
		return s.alternatives(n.Sub)
	case syntax.OpConcat:
		return s.sequence(items(n))
	case syntax.OpConditional:
		if n.Cond == syntax.CondDefine {
			return initialOn
		}
		return initialGiveUp
	case syntax.OpRepeat:
		if n.Max == 0 {
			return initialOn
		}
		st := s.item(n.Sub[0])
		if st == initialDone && n.Min == 0 {
			return initialOn
		}
		return st
	}
	return initialGiveUp
}

// firstUnit is the search for the one character that every match begins with.
func firstUnit() shortcut {
	return shortcut{"first byte", func(b *modelBuilder) bool {
		if h := b.headsOf(); b.startOptimizes() && h.first.state == unitSet {
			b.plan.first = newSet(h.first.both())
			return true
		}
		return false
	}}
}

// startSet is the search for one of the characters that a match can begin
// with.
func startSet() shortcut {
	return shortcut{"start set", func(b *modelBuilder) bool {
		if !b.startOptimizes() || b.headsOf().first.state == unitSet || b.plan.newline != nil {
			return false
		}
		s := initialScan{b: b}
		if s.alternatives(branches(b.re.Root)) != initialDone || s.set.Negate(b.re.Unit.Max()).IsEmpty() {
			return false
		}
		b.plan.initial = newSet(s.set)
		return true
	}}
}

// startMap is the search for one of the characters that a match can begin
// with, of an engine that takes any set for it and passes over assertions.
func startMap() shortcut {
	return shortcut{"start set", func(b *modelBuilder) bool {
		s := initialScan{b: b, loose: true}
		if !b.startOptimizes() || b.plan.initial != nil || b.plan.first != nil || b.plan.newline != nil {
			return false
		}
		if s.alternatives(branches(b.re.Root)) != initialDone || s.set.Negate(b.re.Unit.Max()).IsEmpty() {
			return false
		}
		b.plan.initial = newSet(s.set)
		return true
	}}
}

// minimumLength gives up the search where fewer characters are left than any
// match has.
func minimumLength() shortcut {
	return shortcut{"minimum length", func(b *modelBuilder) bool {
		if b.startOptimizes() && !b.hasAccept {
			b.plan.minimum = min(b.widths.of(b.re.Root).min, maxMinimum)
		}
		return b.plan.minimum > 1
	}}
}

// maxMinimum is the largest minimum length that PCRE2 keeps: 16 bits.
const maxMinimum = 1<<16 - 1

// requiredUnit gives up the search where a character that every match holds
// is not in the rest of the subject. It is not looked for in long subjects
// (REQ_CU_MAX in pcre2_match.c and pcre2_jit_compile.c); an anchored pattern
// has one only behind an item of variable length.
func requiredUnit(anchored, free int) shortcut {
	return shortcut{"required byte", func(b *modelBuilder) bool {
		h := b.headsOf().required
		if !b.startOptimizes() || h.state != unitSet || b.plan.anchored && !h.varies {
			return false
		}
		b.plan.required = newSet(h.both())
		b.plan.requiredAnchored, b.plan.requiredFree = anchored, free
		return true
	}}
}

// Lengths of subjects, in bytes, from which on PCRE2 10.42 does not look for
// the required character.
const (
	requiredAnchored    = 5_000
	requiredFree        = 5_000_000
	requiredAnchoredJIT = 500_000
	requiredFreeJIT     = 500_000
)

// both is the characters that a unit stands for.
func (u headUnit) both() charset.Set {
	if !u.caseless {
		return charset.Runes(u.char)
	}
	return charset.Runes(u.char, otherCase(u.char))
}
