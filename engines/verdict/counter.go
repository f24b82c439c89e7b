package verdict

import (
	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
)

// counter looks for an attack on a pattern whose runs are bounded, but by a
// constant so large that no host can pay it: (?:a?){30}a{30} has no loop, and
// stops a CPU. The attack leads to the most expensive position and stays there.
//
// The bound counts every run, also those that a match comes before: where no
// attack is as costly as it says, the guided search says what a byte does
// cost. perByte is the largest cost that it saw, 0 when an attack was found.
func (r *replay) counter(re *syntax.Regexp, claim analyzer.Claim) (best *finding, perByte float64) {
	for _, w := range claim.Witnesses {
		if f := r.costly(claim, w); f != nil {
			return f, 0
		}
	}
	found := fuzz.Search(re, r.prog, fuzz.Options{Steps: searchSteps, InputLimit: r.input, Hints: claim.Witnesses})
	r.spent += found.Steps
	for _, w := range found.Witnesses() {
		if f := r.costly(claim, w); f != nil {
			return f, 0
		}
	}
	return nil, found.StepsPerByte
}

// costly runs an attack at growing sizes until a byte costs too much.
func (r *replay) costly(claim analyzer.Claim, w attack.Witness) *finding {
	f := &finding{claim: claim, witness: w}
	for n := 1; w.Len(n) <= min(r.input, counterInput) && r.spent <= r.budget+counterSteps; n += 1 + n/8 {
		s := r.run(w, n, counterSteps)
		f.samples = append(f.samples, s)
		if s.Cost.Steps > uint64(s.Bytes)*counterPerByte {
			f.growth = r.upTo(f)
			f.length = f.bytesFor(sizeSteps[2])
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
