package gate

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// An operator that starts again behind the beginning of a match costs what a
// search costs in which nothing ever matches.
func TestRestarting(t *testing.T) {
	for _, c := range []struct {
		operator, text string
		flags          corpus.Flags
		kind           verdict.Kind
		growth         string
	}{
		{"verifyCC", `\d+`, 0, verdict.Superlinear, "quadratic"},
		{"rx", `\d+`, 0, verdict.Linear, "linear"},
		{"verifyCC", `\d{13,16}`, 0, verdict.Linear, "linear"},
		{"verifySSN", `\d{3}-?\d{2}-?\d{4} # comment`, corpus.Extended, verdict.Linear, "linear"},
		{"verifyCPF", `x\d+`, 0, verdict.Linear, "linear"},
		{"verifySVNR", `^\d+`, 0, verdict.Linear, "linear"},
		{"verifyCC", `(?:x\d+)+`, 0, verdict.Superlinear, "quadratic"},
		{"verifyCC", `(\d`, 0, verdict.Invalid, "linear"},
	} {
		p := corpus.Pattern{Text: c.text, Flags: c.flags, Dialect: corpus.PCRE, Mode: corpus.Global, Context: corpus.Context{Operator: c.operator}}
		v := Guard(verdict.Analyze)(p, verdict.Options{})
		if v.Kind != c.kind || c.kind == verdict.Superlinear && Describe(v.Growth) != c.growth {
			t.Errorf("%s %s: %s %s, want %s %s (%+v)", c.operator, c.text, v.Kind, Describe(v.Growth), c.kind, c.growth, v.Reason)
		}
		if v.Pattern.Text != "" && v.Pattern.Text != c.text {
			t.Errorf("%s: pattern %q", c.text, v.Pattern.Text)
		}
		for _, s := range v.Spans {
			if s.Start < 0 || s.End > len(c.text) || s.Start >= s.End {
				t.Errorf("%s: span %v", c.text, s)
			}
		}
	}
}
