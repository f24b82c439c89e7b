package engines

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// at makes samples of exact counts.
func at(f func(n int) uint64, ns ...int) []Sample {
	var out []Sample
	for _, n := range ns {
		out = append(out, Sample{N: n, Bytes: n, Cost: Cost{Steps: f(n)}, State: NoMatch})
	}
	return out
}

func from(lo, hi int) []int {
	var out []int
	for n := lo; n <= hi; n++ {
		out = append(out, n)
	}
	return out
}

func doublings(lo, times int) []int {
	var out []int
	for range times + 1 {
		out = append(out, lo)
		lo *= 2
	}
	return out
}

func pow(b, e int) uint64 {
	out := uint64(1)
	for range e {
		out *= uint64(b)
	}
	return out
}

func fib(n int) uint64 {
	a, b := uint64(0), uint64(1)
	for range n {
		a, b = b, a+b
	}
	return a
}

// hyperbola is the sum of n/i: what a backreference to every prefix costs,
// about n·ln n.
func hyperbola(n int) uint64 {
	sum := 0
	for i := 1; i <= n; i++ {
		sum += n / i
	}
	return uint64(sum)
}

func poly(k int) Growth {
	if k <= 1 {
		return Growth{Class: Linear, Exponent: 1}
	}
	return Growth{Class: Polynomial, Exponent: k}
}

var (
	exponential = Growth{Class: Exponential}
	unknown     = Growth{}
)

func TestFit(t *testing.T) {
	for _, test := range []struct {
		name    string
		samples []Sample
		growth  Growth
		fit     string
	}{
		{"none", nil, unknown, FitTooFew},
		{"one", at(func(int) uint64 { return 7 }, 3), unknown, FitTooFew},
		{"seven counts", at(func(n int) uint64 { return pow(n, 2) }, from(10, 16)...), unknown, FitTooFew},
		{"constant", at(func(int) uint64 { return 7 }, from(0, 8)...), poly(1), FitDifferences},
		{"linear", at(func(n int) uint64 { return uint64(3*n + 5) }, from(1, 8)...), poly(1), FitDifferences},
		{"quadratic", at(func(n int) uint64 { return pow(n, 2) + 1 }, from(1, 8)...), poly(2), FitDifferences},
		{"tiny quadratic part", at(func(n int) uint64 { return pow(n, 2)/2 + pow(n, 2)%2 + 100000*uint64(n) }, from(1, 12)...), poly(2), FitDifferences},
		{"degree 6 in 10", at(func(n int) uint64 { return pow(n, 6) + 1 }, from(1, 10)...), poly(6), FitDifferences},
		{"degree 6 in 8", at(func(n int) uint64 { return pow(n, 6) + 1 }, from(1, 8)...), poly(6), FitSlope},
		{"parity", at(func(n int) uint64 { return pow(n, 2)/2 + 3 }, from(4, 13)...), poly(2), FitDifferences},
		{"thirds", at(func(n int) uint64 { return pow(n/3, 3) + uint64(n) + 1 }, from(1, 40)...), poly(3), FitDifferences},
		{"even only", at(func(n int) uint64 { return uint64(n) + 1 + uint64(1-n%2)*pow(n, 2) }, from(1, 24)...), poly(2), FitDifferences},
		{"fifths", at(func(n int) uint64 { return pow(n/5, 2) + uint64(n) + 1 }, from(1, 60)...), poly(2), FitDifferences},
		{"irregular beginning", at(func(n int) uint64 {
			if n < 5 {
				return uint64(1000*n%37) + 1
			}
			return pow(n, 3)
		}, from(0, 20)...), poly(3), FitDifferences},
		{"every tenth", at(func(n int) uint64 { return pow(n, 3) }, 10, 20, 30, 40, 50, 60, 70, 80), poly(3), FitDifferences},
		{"Fibonacci", at(fib, from(5, 20)...), exponential, FitRatios},
		{"Fibonacci and a square", at(func(n int) uint64 { return fib(n) + 50*pow(n, 2) + 9 }, from(1, 20)...), exponential, FitRatios},
		{"power of 2", at(func(n int) uint64 { return 3*pow(2, n) + 5 }, from(1, 10)...), exponential, FitRatios},
		{"2 to the half", at(func(n int) uint64 { return pow(2, n/2) + 1 }, from(1, 20)...), exponential, FitRatios},
		{"power of 2 in a large polynomial", at(func(n int) uint64 { return pow(2, n) + 1000*pow(n, 3) + 7 }, from(1, 16)...), exponential, FitRatios},
		{"n 2^n", at(func(n int) uint64 { return uint64(n+1) * pow(2, n) }, from(1, 12)...), exponential, FitRatios},

		{"steep, 7 counts", at(func(n int) uint64 { return 5*pow(9, n) + pow(n, 2) + 40 }, from(1, 7)...), exponential, FitRatios},
		{"steep, 4 counts", at(func(n int) uint64 { return pow(9, n) }, from(1, 4)...), exponential, FitRatios},
		{"steep, 3 counts", at(func(n int) uint64 { return pow(9, n) }, from(1, 3)...), unknown, FitTooFew},
		{"power 8, 4 counts", at(func(n int) uint64 { return pow(n, 8) }, from(1, 4)...), unknown, FitTooFew},
		{"power 6, 5 counts", at(func(n int) uint64 { return pow(n, 6) }, from(1, 5)...), unknown, FitTooFew},

		{"square at doublings", at(func(n int) uint64 { return pow(n, 2) + 40*uint64(n) }, doublings(4, 8)...), poly(2), FitSlope},
		{"linear at doublings", at(func(n int) uint64 { return 3*uint64(n) + 40 }, doublings(4, 8)...), poly(1), FitSlope},
		{"constant at doublings", at(func(int) uint64 { return 40 }, doublings(4, 8)...), poly(1), FitSlope},
		{"exponential at doublings", at(func(n int) uint64 { return pow(2, n) }, 3, 6, 12, 24), exponential, FitSlope},
		{"n log n", at(hyperbola, doublings(16, 8)...), poly(1), FitLogLinear},
		{"n² and n log n", at(func(n int) uint64 { return pow(n, 2) + 5*hyperbola(n) }, doublings(8, 8)...), poly(2), FitSlope},
		{"n² and n log n, counts", at(func(n int) uint64 { return pow(n, 2) + hyperbola(n) }, from(1, 64)...), poly(2), FitSlope},
		{"square about to begin", at(func(n int) uint64 { return 20000*uint64(n) + pow(n, 2) }, doublings(4, 10)...), unknown, FitUnclear},
		{"two doublings", at(func(n int) uint64 { return pow(n, 2) }, doublings(4, 2)...), unknown, FitTooFew},

		{"counts refuted by doublings", append(at(func(n int) uint64 { return pow(n, 2) }, from(1, 16)...),
			at(func(n int) uint64 { return 16 * uint64(n) }, 32, 64, 128, 256)...), poly(1), FitSlope},
		{"counts and doublings", at(func(n int) uint64 { return pow(n, 2) }, append(from(1, 16), 32, 64, 128)...), poly(2), FitDifferences},
	} {
		t.Run(test.name, func(t *testing.T) {
			growth, fit, quality := Fit(test.samples)
			if growth != test.growth || fit != test.fit {
				t.Errorf("%v %d by %q (%.3f), want %v %d by %q; slopes %.3f", growth.Class, growth.Exponent, fit, quality, test.growth.Class, test.growth.Exponent, test.fit, Slopes(test.samples))
			}
			if Known(growth) != (quality > 0) || quality > 1 {
				t.Errorf("quality %v of growth %v", quality, growth)
			}
		})
	}
}

// TestFitLeavesOut: a sample that ran into a limit is a lower bound, not a
// cost.
func TestFitLeavesOut(t *testing.T) {
	samples := at(func(n int) uint64 { return pow(n, 2) }, from(1, 10)...)
	for n := 11; n < 40; n++ {
		samples = append(samples, Sample{N: n, Cost: Cost{Steps: 100}, State: StepLimit})
	}
	if growth, fit, _ := Fit(samples); growth != poly(2) || fit != FitDifferences {
		t.Errorf("%v by %q", growth, fit)
	}
}

// TestPolynomials: random polynomials with lower-order terms, some far larger
// than the leading one, plain and with floors, are never exponential, and
// given enough counts they have their own exponent.
func TestPolynomials(t *testing.T) {
	const seed = 1
	r := rand.New(rand.NewPCG(seed, 0))
	for round := range 20000 {
		k := r.IntN(7)
		period := []int{1, 1, 1, 2, 3, 4, 6}[r.IntN(7)]
		coefficients := make([]uint64, k+1)
		for i := range coefficients {
			coefficients[i] = r.Uint64N(1 + pow(10, r.IntN(5)))
		}
		coefficients[k]++
		coefficients[0]++
		offsets := make([]uint64, period)
		for i := range offsets {
			offsets[i] = r.Uint64N(20)
		}
		// the leading power is that of n/period, rounded down
		f := func(n int) uint64 {
			sum := offsets[n%period]
			for i, c := range coefficients {
				base := n
				if i == k {
					base = n / period
				}
				sum += c * pow(base, i)
			}
			return sum
		}
		lo := r.IntN(10)
		count := 8 + r.IntN(40)
		samples := at(f, from(lo, lo+count-1)...)
		growth, fit, _ := Fit(samples)
		ctx := fmt.Sprintf("seed %d round %d: k %d period %d coefficients %v offsets %v from %d, %d counts: %v %d by %q", seed, round, k, period, coefficients, offsets, lo, count, growth.Class, growth.Exponent, fit)
		if growth.Class == Exponential {
			t.Fatalf("%s", ctx)
		}
		// fewer counts may obey a simpler law: two periods of a square are a line
		if fit == FitDifferences && growth != poly(k) && count >= 2*period*(k+2) {
			t.Fatalf("%s", ctx)
		}
		if fit == FitSlope && growth.Worse(poly(k)) {
			t.Fatalf("%s", ctx)
		}
		if exact := f(lo+count-1) < maxExactSteps; exact && (period == 1 && count >= k+4 || count >= 3*period*(k+1)+MinChecks) && fit != FitDifferences {
			t.Fatalf("%s: enough counts", ctx)
		}
	}
}

// TestPolynomialDoublings: slopes never call a polynomial exponential, and
// never give more than its exponent; less only while a lower power dominates.
func TestPolynomialDoublings(t *testing.T) {
	const seed = 2
	r := rand.New(rand.NewPCG(seed, 0))
	known := 0
	for round := range 20000 {
		k := 1 + r.IntN(6)
		coefficients := make([]uint64, k+1)
		for i := range coefficients {
			coefficients[i] = r.Uint64N(1 + pow(10, r.IntN(4)))
		}
		coefficients[k]++
		f := func(n int) uint64 {
			sum := uint64(1)
			for i, c := range coefficients {
				sum += c * pow(n, i)
			}
			return sum
		}
		samples := at(f, doublings(1+r.IntN(4), 3+r.IntN(5))...)
		growth, fit, _ := Fit(samples)
		if growth.Class == Exponential || growth.Exponent > max(k, 1) {
			t.Fatalf("seed %d round %d: k %d coefficients %v, %d samples: %v %d by %q, slopes %.2f", seed, round, k, coefficients, len(samples), growth.Class, growth.Exponent, fit, Slopes(samples))
		}
		if growth == poly(k) {
			known++
		}
	}
	if known < 12000 {
		t.Errorf("exponent found for %d of 20000", known)
	}
}

// TestRecurrences: random runs of a random automaton, the powers of a small
// non-negative integer matrix, plus a polynomial: exponential exactly when a
// component of the matrix is, checked by the ratio far out.
func TestRecurrences(t *testing.T) {
	const seed = 3
	r := rand.New(rand.NewPCG(seed, 0))
	found, exponentials := 0, 0
	for round := range 4000 {
		size := 2 + r.IntN(4)
		matrix := make([][]float64, size)
		for i := range matrix {
			matrix[i] = make([]float64, size)
			for j := range matrix[i] {
				if r.IntN(3) == 0 {
					matrix[i][j] = float64(1 + r.IntN(2)*r.IntN(2))
				}
			}
		}
		const far = 400
		runs := make([]float64, far)
		vector := make([]float64, size)
		vector[0] = 1
		for n := range runs {
			next := make([]float64, size)
			for i, v := range vector {
				runs[n] += v
				for j, w := range matrix[i] {
					next[j] += v * w
				}
			}
			vector = next
		}
		linear, constant := float64(r.IntN(50)), float64(1+r.IntN(50))
		for n := range runs {
			runs[n] += linear*float64(n) + constant
		}
		// exponential: over the last half it grew more than any n^6 does
		truth := runs[far-1]/runs[far/2-1] > 1000
		var samples []Sample
		for n := 0; n < 30 && runs[n] < 1e9; n++ {
			samples = append(samples, Sample{N: n, Cost: Cost{Steps: uint64(runs[n])}, State: NoMatch})
		}
		growth, fit, _ := Fit(samples)
		if !Known(growth) {
			continue
		}
		if (growth.Class == Exponential) != truth {
			t.Fatalf("seed %d round %d: matrix %v: %v %d by %q, last ratio %v", seed, round, matrix, growth.Class, growth.Exponent, fit, runs[far-1]/runs[far/2-1])
		}
		found++
		if truth {
			exponentials++
			continue
		}
		if slope := math.Log2(runs[far-1] / runs[far/2-1]); growth.Exponent < int(slope-0.1) || growth.Exponent > int(math.Ceil(slope+0.3)) {
			t.Fatalf("seed %d round %d: matrix %v: %v %d by %q, slope %v", seed, round, matrix, growth.Class, growth.Exponent, fit, slope)
		}
	}
	t.Logf("%d known, %d of them exponential", found, exponentials)
	if found < 3000 || exponentials < 1000 {
		t.Errorf("too few told: %d known, %d of them exponential", found, exponentials)
	}
}

// TestIrregular: counts that obey no law (sums of n/i, as backreferences make
// them) are not taken for one, wherever the window stands.
func TestIrregular(t *testing.T) {
	for k := range 3 {
		f := func(n int) uint64 { return hyperbola(n)*pow(n, k) + pow(n, k+1) }
		for lo := 1; lo < 300; lo++ {
			for _, count := range []int{8, 9, 12, 16, 24, 32, 64} {
				samples := at(f, from(lo, lo+count-1)...)
				if law, ok := ReadLaw(samples); ok {
					t.Errorf("k %d, %d counts from %d: %v of order %d", k, count, lo, law.Growth(), law.Order())
				}
				if growth, fit, _ := Fit(samples); Known(growth) && growth != poly(k+1) && growth != poly(k+2) {
					t.Errorf("k %d, %d counts from %d: %v by %q", k, count, lo, growth, fit)
				}
			}
		}
	}
}

func TestFitTimes(t *testing.T) {
	const seed = 4
	r := rand.New(rand.NewPCG(seed, 0))
	timed := func(f func(n float64) float64, ns ...int) []Sample {
		var out []Sample
		for _, n := range ns {
			noise := 1 + 0.05*r.Float64() // a minimum of several runs errs upwards
			out = append(out, Sample{N: n, Cost: Cost{Time: time.Duration(f(float64(n)) * noise)}, State: NoMatch})
		}
		return out
	}
	for range 200 {
		for _, test := range []struct {
			name   string
			f      func(float64) float64
			ns     []int
			growth Growth
		}{
			{"constant", func(float64) float64 { return 5000 }, doublings(100, 6), poly(1)},
			{"linear", func(n float64) float64 { return 3000 + 20*n }, doublings(1000, 6), poly(1)},
			{"quadratic", func(n float64) float64 { return 3000 + 3*n*n }, doublings(100, 6), poly(2)},
			{"cubic", func(n float64) float64 { return 3000 + 3*n*n*n }, doublings(20, 6), poly(3)},
			{"power 4", func(n float64) float64 { return n * n * n * n }, doublings(8, 4), poly(4)},
			{"exponential", func(n float64) float64 { return 1000 * math.Pow(2, n) }, from(12, 22), exponential},
			{"slow exponential", func(n float64) float64 { return 1000 * math.Pow(1.3, n) }, from(20, 60), exponential},
			{"too few", func(n float64) float64 { return n * n }, doublings(100, 3), unknown},
			{"no doublings", func(n float64) float64 { return n * n }, from(100, 110), unknown},
		} {
			if growth, fit, quality := Fit(timed(test.f, test.ns...)); growth != test.growth {
				t.Fatalf("%s: %v %d by %q (%.3f), want %v %d", test.name, growth.Class, growth.Exponent, fit, quality, test.growth.Class, test.growth.Exponent)
			}
		}
	}
}

func TestExtrapolate(t *testing.T) {
	never := -1
	for _, test := range []struct {
		name    string
		samples []Sample
		steps   uint64
		want    int
	}{
		{"square", at(func(n int) uint64 { return pow(n, 2) }, from(1, 10)...), 1e8, 10000},
		{"square, one more", at(func(n int) uint64 { return pow(n, 2) }, from(1, 10)...), 1e8 + 1, 10001},
		{"sampled", at(func(n int) uint64 { return pow(n, 2) }, from(1, 10)...), 50, 8},
		{"linear", at(func(n int) uint64 { return 3*uint64(n) + 1 }, from(1, 10)...), 1e8, 33333333},
		{"constant", at(func(int) uint64 { return 3 }, from(1, 10)...), 1e8, never},
		{"parity", at(func(n int) uint64 { return pow(n, 2)/2 + 1 }, from(1, 14)...), 1e6, 1415},
		{"even only", at(func(n int) uint64 { return uint64(n) + 1 + uint64(1-n%2)*pow(n, 2) }, from(1, 24)...), 1e6, 1000},
		{"Fibonacci", at(fib, from(5, 20)...), 1e8, 40},
		{"power of 2", at(func(n int) uint64 { return pow(2, n) }, from(1, 10)...), math.MaxUint64, 64},
		{"steep", at(func(n int) uint64 { return 5*pow(9, n) + pow(n, 2) + 40 }, from(1, 7)...), 4 * pow(9, 10), 10},
		{"doublings", at(func(n int) uint64 { return pow(n, 2) }, doublings(4, 8)...), 1e8, 10000},
		{"between doublings", at(func(n int) uint64 { return pow(n, 2) }, doublings(4, 8)...), 10000, 100},
		{"gap covered by the law", at(func(n int) uint64 { return pow(n, 2) + 1000*uint64(n) }, append(from(1, 12), 512)...), 101000, 93},
		{"lattice", at(func(n int) uint64 { return pow(n, 2) }, 10, 20, 30, 40, 50, 60, 70, 80), 10001, 110},
		{"too few", at(func(n int) uint64 { return pow(n, 2) }, 1, 2), 1e6, never},
		{"none", nil, 1, never},
	} {
		t.Run(test.name, func(t *testing.T) {
			n, ok := Extrapolate(test.samples, test.steps)
			if test.want == never {
				if ok {
					t.Errorf("%d, want none", n)
				}
			} else if !ok || n != test.want {
				t.Errorf("%d %t, want %d", n, ok, test.want)
			}
		})
	}
}

// TestReachIsSmallest: for polynomials with floors and for recurrences the
// pump count is the first one that costs so much, and At says the cost.
func TestReachIsSmallest(t *testing.T) {
	const seed = 5
	r := rand.New(rand.NewPCG(seed, 0))
	for round := range 3000 {
		k, period := r.IntN(4), 1+r.IntN(3)
		a, b, c := r.Uint64N(4), r.Uint64N(30), 1+r.Uint64N(9)
		f := func(n int) uint64 {
			sum := c*pow(n/period, k) + b*uint64(n) + uint64(n%period) + 1
			if round%5 == 0 {
				sum += a * fib(min(n, 60))
			}
			return sum
		}
		samples := at(f, from(0, 45)...)
		law, ok := ReadLaw(samples)
		if !ok {
			t.Fatalf("seed %d round %d: no law", seed, round)
		}
		limit := 3000
		if law.Growth().Class == Exponential {
			limit = 55
		}
		n := r.IntN(limit)
		if v, ok := law.At(n); n >= law.first && (!ok || v != f(n)) {
			t.Fatalf("seed %d round %d: At(%d) = %d %t, want %d", seed, round, n, v, ok, f(n))
		}
		goal := f(n)
		want := 0
		for f(want) < goal {
			want++
		}
		if got, ok := Extrapolate(samples, goal); !ok || got != want {
			t.Fatalf("seed %d round %d: k %d period %d a %d b %d c %d: %d steps at %d %t, want %d", seed, round, k, period, a, b, c, goal, got, ok, want)
		}
	}
}

// FuzzFit: any samples are read without a fault, and a law found in them is
// one that they obey.
func FuzzFit(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9})
	f.Add([]byte{1, 2, 4, 8, 16, 32, 64, 128})
	f.Add([]byte{0, 0, 0, 255, 1, 1, 1, 1, 1, 1, 1, 1})
	f.Fuzz(func(t *testing.T, costs []byte) {
		var samples []Sample
		for n, c := range costs {
			samples = append(samples, Sample{N: n, Cost: Cost{Steps: uint64(c)}, State: State(c % 2)})
		}
		growth, _, quality := Fit(samples)
		if quality < 0 || quality > 1 || math.IsNaN(quality) || growth.Class == Exponential && growth.Exponent != 0 {
			t.Fatalf("growth %v quality %v", growth, quality)
		}
		if law, ok := ReadLaw(samples); ok {
			for n := law.first; n <= law.end(); n++ {
				if v, ok := law.At(n); !ok || v != samples[n].Cost.Steps {
					t.Fatalf("At(%d) = %d %t, sample %d", n, v, ok, samples[n].Cost.Steps)
				}
			}
		}
		Extrapolate(samples, 1000)
	})
}

func BenchmarkFit(b *testing.B) {
	for _, bench := range []struct {
		name string
		f    func(int) uint64
	}{
		{"square", func(n int) uint64 { return pow(n, 2) }},
		{"parity", func(n int) uint64 { return pow(n, 2) / 2 }},
		{"fibonacci", func(n int) uint64 { return fib(n) + 1 }},
		{"irregular", hyperbola},
	} {
		samples := at(bench.f, from(3, 22)...)
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				Fit(samples)
			}
		})
		b.Run(bench.name+"/extrapolate", func(b *testing.B) {
			for b.Loop() {
				Extrapolate(samples, 1e8)
			}
		})
	}
}
