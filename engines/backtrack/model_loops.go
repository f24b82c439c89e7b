package backtrack

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// nestedLoops multiplies a loop of a loop over a single character where
// nothing is lost: (?:a+)+ becomes a+, (?:a?){20} becomes a{0,20}. Captures
// between the two keep them apart (RegexNode.ReduceLoops of .NET, which both
// versions of regexp2 follow).
func nestedLoops() shortcut {
	return shortcut{"nested loops", func(b *modelBuilder) bool {
		return rewrite(b.re.Root, func(n *syntax.Node) bool {
			if n.Op != syntax.OpRepeat || n.Greed == syntax.Possessive {
				return false
			}
			c := inner(n.Sub[0])
			if c.Op != syntax.OpRepeat || c.Greed != n.Greed {
				return false
			}
			if n.Min == 0 && c.Min > 1 || c.Max != syntax.Infinite && c.Max < 2*c.Min {
				return false
			}
			m := *c
			m.Min = product(c.Min, n.Min)
			m.Max = product(c.Max, n.Max)
			become(n, &m)
			return true
		})
	}}
}

// product multiplies counts, Infinite included.
func product(a, b int) int {
	if a == 0 || b == 0 {
		return 0
	}
	if a == syntax.Infinite || b == syntax.Infinite || a > unbounded/b {
		return syntax.Infinite
	}
	return a * b
}

// adjacentLoops joins neighbouring loops over the same characters: a*a*
// becomes a*, a+a becomes a{2,}. (RegexNode.ReduceConcatenationWithAdjacentLoops
// of .NET.)
func adjacentLoops() shortcut {
	return shortcut{"adjacent loops", func(b *modelBuilder) bool {
		return rewrite(b.re.Root, func(n *syntax.Node) bool {
			if n.Op != syntax.OpConcat {
				return false
			}
			var out []*syntax.Node
			changed := false
			for _, m := range items(n) {
				if k := len(out) - 1; k >= 0 {
					if joined := joinLoops(out[k], m); joined != nil {
						out[k], changed = joined, true
						continue
					}
				}
				out = append(out, m)
			}
			if !changed {
				return false
			}
			n.Sub = out
			if len(out) == 1 {
				become(n, out[0])
			}
			return true
		})
	}}
}

// joinLoops is one loop for two neighbours, nil where there is none.
func joinLoops(x, y *syntax.Node) *syntax.Node {
	x, y = inner(x), inner(y)
	xs, ys := x, y
	one := func(n *syntax.Node) *syntax.Node {
		return &syntax.Node{Op: syntax.OpRepeat, Min: 1, Max: 1, Sub: []*syntax.Node{n}, Span: n.Span}
	}
	if x.Op == syntax.OpSet {
		xs = one(x)
	}
	if y.Op == syntax.OpSet {
		ys = one(y)
	}
	if xs.Op != syntax.OpRepeat || ys.Op != syntax.OpRepeat || x.Op == syntax.OpSet && y.Op == syntax.OpSet {
		return nil
	}
	if xs.Sub[0].Op != syntax.OpSet || ys.Sub[0].Op != syntax.OpSet || !xs.Sub[0].Set.Equal(ys.Sub[0].Set) {
		return nil
	}
	switch {
	case x.Op == syntax.OpSet:
		xs.Greed = ys.Greed
	case y.Op == syntax.OpSet:
		ys.Greed = xs.Greed
	}
	if xs.Greed != ys.Greed || xs.Greed == syntax.Possessive {
		return nil
	}
	out := *xs
	out.Sub = xs.Sub
	out.Min += ys.Min
	if xs.Max == syntax.Infinite || ys.Max == syntax.Infinite {
		out.Max = syntax.Infinite
	} else {
		out.Max += ys.Max
	}
	out.Span = syntax.Span{Start: x.Span.Start, End: y.Span.End}
	return &out
}

// leadingLoop starts again behind a loop over a single character that the
// pattern begins with, and not inside of what it took: what could match from
// there was tried (UpdateBumpalong of .NET).
func leadingLoop() shortcut {
	return shortcut{"leading loop", func(b *modelBuilder) bool {
		if b.re.Flags.Has(corpus.RightToLeft) {
			return false
		}
		n := b.re.Root
		inSequence := false
		for n.Op == syntax.OpConcat || n.Op == syntax.OpAtomic || n.Op == syntax.OpGroup && n.Index == 0 {
			inSequence = inSequence || n.Op == syntax.OpConcat
			n = n.Sub[0]
		}
		if !inSequence || n.Op != syntax.OpRepeat || n.Max != syntax.Infinite || n.Sub[0].Op != syntax.OpSet {
			return false
		}
		b.plan.skip, b.plan.slots = 0, 1
		b.early[n] = early{0, earlySkip}
		return true
	}}
}
