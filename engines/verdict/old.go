package verdict

import (
	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// Replayed is what running a witness on a pattern measured.
type Replayed struct {
	// Confirmed says that the samples show growth above linear: Growth.
	Confirmed bool
	Growth    engines.Growth
	Samples   []engines.Sample
	// Steps is what the replay cost.
	Steps uint64
}

// Replay runs a witness on a pattern it was not made for: an attack on the old
// version of a rule may still hit its fixed one. A pattern that cannot be run
// confirms nothing.
func Replay(p corpus.Pattern, w attack.Witness, o Options) Replayed {
	re, err := syntax.Parse(p)
	if err != nil {
		return Replayed{}
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		return Replayed{}
	}
	r := newReplay(re, prog, o)
	growth, samples := r.measure(candidate{claim: analyzer.Claim{Growth: engines.Growth{Class: engines.Exponential}}, witness: w})
	return Replayed{Confirmed: growth.Class != engines.Linear, Growth: growth, Samples: samples, Steps: r.spent}
}
