package fuzz

import (
	"math"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// A Sampler runs inputs and attack families on the reference matcher, counts
// what they cost together, and reads their growth. It serves one goroutine.
type Sampler struct {
	prog   *backtrack.Program
	runner *backtrack.Runner
	input  int
	budget uint64
	// horizon is how long an input must be for every bounded part of the
	// pattern to be exhausted, in bytes.
	horizon horizon
	// runSteps bounds one run of Measure.
	runSteps uint64

	spent   uint64
	perByte float64
	worst   []byte
}

// NewSampler makes a Sampler of subjects up to input bytes and of budget steps
// in all; 0 stands for the defaults.
func NewSampler(prog *backtrack.Program, input int, budget uint64) *Sampler {
	if input <= 0 {
		input = defaultInput
	}
	if budget == 0 {
		budget = DefaultSteps
	}
	return &Sampler{prog: prog, runner: prog.NewRunner(), input: input, budget: budget, runSteps: sampleSteps}
}

// Spent is the number of steps of all runs.
func (s *Sampler) Spent() uint64 { return s.spent }

// Left is the number of steps that remain of the budget.
func (s *Sampler) Left() uint64 { return s.budget - min(s.spent, s.budget) }

// Run runs one subject under a limit of steps, and under what is left of the
// budget. Profile may be nil.
func (s *Sampler) Run(subject []byte, limit uint64, profile []uint64) (uint64, engines.State) {
	limit = min(limit, s.Left())
	if limit == 0 || len(subject) > s.input {
		return 0, engines.StepLimit
	}
	res := s.runner.Run(subject, backtrack.Options{Steps: limit, Profile: profile})
	s.spent += max(res.Steps, 1)
	if rate := float64(res.Steps) / float64(len(subject)+1); rate > s.perByte {
		s.perByte, s.worst = rate, subject
	}
	return res.Steps, state(res.Outcome)
}

// Sample is one point of a family's curve: every pump repeated n times.
func (s *Sampler) Sample(w attack.Witness, n int, limit uint64) engines.Sample {
	subject := w.Bytes(n)
	steps, st := s.Run(subject, limit, nil)
	return engines.Sample{N: n, Bytes: len(subject), Cost: engines.Cost{Steps: steps}, State: st}
}

func state(o backtrack.Outcome) engines.State {
	switch o {
	case backtrack.Matched:
		return engines.Matched
	case backtrack.NoMatch:
		return engines.NoMatch
	case backtrack.StepLimit:
		return engines.StepLimit
	case backtrack.MemoryLimit:
		return engines.MemoryLimit
	case backtrack.BadSubject:
		return engines.BadSubject
	}
	return engines.Failed
}

func finished(s engines.Sample) bool {
	return s.State == engines.Matched || s.State == engines.NoMatch
}

// Measure samples a family at growing sizes until its growth can be told; ok
// is false when it is linear or cannot be told.
//
// A growth that a bounded part of the pattern may end is believed only where
// the samples reach beyond that part, or where it would make more than
// costlyPerByte steps a byte before it ends.
func (s *Sampler) Measure(w attack.Witness) (growth engines.Growth, samples []engines.Sample, ok bool) {
	if w.PumpLen() == 0 {
		return growth, nil, false
	}
	growth, samples = s.sample(w)
	if !engines.Known(growth) {
		return s.explode(w, samples)
	}
	if growth.Class == engines.Linear {
		return growth, samples, false
	}
	return s.persist(w, growth, samples)
}

// explode looks at a cost that obeys no law but may be too large to be paid:
// that of counters, which grows like a polynomial of a high degree until the
// counters are full.
func (s *Sampler) explode(w attack.Witness, samples []engines.Sample) (engines.Growth, []engines.Sample, bool) {
	if len(samples) == 0 {
		return engines.Growth{}, nil, false
	}
	last := samples[len(samples)-1]
	for n := last.N + 1; n <= last.N+3 && s.horizon.repeats > 0 || n == last.N+1; n++ {
		next := s.Sample(w, n, costlyPerByte*uint64(w.Len(n)+2))
		if costly(next) {
			return s.steep(samples), samples, true
		}
		if !finished(next) {
			break
		}
		samples = append(samples, next)
	}
	return engines.Growth{}, samples, false
}

// steep is the growth of a cost that passed every bound: its last slope, at
// least quadratic.
func (s *Sampler) steep(samples []engines.Sample) engines.Growth {
	k := 2
	if slopes := engines.Slopes(samples); len(slopes) > 0 {
		k = max(k, int(slopes[len(slopes)-1]+0.25))
	}
	if k > engines.MaxExponent {
		return engines.Growth{Class: engines.Exponential}
	}
	return engines.Growth{Class: engines.Polynomial, Exponent: k}
}

// stages are the pump counts at which a family is sampled: every small one for
// an exact law, larger ones to refute a lucky law, then doublings.
var stages = [][]int{
	{1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
	{11, 12, 13, 14},
	{15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28},
	{29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48},
	{64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096},
}

func (s *Sampler) sample(w attack.Witness) (growth engines.Growth, samples []engines.Sample) {
	for _, ns := range stages {
		more := true
		for _, n := range ns {
			sample := s.Sample(w, n, s.runSteps)
			if more = finished(sample); !more {
				break
			}
			samples = append(samples, sample)
		}
		g, fit, _ := engines.Fit(samples)
		exact := fit == engines.FitDifferences || fit == engines.FitRatios
		if engines.Known(g) && (exact || !more) {
			return g, samples
		}
		if growth = g; !more {
			break
		}
	}
	return growth, samples
}

// persist takes samples beyond what bounded parts of the pattern can hold, and
// reads the growth again with them.
func (s *Sampler) persist(w attack.Witness, growth engines.Growth, samples []engines.Sample) (engines.Growth, []engines.Sample, bool) {
	last := samples[len(samples)-1]
	if costly(last) {
		return growth, samples, true
	}
	law, _ := engines.ReadLaw(samples)
	beyond := 2 * (s.horizon.repeats + s.horizon.literals)
	limit := max(s.runSteps, s.budget/10)
	for last.Bytes < beyond {
		n := min(2*last.N, 1+(beyond-w.Len(0))/w.PumpLen())
		if n <= last.N {
			break
		}
		next := s.Sample(w, n, limit)
		if !finished(next) {
			if costly(next) {
				return growth, samples, true
			}
			break
		}
		samples, last = append(samples, next), next
	}
	again, _, _ := engines.Fit(samples)
	if law.Growth() == growth && foretold(law, samples) {
		again = growth
	}
	if !engines.Known(again) {
		again = s.tail(growth, samples)
	}
	switch {
	case again.Class == engines.Linear || !engines.Known(again):
		return again, samples, false
	case last.Bytes >= beyond, s.horizon.repeats == 0:
		return again, samples, true
	}
	return again, samples, s.lasts(w, samples, last)
}

// foretold reports whether the largest samples are as a law says.
func foretold(law engines.Law, samples []engines.Sample) bool {
	for _, s := range samples[len(samples)*2/3:] {
		if v, ok := law.At(s.N); !ok || v != s.Cost.Steps {
			return false
		}
	}
	return true
}

// lasts reports whether a growth that could not be followed to where bounded
// parts end stands all the same: it costs too much before.
func (s *Sampler) lasts(w attack.Witness, samples []engines.Sample, last engines.Sample) bool {
	if last.Bytes >= 2*s.horizon.repeats {
		return true
	}
	end := min(s.horizon.repeats, s.input)
	n, ok := engines.Extrapolate(samples, uint64(end)*costlyPerByte)
	return ok && w.Len(n) <= end
}

// tail reads the growth where two laws meet in the samples, one below and one
// beyond a bound: by the last doubling alone, rounded down.
func (s *Sampler) tail(growth engines.Growth, samples []engines.Sample) engines.Growth {
	if growth.Class == engines.Exponential && multiplies(samples) {
		return growth
	}
	slopes := engines.Slopes(samples)
	if len(slopes) == 0 {
		return engines.Growth{}
	}
	switch last := slopes[len(slopes)-1]; {
	case last < 1.6:
		return engines.Growth{Class: engines.Linear, Exponent: 1}
	case growth.Class == engines.Polynomial && last > float64(growth.Exponent)-0.4:
		return growth
	case last < engines.MaxExponent:
		return engines.Growth{Class: engines.Polynomial, Exponent: max(2, int(last+0.25))}
	}
	return growth
}

// multiplies reports whether the last sample still grows by the ratio, for each
// repetition, that those before it did.
func multiplies(samples []engines.Sample) bool {
	m := len(samples)
	if m < 3 {
		return false
	}
	rate := func(a, b engines.Sample) float64 {
		return math.Log(float64(b.Cost.Steps)/float64(a.Cost.Steps)) / float64(b.N-a.N)
	}
	return rate(samples[m-2], samples[m-1]) > 0.9*rate(samples[m-3], samples[m-2])
}

// costly reports whether a run alone is above the constant that still counts
// as linear.
func costly(s engines.Sample) bool {
	return s.Cost.Steps > costlyPerByte*uint64(s.Bytes+1)
}
