package verdict

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
)

// Search is how the guided search takes part in a verdict.
type Search struct {
	// Seed of the random choices.
	Seed uint64
	// Steps is the budget in steps of the reference matcher, 0 for
	// fuzz.DefaultSteps.
	Steps uint64
	// Alone leaves the static analysis out: what the search does not find is
	// unknown.
	Alone bool
	// Shared are attacks on other patterns, tried after all else, with
	// SharedSteps of their own: what grows without them grows with them.
	Shared      []attack.Witness
	SharedSteps uint64
}

// Searched is what the guided search found by itself.
type Searched struct {
	Search
	// Spent are the steps that it took.
	Spent uint64
	// Growth is that of its fittest attack, linear where it saw none.
	Growth engines.Growth
	// StepsPerByte is the largest cost that it saw, divided by the length of
	// the input plus one.
	StepsPerByte float64
	// Static is what the analysis said before: the verdict's kind, "" where it
	// was left out; StaticGrowth the growth that it had confirmed.
	Static       Kind
	StaticGrowth engines.Growth
	// Inputs are those that cost most, in all or in one instruction: what a
	// comparison of engines begins with. No report shows them.
	Inputs [][]byte
}

// Beyond reports whether the search found growth that the analysis did not:
// none at all, or less.
func (s Searched) Beyond() bool {
	return s.Static != "" && s.Growth.Class != engines.Linear && (s.Static != Superlinear || s.Growth.Worse(s.StaticGrowth))
}

// guided gives the verdict with a search of its own budget beside the
// analysis. An attack that was replayed stands above a proof: one that refutes
// a proof is a fault of the analysis, and Beyond says so.
func (v Verdict) guided(re *syntax.Regexp, replay *replay, o Options) Verdict {
	var res analyzer.Result
	var best *finding
	var worst engines.Sample
	s := Searched{Search: *o.Search}
	if s.Steps == 0 {
		s.Steps = fuzz.DefaultSteps
	}
	if !s.Alone {
		if res, best = replay.claims(re); best == nil && res.Costly != nil {
			best, worst = replay.counter(re, *res.Costly)
		}
		s.Static = Unknown
		switch {
		case best != nil:
			s.Static, s.StaticGrowth = Superlinear, best.growth
		case res.Proof != "":
			s.Static, s.StaticGrowth = Linear, engines.Growth{Class: engines.Linear, Exponent: 1}
		}
	}
	found := replay.look(re, res, fuzz.Options{Seed: s.Seed, Steps: s.Steps, InputLimit: replay.input, Hints: replay.tried})
	s.Spent, s.Growth, s.StepsPerByte, s.Inputs = found.Steps, found.Growth(), found.StepsPerByte, found.Interesting
	if len(s.Shared) > 0 {
		replay.look(re, res, fuzz.Options{Seed: s.Seed, Steps: s.SharedSteps, InputLimit: replay.input, Hints: s.Shared, Only: true})
	}
	v = newJoined(re, replay, res, replay.worst(), worst).on(v.Pattern, re, o)
	if v.Kind == Unknown && s.Alone {
		v.Reason = &Reason{Code: "limit", Limit: "search.steps", Value: int64(min(s.Steps, 1<<62)), Offset: -1,
			Message: fmt.Sprintf("the search found no attack within %d steps, and the analysis was left out", s.Steps)}
	}
	v.Searched = &s
	if len(o.Speakers) > 0 {
		v.Differences = fuzz.Compare(v.Pattern, o.Speakers, s.Inputs)
	}
	return v
}
