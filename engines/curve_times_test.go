package engines

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// ways is how many ways there are to put k borders between n characters, C(n+k, k).
func ways(n float64, k int) float64 {
	out := 1.0
	for i := range k {
		out *= (n + float64(i+1)) / float64(i+1)
	}
	return out
}

// climbed are samples of an engine that takes so many nanoseconds for an
// attack, at the sizes that a measurement would choose; noisy is the largest
// part that a busy machine adds to a time.
func climbed(r *rand.Rand, noisy float64, f func(n float64) float64) []Sample {
	c := &climb{}
	var last Sample
	for n := 1; ; {
		took := f(float64(n)) * (1 + noisy*r.Float64())
		now := Sample{N: n, Bytes: n, Cost: Cost{Time: time.Duration(took) + time.Microsecond}, State: NoMatch}
		c.out.Curve.Samples = append(c.out.Curve.Samples, now)
		if c.over() {
			return c.out.Curve.Samples
		}
		n, last = next(last, now), now
	}
}

// TestSteepCurves: exponents up to 6 and exponentials are told from the sizes
// between the clock's noise and a run of a fifth of a second, whatever the
// terms of lower order, and none is taken for another one. Of larger exponents
// those sizes show one less, or nothing.
func TestSteepCurves(t *testing.T) {
	const seed, rounds = 6, 10
	r := rand.New(rand.NewPCG(seed, 0))
	for _, noisy := range []float64{0, 0.02, 0.05, 0.1} {
		for k := 1; k <= 7; k++ {
			for name, f := range map[string]func(n float64) float64{
				"power":            func(n float64) float64 { return 2 * math.Pow(n, float64(k)) },
				"ways":             func(n float64) float64 { return 4 * ways(n, k) },
				"ways and a start": func(n float64) float64 { return 3000 + 4*ways(n, k) },
				"ways and others":  func(n float64) float64 { return 2*ways(n, k) + 5*ways(n/3, k) + 4*ways(n, k-1) },
			} {
				told := 0
				for range rounds {
					m := Measurement{Curve: Curve{Samples: climbed(r, noisy, f)}}
					switch known(&m); m.Curve.Growth {
					case poly(k):
						told++
					case unknown:
					case poly(6):
						if k == 7 {
							continue
						}
						fallthrough
					default:
						t.Errorf("%s, n^%d and up to %.0f%% noise: read as %v by %q", name, k, 100*noisy, m.Curve.Growth, m.Curve.Fit)
					}
				}
				if told < rounds/2 && k < 7 {
					t.Errorf("%s, n^%d and up to %.0f%% noise: told %d times of %d", name, k, 100*noisy, told, rounds)
				}
			}
		}
		for _, ratio := range []float64{1.05, 1.1, 1.2, 1.5, 2, 3, 7} {
			for range rounds {
				m := Measurement{Curve: Curve{Samples: climbed(r, noisy, func(n float64) float64 { return 100 * math.Pow(ratio, n) })}}
				if known(&m); m.Curve.Growth != exponential {
					t.Errorf("%v^n and up to %.0f%% noise: read as %v by %q", ratio, 100*noisy, m.Curve.Growth, m.Curve.Fit)
				}
			}
		}
	}
}

// TestSteepNoise: of times that a busy machine has spoilt hardly any tell
// another growth, and of times that follow no curve none tells any.
func TestSteepNoise(t *testing.T) {
	const seed, rounds = 7, 500
	r := rand.New(rand.NewPCG(seed, 0))
	for _, test := range []struct {
		noisy           float64
		least, mistaken int // of the rounds
	}{{0.1, 500, 0}, {0.3, 50, 0}, {1, 0, 0}, {8, 0, 0}} {
		told, mistaken := 0, 0
		for range rounds {
			samples := climbed(r, 0, func(n float64) float64 { return 2 * math.Pow(n, 5) })
			for i := range samples {
				samples[i].Cost.Time = time.Duration(float64(samples[i].Cost.Time) * (1 + test.noisy*r.Float64()))
			}
			m := Measurement{Curve: Curve{Samples: samples}}
			switch known(&m); m.Curve.Growth {
			case poly(5):
				told++
			case unknown:
			default:
				mistaken++
			}
		}
		if told < test.least || mistaken > test.mistaken {
			t.Errorf("up to %.0f%% noise: of %d curves %d told and %d mistaken, want %d at the least and %d at the most", 100*test.noisy, rounds, told, mistaken, test.least, test.mistaken)
		}
	}
}

// TestNext: sizes grow by a third, and where the cost grows faster than twofold
// from one to the next, by less; a curve ends after three doublings, or where a
// run takes a fifth of a second.
func TestNext(t *testing.T) {
	at := func(n int, took time.Duration) Sample { return Sample{N: n, Cost: Cost{Time: took}} }
	for _, test := range []struct {
		last, now Sample
		want      int
	}{
		{at(0, 0), at(1, time.Microsecond), 2},
		{at(75, 9*noise), at(100, 16*noise), 134},
		{at(75, noise), at(100, 5*noise), 113},
		{at(19, noise), at(20, 2*noise), 21},
		{at(75, noise/8), at(100, noise/2), 134}, // noise
		{at(75, 5*noise), at(100, 4*noise), 134}, // noise
	} {
		if n := next(test.last, test.now); n != test.want {
			t.Errorf("after %v and %v: %d, want %d", test.last, test.now, n, test.want)
		}
	}
	for k, doublings := range map[int]float64{1: 3, 2: 3, 3: 3, 4: 3, 5: 2.6, 6: 2.1} {
		samples := climbed(rand.New(rand.NewPCG(1, 1)), 0, func(n float64) float64 { return math.Pow(n, float64(k)) })
		var first Sample
		for _, s := range samples {
			if s.Cost.Time >= noise {
				first = s
				break
			}
		}
		last := samples[len(samples)-1]
		if got := math.Log2(float64(last.N) / float64(first.N)); got < doublings-0.1 {
			t.Errorf("n^%d: %.1f doublings from %v to %v, want %.1f", k, got, first.Cost.Time, last.Cost.Time, doublings)
		}
	}
}
