package verdict

import (
	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
)

// search looks for an attack where the analysis has neither a proof nor a
// confirmed claim: the guided search with a fixed budget, from the attacks that
// did not grow as claimed.
func (r *replay) search(re *syntax.Regexp, res analyzer.Result) *finding {
	r.look(re, res, fuzz.Options{
		Steps:      searchSteps,
		InputLimit: r.input,
		Hints:      r.tried,
		Enough:     engines.Growth{Class: engines.Polynomial, Exponent: 2},
	})
	return r.worst()
}

// look searches, and keeps the attacks that were seen to grow.
func (r *replay) look(re *syntax.Regexp, res analyzer.Result, o fuzz.Options) fuzz.Result {
	found := fuzz.Search(re, r.prog, o)
	r.spent += found.Steps
	for _, f := range found.Findings {
		if !r.keeps(f.Witness, f.Samples) {
			continue
		}
		claim := analyzer.Claim{Cause: searchedCause(re, res), Growth: f.Growth, Spans: found.Hot}
		if len(res.Claims) > 0 {
			claim.Spans = res.Claims[0].Spans
		}
		add := finding{claim: claim, witness: f.Witness, growth: f.Growth, samples: f.Samples}
		add.length = add.bytesFor(sizeSteps[2])
		r.findings = append(r.findings, add)
	}
	return found
}

// searchedCause names the cause of a growth that only the search saw: the
// construct that kept the analysis from it, else what it claimed.
func searchedCause(re *syntax.Regexp, res analyzer.Result) analyzer.Cause {
	var backref, assertion, counter bool
	syntax.Walk(re.Root, func(n *syntax.Node) bool {
		switch n.Op {
		case syntax.OpBackref, syntax.OpBalance:
			backref = true
		case syntax.OpLook, syntax.OpAtomic, syntax.OpAbsent, syntax.OpConditional:
			assertion = true
		case syntax.OpRepeat:
			counter = counter || n.Max > 1
		}
		return true
	})
	switch {
	case len(res.Over) > 0 && backref:
		return analyzer.Backreference
	case len(res.Over) > 0 && assertion || res.Incomplete != nil && assertion:
		return analyzer.Assertion
	case len(res.Claims) > 0:
		return res.Claims[0].Cause
	case counter:
		return analyzer.Counter
	}
	return analyzer.Nested
}
