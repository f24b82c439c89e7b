package engines

import (
	"math"
	"slices"
)

// How a growth was read off samples: the values of Curve.Fit.
const (
	// FitDifferences: the counts obey a law exactly whose growth is
	// polynomial: constant k-th differences, alone or by residue classes.
	FitDifferences = "differences"
	// FitRatios: the counts obey a linear recurrence exactly whose ratio of
	// successive costs tends to a constant above 1.
	FitRatios = "ratios"
	// FitSlope: a log-log slope that settles at its exponent.
	FitSlope = "slope"
	// FitLogLinear: a slope that falls towards 1 and still stands above it, as
	// that of n·log n does (backreferences). Reported as linear.
	FitLogLinear = "log-linear"
	// FitTooFew: fewer samples than any statement needs. The growth is not
	// known.
	FitTooFew = "too few points"
	// FitUnclear: enough samples, and no law or settled slope in them: larger
	// inputs may tell. The growth is not known.
	FitUnclear = "unclear"
)

const (
	// MinPoints is the number of equally spaced pump counts over which an
	// exact law must hold: 8, so that a lucky fit of a few counts is no
	// finding.
	MinPoints = 8
	// MinChecks is the number of counts that an exact law must predict beyond
	// those that determine it: 3, more for a long law. A polynomial of exponent
	// k up to 6 is therefore told from max(8, k+4) counts.
	MinChecks = 3
	// MaxExponent is the largest exponent that a slope alone may give. Beyond
	// it a polynomial and an exponential look alike on any input that can be
	// run; exact laws have no such bound.
	MaxExponent = 8
)

// Fit reads the growth of the cost off samples of one engine on one witness:
// the growth, how it was read (one of the Fit constants), and the quality of
// that reading in [0,1].
//
// Where every sample has an exact count of steps, an exact law (see Law) is
// looked for first, in the longest stretch of equally spaced pump counts; it
// must also predict every sample beyond the stretch. Failing that, the last
// ratios of successive costs (see fitRatios), and then, or with samples at
// doublings only, the local slopes log₂(cost(2n)/cost(n)) are read
// (see readSlope). Samples without steps are timed: least squares over the
// upper end of the log-log plot, quality R².
//
// Samples that ended in a limit or a failure are left out: their cost is only
// a lower bound. A cost that stays constant is linear growth. Where nothing
// can be told the growth is the zero value, and the fit is FitTooFew or
// FitUnclear: a statement about the samples, not a guess about the pattern.
func Fit(samples []Sample) (growth Growth, fit string, quality float64) {
	points, exact := usable(samples)
	if !exact {
		return fitTimes(points)
	}
	if law, ok := readLaw(points); ok {
		fit = FitDifferences
		if law.growth.Class == Exponential {
			fit = FitRatios
		}
		return law.growth, fit, 1
	}
	return fitCounts(points)
}

// fitCounts reads exact counts that obey no law of which there are samples
// enough.
func fitCounts(points []point) (growth Growth, fit string, quality float64) {
	if growth, fit, quality = fitRatios(points); Known(growth) {
		return growth, fit, quality
	}
	return fitSlopes(points)
}

// A point is one usable sample: pump count and cost, in steps or nanoseconds.
type point struct {
	n    int
	cost uint64
}

// usable sorts the samples that ended by themselves, one for each pump count,
// and says whether all of them count steps. Of samples at one pump count the
// cheapest stands: the minimum of several runs where they were timed.
func usable(samples []Sample) (points []point, exact bool) {
	exact = true
	for _, s := range samples {
		if s.State == Matched || s.State == NoMatch {
			exact = exact && s.Cost.Steps > 0
		}
	}
	for _, s := range samples {
		if s.State != Matched && s.State != NoMatch || s.N < 0 {
			continue
		}
		cost := s.Cost.Steps
		if !exact {
			cost = uint64(max(s.Cost.Time, 0))
		}
		points = append(points, point{s.N, cost})
	}
	slices.SortFunc(points, func(a, b point) int {
		if a.n != b.n {
			return a.n - b.n
		}
		if a.cost < b.cost {
			return -1
		}
		return 1
	})
	points = slices.CompactFunc(points, func(a, b point) bool { return a.n == b.n })
	return points, exact
}

// Slopes are the local log-log slopes log₂(cost(n)/cost(n/2)) at n = N, N/2,
// N/4, …, the largest pump count N last. They tend to the exponent of a
// polynomial and double from one to the next for an exponential.
func Slopes(samples []Sample) []float64 {
	points, _ := usable(samples)
	return slopes(points)
}

func slopes(points []point) []float64 {
	if len(points) < 2 {
		return nil
	}
	var out []float64
	n := float64(points[len(points)-1].n)
	for {
		hi, okHi := costAt(points, n)
		lo, okLo := costAt(points, n/2)
		if !okHi || !okLo {
			slices.Reverse(out)
			return out
		}
		out = append(out, math.Log2(hi/lo))
		n /= 2
	}
}

// maxGap is the largest ratio of neighbouring pump counts between which a
// cost is interpolated: 1.5, where a straight line on the log-log plot is off
// by less than one per cent for any exponent up to MaxExponent.
const maxGap = 1.5

// costAt is the cost at n, interpolated on the log-log plot where n falls
// between two close samples.
func costAt(points []point, n float64) (float64, bool) {
	i, found := slices.BinarySearchFunc(points, n, func(p point, n float64) int {
		switch {
		case float64(p.n) < n:
			return -1
		case float64(p.n) > n:
			return 1
		}
		return 0
	})
	if found {
		return float64(points[i].cost), points[i].n > 0 && points[i].cost > 0
	}
	if i == 0 || i == len(points) {
		return 0, false
	}
	a, b := points[i-1], points[i]
	if a.n < 1 || a.cost == 0 || b.cost == 0 || float64(b.n) > maxGap*float64(a.n) {
		return 0, false
	}
	return interpolate(a, b, n), true
}

// interpolate reads the cost at n off the straight line through a and b on
// the log-log plot.
func interpolate(a, b point, n float64) float64 {
	t := math.Log(n/float64(a.n)) / math.Log(float64(b.n)/float64(a.n))
	return math.Exp(math.Log(float64(a.cost)) + t*math.Log(float64(b.cost)/float64(a.cost)))
}

// Known reports whether a growth says anything: Fit returns the zero Growth
// where the samples do not tell.
func Known(g Growth) bool { return g.Class == Exponential || g.Exponent > 0 }
