package main

import (
	"math"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// Budgets of the replay of listed attacks. They are apart from those of
// engines/verdict, which is what the scoreboard measures.
const (
	// runSteps bounds one run: a quadratic attack reaches it at about 1,400
	// repetitions, well past the bounds of most counted repeats.
	runSteps = 1_000_000
	// attackSteps bounds all runs of one attack.
	attackSteps = 3_000_000
	// rowSteps bounds all runs of the attacks of one row.
	rowSteps = 10_000_000
	// replayBytes is the longest input of a replay: a linear attack costs
	// about 10⁵ steps there.
	replayBytes = 32 << 10
	// deepSteps bounds one run which has to tell whether growth goes on up to
	// the input limit: about two seconds.
	deepSteps = 300_000_000
	// deepBytes is the input limit: growth which ends below it is none.
	deepBytes = 128 << 10
	// superSlope is the local exponent from which on growth without an exact
	// law counts as super-linear: above n·log n at any length that is run.
	superSlope = 1.5
	// counterPerByte is the constant from which on linear growth counts as
	// super-linear.
	counterPerByte = 10_000
)

// A track is an attack with what its replay showed.
type track struct {
	witness attack.Witness
	samples []engines.Sample
	growth  engines.Growth
	fit     string
}

// super reports whether the attack was seen to grow super-linearly.
func (t track) super() bool { return t.growth.Class != engines.Linear }

// fitLastSlope says that a growth was read off one local slope: enough to say
// that it is super-linear, too little to say how steep it is.
const fitLastSlope = "last slope"

// beyond reports whether the attack grows faster than g, and not by the look
// of one slope.
func (t track) beyond(g engines.Growth) bool { return t.fit != fitLastSlope && t.growth.Worse(g) }

// A replayer runs attacks on one pattern.
type replayer struct {
	runner *backtrack.Runner
	spent  uint64
	// dearest is the sample with the most steps for its bytes.
	dearest engines.Sample
}

// perByte is a sample's steps for each of its bytes, and one.
func perByte(s engines.Sample) float64 { return float64(s.Cost.Steps) / float64(s.Bytes+1) }

// run is one sample.
func (r *replayer) run(w attack.Witness, n int, steps uint64) engines.Sample {
	subject := w.Bytes(n)
	res := r.runner.Run(subject, backtrack.Options{Steps: steps})
	r.spent += res.Steps
	s := engines.Sample{N: n, Bytes: len(subject), Cost: engines.Cost{Steps: res.Steps}, State: engines.Failed}
	switch res.Outcome {
	case backtrack.Matched:
		s.State = engines.Matched
	case backtrack.NoMatch:
		s.State = engines.NoMatch
	case backtrack.StepLimit:
		s.State = engines.StepLimit
	}
	if perByte(s) > perByte(r.dearest) {
		r.dearest = s
	}
	return s
}

// measure samples an attack at every small pump count and then at growing
// ones until a budget ends it, and reads its growth.
func (r *replayer) measure(w attack.Witness) track {
	t := track{witness: w}
	start := r.spent
	for n := 1; w.Len(n) <= replayBytes && r.spent-start < attackSteps && r.spent < rowSteps; n = nextCount(n) {
		s := r.run(w, n, runSteps)
		if s.State != engines.Matched && s.State != engines.NoMatch {
			break
		}
		t.samples = append(t.samples, s)
	}
	t.growth, t.fit = readGrowth(t.samples)
	return t
}

// nextCount is the pump count after n: every one up to 40, so that an exact
// law can be read, then four to the doubling.
func nextCount(n int) int {
	if n < 40 {
		return n + 1
	}
	step := 1 << (math.Ilogb(float64(n)) - 2)
	return n/step*step + step
}

// readGrowth is engines.Fit; where that cannot tell, the last local slope
// decides, and where there is none, the growth is linear: nothing was shown.
func readGrowth(samples []engines.Sample) (engines.Growth, string) {
	growth, fit, _ := engines.Fit(samples)
	if engines.Known(growth) {
		return growth, fit
	}
	if slopes := engines.Slopes(samples); len(slopes) >= 3 {
		if last := slopes[len(slopes)-1]; last >= superSlope {
			return engines.Growth{Class: engines.Polynomial, Exponent: int(math.Round(last))}, fitLastSlope
		}
	}
	return engines.Growth{Class: engines.Linear, Exponent: 1}, fit
}

// best replays attacks until one grows exponentially, and returns the one with
// the worst growth, of those that grow alike the first. The zero track stands
// for no attacks.
func (r *replayer) best(attacks []attack.Witness) track {
	var best track
	for _, w := range attacks {
		if r.spent >= rowSteps {
			break
		}
		t := r.measure(w)
		if best.samples == nil || t.growth.Worse(best.growth) {
			best = t
		}
		if best.growth.Class == engines.Exponential {
			break
		}
	}
	return best
}

// deepen follows an attack to the input limit, by doublings, and says whether
// its growth is real: still super-linear at the end, or so costly that its
// constant counts as growth.
func (r *replayer) deepen(t track) (samples []engines.Sample, growing bool) {
	if t.growth.Class == engines.Exponential {
		return t.samples, true
	}
	for n := 32; t.witness.Len(n) <= deepBytes; n *= 2 {
		s := r.run(t.witness, n, deepSteps)
		samples = append(samples, s)
		if s.State != engines.Matched && s.State != engines.NoMatch {
			break
		}
	}
	if len(samples) < 2 {
		return t.samples, true
	}
	a, b := samples[len(samples)-2], samples[len(samples)-1]
	if b.Cost.Steps > counterPerByte*uint64(b.Bytes) {
		return samples, true
	}
	if b.State == engines.StepLimit && len(samples) > 2 {
		a, b = samples[len(samples)-3], a
	}
	slope := math.Log2(float64(b.Cost.Steps) / float64(a.Cost.Steps))
	return samples, slope >= superSlope
}
