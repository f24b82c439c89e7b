package verdict

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
)

// Share runs attacks on other patterns on a pattern, within Options.Search's
// SharedSteps, and returns those that grow faster than what is known of it,
// fittest first. A pattern that cannot be run has none.
func Share(p corpus.Pattern, known engines.Growth, o Options) []attack.Witness {
	re, err := syntax.Parse(p)
	if err != nil {
		return nil
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		return nil
	}
	found := fuzz.Search(re, prog, fuzz.Options{
		Seed: o.Search.Seed, Steps: o.Search.SharedSteps, InputLimit: o.InputLimit, Hints: o.Search.Shared, Only: true,
	})
	var out []attack.Witness
	for _, f := range found.Findings {
		if f.Growth.Worse(known) {
			out = append(out, f.Witness)
		}
	}
	return out
}
