package verdict

import (
	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// counter looks for an attack on a pattern whose runs are bounded, but by a
// constant so large that no host can pay it: (?:a?){30}a{30} has no loop, and
// stops a CPU. The attack leads to the most expensive position and stays there.
func (r *replay) counter(claim *analyzer.Claim) *finding {
	if claim == nil {
		return nil
	}
	f := &finding{claim: *claim, witness: claim.Witnesses[0]}
	for n := 1; f.witness.Len(n) <= r.input && r.spent <= r.budget+counterSteps; n += 1 + n/8 {
		s := r.run(f.witness, n, counterSteps)
		f.samples = append(f.samples, s)
		if s.Cost.Steps > uint64(s.Bytes)*counterPerByte {
			f.growth = r.upTo(f)
			r.findings = append(r.findings, *f)
			return f
		}
		if s.State != engines.Matched && s.State != engines.NoMatch {
			return nil
		}
	}
	return nil
}

// upTo is the growth below the bound: what the samples show, at least
// quadratic, since the cost of a byte rises with their number.
func (r *replay) upTo(f *finding) engines.Growth {
	if growth, _, _ := engines.Fit(f.samples); engines.Known(growth) && growth.Class != engines.Linear {
		return growth
	}
	return f.claim.Growth
}
