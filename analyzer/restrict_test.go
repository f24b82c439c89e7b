package analyzer

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestUnder holds proofs and claims on subjects over [a-z] and blanks, no two
// of these in a row.
func TestUnder(t *testing.T) {
	yes := []bool{true, true}
	l := nfa.Language{
		Kinds: []charset.Set{charset.Runes(' '), charset.Of(charset.Range{Lo: 'a', Hi: 'z'})},
		First: yes, Next: [][]bool{{false, true}, yes},
	}
	for _, c := range []struct {
		pattern string
		proof   Proof
	}{
		{`\s+\s+x`, Unambiguous},
		{`\s*x`, Unambiguous},
		{`(?:[A-Z]+)+x`, Unambiguous},
		{`(?: +)+x`, Unambiguous},
		{`(?: |\t)*(?: |\t)*x`, Unambiguous},
		{`(?:A|a)+`, Unexplored}, // it matches at once
		{`(?:a+)+x`, ""},
		{`(?: a)*(?: a)*x`, ""}, // blanks apart
		{`\w+\d`, ""},
	} {
		re, err := syntax.Parse(corpus.Pattern{Text: c.pattern, Dialect: corpus.PCRE})
		if err != nil {
			t.Fatal(err)
		}
		r := Analyze(re).Under(l)
		if r.Proof != c.proof {
			t.Errorf("%s: proof %q, expected %q", c.pattern, r.Proof, c.proof)
		}
		if (r.Proof == "") != (len(r.Claims) > 0) {
			t.Errorf("%s: proof %q and %d claims", c.pattern, r.Proof, len(r.Claims))
		}
		for _, claim := range r.Claims {
			for _, w := range claim.Witnesses {
				was := byte('x')
				for _, b := range w.Bytes(5) {
					if b != ' ' && (b < 'a' || b > 'z') || b == ' ' && was == ' ' {
						t.Errorf("%s: witness %q holds %q behind %q", c.pattern, w.Bytes(5), b, was)
					}
					was = b
				}
			}
		}
	}
}
