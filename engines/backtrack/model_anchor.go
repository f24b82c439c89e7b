package backtrack

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// An anchorScan decides whether PCRE2 takes a pattern for anchored, or for
// one that matches at line starts only: every branch begins with an anchor,
// or with a loop over any character. Such a loop runs, from the first start,
// through all that it could reach from later ones, so these are not tried.
//
// That holds only where the loop may give back all it took: not inside an
// atomic group or an assertion, not in a group whose capture is compared
// later, not beside (*PRUNE) or (*SKIP). Facts: pcre2pattern, "DOTALL and
// implicit anchoring", and is_anchored and is_startline of 10.42.
type anchorScan struct {
	b     *modelBuilder
	lines bool // line starts will do
	dots  bool // loops count as anchors

	captured map[int]bool // groups open
	atomic   int
	asserted bool
	newlines charset.Set // that a line start stands behind
}

// anchorsAt reports whether every match begins at the search's start, or at a
// line start.
func (b *modelBuilder) anchorsAt(lines, dots bool) bool {
	s := anchorScan{b: b, lines: lines, dots: dots, captured: map[int]bool{}}
	return s.all(branches(b.re.Root))
}

func (s *anchorScan) all(subs []*syntax.Node) bool {
	for _, sub := range subs {
		if !s.branch(items(sub)) {
			return false
		}
	}
	return true
}

func (s *anchorScan) branch(items []*syntax.Node) bool {
	n := s.b.significant(items, false)
	if n == nil {
		return false
	}
	if n.Op == syntax.OpRepeat && n.Sub[0].Op == syntax.OpSet {
		return s.loop(n)
	}
	if n.Op == syntax.OpRepeat {
		if n.Min == 0 || n.Max == 0 {
			return false
		}
		n = n.Sub[0]
	}
	switch n.Op {
	case syntax.OpGroup:
		if n.Index > 0 && !s.captured[n.Index] {
			s.captured[n.Index] = true
			defer delete(s.captured, n.Index)
		}
		return s.all(branches(n.Sub[0]))
	case syntax.OpAlternate:
		return s.all(n.Sub)
	case syntax.OpAtomic:
		s.atomic++
		defer func() { s.atomic-- }()
		return s.all(branches(n.Sub[0]))
	case syntax.OpLook:
		if n.Behind || n.Negate {
			return false
		}
		was := s.asserted
		s.asserted = true
		defer func() { s.asserted = was }()
		return s.all(branches(n.Sub[0]))
	case syntax.OpConditional:
		return !s.lines && len(n.Sub) > 1 && n.Sub[1].Op != syntax.OpEmpty && s.all(n.Sub[:2])
	case syntax.OpAssert:
		switch n.Assert {
		case syntax.BeginText:
			// ^ counts as a line start, \A does not.
			return !s.lines || s.b.written(n) == "^"
		case syntax.SearchStart:
			return !s.lines
		case syntax.BeginLine, syntax.BeginLineNotEnd:
			s.newlines = charset.Union(s.newlines, n.Set)
			return s.lines && !n.CRLF
		}
	}
	return false
}

// loop reports whether a loop over a single character is an anchor.
func (s *anchorScan) loop(n *syntax.Node) bool {
	if !s.dots || n.Min != 0 || n.Max != syntax.Infinite || s.asserted || s.atomic > 0 || s.b.hasPruneOrSkip {
		return false
	}
	if w, _ := s.b.writing(n.Sub[0]); w != asDot {
		return false
	}
	except := n.Sub[0].Set.Negate(s.b.re.Unit.Max())
	if except.IsEmpty() == s.lines {
		return false
	}
	s.newlines = charset.Union(s.newlines, except)
	for g := range s.captured {
		if s.b.comparesGroup(s.b.re.Root, g) {
			return false
		}
	}
	return true
}

// comparesGroup reports whether a backreference under n reads group g.
func (b *modelBuilder) comparesGroup(n *syntax.Node, g int) bool {
	if n.Op == syntax.OpBackref {
		for _, r := range n.Refs {
			if r == g {
				return true
			}
		}
	}
	for _, sub := range n.Sub {
		if b.comparesGroup(sub, g) {
			return true
		}
	}
	return false
}

// writtenAnchor is the anchor that the pattern itself begins with: only one
// start is tried.
func writtenAnchor() shortcut {
	return shortcut{"anchor", func(b *modelBuilder) bool {
		b.plan.anchored = b.startsOnce() || b.anchorsAt(false, false)
		return b.plan.anchored && !b.startsOnce()
	}}
}

// startsOnce reports whether a flag says that only one start is tried.
func (b *modelBuilder) startsOnce() bool {
	return b.re.Flags&(corpus.Anchored|corpus.Sticky) != 0
}

// implicitAnchor is the anchor that a leading loop over any character stands
// for: with DOTALL only one start is tried, without it only line starts.
func implicitAnchor() shortcut {
	return shortcut{"implicit anchor", func(b *modelBuilder) bool {
		switch {
		case b.plan.anchored || b.plan.newline != nil || b.options().NoDotstarAnchor:
			return false
		case b.anchorsAt(false, true):
			b.plan.anchored = true
			return true
		}
		return b.lineStarts(true)
	}}
}

// lineStart is the search for line starts where every branch begins with ^
// under MULTILINE.
func lineStart() shortcut {
	return shortcut{"line start", func(b *modelBuilder) bool {
		return !b.plan.anchored && b.lineStarts(false)
	}}
}

func (b *modelBuilder) lineStarts(dots bool) bool {
	if !b.startOptimizes() || b.headsOf().first.state == unitSet {
		return false
	}
	s := anchorScan{b: b, lines: true, dots: dots, captured: map[int]bool{}}
	if !s.all(branches(b.re.Root)) || s.newlines.IsEmpty() {
		return false
	}
	b.plan.newline = newSet(s.newlines)
	return true
}
