package engines

import "math"

// A steadiness is one way in which successive ratios tell an exponential:
// this many of them, none below least, their logarithms within drift of each
// other.
type steadiness struct {
	ratios       int
	least, drift float64
}

// steady are the two ways. A cost that at least doubles with each repetition
// leaves few counts to sample, and a polynomial is as steep only at a handful
// of pump counts, where its ratios fall by a tenth and more each. A slower
// exponential leaves more counts, and needs them: a lower-order term can hold
// a polynomial's ratio near 1.2 for a while (n⁶ and a constant: four ratios
// within one per cent).
var steady = [...]steadiness{
	{ratios: 4, least: 2, drift: 0.02},
	{ratios: 8, least: 1.2, drift: 0.02},
}

// fitRatios reads an exponential off counts that grow too fast for the many
// samples an exact law needs: the ratios of the last costs, one repetition
// apart, agree. The quality is how well, as one less their relative spread.
func fitRatios(points []point) (Growth, string, float64) {
	for _, way := range steady {
		if len(points) < way.ratios+1 {
			break
		}
		tail := points[len(points)-way.ratios-1:]
		lo, hi := math.Inf(1), 0.0
		for i := 1; i < len(tail); i++ {
			if tail[i].n != tail[i-1].n+1 || tail[i-1].cost == 0 {
				return Growth{}, FitTooFew, 0
			}
			r := math.Log(float64(tail[i].cost) / float64(tail[i-1].cost))
			lo, hi = min(lo, r), max(hi, r)
		}
		if lo >= math.Log(way.least) && hi <= lo*(1+way.drift) {
			return Growth{Class: Exponential}, FitRatios, 2 - hi/lo
		}
	}
	return Growth{}, FitUnclear, 0
}
