package analyzer

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/ambiguity"
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
)

// Under applies the criteria to subjects of a language only: a proof then says
// that matching takes linear time on all of them, and the witnesses of claims
// are made of what may stand in them.
func (r Result) Under(l nfa.Language) Result {
	out := Result{Incomplete: r.Incomplete, Over: r.Over, Counters: r.Counters, re: r.re}
	if r.automaton == nil {
		return out
	}
	if r.automaton.Copies > 0 {
		// The language may tell the characters apart that no set of the pattern does.
		out.Incomplete = &Reason{Construct: nfa.ManyCharacters, Span: r.re.Root.Span}
		return out
	}
	whole, err := walking(r.automaton)
	if err != nil {
		out.Incomplete = reason(err)
		return out
	}
	a, err := whole.Restrict(l)
	if err != nil {
		out.Incomplete = reason(err)
		return out
	}
	out.automaton, out.States, out.Edges = a, len(a.States), a.Edges
	report, err := ambiguity.Analyze(a)
	out.Pairs = report.Pairs
	if err != nil {
		out.Incomplete = reason(err)
		return out
	}
	if !report.Exponential() && report.Degree() == 0 {
		return out.proved(Unambiguous, a, report.Forced > 0)
	}
	out.Claims = claims(a, report, &attack.Builder{Graph: a, Report: report, Base: a})
	return out.unexplored(r.automaton, l)
}

// unexplored looks for the proof that the runs which a matcher explores are
// bounded on the language. They are those explored on all subjects, and so the
// explored part is built first: what is dropped from it is dropped whatever
// follows.
func (r Result) unexplored(a *nfa.Automaton, l nfa.Language) Result {
	if a.NoPrune || a.Global {
		return r
	}
	x, err := ambiguity.Explore(a)
	if err != nil {
		return r
	}
	whole, err := walking(x.Automaton)
	if err != nil {
		return r
	}
	part, err := whole.Restrict(l)
	if err != nil {
		return r
	}
	report, err := ambiguity.Analyze(part)
	r.Pairs += report.Pairs
	if err == nil && !report.Exponential() && report.Degree() == 0 {
		proof := r.proved(Unexplored, part, report.Forced > 0)
		proof.Claims = nil
		return proof
	}
	return r
}
