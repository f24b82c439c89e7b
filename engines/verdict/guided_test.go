package verdict_test

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

// beyond are patterns on which the guided search alone found faster growth than
// the analysis confirmed when they were seen, at the budget given.
var beyond = []struct {
	text     string
	exponent int // 0 for exponential
	steps    uint64
}{
	{`\s*(!|(?:not))\s*(.*)$`, 3, 1_000_000},
	{`^((?:\D*\d\D*){6,})$`, 3, 10_000_000},
	{`\s*@param\s*\{(.*)}\s*\[?(\w*)]?\s*(.*)?$`, 4, 10_000_000},
	{`^((\W*\{\{.*?\}\} ?.?\/?.?(bps)?\W*)+(\.stignore)?|[^a-zA-Z]+.?[^a-zA-Z]*|[kMGT]?B|Twitter|JS\W?|DEV|https?://\S+)$`, 0, 10_000_000},
}

// TestGuidedBeyond: the verdict has the growth that the search found, and its
// attack costs what its samples say.
func TestGuidedBeyond(t *testing.T) {
	for _, b := range beyond {
		p := corpus.Pattern{Text: b.text, Dialect: corpus.PCRE, Mode: corpus.Search}
		v := verdict.Analyze(p, verdict.Options{Search: &verdict.Search{Seed: 1, Steps: b.steps, Alone: true}})
		want := engines.Growth{Class: engines.Polynomial, Exponent: b.exponent}
		if b.exponent == 0 {
			want = engines.Growth{Class: engines.Exponential}
		}
		if v.Kind != verdict.Superlinear || want.Worse(v.Growth) || v.Searched == nil || want.Worse(v.Searched.Growth) {
			t.Errorf("%s: %s %v; want at least %v", b.text, v.Kind, v.Growth, want)
			continue
		}
		if known := verdict.Analyze(p, verdict.Options{}); want.Worse(known.Growth) {
			t.Logf("%s: the analysis alone says %s %v", b.text, known.Kind, known.Growth)
		}
		re, err := syntax.Parse(p)
		if err != nil {
			t.Fatal(err)
		}
		prog, err := backtrack.Compile(re)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range v.Samples {
			if got := prog.Run(v.Witnesses[0].Bytes(s.N), backtrack.Options{Steps: 1 << 40}).Steps; got != s.Cost.Steps {
				t.Errorf("%s: %d steps at %d, the sample says %d", b.text, got, s.N, s.Cost.Steps)
			}
		}
	}
}

// TestGuidedAlone: without the analysis there is no proof, and what the search
// does not find is unknown, with its budget as the limit.
func TestGuidedAlone(t *testing.T) {
	o := verdict.Options{Search: &verdict.Search{Steps: 30_000, Alone: true}}
	v := verdict.Analyze(corpus.Pattern{Text: "abc", Dialect: corpus.PCRE, Mode: corpus.Search}, o)
	if v.Kind != verdict.Unknown || v.Reason == nil || v.Reason.Limit != "search.steps" || v.Reason.Value != 30_000 {
		t.Errorf("abc: %s, %+v", v.Kind, v.Reason)
	}
	v = verdict.Analyze(corpus.Pattern{Text: "(a+)+b", Dialect: corpus.PCRE, Mode: corpus.Search}, o)
	if v.Kind != verdict.Superlinear || v.Growth.Class != engines.Exponential || v.Searched.Static != "" || v.Searched.Beyond() {
		t.Errorf("(a+)+b: %s %v, %+v", v.Kind, v.Growth, v.Searched)
	}
}
