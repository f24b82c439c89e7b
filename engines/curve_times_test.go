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
	c := &climb{Measurer: Measurer{}.defaults()}
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
	const seed, rounds = 7, 100
	r := rand.New(rand.NewPCG(seed, 0))
	for _, test := range []struct {
		noisy           float64
		least, mistaken int // of the rounds
	}{{0.1, 100, 0}, {0.3, 10, 0}, {1, 0, 0}, {8, 0, 0}} {
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
// from one to the next, by less; a curve ends at a thousand times the noise, or,
// where that is less than three doublings, at a fifth of a second.
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
	for k := 1; k <= 7; k++ {
		samples := climbed(rand.New(rand.NewPCG(1, 1)), 0, func(n float64) float64 { return math.Pow(n, float64(k)) })
		ends := enough
		if k > 3 {
			ends = goingOn * enough
		}
		if last := samples[len(samples)-1].Cost.Time; last < ends/2 || last > 3*ends {
			t.Errorf("n^%d: the last of %d sizes took %v, want some %v", k, len(samples), last, ends)
		}
	}
}

// TestIncidentTimes: the pattern of July 2019 took these times, in microseconds,
// on PCRE2 10.42 without DOTALL, on "-" × n + "\n\x00\n=".
func TestIncidentTimes(t *testing.T) {
	var m Measurement
	for _, s := range []struct {
		n    int
		took float64
	}{
		{1, 0.883}, {2, 1.8}, {3, 3.131}, {5, 8.075}, {7, 17.5}, {9, 34.7}, {11, 63.4}, {13, 111.5}, {15, 182}, {20, 553.9}, {23, 992.4},
		{27, 1985}, {31, 3730}, {36, 7415}, {41, 13555}, {47, 25610}, {54, 50102}, {55, 55353}, {56, 59318},
	} {
		m.Curve.Samples = append(m.Curve.Samples, Sample{N: s.n, Bytes: s.n + 4, Cost: Cost{Time: time.Duration(s.took * 1000)}, State: NoMatch})
	}
	if known(&m); m.Curve.Growth != poly(5) {
		t.Errorf("read as %v by %q", m.Curve.Growth, m.Curve.Fit)
	}
}

// TestRisingTimes: where terms of lower order weigh, a slope passes one exponent
// on its way to the next, and tells neither; larger sizes do.
func TestRisingTimes(t *testing.T) {
	// A pattern with three loops on "android" × n + "hmnot" + " " × n, on PCRE2
	// 10.42, in microseconds: cubic by the model.
	var m Measurement
	for _, s := range []struct {
		n    int
		took float64
	}{
		{14, 20.9}, {19, 37.9}, {26, 68.8}, {35, 124.8}, {47, 237.6}, {63, 433.8}, {85, 885}, {114, 1608}, {153, 3145}, {205, 6126}, {274, 12485}, {366, 25443},
	} {
		m.Curve.Samples = append(m.Curve.Samples, Sample{N: s.n, Bytes: 8*s.n + 5, Cost: Cost{Time: time.Duration(s.took * 1000)}, State: NoMatch})
	}
	for ; len(m.Curve.Samples) > 8; m.Curve.Samples = m.Curve.Samples[:len(m.Curve.Samples)-1] {
		if known(&m) {
			t.Errorf("%d samples read as %v by %q", len(m.Curve.Samples), m.Curve.Growth, m.Curve.Fit)
		}
	}
	r := rand.New(rand.NewPCG(8, 0))
	for range 10 {
		f := func(n float64) float64 { return n*n*n/2 + 140*n*n }
		m := Measurement{Curve: Curve{Samples: climbed(r, 0.05, f)}}
		if known(&m); m.Curve.Growth != poly(3) && m.Curve.Growth != unknown {
			t.Errorf("n³/2 + 140n²: read as %v by %q", m.Curve.Growth, m.Curve.Fit)
		}
	}
}

// TestNoisyLine: noise that lifts the upper end of a line makes no polynomial of
// exponent one: that is linear growth.
func TestNoisyLine(t *testing.T) {
	const seed, rounds = 11, 2000
	r := rand.New(rand.NewPCG(seed, 0))
	told := 0
	for range rounds {
		m := Measurement{Curve: Curve{Samples: climbed(r, 0.25, func(n float64) float64 { return 30 * n })}}
		known(&m)
		switch g := m.Curve.Growth; {
		case g == poly(1):
			told++
		case g.Class == Polynomial && g.Exponent < 2:
			t.Fatalf("read as %v by %q", g, m.Curve.Fit)
		case g != unknown:
			t.Errorf("read as %v by %q", g, m.Curve.Fit)
		}
	}
	if told < rounds/2 {
		t.Errorf("told %d times of %d", told, rounds)
	}
}
