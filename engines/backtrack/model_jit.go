package backtrack

import "github.com/nearmiss-dev/nearmiss/analyzer/syntax"

// loopMemory is the JIT's memory of where loops ended, across starts. A loop
// over a single character that stands before anything but plain characters
// reaches, when entered inside what it already ran through, nothing that the
// earlier run did not reach and give back in vain. So:
//
//   - when the pattern begins with such a loop, the next start is behind where
//     it ended;
//   - the first loop fails at once where it is entered inside an earlier run;
//   - so do later ones, inside their last run.
//
// That makes \s+$ linear on spaces, and \s+a?\s+$ not. It holds for the first
// few loops of an unanchored pattern, outside of repeated groups
// (detect_early_fail and compile_iterator_matchingpath in pcre2_jit_compile.c
// of 10.42).
func loopMemory() shortcut {
	return shortcut{"jit loop memory", func(b *modelBuilder) bool {
		if b.plan.anchored || !b.startOptimizes() {
			return false
		}
		s := memoryScan{b: b, refs: map[int]bool{}}
		s.references(b.re.Root)
		s.group(branches(b.re.Root), 0, 0, true)
		return b.plan.slots > 0
	}}
}

// maxRemembered is how many loops of one path remember, and maxRememberDepth
// how deep groups may be nested for it.
const (
	maxRemembered    = 4
	maxRememberDepth = 4
)

// A memoryScan finds the loops that remember.
type memoryScan struct {
	b    *modelBuilder
	refs map[int]bool // groups that are compared, called or asked for
}

func (s *memoryScan) references(n *syntax.Node) {
	switch n.Op {
	case syntax.OpBackref, syntax.OpConditional:
		for _, g := range n.Refs {
			s.refs[g] = true
		}
	case syntax.OpCall:
		s.refs[n.Index] = true
	}
	for _, sub := range n.Sub {
		s.references(sub)
	}
}

// group goes over the branches of a group. count is how many loops before it
// remember; skip says that nothing stands before. It returns the count behind
// it, maxRemembered where the scan must end.
func (s *memoryScan) group(subs []*syntax.Node, depth, count int, skip bool) int {
	if len(subs) > 1 {
		skip = false
	}
	result := 0
	for _, sub := range subs {
		n, whole := s.branch(items(sub), depth, count, skip)
		if !whole {
			result = maxRemembered
		}
		result = max(result, n)
		// What the first branch consumed counts for the ones after it too.
	}
	return result
}

// branch goes over the items of one branch. whole is false where it came to
// an item that ends the scan.
func (s *memoryScan) branch(items []*syntax.Node, depth, count int, skip bool) (int, bool) {
	for _, n := range items {
		switch n.Op {
		case syntax.OpEmpty, syntax.OpKeep:
		case syntax.OpAssert:
		case syntax.OpSet:
			skip = false
		case syntax.OpGrapheme:
			skip = false
			count = max(count, 1)
		case syntax.OpRepeat:
			if n.Sub[0].Op != syntax.OpSet {
				return count, false
			}
			switch {
			case n.Max == syntax.Infinite && n.Min <= 1:
				s.remember(n, &count, skip)
			case n.Max == syntax.Infinite && s.unrolls(n):
				// The minimum is compiled as a repeat of its own, then a star.
				skip, count = false, max(count, 1)
				s.remember(n, &count, skip)
			default:
				skip, count = false, max(count, 1)
			}
			if count >= maxRemembered {
				return count, false
			}
		case syntax.OpGroup, syntax.OpAtomic:
			if depth >= maxRememberDepth || n.Index > 0 && s.refs[n.Index] {
				return count, false
			}
			count = s.group(branches(n.Sub[0]), depth+1, count, skip)
			skip = false
			if count >= maxRemembered {
				return count, false
			}
		default:
			return count, false
		}
	}
	return count, true
}

// unrolls reports whether x{2,} is compiled as x{2}x*: classes have a repeat
// of their own.
func (s *memoryScan) unrolls(n *syntax.Node) bool {
	w, _ := s.b.writing(n.Sub[0])
	return w != asClass
}

func (s *memoryScan) remember(n *syntax.Node, count *int, skip bool) {
	slot := s.b.plan.slots
	e := early{slot: slot, kind: earlyRange}
	switch {
	case *count == 0 && skip:
		e.kind, s.b.plan.skip = earlySkip, slot
	case *count == 0:
		e.kind = earlyFail
	}
	if *count == 0 {
		*count++
	}
	*count++
	if e.kind == earlyRange && n.Min == 1 {
		e.kind = earlyPlus
	}
	if n.Min > 1 {
		return
	}
	s.b.plan.slots++
	s.b.early[n] = e
}
