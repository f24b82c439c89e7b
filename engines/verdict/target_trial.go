package verdict

import (
	"math"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
)

// Limits of the trial of one engine, in steps of its model.
const (
	// trialRun bounds each run of an attack, and trialRuns of them all runs:
	// what tells a growth on the reference. Where it does not, the attack may
	// be exponential, and is run once more within exponentialSteps each.
	trialRun  = 100_000
	trialRuns = 6
	// screenSteps bounds the two runs by which a variant is looked at first.
	screenSteps = 20_000
	// furtherTrial bounds all runs of the attacks that the analysis claimed and
	// the reference did not need, once none of the verdict's grows.
	furtherTrial = 5_000_000
	// outgrowSteps is the cost that an attack must have once it is too long
	// for a check.
	outgrowSteps = 100_000
)

// A trial runs attacks on the model of one engine.
type trial struct {
	model *backtrack.Model
	input int
	// counter: what grows does so below the bound of a repeat.
	counter bool
	// admits are the attacks that may be tried; nil for all.
	admits func(attack.Witness) bool
	// spent is the number of steps of all runs, most their bound, 0 for none.
	spent, most uint64
}

func newTrial(m *backtrack.Model, input int) *trial {
	if input == 0 {
		input = defaultInput
	}
	return &trial{model: m, input: input}
}

// A trialled is an attack that grows on a model.
type trialled struct {
	witness attack.Witness
	growth  engines.Growth
	samples []engines.Sample
	// model is what the samples were taken on: from least bytes on, the engine's
	// too.
	model *backtrack.Model
	least int
}

func (t *trial) run(w attack.Witness, n int, steps uint64) engines.Sample {
	subject := w.Bytes(n)
	res := t.model.Run(subject, backtrack.Options{Steps: steps})
	t.spent += res.Steps
	return engines.Sample{N: n, Bytes: len(subject), Cost: engines.Cost{Steps: res.Steps}, State: fuzz.StateOf(res.Outcome)}
}

// worst is the attack that grows fastest on the model, of all variants of the
// verdict's witnesses; nil when none grows. It stops at one that grows as on
// the reference.
func (t *trial) worst(v Verdict) *trialled {
	var best *trialled
	for _, base := range v.Witnesses {
		for _, w := range variants(base, t.model.Opening()) {
			if t.most > 0 && t.spent > t.most {
				return best
			}
			if t.admits != nil && !t.admits(w) || !t.grows(w) {
				continue
			}
			growth, samples := t.measure(w, trialRun)
			if !engines.Known(growth) {
				growth, samples = t.measure(w, exponentialSteps)
			}
			if !engines.Known(growth) {
				growth = v.Growth // it grows, and too fast to say how: as on the reference
			}
			if growth.Class == engines.Linear {
				continue
			}
			if best == nil || growth.Worse(best.growth) {
				best = &trialled{witness: w, growth: growth, samples: samples, model: t.model}
			}
			if !v.Growth.Worse(best.growth) {
				return best
			}
		}
	}
	return best
}

// The pump count at which a variant is looked at first, behind those that are
// too short, and the slope from there to twice as many from which on it is
// sampled in full: a quadratic cost with a linear part has one above 1.3.
const (
	screenPumps = 24
	screenSlope = 1.2
)

// grows looks at two samples: whether the attack may be super-linear.
func (t *trial) grows(w attack.Witness) bool {
	if w.PumpLen() == 0 {
		return false
	}
	n := t.tooShort(w) + screenPumps
	if w.Len(2*n) > t.input {
		return false
	}
	few := t.run(w, n, screenSteps)
	if few.State == engines.StepLimit {
		return true
	}
	many := t.run(w, 2*n, screenSteps)
	if many.State == engines.StepLimit {
		return true
	}
	return math.Log2(float64(many.Cost.Steps)/float64(max(few.Cost.Steps, 1))) > screenSlope
}

// tooShort is the number of pumps with which an attack is not looked at, since
// it is shorter than any match.
func (t *trial) tooShort(w attack.Witness) int {
	missing := t.model.Opening().Minimum - w.Len(0)
	if missing <= 0 {
		return 0
	}
	return (missing + w.PumpLen() - 1) / w.PumpLen()
}

// measure samples an attack at growing sizes until its growth can be told,
// each run within limit steps.
func (t *trial) measure(w attack.Witness, limit uint64) (engines.Growth, []engines.Sample) {
	spent, short := uint64(0), t.tooShort(w)
	take := func(n int) (engines.Sample, bool) {
		if n += short; w.Len(n) > t.input {
			return engines.Sample{}, false
		}
		s := t.run(w, n, limit)
		spent += s.Cost.Steps
		return s, (s.State == engines.Matched || s.State == engines.NoMatch) && spent <= trialRuns*limit
	}
	return engines.Sampling{Stages: engines.Stages(0, mostPumps), Take: take}.Growth()
}

// outgrown is an attack so long that the engine does not look for its required
// character any more: its growth is that of a model without the check, and
// one run of the real model beyond the length shows that it costs.
func (t *trial) outgrown(re *syntax.Regexp, v Verdict) *trialled {
	length := t.model.Opening().Outgrow
	if length == 0 || length >= t.input {
		return nil
	}
	bare, err := backtrack.NewModelWithout(re, t.model.Name(), "required byte")
	if err != nil {
		return nil
	}
	best := newTrial(bare, t.input).worst(v)
	if best == nil {
		return nil
	}
	w := best.witness
	n := (length-w.Len(0))/w.PumpLen() + 1
	if w.Len(n) > t.input || t.run(w, n, outgrowSteps).State != engines.StepLimit {
		return nil
	}
	best.least = w.Len(n)
	return best
}

// sizes are the lengths of the attack that cost given steps of the model, by
// the law of its samples; those that the law does not give are left out.
func (t *trial) sizes(best *trialled) []Size {
	var out []Size
	for _, steps := range sizeSteps {
		n, ok := engines.Extrapolate(best.samples, steps)
		if !ok {
			continue
		}
		s := Size{Steps: steps, Bytes: max(best.witness.Len(n), best.least)}
		if s.Bytes > t.input {
			s.Bytes = -1
		}
		out = append(out, s)
	}
	return out
}
