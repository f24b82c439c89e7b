package fuzz

import (
	"math"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
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
	// large is what a run costs beside, because of the pattern's size.
	large uint64
	// runSteps bounds one run of Measure.
	runSteps uint64

	// patient lets a family have a part of the whole budget where a run's own
	// does not give samples enough.
	patient bool

	spent   uint64
	perByte float64
	worst   []byte
}

// NewSampler makes a Sampler of prog, which is re compiled, for subjects up to input bytes and of budget steps
// in all; 0 stands for the defaults.
func NewSampler(re *syntax.Regexp, prog *backtrack.Program, input int, budget uint64) *Sampler {
	if input <= 0 {
		input = defaultInput
	}
	if budget == 0 {
		budget = DefaultSteps
	}
	return &Sampler{prog: prog, horizon: horizonOf(re), runner: prog.NewRunner(), input: input, budget: budget, runSteps: sampleSteps,
		large: uint64(max(0, prog.Len()-largeProgram))}
}

// Left is the number of steps that remain of the budget.
func (s *Sampler) Left() uint64 { return s.budget - min(s.spent, s.budget) }

// runOverhead is what making, remembering and comparing an input costs beside
// the run, in steps of about the same time: without it a pattern whose runs
// take ten steps would be searched for a second.
const runOverhead = 200

// largeProgram is the number of instructions above which making an input, which
// looks through the pattern, and clearing a profile take longer than that.
const largeProgram = 2000

// Run runs one subject under a limit of steps, and under what is left of the
// budget. Profile may be nil.
func (s *Sampler) Run(subject []byte, limit uint64, profile []uint64) (uint64, engines.State) {
	limit = min(limit, s.Left())
	if limit == 0 || len(subject) > s.input {
		return 0, engines.StepLimit
	}
	res := s.runner.Run(subject, backtrack.Options{Steps: limit, Profile: profile})
	s.spent += res.Steps + runOverhead + s.large
	if rate := float64(res.Steps) / float64(len(subject)+1); rate > s.perByte {
		s.perByte, s.worst = rate, subject
	}
	return res.Steps, StateOf(res.Outcome)
}

// Sample is one point of a family's curve: every pump repeated n times.
func (s *Sampler) Sample(w attack.Witness, n int, limit uint64) engines.Sample {
	subject := w.Bytes(n)
	steps, st := s.Run(subject, limit, nil)
	return engines.Sample{N: n, Bytes: len(subject), Cost: engines.Cost{Steps: steps}, State: st}
}

// StateOf is how a run of the reference ended, as that of any engine.
func StateOf(o backtrack.Outcome) engines.State {
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
	growth, samples, passed := s.sample(w)
	if !engines.Known(growth) {
		return s.steep(samples), samples, len(samples) > 0 && costly(passed) && s.rises(w, passed)
	}
	if growth.Class == engines.Linear {
		return growth, samples, false
	}
	return s.persist(w, growth, samples)
}

// rises reports whether a family costs more still when it is longer than where
// it cost too much, half as much again at least for twice the length; where a run
// did not end, a longer one must not end sooner. What it cost is paid once
// otherwise, by short inputs.
func (s *Sampler) rises(w attack.Witness, at engines.Sample) bool {
	least := at.Cost.Steps
	if finished(at) {
		least += least / 2
	}
	return (finished(at) || at.State == engines.StepLimit) && s.Sample(w, 2*at.N+1, least).Cost.Steps >= least
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

// The pump counts at which a family is sampled: the first are a stage apart.
const (
	fewPumps  = 10
	mostPumps = 4096
)

// hopeless is the pump count up to which a cost of a quarter of a run's budget
// means that there will be too few samples to read anything.
const hopeless = 3

// sample takes the samples and reads them. last is the last run, which may be no
// sample since it did not end.
func (s *Sampler) sample(w attack.Witness) (growth engines.Growth, samples []engines.Sample, last engines.Sample) {
	take := func(n int) (engines.Sample, bool) {
		sample := s.Sample(w, n, s.runSteps)
		if !finished(sample) && s.patient && n <= engines.MinPoints && !costly(sample) {
			sample = s.Sample(w, n, s.patience(w.Len(n)))
		}
		last = sample
		return sample, finished(sample)
	}
	enough := func([]engines.Sample) bool {
		return last.N <= hopeless && !s.patient && last.Cost.Steps > s.runSteps/4
	}
	growth, samples = engines.Sampling{Stages: engines.Stages(fewPumps, mostPumps), Take: take, Enough: enough}.Growth()
	return growth, samples, last
}

// patience is the budget of a run that the usual one was too small for: what
// shows a cost that no linear constant explains, where the pattern has
// counters, or a quarter of what is left.
func (s *Sampler) patience(size int) uint64 {
	if s.horizon.repeats > 0 {
		return min(costlyPerByte*uint64(size+2), s.Left()/2)
	}
	return s.Left() / 4
}

// Spent is the number of steps of all runs.
func (s *Sampler) Spent() uint64 { return s.spent }

// Persist follows a growth that was read off samples elsewhere to where it can
// no longer be due to bounded parts of the pattern; ok is false when it ends
// with them. Without bounded repeats there is nothing to follow.
func (s *Sampler) Persist(w attack.Witness, growth engines.Growth, samples []engines.Sample) (engines.Growth, []engines.Sample, bool) {
	if s.horizon.repeats == 0 || len(samples) == 0 {
		return growth, samples, true
	}
	if law, ok := engines.ReadLaw(samples); ok && law.Growth() == growth {
		// An exact law that foretells a cost past the largest bounded part is
		// not theirs: it would have ended where the first of them did.
		n := 2 + 3*s.horizon.largest/(2*s.horizon.shortest(w))
		if n <= samples[len(samples)-1].N {
			return growth, samples, true
		}
		next := s.Sample(w, n, max(s.runSteps, s.Left()/2))
		if cost, ok := law.At(n); ok && finished(next) && cost == next.Cost.Steps {
			return growth, append(samples, next), true
		}
	}
	return s.persist(w, growth, samples)
}

// persist takes samples beyond what bounded parts of the pattern can hold, and
// reads the growth again with them.
func (s *Sampler) persist(w attack.Witness, growth engines.Growth, samples []engines.Sample) (engines.Growth, []engines.Sample, bool) {
	last := samples[len(samples)-1]
	if costly(last) {
		return growth, samples, true
	}
	if growth.Class == engines.Exponential {
		var passed bool
		if samples, passed = s.climb(w, samples); passed {
			return growth, samples, true
		}
		last = samples[len(samples)-1]
		if again, _, _ := engines.Fit(samples); again == growth && s.beyond(w, samples, last) {
			return growth, samples, true
		}
	}
	law, _ := engines.ReadLaw(samples)
	beyond := s.horizon.pumps(w, s.horizon.repeats+s.horizon.literals)
	limit := max(s.runSteps, s.budget/10)
	for last.N < beyond {
		n := min(2*last.N, beyond)
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
	case last.N >= beyond, s.horizon.repeats == 0:
		return again, samples, true
	}
	return again, samples, s.lasts(w, samples, last)
}

// afterBound is how many repetitions beyond the bounded parts of a pattern show
// that an exponential does not end with them: three more ratios that agree with
// those before.
const afterBound = 3

// climb follows an exponential one repetition at a time to where the bounded
// parts are exhausted, as far as the budget goes: a doubling may leap from a
// cost that shows nothing yet to one that cannot be paid. passed says that a run
// cost more than any constant that counts as linear.
func (s *Sampler) climb(w attack.Witness, samples []engines.Sample) (all []engines.Sample, passed bool) {
	limit := max(s.runSteps, s.Left()/4)
	for n := samples[len(samples)-1].N + 1; n <= s.horizon.repeats/s.horizon.shortest(w)+afterBound; n++ {
		next := s.Sample(w, n, limit)
		if !finished(next) {
			return samples, next.State == engines.StepLimit && costly(next)
		}
		samples = append(samples, next)
	}
	return samples, false
}

// beyond reports whether an exponential is not due to bounded repeats: there are
// none, they are exhausted, or it costs too much before they are.
func (s *Sampler) beyond(w attack.Witness, samples []engines.Sample, last engines.Sample) bool {
	return s.horizon.repeats == 0 || last.N >= s.horizon.repeats/s.horizon.shortest(w)+afterBound || s.lasts(w, samples, last)
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
// parts end stands all the same: it costs too much before. A run at the size
// where it should is given a part of the budget, and must not end sooner.
func (s *Sampler) lasts(w attack.Witness, samples []engines.Sample, last engines.Sample) bool {
	if last.N >= s.horizon.pumps(w, s.horizon.repeats) {
		return true
	}
	end := min(s.horizon.repeats, s.input)
	cost := uint64(end) * costlyPerByte
	n, ok := engines.Extrapolate(samples, cost)
	if !ok || w.Len(n) > end {
		return false
	}
	limit := min(cost, max(s.Left()/6, s.runSteps))
	next := s.Sample(w, n, limit)
	return next.State == engines.StepLimit || next.Cost.Steps >= cost/2
}

// tail reads the growth where two laws meet in the samples, one below and one
// beyond a bound: by the last doubling alone, rounded down.
func (s *Sampler) tail(growth engines.Growth, samples []engines.Sample) engines.Growth {
	slopes := engines.Slopes(samples)
	if len(slopes) == 0 {
		return engines.Growth{}
	}
	switch last := slopes[len(slopes)-1]; {
	case last < 1.6:
		return engines.Growth{Class: engines.Linear, Exponent: 1}
	case growth.Class == engines.Exponential && multiplies(samples):
		return growth
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
