package backtrack

import (
	"math"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// A width is how many characters a node can match. max is unbounded when it
// says so; both saturate there.
type width struct{ min, max int32 }

const unbounded = math.MaxInt32

func (w width) fixed() bool { return w.min == w.max && w.max != unbounded }

// widths computes and remembers the widths of nodes. A group that calls or
// refers to itself counts as of any width from 0.
type widths struct {
	re     *syntax.Regexp
	accept bool // the pattern holds (*ACCEPT): a call may end early
	known  map[*syntax.Node]width
	busy   map[*syntax.Node]bool
}

func (w *widths) of(n *syntax.Node) width {
	switch n.Op {
	case syntax.OpSet:
		return width{1, 1}
	case syntax.OpEmpty, syntax.OpLook, syntax.OpAssert, syntax.OpVerb, syntax.OpKeep, syntax.OpCallout:
		return width{0, 0}
	case syntax.OpFail:
		return width{0, 0}
	case syntax.OpGrapheme:
		return width{1, unbounded}
	case syntax.OpAbsent:
		return width{0, unbounded}
	}
	if v, ok := w.known[n]; ok {
		return v
	}
	if w.busy[n] {
		return width{0, unbounded}
	}
	w.busy[n] = true
	v := w.compute(n)
	delete(w.busy, n)
	w.known[n] = v
	return v
}

func (w *widths) compute(n *syntax.Node) width {
	switch n.Op {
	case syntax.OpConcat:
		var sum width
		for _, sub := range n.Sub {
			v := w.of(sub)
			sum = width{add(sum.min, v.min), add(sum.max, v.max)}
			if sub.Op == syntax.OpFail || sub.Op == syntax.OpVerb && sub.Verb == syntax.VerbAccept {
				break // what follows is never reached
			}
		}
		return sum
	case syntax.OpAlternate:
		return w.either(n.Sub)
	case syntax.OpRepeat:
		v := w.of(n.Sub[0])
		hi := int32(unbounded)
		if n.Max != syntax.Infinite {
			hi = clamp(n.Max)
		}
		return width{mul(v.min, clamp(n.Min)), mul(v.max, hi)}
	case syntax.OpGroup, syntax.OpAtomic, syntax.OpScriptRun, syntax.OpBalance:
		return w.of(n.Sub[0])
	case syntax.OpBackref:
		v := width{unbounded, 0}
		for _, g := range n.Refs {
			v = v.or(w.group(g))
		}
		if n.UnsetEmpty || len(n.Refs) == 0 {
			v = v.or(width{0, 0})
		}
		return v
	case syntax.OpConditional:
		if n.Cond == syntax.CondDefine {
			return width{0, 0}
		}
		return w.either(n.Sub[:min(2, len(n.Sub))])
	case syntax.OpCall:
		if w.accept {
			return width{0, unbounded}
		}
		if n.Index == 0 {
			return w.of(w.re.Root)
		}
		return w.group(n.Index)
	}
	return width{0, unbounded}
}

// group is the width of capture group g, whichever of its nodes took part.
func (w *widths) group(g int) width {
	if g <= 0 || g >= len(w.re.Groups) || len(w.re.Groups[g].Nodes) == 0 {
		return width{0, unbounded}
	}
	return w.either(w.re.Groups[g].Nodes)
}

func (w *widths) either(nodes []*syntax.Node) width {
	v := width{unbounded, 0}
	for _, n := range nodes {
		v = v.or(w.of(n))
	}
	if len(nodes) == 0 {
		return width{}
	}
	return v
}

func (w width) or(v width) width { return width{min(w.min, v.min), max(w.max, v.max)} }

// clampMax is a largest count, unbounded for syntax.Infinite.
func clampMax(n int) int32 {
	if n == syntax.Infinite {
		return unbounded
	}
	return clamp(n)
}

func clamp(n int) int32 { return int32(min(n, unbounded)) }

func add(a, b int32) int32 { return clamp(int(a) + int(b)) }

func mul(a, b int32) int32 {
	if a == 0 || b == 0 {
		return 0
	}
	return clamp(int(a) * int(b))
}
