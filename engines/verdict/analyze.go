package verdict

import (
	"errors"
	"fmt"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// Analyze gives a pattern its verdict: parse, study the tree, try what grows on
// the models of its engines, and send it through its rule's transformations.
func Analyze(p corpus.Pattern, o Options) Verdict {
	v := Verdict{Pattern: p}
	if p.Context.Macro {
		return v.unknown(Reason{Code: "macro", Offset: -1, Message: "the host expands a %{macro} in the pattern: what runs is not this text"})
	}
	re, err := syntax.Parse(p)
	if err != nil {
		return v.invalid(err)
	}
	if o.Search == nil {
		return o.Shared.study(re, o, func() *study { return newStudy(re, o) }).on(p, re, o)
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		return v.uncompiled(err)
	}
	return v.guided(re, newReplay(re, prog, o), o)
}

// claims analyses the pattern and replays what is claimed: the worst growth
// that was confirmed, nil where none was.
func (r *replay) claims(re *syntax.Regexp) (analyzer.Result, *finding) {
	res := analyzer.Analyze(re)
	r.first = &res
	r.forecast = res.Forecaster()
	best := r.confirm(res.Claims)
	if res.Proof == "" && (best == nil || res.Growth().Worse(best.growth)) {
		if res = res.Sharpen(best != nil); best == nil || res.Growth().Worse(best.growth) {
			r.forecast = res.Forecaster()
			best = r.confirm(res.Claims)
		}
	}
	return res, best
}

// linear is the verdict of a proof. worst is the largest cost of a byte that a
// search saw, nothing where none was made and the automaton's bound is given.
func (v Verdict) linear(r analyzer.Result, worst engines.Sample) Verdict {
	v.Kind, v.Proof = Linear, string(r.Proof)
	v.Growth = engines.Growth{Class: engines.Linear, Exponent: 1}
	v.StepsPerByte = r.Bound.PerPosition * stepsPerInstruction
	v.StepsPerByteProved = r.Bound.Proved
	if worst.Cost.Steps > 0 {
		v.StepsPerByte, v.StepsPerByteProved = float64(worst.Cost.Steps)/float64(worst.Bytes+1), false
	}
	return v
}

func (v Verdict) superlinear(replay *replay, best *finding, claimed engines.Growth) Verdict {
	v.Kind = Superlinear
	v.Growth = best.growth
	if best.growth.Class == engines.Polynomial && claimed.Class == engines.Polynomial && claimed.Exponent != best.growth.Exponent {
		v.ClaimedExponent = claimed.Exponent
	}
	v.Cause, v.Spans = string(best.claim.Cause), best.claim.Spans
	v.Witnesses = append(v.Witnesses, best.witness)
	for _, f := range replay.others() {
		v.Witnesses = append(v.Witnesses, f.witness)
	}
	v.Samples = replay.table(best)
	v.Sizes = replay.sizes(best)
	v.Stats.ReplaySteps = replay.spent + replay.followed
	return v
}

func (v Verdict) unknown(r Reason) Verdict {
	v.Kind, v.Reason = Unknown, &r
	return v
}

func (v Verdict) invalid(err error) Verdict {
	v.Kind = Invalid
	v.Reason = &Reason{Code: "syntax", Offset: -1, Message: err.Error()}
	var syntaxErr *syntax.Error
	if errors.As(err, &syntaxErr) {
		syntaxErr = syntax.Explain(v.Pattern, syntaxErr)
		v.Reason.Message, v.Reason.Offset = syntaxErr.Error(), syntaxErr.Span.Start
		if syntaxErr.Kind == syntax.ErrLimit {
			v.Reason.Code = "limit"
		}
	}
	return v
}

func (v Verdict) uncompiled(err error) Verdict {
	r := Reason{Code: "limit", Offset: -1, Message: err.Error()}
	var limit *backtrack.LimitError
	if errors.As(err, &limit) {
		r.Limit, r.Value = limit.Limit, int64(limit.Value)
	}
	return v.unknown(r)
}

// unproved says why neither a proof nor a confirmed attack was found.
func (v Verdict) unproved(r analyzer.Result) Verdict {
	if inc := r.Incomplete; inc != nil && inc.Limit != "" {
		return v.unknown(Reason{Code: "limit", Limit: inc.Limit, Value: inc.Value, Offset: -1,
			Message: fmt.Sprintf("the analysis reached its limit of %d %s", inc.Value, inc.Limit)})
	} else if inc != nil {
		return v.unknown(Reason{Code: "construct", Offset: inc.Span.Start,
			Message: fmt.Sprintf("%s is not modelled yet", inc.Construct)})
	}
	why := "the automaton allows super-linear growth, and no attack showed it"
	if len(r.Over) > 0 {
		c := r.Over[0]
		return v.unknown(Reason{Code: "construct", Offset: c.Span.Start,
			Message: fmt.Sprintf("%s; %s is approximated", why, c.Name)})
	}
	return v.unknown(Reason{Code: "unconfirmed", Offset: -1, Message: why})
}
