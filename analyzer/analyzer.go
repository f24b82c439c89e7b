// Package analyzer composes the stages of the static analysis, from a parsed
// pattern to a proof of linear matching time or to claims with witnesses.
//
// A claim says "this should be super-linear". It is a verdict only when a
// replay has confirmed it, which is the business of engines/verdict.
package analyzer

import (
	"errors"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/ambiguity"
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// A Proof is an argument that shows linear matching time.
type Proof string

// The arguments.
const (
	// Unambiguous: neither EDA nor IDA, so the number of runs on any input is
	// bounded (Weber & Seidl 1991).
	Unambiguous Proof = "no EDA and no IDA: the number of runs is bounded"
	// Unexplored: the runs that a matcher explores before one of higher
	// priority succeeds are bounded (Berglund et al. 2014).
	Unexplored Proof = "the ambiguity is never explored: a run of higher priority matches first"
)

// A Result is what the analysis says of one pattern: a Proof, Claims, or
// Incomplete.
type Result struct {
	Proof Proof
	// Bound is the most expensive position, for a proof; zero where the automaton
	// bounds the number of runs and gives no constant.
	Bound ambiguity.Bound
	// Costly is the claim that the bound is too large to be paid, for a proof
	// without a Bound, or with one that exceeds CostlyPosition; nil otherwise.
	Costly *Claim
	// Copies is the number of characters that a backreference may stand for,
	// each with runs of its own, where the proof is for one at a time; else 0.
	Copies float64
	// Claims are the ways in which the time may grow, worst first.
	Claims []Claim
	// Incomplete says what kept the analysis from an answer.
	Incomplete *Reason
	// Over are constructs that the automaton over-approximates: a claim that
	// is not confirmed may be due to them.
	Over []nfa.Construct
	// Counters are bounded repeats that stand as unbounded ones.
	Counters []nfa.Loop
	// States, Edges and Pairs count the work done.
	States, Edges, Pairs int

	// partial says that a product was given up: there may be more claims.
	partial bool

	re         *syntax.Regexp
	automaton  *nfa.Automaton
	forecaster *attack.Forecaster
	// sketch says that claims get no witnesses.
	sketch bool
}

// stopped is a result that could not be sharpened: what was known stands, and
// what kept it from an answer is the first limit that was reached.
func (r Result) stopped(err error) Result {
	if r.Incomplete == nil {
		r.Incomplete = reason(err)
	}
	return r
}

// Growth is the worst growth that is claimed: an upper bound for the true one,
// exponential where some of the claims are missing.
func (r Result) Growth() ambiguity.Growth {
	if r.partial {
		return ambiguity.Growth{Class: ambiguity.Exponential}
	}
	worst := ambiguity.Growth{Class: ambiguity.Linear, Exponent: 1}
	for _, c := range r.Claims {
		if c.Growth.Worse(worst) {
			worst = c.Growth
		}
	}
	return worst
}

// A Claim is a super-linear growth that the automaton allows.
type Claim struct {
	Cause  Cause
	Growth ambiguity.Growth
	// Spans are the competing parts of the pattern, most competing first.
	Spans []syntax.Span
	// Witnesses are attacks that should show it, fittest first. There may be
	// none: every run may be bound to succeed.
	Witnesses []attack.Witness
}

// A Reason says what kept an analysis from an answer.
type Reason struct {
	// Limit and Value name the limit that was reached, "" when none was.
	Limit string
	Value int64
	// Construct names the part of the pattern that has no automaton, "" when
	// there is none, and Span where it stands.
	Construct string
	Span      syntax.Span
}

// Analyze applies the ambiguity criteria to all runs of a pattern.
func Analyze(re *syntax.Regexp) Result { return analyze(re, false) }

// Sketch is Analyze without the witnesses of claims, which take most of its time:
// for patterns of which only the growth is asked.
func Sketch(re *syntax.Regexp) Result { return analyze(re, true) }

func analyze(re *syntax.Regexp, sketch bool) Result {
	a, err := nfa.Lower(re)
	if err != nil {
		return Result{Incomplete: reason(err), forecaster: attack.NewForecaster(nil)}
	}
	r := Result{sketch: sketch, forecaster: attack.NewForecaster(a), Over: a.Over, Counters: a.Counters, States: len(a.States), Edges: a.Edges, re: re, automaton: a}
	whole, err := walking(a)
	if err != nil {
		return r.stopped(err)
	}
	report, err := ambiguity.Analyze(whole.Automaton)
	r.Pairs = report.Pairs
	if err != nil {
		r.Incomplete, r.partial = reason(err), true
	} else if !report.Exponential() && report.Degree() == 0 {
		return r.proved(Unambiguous, whole.Automaton, report.Forced > 0)
	}
	r.Claims = claims(whole.Automaton, report, r.builder(whole, report, a))
	return r
}

// A composed automaton is one with its walks, where it has any.
type composed struct {
	*nfa.Automaton
	walks *ambiguity.Walking
}

// walking adds to an automaton the walks of its lookbehinds.
func walking(a *nfa.Automaton) (composed, error) {
	if len(a.Walks) == 0 {
		return composed{Automaton: a}, nil
	}
	w, err := ambiguity.WithWalks(a)
	if err != nil {
		return composed{}, err
	}
	return composed{w.Automaton, w}, nil
}

// builder makes the witnesses of an automaton's claims, nil for a sketch.
func (r Result) builder(c composed, report *ambiguity.Report, base *nfa.Automaton) *attack.Builder {
	if r.sketch {
		return nil
	}
	return &attack.Builder{Graph: c.Automaton, Report: report, Base: base, Walking: c.walks, Forecaster: r.forecaster}
}

// Forecaster foretells what attacks on the pattern cost. It knows nothing where
// the pattern has no automaton.
func (r Result) Forecaster() *attack.Forecaster { return r.forecaster }

// maxBrief is the number of states up to which a growth that is known already
// is looked at more sharply.
const maxBrief = 60

// Sharpen applies the criteria to the runs that a matcher explores before a
// run of higher priority succeeds. It is for results whose claims were not
// confirmed, or not in full: then it is brief.
func (r Result) Sharpen(brief bool) Result {
	a := r.automaton
	if a == nil || a.NoPrune && !a.Global || len(r.Claims) == 0 || brief && (a.Global || len(a.States) > maxBrief) {
		return r
	}
	if exact := r.foreseen(brief); exact != nil {
		a, r.automaton, r.forecaster = exact, exact, attack.NewForecaster(exact)
		if whole, err := walking(a); err == nil {
			if report, err := ambiguity.Analyze(whole.Automaton); err == nil && !report.Exponential() && report.Degree() == 0 {
				return r.proved(Unambiguous, whole.Automaton, report.Forced > 0)
			}
		}
	}
	if a.Global {
		// What a match cuts off can be told only where the search goes on
		// behind it.
		restarting, err := nfa.LowerGlobal(r.re)
		if err != nil || restarting.NoPrune {
			return r
		}
		a = restarting
	}
	sharp := r.explored(a, brief)
	if brief || sharp.Proof != "" {
		return sharp
	}
	return sharp.weighed()
}

// explored applies the criteria to the explored part of an automaton.
func (r Result) explored(a *nfa.Automaton, brief bool) Result {
	explore, analyze := ambiguity.Explore, ambiguity.Analyze
	if brief {
		explore, analyze = ambiguity.ExploreBriefly, ambiguity.AnalyzeBriefly
	}
	x, err := explore(a)
	if err != nil {
		return r.stopped(err)
	}
	whole, err := walking(x.Automaton)
	if err != nil {
		return r.stopped(err)
	}
	// What is known of the run that ends the search is worth trying first.
	part, split := whole, x.Split()
	if split != x {
		if part, err = walking(split.Automaton); err != nil {
			return r.stopped(err)
		}
	}
	report, err := analyze(part.Automaton)
	r.Pairs += report.Pairs
	if err != nil && split != x {
		part, split = whole, x
		report, err = analyze(part.Automaton)
		r.Pairs += report.Pairs
	}
	if err != nil && brief {
		return r.stopped(err)
	}
	r.Claims, r.Incomplete, r.partial = nil, nil, err != nil
	if err != nil {
		r.Incomplete = reason(err)
	} else if !report.Exponential() && report.Degree() == 0 {
		return r.proved(Unexplored, whole.Automaton, report.Forced > 0 || split != x)
	}
	x = split
	b := r.builder(part, report, a)
	if b != nil {
		b.Runs = x.Failing
	}
	r.Claims = claims(part.Automaton, report, b)
	return r
}

// weighed applies the criteria to one captured character at a time, where a
// backreference may stand for very many. Without a proof its claims are added.
func (r Result) weighed() Result {
	a, err := nfa.LowerWeighed(r.re, r.approximates(nfa.Lookahead))
	if a == nil || err != nil {
		return r
	}
	one := r
	one.automaton, one.forecaster, one.Over = a, attack.NewForecaster(a), a.Over
	whole, err := walking(a)
	if err != nil {
		return r
	}
	report, err := ambiguity.Analyze(whole.Automaton)
	one.Pairs += report.Pairs
	if err == nil && !report.Exponential() && report.Degree() == 0 {
		return one.proved(Unambiguous, whole.Automaton, report.Forced > 0)
	}
	if one = one.explored(a, false); one.Proof != "" {
		return one
	}
	r.Pairs = one.Pairs
	r.Claims = slices.Concat(r.Claims, one.Claims)
	return r
}

// approximates reports whether the automaton over-approximates a construct.
func (r Result) approximates(name string) bool {
	return slices.ContainsFunc(r.Over, func(c nfa.Construct) bool { return c.Name == name })
}

// foreseen is the automaton with exact lookaheads, nil where it has none that
// the plain one approximates, or too many states.
func (r Result) foreseen(brief bool) *nfa.Automaton {
	if brief || !r.approximates(nfa.Lookahead) {
		return nil
	}
	a, err := nfa.LowerForesight(r.re)
	if err != nil {
		return nil
	}
	return a
}

// CostlyPosition is the number of ε-instructions at one position of the input
// above which a bound is looked at as an attack: a quarter of the 10,000 steps
// a byte that count as super-linear (DESIGN section 2), since an instruction
// stands for up to four steps.
const CostlyPosition = 2_500

// proved is a result with a proof. free says that the automaton may have runs
// which no matcher makes: it leaves copies where none does, or goes on from a
// match to fall back to. Then they may bound nothing.
func (r Result) proved(p Proof, a *nfa.Automaton, free bool) Result {
	r.Proof, r.Copies = p, a.Copies
	if free && !ambiguity.Bounded(a) {
		r.Costly = &Claim{Cause: Counter, Growth: ambiguity.Growth{Class: ambiguity.Polynomial, Exponent: 2}, Spans: repeats(a)}
		return r
	}
	r.Bound = ambiguity.BoundRuns(a)
	if r.Bound.PerPosition > CostlyPosition {
		b := &attack.Builder{Graph: a, Base: r.automaton}
		var ws []attack.Witness
		for _, way := range r.Bound.Ways {
			if way.Total > CostlyPosition && len(way.Pump) > 0 {
				ws = append(ws, b.Repeat(way.Prefix, way.Pump))
			}
		}
		r.Costly = &Claim{
			Cause:     Counter,
			Growth:    ambiguity.Growth{Class: ambiguity.Polynomial, Exponent: 2},
			Spans:     repeats(a),
			Witnesses: ws,
		}
	}
	return r
}

func reason(err error) *Reason {
	var lowering *nfa.LimitError
	var products *ambiguity.LimitError
	var unsupported *nfa.UnsupportedError
	switch {
	case errors.As(err, &lowering):
		return &Reason{Limit: lowering.Limit, Value: lowering.Value}
	case errors.As(err, &products):
		return &Reason{Limit: products.Limit, Value: products.Value}
	case errors.As(err, &unsupported):
		return &Reason{Construct: unsupported.Construct.Name, Span: unsupported.Construct.Span}
	}
	return &Reason{Construct: err.Error()}
}
