package fuzz

import (
	"math"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// A score is what three short runs of a family tell.
type score struct {
	// bend is the exponent that the three costs suggest: log₂ of the ratio of
	// their differences, 1 where they lie on a line, large where a run did not
	// end.
	bend float64
	// rate is the cost of a byte at the middle size.
	rate float64
}

const (
	// minBend is the bend from which a family is looked at again: at small
	// sizes a large linear part hides most of a square.
	minBend = 1.08
	// minRetry is the bend at larger sizes from which it is measured.
	minRetry = 1.15
	// steepest is the bend of a family whose runs did not end.
	steepest = 20
)

// probeSizes are the pump counts of a probe, retrySizes those of its repetition,
// smallSizes those at which steep families are compared: doublings, so that the ratio of differences is 2ᵏ for any polynomial of
// exponent k that has no other terms.
var (
	probeSizes = [3]int{4, 8, 16}
	retrySizes = [3]int{8, 16, 32}
	smallSizes = [3]int{2, 4, 8}
)

// probe runs a family at three sizes, with a profile at the middle one.
func (g *search) probe(w attack.Witness) score {
	return g.bend(w, probeSizes, g.probeSteps, true)
}

func (g *search) bend(w attack.Witness, sizes [3]int, limit uint64, profiled bool) score {
	var f [3]float64
	var sc score
	for i, n := range sizes {
		subject := w.Bytes(n)
		var profile []uint64
		if profiled && i == 1 {
			clear(g.profile)
			profile = g.profile
		}
		steps, st := g.s.Run(subject, limit, profile)
		if i <= 1 {
			sc.rate = float64(steps) / float64(len(subject)+1)
		}
		if st == engines.StepLimit {
			sc.bend = steepest - float64(i)
			return sc
		}
		if st != engines.Matched && st != engines.NoMatch {
			return score{}
		}
		f[i] = float64(steps)
	}
	sc.bend = curvature(f)
	return sc
}

// curvature is the exponent that three costs at doublings suggest.
func curvature(f [3]float64) float64 {
	d1, d2 := max(f[1]-f[0], 1), f[2]-f[1]
	if d2 <= 0 {
		return 0
	}
	return math.Log2(d2 / d1)
}

// steep reports whether a run was too expensive to end.
func (s score) steep() bool { return s.bend >= steepest/2 }
