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
