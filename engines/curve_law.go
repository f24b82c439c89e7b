package engines

import (
	"math/big"
	"slices"
)

// A Law is an exact linear recurrence with constant integer coefficients that
// the costs obey. Counting the runs of an automaton on x yⁿ z is taking powers
// of an integer matrix, so the steps of a matcher without backreferences obey
// one from some n on: f(n+L) = −(c₀f(n) + … + c₋₁f(n+L−1)), characteristic
// polynomial c₀ + … + c₋₁xᴸ⁻¹ + xᴸ.
//
// Its roots decide the growth without any tolerance. A monic integer
// polynomial, not divisible by x, whose roots all lie in the closed unit disc
// has only roots of unity (Kronecker 1857): it is a product of cyclotomic
// polynomials, and the growth is polynomial with the largest multiplicity less
// one as its exponent (the k-th differences, taken by residue classes, are
// constant). Any other factor has a root outside the disc: exponential growth.
type Law struct {
	growth Growth
	// first is the pump count of values[0], step the distance to the next.
	first, step int
	values      []uint64
	// char is the characteristic polynomial, monic, lowest power first.
	char []int64
	// period is the common order of its roots of unity.
	period int
}

// Growth is the class and exponent that the law implies.
func (l Law) Growth() Growth { return l.growth }

// Order is the order of the recurrence.
func (l Law) Order() int { return len(l.char) - 1 }

// ReadLaw finds the law of the longest stretch of equally spaced pump counts,
// if its counts obey one on their upper end: over at least MinPoints counts
// and half the stretch, with MinChecks counts to spare. Samples beyond the
// stretch must obey it too. It is found in O(m²) for m samples.
func ReadLaw(samples []Sample) (Law, bool) {
	points, exact := usable(samples)
	if !exact {
		return Law{}, false
	}
	return readLaw(points)
}

const (
	// maxExactSteps bounds the counts that are looked at exactly, 2⁴⁰, so that
	// every sum below stays inside 62 bits. Replays stop far earlier.
	maxExactSteps = 1 << 40
	// maxWindow is the number of equally spaced samples that are looked at, the
	// largest ones: 64, since laws of the order that can be told need fewer.
	maxWindow = 64
	// plainOrder is the order up to which constant differences are taken at
	// once: 5, polynomials of exponent 4. Beyond it a shorter recurrence wins.
	plainOrder = 5
	// maxDegree bounds a law of roots of unity: 20, since each degree may
	// double the terms, and 2⁴⁰·2²⁰ still fits.
	maxDegree = 20
)

func readLaw(points []point) (Law, bool) {
	run := progression(points)
	if len(run) < MinPoints {
		return Law{}, false
	}
	f := make([]int64, len(run))
	for i, p := range run {
		if p.cost >= maxExactSteps {
			return Law{}, false
		}
		f[i] = int64(p.cost)
	}
	law, ok := differences(f)
	if !ok || law.Order() > plainOrder {
		if other, found := recurrence(f); found && (!ok || other.Order() < law.Order()) {
			law, ok = other, true
		}
	}
	if !ok {
		law, ok = unityLaw(f)
	}
	if !ok {
		return Law{}, false
	}
	run = run[len(run)-len(law.values):]
	law.first, law.step = run[0].n, run[1].n-run[0].n
	if !law.increases() || !law.predicts(points, run[len(run)-1].n) {
		return Law{}, false
	}
	return law, true
}

// progression is the longest stretch of equally spaced points, the later one
// of two, cut to its last maxWindow.
func progression(points []point) []point {
	var best []point
	for i := 0; i+1 < len(points); {
		gap, j := points[i+1].n-points[i].n, i+1
		for j+1 < len(points) && points[j+1].n-points[j].n == gap {
			j++
		}
		if j-i+1 >= len(best) {
			best = points[i : j+1]
		}
		i = j
	}
	return best[max(0, len(best)-maxWindow):]
}

// A unity is a cyclotomic factor, Φ of order, that unityLaw divides out.
type unity struct {
	order int
	poly  []int64
}

// unities are the periods met in practice: parities, thirds and quarters of a
// pump. Others are found as recurrences, which need more samples.
var unities = [...]unity{
	{2, []int64{1, 1}},
	{3, []int64{1, 1, 1}},
	{4, []int64{1, 0, 1}},
	{6, []int64{1, -1, 1}},
}

// differences looks for constant k-th differences on the counts' upper end.
func differences(f []int64) (Law, bool) {
	window := max(MinPoints, (len(f)+1)/2)
	rest, char := f, []int64{1}
	for k := 0; k < maxDegree && len(rest) > MinChecks; k++ {
		rest, char = convolve(rest, []int64{-1, 1}), multiply(char, []int64{-1, 1})
		if zeros := trailingZeros(rest); zeros >= checks(k+1) && zeros+k+1 >= window {
			return newLaw(f, zeros+k+1, char, k, 1), true
		}
	}
	return Law{}, false
}

// checks is the number of counts that a law of an order must predict: at least
// half as many as determine it, for the difference table of an exponential can
// end in a few zeros at a great depth.
func checks(order int) int { return max(MinChecks, order/2) }

func trailingZeros(f []int64) int {
	zeros := 0
	for zeros < len(f) && f[len(f)-1-zeros] == 0 {
		zeros++
	}
	return zeros
}

const (
	// maxUnityPoints is the number of counts from which unityLaw has nothing
	// more to find than recurrence: 40, which tell any order up to maxOrder.
	maxUnityPoints = 40
	// perPeriodic is the number of checks for each degree of a period, 3:
	// periods have many shapes, and short irregular sequences meet one by
	// chance (numbers of divisors do at two).
	perPeriodic = 3
)

// unityLaw looks for the law of lowest degree among (x−1)ᵃ Φ₂ᵇ Φ₃ᶜ Φ₄ᵈ Φ₆ᵉ,
// whose operator takes the counts to zero from some count on. Its form being
// given, it takes fewer counts to find than a recurrence of any form.
func unityLaw(f []int64) (Law, bool) {
	if len(f) > maxUnityPoints {
		return Law{}, false
	}
	window := max(MinPoints, (len(f)+1)/2)
	best, bestDegree := Law{}, maxDegree+1
	var search func(rest, char []int64, next, period, periodic, exponent int)
	search = func(rest, char []int64, next, period, periodic, exponent int) {
		degree := len(char) - 1
		if zeros := trailingZeros(rest); zeros >= max(checks(degree), perPeriodic*periodic) && zeros+degree >= window {
			best, bestDegree = newLaw(f, zeros+degree, char, exponent, period), degree
			return
		}
		for k := next; k < len(unities); k++ {
			u := unities[k]
			d := len(u.poly) - 1
			r, c := rest, char
			for times := 1; ; times++ {
				if len(c)-1+d >= bestDegree || len(r)-d < max(MinChecks, perPeriodic*(periodic+times*d)) {
					break
				}
				r, c = convolve(r, u.poly), multiply(c, u.poly)
				search(r, c, k+1, lcm(period, u.order), periodic+times*d, max(exponent, times-1))
			}
		}
	}
	rest, char := f, []int64{1}
	for a := 1; a < bestDegree && len(rest) > MinChecks; a++ {
		rest, char = convolve(rest, []int64{-1, 1}), multiply(char, []int64{-1, 1})
		search(rest, char, 0, 1, 0, a-1)
	}
	return best, bestDegree <= maxDegree
}

// newLaw is the law with its last window counts. An exponent of 0 or less,
// cost that does not grow, is linear growth.
func newLaw(f []int64, window int, char []int64, exponent, period int) Law {
	law := Law{growth: Growth{Class: Polynomial, Exponent: exponent}, char: slices.Clone(char), period: period}
	if exponent <= 1 {
		law.growth = Growth{Class: Linear, Exponent: 1}
	}
	for _, v := range f[len(f)-window:] {
		law.values = append(law.values, uint64(v))
	}
	return law
}

// convolve applies a polynomial as an operator on sequences, x being the shift
// to the next count; the result is shorter by the degree.
func convolve(f, poly []int64) []int64 {
	out := make([]int64, max(0, len(f)-len(poly)+1))
	for i := range out {
		for j, c := range poly {
			out[i] += c * f[i+j]
		}
	}
	return out
}

func multiply(a, b []int64) []int64 {
	out := make([]int64, len(a)+len(b)-1)
	for i, x := range a {
		for j, y := range b {
			out[i+j] += x * y
		}
	}
	return out
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func lcm(a, b int) int { return a / gcd(a, b) * b }

// lookAhead is the number of counts, in multiples of a law's order or period,
// over which a law is continued to see that it stays a cost.
const lookAhead = 8

// increases reports whether the law goes on as a cost can: never negative,
// and over a whole number of periods not falling. A law found by chance
// usually does not.
func (l Law) increases() bool {
	span := lookAhead * max(l.Order(), l.period, 1)
	prev := new(big.Int)
	high := new(big.Int)
	for _, v := range l.values[len(l.values)-min(len(l.values), l.period):] {
		if b := new(big.Int).SetUint64(v); b.Cmp(prev) > 0 {
			prev.Set(b)
		}
	}
	ok := true
	l.extend(func(i int, v *big.Int) bool {
		if v.Sign() < 0 {
			ok = false
		}
		if v.Cmp(high) > 0 {
			high.Set(v)
		}
		return ok && i < len(l.values)+span
	})
	return ok && high.Cmp(prev) >= 0
}

// extend continues the law behind its values, index by index (l.values[0] has
// index 0), until yield says stop.
func (l Law) extend(yield func(i int, v *big.Int) bool) {
	order := l.Order()
	last := make([]*big.Int, order)
	for j := range last {
		last[j] = new(big.Int).SetUint64(l.values[len(l.values)-order+j])
	}
	term := new(big.Int)
	for i := len(l.values); ; i++ {
		next := new(big.Int)
		for j, v := range last {
			if l.char[j] != 0 {
				next.Sub(next, term.Mul(v, big.NewInt(l.char[j])))
			}
		}
		if !yield(i, next) {
			return
		}
		if order > 0 {
			last = append(last[1:], next)
		}
	}
}

// predicts reports whether the points beyond the pump count are as the law
// says, as far as they stand on its lattice.
func (l Law) predicts(points []point, beyond int) bool {
	for _, p := range points {
		if p.n <= beyond || (p.n-l.first)%l.step != 0 {
			continue
		}
		if v, ok := l.at((p.n - l.first) / l.step); !ok || v.Cmp(new(big.Int).SetUint64(p.cost)) != 0 {
			return false
		}
	}
	return true
}
