package engines

import "math"

const (
	// minTimes is the number of timed samples that a line is laid through.
	minTimes = 5
	// minQuality is the R² under which a timed fit says nothing.
	minQuality = 0.97
	// near is how far a timed slope may be from its exponent.
	near = 0.3
	// away is how far above its exponent noise may lift a slope at the upper end:
	// it is on its way to the next one where it is further.
	away = 0.12
)

// fitTimes reads the growth of timed samples. A line in the semi-log plot that
// climbs, on average, faster than n to the MaxExponent is an exponential;
// otherwise three doublings are read by their slope, and fewer, which is all
// that a large exponent leaves between the clock's noise and a run that takes
// too long, by the polynomial that fits them.
func fitTimes(points []point) (Growth, string, float64) {
	for len(points) > 0 && (points[0].n < 1 || points[0].cost == 0) {
		points = points[1:]
	}
	if len(points) < minTimes {
		return Growth{}, FitTooFew, 0
	}
	first, last := points[0], points[len(points)-1]
	average := math.Log(float64(last.cost)/float64(first.cost)) / math.Log(float64(last.n)/float64(first.n))
	if average > MaxExponent {
		if _, r2 := leastSquares(points, func(n float64) float64 { return n }); r2 >= minQuality {
			return Growth{Class: Exponential}, FitSlope, r2
		}
	}
	end := upper(points)
	if slope, _ := leastSquares(end, math.Log); slope > steepSlope {
		return fitSteep(end)
	}
	if first.n*span > last.n || len(end) < minSlopes+1 {
		return Growth{}, FitTooFew, 0
	}
	return fitEven(end)
}

// fitEven reads three doublings: the log-log slope is near its exponent, or up
// to 0.4 below it and rising. Times that hardly grow are noise around a
// constant, R² or not.
func fitEven(end []point) (Growth, string, float64) {
	slope, r2 := leastSquares(end, math.Log)
	if slope < near {
		return Growth{Class: Linear, Exponent: 1}, FitSlope, r2
	}
	k := math.Round(slope)
	rising := slope
	if half := end[len(end)/2:]; len(half) > 1 {
		rising, _ = leastSquares(half, math.Log)
	}
	if rising > k+away && rising > slope {
		return fitSteep(end)
	}
	if up := math.Ceil(slope); up-slope <= below && up != k && rising > slope {
		k = up
	}
	if r2 < minQuality || math.Abs(k-slope) > below || k == math.Round(slope) && math.Abs(k-slope) > near || k > MaxExponent {
		return Growth{}, FitUnclear, r2
	}
	if k <= 1 {
		return Growth{Class: Linear, Exponent: 1}, FitSlope, r2
	}
	return Growth{Class: Polynomial, Exponent: int(k)}, FitSlope, r2
}

const (
	// steepSpan is the part of the plot that a steep curve is read from at the
	// least: one and a half doublings.
	steepSpan = 2.8
	// steepSlope is the slope from which on three doublings are not asked for.
	steepSlope = 2.5
	// jitter is what the times of a quiet machine are off by, two per cent.
	jitter = 0.02
	// clearer is how many times worse, in squared error, a polynomial may fit
	// than one of a larger degree that is not needed.
	clearer = 1.5
	// prevalent is how far the slope at the upper end may be below the exponent:
	// where it is further, the term of that degree is hardly seen.
	prevalent = 0.5
)

// fitSteep reads one and a half to three doublings of a steep curve: the
// polynomial with coefficients that are not negative, of the smallest degree
// that fits about as well as any. A slope is never above its exponent, and may
// be well below where terms of lower order weigh.
func fitSteep(points []point) (Growth, string, float64) {
	first, last := points[0], points[len(points)-1]
	if float64(first.n)*steepSpan > float64(last.n) || len(points) < minSlopes+1 {
		return Growth{}, FitTooFew, 0
	}
	_, r2 := leastSquares(points, math.Log)
	best := fitSum(points, MaxExponent+1)
	quiet := jitter * jitter * float64(len(points))
	for k := 1; k <= MaxExponent; k++ {
		sum := fitSum(points, k)
		if sum.err > clearer*best.err+quiet {
			continue
		}
		if r2 < minQuality || sum.err > 9*quiet || float64(k)-sum.slope() > prevalent {
			break
		}
		if k == 1 { // noise lifted the upper end of a line
			return Growth{Class: Linear, Exponent: 1}, FitSlope, r2
		}
		return Growth{Class: Polynomial, Exponent: k}, FitSlope, r2
	}
	return Growth{}, FitUnclear, r2
}

// A termSum is a polynomial Σ cᵢ·xⁱ, cᵢ ≥ 0, in x = n by the largest n, in units
// of the cost there.
type termSum struct {
	terms []float64
	err   float64 // the sum of squares of the relative errors
}

// slope is the log-log slope at the largest n.
func (s termSum) slope() float64 {
	var value, rise float64
	for i, c := range s.terms {
		value, rise = value+c, rise+float64(i)*c
	}
	return rise / value
}

// fitSum lays the best sum of a degree through the points: least squares of the
// relative errors, by descent along one coefficient after the other. The
// function is convex, so that every descent ends at its least value.
func fitSum(points []point, degree int) termSum {
	const sweeps = 400
	last := points[len(points)-1]
	powers := make([][]float64, degree+1) // of x, by the cost
	left := make([]float64, len(points))  // relative errors
	for i := range powers {
		powers[i] = make([]float64, len(points))
		for j, p := range points {
			powers[i][j] = math.Pow(float64(p.n)/float64(last.n), float64(i)) * float64(last.cost) / float64(p.cost)
		}
	}
	for j := range left {
		left[j] = 1
	}
	s := termSum{terms: make([]float64, degree+1)}
	for range sweeps {
		for i, power := range powers {
			var with, square float64
			for j, f := range power {
				with, square = with+f*left[j], square+f*f
			}
			c := max(0, s.terms[i]+with/square)
			for j, f := range power {
				left[j] -= (c - s.terms[i]) * f
			}
			s.terms[i] = c
		}
	}
	for _, e := range left {
		s.err += e * e
	}
	return s
}
