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

// TestCounterFixedCost: what a pattern costs before it looks at its second byte
// is no growth. (Random patterns found it.)
func TestCounterFixedCost(t *testing.T) {
	p := corpus.Pattern{Text: `(?:(?:(?:\b){1,2}(?:\b|\b)){2,}(?:b)*){2,}`, Dialect: corpus.Ruby, Mode: corpus.Full}
	if v := Analyze(p, Options{}); v.Kind != Linear || v.StepsPerByte < 2_000 {
		t.Errorf("%s: %s with %.3g steps a byte, want linear, and its cost said", p.Text, v.Kind, v.StepsPerByte)
	}
}

// TestCounterSizes: past its bound a counter's cost is linear, or a constant;
// no law of what came before it holds there.
func TestCounterSizes(t *testing.T) {
	for _, c := range []struct {
		pattern string
		sizes   map[uint64][2]int // least and most bytes by steps, -1 for none
	}{
		{`^(?:a?){20}b`, map[uint64][2]int{1e5: {5, 5}, 1e8: {-1, -1}}}, // 9.5·10⁶ steps on any aⁿ
		{`(?:a?){30}a{30}`, map[uint64][2]int{1e5: {4, 4}, 1e7: {6, 6}, 1e8: {7, 9}}},
		{`(?:a?){12}b`, map[uint64][2]int{1e8: {3_000, 5_000}}}, // each start costs some 27,000
	} {
		v := Analyze(corpus.Pattern{Text: c.pattern, Dialect: corpus.PCRE}, Options{})
		if v.Kind != Superlinear || v.Cause != "counter" {
			t.Errorf("%s: %s (%s), want superlinear by counter", c.pattern, v.Kind, v.Cause)
		}
		for _, s := range v.Sizes {
			if want, ok := c.sizes[s.Steps]; ok && (s.Bytes < want[0] || s.Bytes > want[1]) {
				t.Errorf("%s: %d steps at %d bytes, want %d to %d", c.pattern, s.Steps, s.Bytes, want[0], want[1])
			}
		}
	}
}

// TestFixedCosts: a pattern that costs 31,000 steps on two bytes, and 6,312 on
// any longer input of the family, is no finding. (Random patterns found it.)
func TestFixedCosts(t *testing.T) {
	p := corpus.Pattern{Text: `(?:(?:(?:\b(?:\b|c)|b*)){0,3}){2,}`, Dialect: corpus.PCRE, Mode: corpus.Full}
	v := Analyze(p, Options{})
	if v.Kind == Superlinear && v.Samples[len(v.Samples)-1].Cost.Steps < counterLeast {
		t.Errorf("%v by %v: %v", v.Growth, v.Witnesses[0], v.Samples)
	}
}

// TestTables: every finding comes with at least six samples, each longer and
// more expensive than the one before, as the contract of the rows says: those
// of fast exponentials too, of counters that pass every budget at once, and of
// attacks that cost less at some sizes.
func TestTables(t *testing.T) {
	for _, text := range []string{
		`a+b`, `^(?:a?){20}b`, `(a?){30}a{30}b`, `(?:a{1,100}){1,100}b`,
		`\x20\x00([^\x00].|.[^\x00]){255}`,
		`(\s*(/\*(.*?\s*?)*\*/)*)*`, `(((.*)*)*x)Ā`, `^((a|a|a)*)*b`,
		`^(?:\d+|\d+..\d+)(?:,(\d+|\d+..\d+))*$`,
		`((?:^|\r?\n|\r)([\t ]*)(?:[~-]|[&!]?=)).*,[\t ]*((?:\r?\n|\r)\2[\t ]+.*,[\t ]*)*((?:\r?\n|\r)\2[\t ]+.+)`,
	} {
		v := Analyze(corpus.Pattern{Text: text, Dialect: corpus.PCRE, Mode: corpus.Search}, Options{})
		if v.Kind != Superlinear {
			t.Errorf("%s: %s %+v", text, v.Kind, v.Reason)
			continue
		}
		if len(v.Samples) < leastRows || len(v.Samples) > tableRows {
			t.Errorf("%s: %d samples", text, len(v.Samples))
		}
		for i, s := range v.Samples {
			if s.Bytes != v.Witnesses[0].Len(s.N) {
				t.Errorf("%s: %+v is no sample of %v", text, s, v.Witnesses[0])
			}
			if i > 0 && (s.N <= v.Samples[i-1].N || s.Bytes <= v.Samples[i-1].Bytes || s.Cost.Steps <= v.Samples[i-1].Cost.Steps) {
				t.Errorf("%s: %+v after %+v", text, s, v.Samples[i-1])
			}
		}
	}
}
