package engines

import (
	"math"
	"math/big"
)

const (
	// maxPumps is the largest pump count that is looked for: 2⁴⁰, beyond any
	// input.
	maxPumps = 1 << 40
	// maxTerms bounds the terms of an exponential law that are written out:
	// 2¹⁶. An exponential that needs more has a ratio within 10⁻³ of 1.
	maxTerms = 1 << 16
	// maxBits bounds a term: 256 bits, far beyond any count of steps.
	maxBits = 256
)

// Extrapolate is the smallest pump count whose cost reaches a number of
// steps, among those that the samples' law can speak of.
//
// Where a sample costs as much, it is the first such sample, or, if that one
// stands well behind its neighbour, the place between the two on the log-log
// plot. Beyond the samples it is exact where they obey a Law (on its lattice:
// samples taken d pumps apart answer in steps of d), and read off the settled
// slope otherwise. It is false where the growth is not known, where the cost
// never gets there, and where it would take more than 2⁴⁰ pumps.
func Extrapolate(samples []Sample, steps uint64) (n int, ok bool) {
	points, exact := usable(samples)
	if !exact || len(points) == 0 {
		return 0, false
	}
	law, lawful := readLaw(points)
	for i, p := range points {
		if p.cost < steps {
			continue
		}
		if i == 0 || lawful && p.n-points[i-1].n <= law.step || p.n-points[i-1].n == 1 {
			return p.n, true
		}
		if lawful && points[i-1].n >= law.end() {
			break // the law covers the gap
		}
		return between(points[i-1], p, steps), true
	}
	if lawful {
		return law.Reach(steps)
	}
	growth, fit, _ := fitCounts(points)
	last := points[len(points)-1]
	if !Known(growth) || last.n < 1 || last.cost == 0 {
		return 0, false
	}
	ratio := float64(steps) / float64(last.cost)
	if growth.Class == Exponential {
		prev := points[len(points)-2]
		rate := math.Log(float64(last.cost)/float64(prev.cost)) / float64(last.n-prev.n)
		if !(rate > 0) {
			return 0, false
		}
		return bounded(float64(last.n) + math.Log(ratio)/rate)
	}
	if s := slopes(points); fit == FitSlope && growth.Exponent == 1 && s[len(s)-1] < flatSlope {
		return 0, false // the cost stays as it is
	}
	return bounded(float64(last.n) * math.Pow(ratio, 1/float64(growth.Exponent)))
}

func bounded(n float64) (int, bool) {
	if !(n <= maxPumps) {
		return 0, false
	}
	return int(math.Ceil(n)), true
}

// between is the first pump count after a, up to b, that costs so many steps
// if the cost follows a power of n between the two.
func between(a, b point, steps uint64) int {
	if a.n < 1 || a.cost == 0 || b.cost <= a.cost {
		return b.n
	}
	t := math.Log(float64(steps)/float64(a.cost)) / math.Log(float64(b.cost)/float64(a.cost))
	n := math.Ceil(float64(a.n) * math.Pow(float64(b.n)/float64(a.n), t))
	return min(max(int(n), a.n+1), b.n)
}

// end is the pump count of the last value that the law was read from.
func (l Law) end() int { return l.first + (len(l.values)-1)*l.step }

// At is the cost that the law gives at pump count n, MaxUint64 where it is
// larger. It is false for an n off the law's lattice or before its beginning.
func (l Law) At(n int) (uint64, bool) {
	if n < l.first || (n-l.first)%l.step != 0 || n > maxPumps {
		return 0, false
	}
	v, ok := l.at((n - l.first) / l.step)
	switch {
	case !ok:
		return 0, false
	case v.Sign() < 0:
		return 0, true
	case !v.IsUint64():
		return math.MaxUint64, true
	}
	return v.Uint64(), true
}

// at is the value with an index; false where writing out so many terms of an
// exponential would pass maxTerms.
func (l Law) at(i int) (*big.Int, bool) {
	if i < len(l.values) {
		return new(big.Int).SetUint64(l.values[i]), true
	}
	if l.growth.Class != Exponential {
		return l.residue(i % l.period).at(i / l.period), true
	}
	if i > maxTerms {
		return nil, false
	}
	var out *big.Int
	l.extend(func(k int, v *big.Int) bool {
		out = v
		return k < i && v.BitLen() <= maxBits
	})
	return out, true
}

// Reach is the smallest pump count, from the law's beginning on, whose cost
// is at least steps; false where there is none up to 2⁴⁰.
func (l Law) Reach(steps uint64) (n int, ok bool) {
	goal := new(big.Int).SetUint64(steps)
	for i, v := range l.values {
		if v >= steps {
			return l.first + i*l.step, true
		}
	}
	index := -1
	if l.growth.Class == Exponential {
		l.extend(func(i int, v *big.Int) bool {
			if v.Cmp(goal) >= 0 {
				index = i
			}
			return index < 0 && i < maxTerms
		})
	} else {
		// Each residue class is one polynomial; the first class to get there
		// decides.
		for r := range l.period {
			p := l.residue(r)
			if t, ok := p.reach(goal, maxPumps/l.step/l.period); ok {
				if i := r + t*l.period; index < 0 || i < index {
					index = i
				}
			}
		}
	}
	if index < 0 || index > (maxPumps-l.first)/l.step {
		return 0, false
	}
	return l.first + index*l.step, true
}

// A newton is a polynomial by its forward differences at 0:
// p(t) = Σ differences[j]·C(t, j).
type newton struct {
	differences []*big.Int
	// start is the first t beyond the sampled values.
	start int
}

// residue is the polynomial of the values with index ≡ r mod period. Its
// degree is below the order of the recurrence, so that many values of the
// class determine it; those beyond the samples come from the recurrence.
func (l Law) residue(r int) newton {
	count := max(l.growth.Exponent, 1) + 1
	values := make([]*big.Int, 0, count)
	for i := r; i < len(l.values) && len(values) < count; i += l.period {
		values = append(values, new(big.Int).SetUint64(l.values[i]))
	}
	if len(values) < count {
		l.extend(func(i int, v *big.Int) bool {
			if i%l.period == r {
				values = append(values, v)
			}
			return len(values) < count
		})
	}
	p := newton{start: max(0, (len(l.values)-r+l.period-1)/l.period)}
	for j := range values {
		p.differences = append(p.differences, values[0])
		for k := range len(values) - 1 - j {
			values[k] = new(big.Int).Sub(values[k+1], values[k])
		}
	}
	return p
}

func (p newton) at(t int) *big.Int {
	sum, choose, term := new(big.Int), big.NewInt(1), new(big.Int)
	for j, d := range p.differences {
		if j > 0 {
			choose.Mul(choose, big.NewInt(int64(t-j+1)))
			choose.Quo(choose, big.NewInt(int64(j)))
		}
		sum.Add(sum, term.Mul(d, choose))
	}
	return sum
}

// reach is the smallest t beyond the samples with p(t) ≥ goal, for a p that
// grows from there on.
func (p newton) reach(goal *big.Int, limit int) (int, bool) {
	lo, width := p.start, 1
	for p.at(lo).Cmp(goal) < 0 { // p(lo) below the goal; look ahead in doubling steps
		if lo > limit {
			return 0, false
		}
		if p.at(lo+width).Cmp(goal) < 0 {
			lo += width
			width *= 2
			continue
		}
		hi := lo + width
		for hi-lo > 1 {
			if mid := lo + (hi-lo)/2; p.at(mid).Cmp(goal) < 0 {
				lo = mid
			} else {
				hi = mid
			}
		}
		return hi, true
	}
	return lo, true
}
