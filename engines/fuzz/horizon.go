package fuzz

import (
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// A horizon is how many characters the bounded parts of a pattern can take
// part in: a growth seen on shorter inputs may end there. a{30}b grows
// quadratically on aⁿ until n is 30.
type horizon struct {
	repeats  int // inside bounded repeats
	largest  int // inside the largest of them
	literals int // outside of them
	// bytes says that a character is a byte.
	bytes bool
}

// maxHorizon is where counting stops: the input limit of any host profile.
const maxHorizon = 1 << 24

// horizonOf measures a pattern.
func horizonOf(re *syntax.Regexp) horizon {
	h := horizonOfNode(re.Root, 0)
	return horizon{min(h.repeats, maxHorizon), min(h.largest, maxHorizon), min(h.literals, maxHorizon), re.Unit == syntax.Byte}
}

func horizonOfNode(n *syntax.Node, depth int) horizon {
	if depth > maxDepth {
		return horizon{}
	}
	var h horizon
	for _, sub := range n.Sub {
		s := horizonOfNode(sub, depth+1)
		h.largest = max(h.largest, s.largest)
		if n.Op == syntax.OpAlternate {
			h.repeats, h.literals = max(h.repeats, s.repeats), max(h.literals, s.literals)
		} else {
			h.repeats, h.literals = min(h.repeats+s.repeats, maxHorizon), min(h.literals+s.literals, maxHorizon)
		}
	}
	switch n.Op {
	case syntax.OpSet, syntax.OpBackref, syntax.OpCall, syntax.OpGrapheme:
		h.literals = 1
	case syntax.OpRepeat:
		times := n.Max
		if times == syntax.Infinite {
			times = n.Min
		}
		if times > 1 {
			all := min((h.repeats+h.literals)*min(times, maxHorizon), maxHorizon)
			h = horizon{repeats: all, largest: all}
		}
	}
	return h
}

// outlast is how far samples reach beyond the bounded parts: three times, where
// a growth that ended has become a slope of 1.3.
const outlast = 3

// pumps is the pump count from which each pump of a family alone reaches that
// far.
func (h horizon) pumps(w attack.Witness, length int) int {
	return 1 + outlast*length/h.shortest(w)
}

// shortest is the number of characters in a family's shortest pump, at least 1.
func (h horizon) shortest(w attack.Witness) int {
	least := 0
	for _, p := range w.Pumps {
		n := len(p.Pump)
		if !h.bytes {
			n = utf8.RuneCount(p.Pump)
		}
		if n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	return max(least, 1)
}
