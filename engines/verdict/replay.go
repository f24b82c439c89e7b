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

	forecast *attack.Forecaster
	first    *analyzer.Result // what the analysis said at first, nil where it was left out

	spent    uint64
	followed uint64 // spent on following growths past bounded repeats
	shown    uint64 // spent when the first attack was confirmed
	favoured bool   // an attack had all of the budget
	findings []finding
	tried    []attack.Witness
	dear     []candidate // given up as too expensive
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
	r := &replay{prog: prog, re: re, unit: re.Unit, runner: prog.NewRunner(), input: o.InputLimit, budget: o.Steps, verify: o.Verify, forecast: attack.NewForecaster(nil)}
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
	return engines.Sample{N: n, Bytes: len(subject), Cost: engines.Cost{Steps: res.Steps}, State: fuzz.StateOf(res.Outcome)}
}

// A candidate is an attack to be tried, with what the automaton foretells.
type candidate struct {
	claim    analyzer.Claim
	witness  attack.Witness
	forecast attack.Forecast
}

// candidates are the attacks of claims that were not tried before, by what is
// surely known of them: the worst first, of those the ones with the fewest
// pumps, and of those the worst claim's. Long attacks are tried last: they lead through large bounded repeats, and a few of
// them use up the budget.
func (r *replay) candidates(claims []analyzer.Claim) []candidate {
	var out []candidate
	for _, c := range claims {
		for _, w := range c.Witnesses {
			if len(out) < maxWitnesses && !slices.ContainsFunc(r.tried, w.Equal) && !slices.ContainsFunc(out, func(o candidate) bool { return o.witness.Equal(w) }) {
				out = append(out, candidate{c, w, r.forecast.Forecast(w)})
			}
		}
	}
	long := func(c candidate) bool { return c.witness.Len(1) > longAttack }
	slices.SortStableFunc(out, func(a, b candidate) int {
		switch {
		case long(a) != long(b):
			if long(b) {
				return -1
			}
			return 1
		case a.forecast.Least.Worse(b.forecast.Least):
			return -1
		case b.forecast.Least.Worse(a.forecast.Least):
			return 1
		}
		return len(a.witness.Pumps) - len(b.witness.Pumps)
	})
	return out
}

// confirm replays the attacks of claims and returns the worst growth seen, nil
// when none is super-linear. Attacks that the automaton says cannot do worse
// are left out.
func (r *replay) confirm(claims []analyzer.Claim) *finding {
	queue := r.candidates(claims)
	for i := 0; i < len(queue) && !r.exhausted(); i++ {
		c := queue[i]
		if best := r.worst(); best != nil && !c.forecast.Most.Worse(best.growth) || r.tooDear(c) {
			continue
		}
		if !r.try(c) && r.tooDear(c) {
			queue = append(queue, r.fewer(c)...)
		}
	}
	if r.worst() == nil {
		r.foretold()
	}
	return r.worst()
}

// foretold takes the word of the automaton for an attack that was given up since
// the samples which show its exponent cost too much: how it grows is known before
// any replay, and one run shows that it costs what no host can pay.
func (r *replay) foretold() {
	until := r.spent + foretoldTries*foretoldSteps
	for _, c := range r.dear[:min(len(r.dear), foretoldTries)] {
		if !c.forecast.Exact() {
			continue
		}
		f := finding{claim: c.claim, witness: c.witness, growth: c.forecast.Least}
		for n := 1; c.witness.Len(n) <= r.input && r.spent < until; n++ {
			s := r.run(c.witness, n, foretoldSteps)
			if tooCostly(s) {
				f.length = f.bytesFor(sizeSteps[2])
				r.findings = append(r.findings, f)
				return
			}
			if s.State != engines.Matched && s.State != engines.NoMatch {
				break
			}
			f.samples = append(f.samples, s)
		}
	}
}

// tooDear reports whether an attack grows at least as fast, with pumps at least
// as long, as one that was given up.
func (r *replay) tooDear(c candidate) bool {
	return slices.ContainsFunc(r.dear, func(d candidate) bool {
		return !d.forecast.Least.Worse(c.forecast.Least) && c.witness.PumpLen() >= d.witness.PumpLen()
	})
}

// fewer are the attacks of an attack with one pump less, for one that costs too
// much to be measured.
func (r *replay) fewer(c candidate) []candidate {
	var out []candidate
	pumps := c.witness.Pumps
	for i := 0; i < len(pumps) && len(pumps) > 1; i++ {
		w := attack.Witness{Pumps: slices.Delete(slices.Clone(pumps), i, i+1), Suffix: c.witness.Suffix}
		literal := slices.Concat(pumps[i].Prefix, pumps[i].Pump)
		if i < len(w.Pumps) {
			w.Pumps[i].Prefix = append(literal, w.Pumps[i].Prefix...)
		} else {
			w.Suffix = append(literal, w.Suffix...)
		}
		if f := r.forecast.Forecast(w); f.Exact() {
			out = append(out, candidate{c.claim, w, f})
		}
	}
	return out
}

// exhausted reports whether enough was tried.
func (r *replay) exhausted() bool {
	return len(r.tried) >= maxWitnesses || r.spent > r.budget || r.shown > 0 && r.spent > r.shown+furtherSteps
}

// try replays one attack, and reports whether it is seen to grow.
func (r *replay) try(c candidate) bool {
	r.tried = append(r.tried, c.witness)
	if best := r.worst(); best != nil && !c.forecast.Exact() && !r.promising(c.witness, best) {
		return false
	}
	growth, samples := r.lasting(c)
	if growth.Class == engines.Linear {
		return false
	}
	f := finding{claim: c.claim, witness: c.witness, growth: growth, samples: samples}
	f.length = f.bytesFor(sizeSteps[2])
	r.findings = append(r.findings, f)
	if r.shown == 0 {
		r.shown = r.spent
	}
	return true
}

// lasting measures an attack. A growth that the automaton does not foretell is
// followed to where it cannot be due to bounded parts of the pattern.
func (r *replay) lasting(c candidate) (engines.Growth, []engines.Sample) {
	growth, samples := r.measure(c)
	if growth.Class == engines.Linear || !growth.Worse(c.forecast.Least) {
		return growth, samples
	}
	s := fuzz.NewSampler(r.re, r.prog, r.input, min(lastingSteps, allLastingSteps-min(r.followed, allLastingSteps-1)))
	growth, samples, ok := s.Persist(c.witness, growth, samples)
	r.followed += s.Spent()
	if !ok || !r.keeps(c.witness, samples) {
		growth = engines.Growth{Class: engines.Linear, Exponent: 1}
	}
	return growth, samples
}

// promising looks at two samples of an attack: whether it may grow faster than
// the best one so far.
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
	const margin = 0.25
	return is > was+margin || math.IsInf(was, 1)
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
