package main

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// Faults of the analysis cannot be ordered from it: made-up verdicts show that
// each would be seen.
func TestKinds(t *testing.T) {
	grown := func(c engines.Class, exponent int) *track {
		return &track{growth: engines.Growth{Class: c, Exponent: exponent}, samples: []engines.Sample{{N: 1, Bytes: 1}}}
	}
	quadratic := engines.Growth{Class: engines.Polynomial, Exponent: 2}
	linearVerdict := verdict.Verdict{Kind: verdict.Linear, StepsPerByte: 4, StepsPerByteProved: true}
	super := verdict.Verdict{Kind: verdict.Superlinear, Growth: quadratic}
	unknownVerdict := verdict.Verdict{Kind: verdict.Unknown, Reason: &verdict.Reason{Code: "limit", Limit: "states"}}
	none := map[string]*track{}
	for want, j := range map[string]*judgement{
		kindUnsound: {verdict: linearVerdict, peers: none, listed: grown(engines.Polynomial, 2), growing: true},
		kindBounded: {verdict: linearVerdict, peers: none, listed: grown(engines.Polynomial, 2)},
		kindOverrun: {verdict: linearVerdict, peers: none, dearest: engines.Sample{Bytes: 9, Cost: engines.Cost{Steps: 41}}},
		kindMissed:  {verdict: unknownVerdict, peers: map[string]*track{"x": grown(engines.Polynomial, 2)}},
		kindUnknown: {verdict: unknownVerdict, peers: none},
		kindHollow:  {verdict: super, peers: none, claimed: &track{}},
		kindWeaker:  {verdict: super, peers: none, own: grown(engines.Polynomial, 2), listed: grown(engines.Exponential, 0)},
		kindInvalid: {verdict: verdict.Verdict{Kind: verdict.Invalid, Reason: &verdict.Reason{Code: "syntax"}}, peers: none},
		"":          {verdict: super, peers: none, own: grown(engines.Polynomial, 2)},
	} {
		j.dialect = corpus.PCRE
		if got := j.kind(); got != want {
			t.Errorf("kind %q, want %q", got, want)
		}
		tab := newTable("f", "pcre")
		tab.add(j)
		tab.finish()
		if want != "" && !tab.has(want) {
			t.Errorf("%s: not among the table's findings", want)
		}
		if want == kindUnsound && (tab.Listed.Linear != 1 || tab.Listed.Bounded != 0 || tab.Listed.Recall() != 0) {
			t.Errorf("unsound row counted as %+v", tab.Listed)
		}
		if want == kindMissed && (tab.Truth.Unknown != 1 || tab.Truth.Recall() != 0 || tab.UnknownBy["limit states"] != 1) {
			t.Errorf("missed row counted as %+v", tab.Truth)
		}
	}
}

func TestSummarise(t *testing.T) {
	var values []float64
	for i := range 101 {
		values = append(values, float64(100-i))
	}
	if got, want := summarise(values), (summary{N: 101, Median: 50, Mean: 50, P99: 99, Max: 100}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := summarise(nil); got != (summary{}) {
		t.Errorf("of nothing: %+v", got)
	}
}
