package verdict

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestCounterNeverReached: a bound over all runs says nothing of a pattern
// that matches before most of them are tried. What is reported is what a
// search found.
func TestCounterNeverReached(t *testing.T) {
	for _, p := range []string{
		`[xy]{1,256}(\s*?[y]{1,256}){1,2}`, // the shape of a date library's repair: tried for "x" only
		`^(?:a?){20}`,
	} {
		v := Analyze(corpus.Pattern{Text: p, Dialect: corpus.PCRE}, Options{})
		if v.Kind != Linear || v.StepsPerByte <= 0 || v.StepsPerByte > counterPerByte {
			t.Errorf("%s: %s with %.3g steps a byte (proved: %v), want linear and at most %d", p, v.Kind, v.StepsPerByte, v.StepsPerByteProved, counterPerByte)
		}
	}
}
