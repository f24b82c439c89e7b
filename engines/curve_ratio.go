package engines

import "math"

const (
	// steadyRatios is the number of successive ratios that must agree, and
	// steadyFew the number when each is at least fewLeast: 3 from 4 counts.
	steadyRatios = 8
	steadyFew    = 3
	fewLeast     = 2.0
	// steadyLeast is the least ratio that is read: 1.2 for one more repetition.
	steadyLeast = 1.2
)

// fitRatios reads an exponential off counts that grow too fast for the many
// samples an exact law needs: the ratios r of the last costs, one repetition
// apart, hardly change.
//
// How much they may change follows from what a polynomial does: on (n+c)ᵏ the
// logarithm of the ratio falls by (ln r)²/k for each repetition, whatever c
// is. Changes below half of that for k = MaxExponent, in either direction,
// are no polynomial's of an exponent that could be told. The quality is 1 less
// the largest change.
func fitRatios(points []point) (Growth, string, float64) {
	for _, want := range []int{steadyRatios, steadyFew} {
		if len(points) < want+1 {
			continue
		}
		if drift, least, ok := ratioDrift(points[len(points)-want-1:]); ok && (want == steadyRatios || least >= fewLeast) {
			return Growth{Class: Exponential}, FitRatios, max(0, 1-drift)
		}
	}
	return Growth{}, FitTooFew, 0
}

// ratioDrift is the largest change of the logarithm of successive ratios and
// the least ratio; ok when every ratio counts and every change is small.
func ratioDrift(tail []point) (drift, least float64, ok bool) {
	least = math.Inf(1)
	last := 0.0
	ok = true
	for i := 1; i < len(tail); i++ {
		if tail[i].n != tail[i-1].n+1 || tail[i-1].cost == 0 {
			return 0, 0, false
		}
		r := float64(tail[i].cost) / float64(tail[i-1].cost)
		if r < steadyLeast {
			return 0, 0, false
		}
		least = min(least, r)
		if i > 1 {
			change := math.Abs(math.Log(r) - last)
			low := min(math.Log(r), last)
			ok = ok && change <= low*low/(2*MaxExponent)
			drift = max(drift, change)
		}
		last = math.Log(r)
	}
	return drift, least, ok
}
