package verdict

import (
	"math"

	"github.com/nearmiss-dev/nearmiss/analyzer/ambiguity"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// mostPumps is the largest pump count at which an attack is sampled.
const mostPumps = 8192

// A measuring is the samples of one attack and what they may cost.
type measuring struct {
	r *replay
	candidate
	samples []engines.Sample
	// limit bounds one run, until what all runs for the pattern may have cost
	// in the end.
	limit, until uint64
}

// measure samples an attack at growing sizes until its growth can be told. A
// growth that cannot be told is linear here: nothing was shown.
//
// An attack whose growth the automaton foretells is believed as soon as the
// counts obey a law of that growth, and is given up as soon as those that this
// takes would cost too much. Of others a claim of exponential growth, or of a
// large exponent, gets a larger budget for each run, since its costs leave few
// samples below a small one.
func (r *replay) measure(c candidate) (engines.Growth, []engines.Sample) {
	linear := engines.Growth{Class: engines.Linear, Exponent: 1}
	if c.witness.PumpLen() == 0 {
		return linear, nil
	}
	m := &measuring{r: r, candidate: c, limit: replaySteps}
	left := r.budget - min(r.spent, r.budget)
	m.until = r.spent + left/attackShare
	before, worst := r.spent, c.forecast.Exact() && r.shown == 0 && !r.favoured
	if worst { // what comes first: it may take all of the budget, and the others have theirs
		m.until, r.favoured = before+left, true
	}
	if r.shown > 0 {
		m.until = min(m.until, r.shown+furtherSteps)
	}
	claimed := c.claim.Growth
	switch {
	case c.forecast.Exact():
		m.limit = exponentialSteps
	case claimed.Class == engines.Exponential || claimed.Exponent > steepExponent && r.shown == 0:
		m.limit = exponentialSteps
	}
	growth, samples := engines.Sampling{Stages: engines.Stages(m.enough(), mostPumps), Take: m.take, Enough: m.ends}.Growth()
	if !engines.Known(growth) {
		if worst {
			r.budget += r.spent - before
		}
		return linear, samples
	}
	return growth, samples
}

// enough is the number of counts that show the foretold exponent, 0 without
// one.
func (m *measuring) enough() int {
	if !m.forecast.Exact() || m.forecast.Least.Class != ambiguity.Polynomial {
		return 0
	}
	return points(m.forecast.Least)
}

// needs is the number of counts without which the growth is not told: that of a
// foretold exponent, and of one that is surely steep; 0 for others.
func (m *measuring) needs() int {
	if m.steep() {
		return points(m.forecast.Least)
	}
	return m.enough()
}

// steep reports whether the growth surely has a large exponent.
func (m *measuring) steep() bool {
	return m.forecast.Least.Class == ambiguity.Polynomial && m.forecast.Least.Exponent > steepExponent
}

// points is the number of samples that show an exponent.
func points(g ambiguity.Growth) int { return max(engines.MinPoints, g.Exponent+1+engines.MinChecks) }

// take runs the attack at a pump count; it is no sample where a budget ends it.
func (m *measuring) take(n int) (engines.Sample, bool) {
	if m.witness.Len(n) > m.r.input {
		return engines.Sample{}, false
	}
	s := m.r.run(m.witness, n, m.limit)
	if s.State == engines.StepLimit && len(m.samples) < m.needs() {
		m.r.dear = append(m.r.dear, m.candidate)
	}
	return s, s.State == engines.Matched || s.State == engines.NoMatch
}

// ends reports whether a budget ends the sampling, or enough is known.
func (m *measuring) ends(samples []engines.Sample) bool {
	m.samples = samples
	if m.r.spent > m.until {
		return true
	}
	if m.dear() {
		m.r.dear = append(m.r.dear, m.candidate)
		return true
	}
	return m.shows(engines.Exponential) && samples[len(samples)-1].Cost.Steps > exponentialShown && explodes(samples)
}

// shows reports whether a class is foretold, or claimed where nothing is.
func (m *measuring) shows(class ambiguity.Class) bool {
	if m.forecast.Exact() {
		return m.forecast.Least.Class == class
	}
	return m.claim.Growth.Class == class
}

// dearFrom is the number of samples from which the cost of those that are still
// needed is told, and steepFrom where they become expensive at once.
const (
	dearFrom  = 5
	steepFrom = 2
)

// dear reports whether the samples that a foretold exponent takes would pass
// the budget, or one of them that of a run, by the slope of the last two and
// the exponent that it tends to.
func (m *measuring) dear() bool {
	need, have := m.needs(), len(m.samples)
	if have < steepFrom || have < dearFrom && !m.steep() || have >= need {
		return false
	}
	last, before := m.samples[have-1], m.samples[have-2]
	slope := math.Log(float64(last.Cost.Steps)/float64(before.Cost.Steps)) / math.Log(float64(last.N)/float64(before.N))
	if foretold := float64(m.forecast.Least.Exponent); slope < foretold {
		slope += (foretold - slope) / 4 // it rises towards it
	}
	cost, total := float64(last.Cost.Steps), 0.0
	for n := have + 1; n <= need; n++ {
		next := cost * math.Pow(float64(n)/float64(have), slope)
		if total += next; next > float64(m.limit) {
			return true
		}
	}
	return m.r.spent+uint64(total) > m.until
}

// explodes reports whether samples already show exponential growth.
func explodes(samples []engines.Sample) bool {
	growth, _, _ := engines.Fit(samples)
	return growth.Class == engines.Exponential
}
