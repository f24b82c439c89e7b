package engines

import "math/bits"

// prime is 2⁶¹−1. Recurrences are found modulo it and read back as integers.
const prime = 1<<61 - 1

const (
	// maxOrder bounds a recurrence: 16, which takes 40 counts to find. Every
	// root of unity of degree up to 16 has an order up to maxUnity (φ(60) = 16).
	maxOrder = 16
	maxUnity = 60
	// maxCoefficient bounds a recurrence's coefficients, 2¹⁵: with counts below
	// 2⁴⁰ and 17 terms a sum stays below the prime, so that zero modulo it is
	// zero.
	maxCoefficient = 1 << 15
)

func mulMod(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return reduce(lo&prime + (hi<<3 | lo>>61))
}

func reduce(a uint64) uint64 {
	if a >= prime {
		a -= prime
	}
	return a
}

func subMod(a, b uint64) uint64 { return reduce(a + prime - b) }

// inverse is a⁻¹ by Fermat.
func inverse(a uint64) uint64 {
	out := uint64(1)
	for e := uint64(prime - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			out = mulMod(out, a)
		}
		a = mulMod(a, a)
	}
	return out
}

// recurrence finds the shortest linear recurrence of the counts' upper end,
// read backwards from the last one so that an irregular beginning does not
// disturb it (Massey 1969: 2L terms determine a recurrence of order L). It
// holds over at least MinPoints counts and half of all, with
// checks(L) of them to spare.
func recurrence(f []int64) (Law, bool) {
	back := make([]uint64, len(f))
	for i, v := range f {
		back[len(f)-1-i] = uint64(v)
	}
	need := max(MinPoints, (len(f)+1)/2)
	var best []uint64 // connection polynomial, 1 + c₁x + …
	covered := 0
	keep := func(c []uint64, order, length int) {
		if order > 0 && order <= maxOrder && length >= need && length >= 2*order+checks(order) && c[order] != 0 {
			best, covered = append([]uint64(nil), c[:order+1]...), length
		}
	}
	c, b := make([]uint64, len(f)+2), make([]uint64, len(f)+2)
	c[0], b[0] = 1, 1
	order, gap, last := 0, 1, uint64(1)
	for i := range back {
		d := back[i]
		for j := 1; j <= order; j++ {
			d = reduce(d + mulMod(c[j], back[i-j]))
		}
		if d == 0 {
			gap++
			continue
		}
		keep(c, order, i)
		before := append([]uint64(nil), c...)
		factor := mulMod(d, inverse(last))
		for j := 0; j+gap < len(c); j++ {
			c[j+gap] = subMod(c[j+gap], mulMod(factor, b[j]))
		}
		if 2*order > i {
			gap++
			continue
		}
		order, b, last, gap = i+1-order, before, d, 1
	}
	keep(c, order, len(back))
	if best == nil {
		return Law{}, false
	}
	return lift(best, f, covered)
}

// lift turns a connection polynomial of the reversed counts into the law of
// the counts: reversing swaps the two ends, so the last coefficient is made
// the leading one. An integer sequence's shortest recurrence has integer
// coefficients (Fatou 1906); what lifts to large ones was found by chance.
func lift(connection []uint64, f []int64, covered int) (Law, bool) {
	order := len(connection) - 1
	scale := inverse(connection[order])
	poly := make([]uint64, order+1)
	char := make([]int64, order+1)
	for j, c := range connection {
		poly[j] = mulMod(c, scale)
		switch {
		case poly[j] <= maxCoefficient:
			char[j] = int64(poly[j])
		case poly[j] >= prime-maxCoefficient:
			char[j] = -int64(prime - poly[j])
		default:
			return Law{}, false
		}
	}
	rest, exponent, period := poly, 0, 1
	for d := 1; d <= maxUnity && len(rest) > 1; d++ {
		if totient(d) >= len(rest) {
			continue
		}
		phi := cyclotomic(d)
		for times := 0; len(phi) <= len(rest); times++ {
			quotient, ok := divide(rest, phi)
			if !ok {
				break
			}
			rest, exponent, period = quotient, max(exponent, times), lcm(period, d)
		}
	}
	law := newLaw(f, covered, char, exponent, period)
	if len(rest) > 1 {
		law.growth, law.period = Growth{Class: Exponential}, 1
	}
	return law, true
}

// totient is the degree of Φ of order d.
func totient(d int) int {
	count := 0
	for i := 1; i <= d; i++ {
		if gcd(i, d) == 1 {
			count++
		}
	}
	return count
}

// cyclotomic is Φ of order d modulo the prime: xᵈ−1 without the factors of
// the proper divisors of d.
func cyclotomic(d int) []uint64 {
	out := make([]uint64, d+1)
	out[0], out[d] = prime-1, 1
	for e := 1; e < d; e++ {
		if d%e == 0 {
			out, _ = divide(out, cyclotomic(e))
		}
	}
	return out
}

// divide is the quotient by a monic polynomial, and whether the division
// leaves nothing.
func divide(a, b []uint64) ([]uint64, bool) {
	rest := append([]uint64(nil), a...)
	quotient := make([]uint64, len(a)-len(b)+1)
	for i := len(quotient) - 1; i >= 0; i-- {
		q := rest[i+len(b)-1]
		quotient[i] = q
		for j, c := range b {
			rest[i+j] = subMod(rest[i+j], mulMod(q, c))
		}
	}
	for _, r := range rest[:len(b)-1] {
		if r != 0 {
			return nil, false
		}
	}
	return quotient, true
}
