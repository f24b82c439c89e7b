package verdict

import (
	"math"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
)

// A replay runs attacks on the reference matcher.
type replay struct {
	prog   *backtrack.Program
	runner *backtrack.Runner
	input  int
	re     *syntax.Regexp
	unit   syntax.Unit
	budget uint64
	verify bool

	spent    uint64
	followed uint64 // spent on following growths past bounded repeats
	shown    uint64 // spent when the first attack was confirmed
	findings []finding
	tried    []attack.Witness
}

// A finding is a claim whose attack was seen to grow.
type finding struct {
	claim   analyzer.Claim
	witness attack.Witness
	growth  engines.Growth
	samples []engines.Sample
	// length is the number of bytes that cost 10⁷ steps, by the law of the
	// samples.
	length int
	// levelled says that the last samples reach past the bounds of a counter:
	// each further pump costs perPump steps.
	levelled bool
	perPump  float64
}

func newReplay(re *syntax.Regexp, prog *backtrack.Program, o Options) *replay {
	r := &replay{prog: prog, re: re, unit: re.Unit, runner: prog.NewRunner(), input: o.InputLimit, budget: o.Steps, verify: o.Verify}
	if r.input == 0 {
		r.input = defaultInput
	}
	if r.budget == 0 {
		r.budget = patternSteps
	}
	return r
}

// run is one sample of an attack, under a budget of steps.
func (r *replay) run(w attack.Witness, n int, steps uint64) engines.Sample {
	subject := w.Bytes(n)
	res := r.runner.Run(subject, backtrack.Options{Steps: steps})
	r.spent += res.Steps
	return engines.Sample{N: n, Bytes: len(subject), Cost: engines.Cost{Steps: res.Steps}, State: state(res.Outcome)}
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

// confirm replays the attacks of claims, worst claim first, and returns the
// worst growth seen, nil when none is super-linear. It stops at the first
// attack that does what the worst claim says. Long attacks are tried last: they
// lead through large bounded repeats, and a few of them use up the budget.
func (r *replay) confirm(claims []analyzer.Claim) *finding {
	for _, long := range []bool{false, true} {
		for _, c := range claims {
			for _, w := range c.Witnesses {
				if (w.Len(1) > longAttack) != long || slices.ContainsFunc(r.tried, w.Equal) {
					continue
				}
				if r.exhausted() {
					return r.worst()
				}
				r.try(c, w)
			}
			if f := r.worst(); f != nil && !c.Growth.Worse(f.growth) {
				return f
			}
		}
	}
	return r.worst()
}

// exhausted reports whether enough was tried.
func (r *replay) exhausted() bool {
	return len(r.tried) >= maxWitnesses || r.spent > r.budget || r.shown > 0 && r.spent > r.shown+furtherSteps
}

// try replays one attack.
func (r *replay) try(c analyzer.Claim, w attack.Witness) {
	r.tried = append(r.tried, w)
	if best := r.worst(); best != nil && !r.promising(w, best) {
		return
	}
	growth, samples := r.lasting(w, c.Growth)
	if growth.Class == engines.Linear {
		return
	}
	f := finding{claim: c, witness: w, growth: growth, samples: samples}
	f.length = f.bytesFor(sizeSteps[2])
	r.findings = append(r.findings, f)
	if r.shown == 0 {
		r.shown = r.spent
	}
}

// lasting measures an attack, and follows its growth to where it cannot be due
// to bounded parts of the pattern.
func (r *replay) lasting(w attack.Witness, claimed engines.Growth) (engines.Growth, []engines.Sample) {
	growth, samples := r.measure(w, claimed)
	if growth.Class == engines.Linear {
		return growth, samples
	}
	s := fuzz.NewSampler(r.re, r.prog, r.input, min(lastingSteps, allLastingSteps-min(r.followed, allLastingSteps-1)))
	growth, samples, ok := s.Persist(w, growth, samples)
	r.followed += s.Spent()
	if !ok {
		growth = engines.Growth{Class: engines.Linear, Exponent: 1}
	}
	return growth, samples
}

// promising looks at two samples of an attack: whether it may grow faster than
// the best one so far, or as fast for fewer bytes.
func (r *replay) promising(w attack.Witness, best *finding) bool {
	const n = 7
	few, many := r.run(w, n, replaySteps), r.run(w, 2*n, replaySteps)
	if many.State == engines.StepLimit {
		return true
	}
	slope := func(few, many float64) float64 { return math.Log2(many / few) }
	is := slope(float64(few.Cost.Steps), float64(many.Cost.Steps))
	was := math.Inf(1)
	for i, s := range best.samples {
		if s.N == n && i+n < len(best.samples) && best.samples[i+n].N == 2*n {
			was = slope(float64(s.Cost.Steps), float64(best.samples[i+n].Cost.Steps))
		}
	}
	if best.growth.Class == engines.Exponential {
		return false
	}
	const margin = 0.25
	return is > was+margin || math.IsInf(was, 1)
}

// measure samples an attack at growing sizes until its growth can be told. A
// growth that cannot be told is linear here: nothing was shown. A claim of
// exponential growth, or of a large exponent, gets a larger budget for each
// run, since its costs leave few samples below a small one.
func (r *replay) measure(w attack.Witness, claimed engines.Growth) (engines.Growth, []engines.Sample) {
	linear := engines.Growth{Class: engines.Linear, Exponent: 1}
	if w.PumpLen() == 0 {
		return linear, nil
	}
	var samples []engines.Sample
	limit := uint64(replaySteps)
	if claimed.Class == engines.Exponential || claimed.Exponent > steepExponent && r.shown == 0 {
		limit = exponentialSteps
	}
	// stage takes the next samples; it is false when a budget ended them.
	stage := func(ns []int) bool {
		for _, n := range ns {
			if w.Len(n) > r.input {
				return false
			}
			s := r.run(w, n, limit)
			if s.State != engines.Matched && s.State != engines.NoMatch {
				return false
			}
			samples = append(samples, s)
			if r.spent > r.budget {
				return false
			}
			if claimed.Class == engines.Exponential && s.Cost.Steps > exponentialShown && explodes(samples) {
				return false
			}
		}
		return true
	}
	for _, ns := range stages {
		more := stage(ns)
		growth, fit, _ := engines.Fit(samples)
		if engines.Known(growth) && (fit == engines.FitDifferences || fit == engines.FitRatios || !more) {
			return growth, samples
		}
		if !more {
			break
		}
	}
	if growth, _, _ := engines.Fit(samples); engines.Known(growth) {
		return growth, samples
	}
	return linear, samples
}

// explodes reports whether samples already show exponential growth.
func explodes(samples []engines.Sample) bool {
	growth, _, _ := engines.Fit(samples)
	return growth.Class == engines.Exponential
}

// stages are the pump counts at which an attack is sampled: every small one
// for an exact law, two larger ones to refute a lucky law, then more.
var stages = [][]int{
	{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14},
	{15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28},
	{29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48},
	{64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 8192},
}

// worst is the finding with the worst growth, and of those the one whose
// attack is shortest for its cost.
func (r *replay) worst() *finding {
	var best *finding
	for i := range r.findings {
		f := &r.findings[i]
		if best == nil || f.growth.Worse(best.growth) || f.growth == best.growth && r.fitter(f, best) {
			best = f
		}
	}
	return best
}

// fitter reports whether an attack costs more for its length than another of
// the same growth.
func (r *replay) fitter(f, g *finding) bool {
	return f.length < g.length
}

// bytesFor is the length of the attack that costs a number of steps, by the
// law of its samples.
func (f *finding) bytesFor(steps uint64) int {
	n, ok := f.pumpsFor(steps)
	if !ok {
		return int(^uint(0) >> 1)
	}
	return f.witness.Len(n)
}

// others are further confirmed attacks, fittest first.
func (r *replay) others() []*finding {
	var out []*finding
	best := r.worst()
	for i := range r.findings {
		if f := &r.findings[i]; f != best {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b *finding) int {
		switch {
		case a.growth.Worse(b.growth):
			return -1
		case b.growth.Worse(a.growth):
			return 1
		}
		return a.length - b.length
	})
	return out[:min(len(out), kept-1)]
}
