package verdict

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestEntries: a body that is left and entered again, or that stands in several
// places, is another entry of it: its end gives up nothing of the first. Each of
// these is exponential on (aab)ⁿc.
func TestEntries(t *testing.T) {
	for _, text := range []string{
		`(?:(?:(?:b*a)?+|(?:ab)*+)){2,}`,
		`(?:(?:b*a)?+|(?:ab)*+)*`,
		`(?:(?:b*a)?+|(?:ab)*+)+`,
		`(?:(?:b*a)?+|(?:ab)?+)*`,
		`(?:b*a|(?:ab)*+)*`,
		`(?:(?>b*a)|(?>ab))*`,
		`(?:(?>b*a|)|(?>ab))*`,
	} {
		for _, mode := range []corpus.Mode{corpus.Full, corpus.Search} {
			p := corpus.Pattern{Text: "^" + text + "$", Dialect: corpus.PCRE, Mode: mode}
			if v := Analyze(p, Options{}); v.Kind != Superlinear || v.Growth.Class.String() != "exponential" {
				t.Errorf("%s (%s): %s %v %v", p.Text, mode, v.Kind, v.Growth, v.Reason)
			}
		}
	}
	p := corpus.Pattern{Text: `(?:(?:b)*?(?:a+)?+)*?`, Dialect: corpus.PCRE, Mode: corpus.Full}
	if v := Analyze(p, Options{}); v.Kind != Superlinear {
		t.Errorf("%s: %s %v, on bⁿc it is exponential", p.Text, v.Kind, v.Reason)
	}
	// Two copies of one body, one of them reached without the other.
	p = corpus.Pattern{Text: `^(?:(?:(?>a|)|){2}x)*y`, Dialect: corpus.PCRE, Mode: corpus.Search}
	if v := Analyze(p, Options{}); v.Kind != Superlinear {
		t.Errorf("%s: %s %v", p.Text, v.Kind, v.Reason)
	}
}

// TestSettled: where the end of an atomic group surely leads to a match, or to the
// end of the body around it, no other way through its body is explored.
func TestSettled(t *testing.T) {
	for _, row := range []struct {
		text string
		kind Kind
	}{
		{`(?:(?:a)*)*+`, Linear},
		{`(?:aa)*+`, Linear},
		{`(?>(?:(?>a))+)`, Linear},
		{`(?:[ab][ab])*+b?`, Linear},
		{`(?>(?>(?:a|aa)+)*)`, Linear},
		{`(?:(?>(?:a|ab)+)b|a)*`, Superlinear}, // what follows the group may fail
		{`(?:(?:a+)?+b|a)+`, Superlinear},
	} {
		v := Analyze(corpus.Pattern{Text: row.text, Dialect: corpus.PCRE, Mode: corpus.Search}, Options{})
		if v.Kind != row.kind {
			t.Errorf("%s: %s %v %v, want %s", row.text, v.Kind, v.Growth, v.Reason, row.kind)
		}
	}
}
