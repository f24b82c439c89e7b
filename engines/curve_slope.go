package engines

import "math"

const (
	// minSlopes is the number of doublings that a slope is read from: 3, the
	// fewest that show whether it settles.
	minSlopes = 3
	// below is how far a settling slope may still stand from its exponent, 0.4:
	// at pump counts that can be run lower-order terms keep it 0.1 to 0.4 off.
	below = 0.4
	// settled is how far the slope extrapolated by one more doubling may be off.
	settled = 0.25
	// even is a difference of slopes that says nothing, 0.02: a doubling of
	// some hundred steps moves by as much when single steps are added.
	even = 0.02
	// flatSlope is the slope under which a cost counts as constant.
	flatSlope = 0.02
	// shifts is the number of upper ends, one sample apart, from which the same
	// growth must be read: 6, since costs with a period (floors) bend the slope
	// between one residue and the next.
	shifts = 6
	// doubling is the least ratio of one slope to the one before that tells an
	// exponential; it tends to 2, a polynomial's to 1.
	doubling = 1.5
)

// fitSlopes reads the growth of exact counts off their doublings.
func fitSlopes(points []point) (Growth, string, float64) {
	s := slopes(points)
	if len(s) < minSlopes {
		return Growth{}, FitTooFew, 0
	}
	growth, fit := readSlope(s)
	for shift := 1; shift < shifts && shift < len(points) && Known(growth); shift++ {
		head := points[:len(points)-shift]
		if 4*head[len(head)-1].n < 3*points[len(points)-1].n {
			break // another doubling altogether
		}
		if s := slopes(head); len(s) >= minSlopes {
			if again, _ := readSlope(s); again != growth {
				growth, fit = Growth{}, FitUnclear
			}
		}
	}
	if !Known(growth) {
		return growth, fit, 0
	}
	_, r2 := leastSquares(upper(points), math.Log)
	return growth, fit, r2
}

// readSlope says where local slopes at successive doublings, the last one
// uppermost, tend to.
//
// Rising, they tend to the next integer if that is at most 0.4 away and the
// rise slows down; falling, to the integer below on the same terms. The next
// slope is foretold by 2s−p, which is right for an error of order 1/n, and
// must be near the exponent too. Slopes that keep doubling beyond MaxExponent
// are an exponential's: n·log₂λ.
//
// A slope still falling to 1 is FitLogLinear: linear, with the note that the
// cost may be n·log n. A rising slope just above 1 is unclear: it may be on
// its way to 2.
func readSlope(slopes []float64) (Growth, string) {
	m := len(slopes)
	q, p, s := slopes[m-3], slopes[m-2], slopes[m-1]
	if s > MaxExponent {
		if p > 0 && s >= doubling*p && p >= doubling*q {
			return Growth{Class: Exponential}, FitSlope
		}
		return Growth{}, FitUnclear
	}
	next := 2*s - p
	var k float64
	if s >= p {
		k = math.Ceil(s - even)
		if s-p > p-q+even && s-p > even {
			return Growth{}, FitUnclear // the rise quickens
		}
	} else {
		k = math.Floor(s + even)
		if p-s > q-p+even && p-s > even {
			return Growth{}, FitUnclear // the fall quickens
		}
	}
	if math.Abs(k-s) > below || math.Abs(k-next) > settled {
		return Growth{}, FitUnclear
	}
	if k > 1 {
		return Growth{Class: Polynomial, Exponent: int(k)}, FitSlope
	}
	if s > 1+even {
		return Growth{Class: Linear, Exponent: 1}, FitLogLinear
	}
	return Growth{Class: Linear, Exponent: 1}, FitSlope
}

// span is the part of the plot that a least-squares line is laid through:
// from an eighth of the largest pump count on, three doublings.
const span = 8

func upper(points []point) []point {
	last := points[len(points)-1].n
	for i, p := range points {
		if p.n > 0 && p.n*span >= last {
			return points[i:]
		}
	}
	return nil
}

// leastSquares lays a line through (x(n), log cost): its slope and R², 0 where
// there is none.
func leastSquares(points []point, x func(float64) float64) (slope, r2 float64) {
	var n, sx, sy, sxx, sxy, syy float64
	for _, p := range points {
		if p.cost == 0 {
			continue
		}
		a, b := x(float64(p.n)), math.Log(float64(p.cost))
		n, sx, sy, sxx, sxy, syy = n+1, sx+a, sy+b, sxx+a*a, sxy+a*b, syy+b*b
	}
	vx, vy, cov := sxx-sx*sx/n, syy-sy*sy/n, sxy-sx*sy/n
	switch {
	case n < 2 || !(vx > 0):
		return 0, 0
	case !(vy > 1e-9): // a constant cost lies on its line
		return 0, 1
	}
	return cov / vx, min(cov*cov/(vx*vy), 1)
}
