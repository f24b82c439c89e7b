package verdict

import (
	"fmt"
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// Shared keeps what was found out about patterns, for others that differ in
// what only their hosts know, such as flags that change nothing in the tree:
// ^ $ and . are the only ones that see (?msD). The zero value is empty. It is
// not for several goroutines.
type Shared struct{ studies map[string]*study }

// A study is what the reference matcher and the analysis say of a tree,
// whatever engine it runs on and whatever its input goes through.
type study struct {
	// verdict has no Pattern, no Targets and no Reach.
	verdict Verdict
	result  analyzer.Result
	prog    *backtrack.Program
	// others are attacks beside those of the verdict, found when asked for.
	others func() []attack.Witness
}

// seenInTree are flags that do nothing but change the tree.
const seenInTree = corpus.DotAll | corpus.Multiline | corpus.DollarEndOnly

// study is the study of a tree, made by make where the options share none.
func (s *Shared) study(re *syntax.Regexp, o Options, make func() *study) *study {
	if s == nil {
		return make()
	}
	p := re.Pattern
	key := fmt.Sprintf("%q %s %s %s %+v %d %d %t %s", p.Text, p.Dialect, p.Mode, re.Flags&^seenInTree, re.Options, o.InputLimit, o.Steps, o.Verify, re.Dump())
	known := s.studies[key]
	if known == nil {
		if s.studies == nil {
			s.studies = map[string]*study{}
		}
		known = make()
		s.studies[key] = known
	}
	return known
}

// newStudy analyses a pattern, replays what is claimed, asks again with
// priorities where that was not confirmed in full, and searches where nothing
// is known.
func newStudy(re *syntax.Regexp, o Options) *study {
	prog, err := backtrack.Compile(re)
	if err != nil {
		return &study{verdict: Verdict{}.uncompiled(err)}
	}
	replay := newReplay(re, prog, o)
	r, best := replay.claims(re)
	var worst engines.Sample // the largest cost that a search saw, where one was made
	switch {
	case best == nil && r.Costly != nil:
		best, worst = replay.counter(re, *r.Costly)
	case best == nil && r.Proof == "":
		best = replay.search(re, r)
	}
	return newJoined(re, replay, r, best, worst)
}

// newJoined is the study of what the analysis said and what was seen to grow.
// worst is the input of the largest cost for a byte that a search saw, nothing
// where none was made.
func newJoined(re *syntax.Regexp, replay *replay, r analyzer.Result, best *finding, worst engines.Sample) *study {
	v := Verdict{Stats: Stats{States: r.States, Transitions: r.Edges, Pairs: r.Pairs, ReplaySteps: replay.spent + replay.followed}}
	switch {
	case best != nil:
		v = v.superlinear(replay, replay.shrink(best), r.Growth())
	case r.Costly != nil && r.Copies > 0:
		v = v.unknown(Reason{Code: "construct", Limit: "characters of a backreference", Value: int64(r.Copies), Offset: re.Root.Span.Start,
			Message: fmt.Sprintf("a backreference may stand for %.0f characters: matching is linear for each of them, and a subject that uses very many may cost more for each byte than a linear pattern", r.Copies)})
	case doubtful(worst):
		v = v.unknown(Reason{Code: "unconfirmed", Limit: "steps for each byte", Value: counterPerByte, Offset: -1,
			Message: "the number of runs is bounded, one input costs more than the bound of a linear pattern, and no attack showed how it grows"})
	case r.Proof != "":
		v = v.linear(r, worst)
	default:
		v = v.unproved(r)
	}
	return &study{verdict: v, result: r, prog: replay.prog, others: v.unneeded(re, replay.first)}
}

// on is the verdict of a study for one pattern, its engines and its hosts.
func (s *study) on(p corpus.Pattern, re *syntax.Regexp, o Options) Verdict {
	v := s.verdict
	v.Pattern, v.Spans = p, slices.Clone(v.Spans)
	if v.Reason != nil {
		own := *v.Reason
		v.Reason = &own
	}
	if v.Kind == Superlinear || v.Kind == Linear {
		v = v.onTargets(re, s.others, o)
	}
	if v.Kind == Superlinear {
		v = v.reached(s.result, re, s.prog, o)
	}
	return v
}
