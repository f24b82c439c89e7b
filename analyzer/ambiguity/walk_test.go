package ambiguity

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestWalkDegrees: the degree of a pattern with its walks is one less than the
// exponent of the matching time, whether walks are long, many, or ambiguous.
func TestWalkDegrees(t *testing.T) {
	const forked = -1
	for _, c := range []struct {
		text   string
		degree int
	}{
		{`^(?<=a*)b`, 0},           // entered once, at the start
		{`a(?<=b*a)`, 0},           // back over b's that no other walk goes over
		{`y(?<=x[^y]*y)`, 0},       // as long as it is rare
		{`(?<=x[^y]*)a`, 1},        // long and everywhere
		{`a(?<=x[^y]*)`, 1},        // everywhere on a's
		{`(?<=a+?)b`, 0},           // holds at once
		{`(?<!a+?)b`, 0},           // fails at once
		{`z(?<=ca*a*z)`, 1},        // quadratic, entered once
		{`(?<=ca*a*)z`, 2},         // and everywhere
		{`^a*(?<=c[ab]*)b*d`, 1},   // after each a
		{`^a*b(?<=c[ab]*)a*d`, 0},  // once, after the b
		{`^(?:a|b(?<=ca*b))*d`, 0}, // between two b's
		{`a(?<=^(a|a)*b)`, 0},      // never past the a
		{`(?<=^(a|a)*b)c`, forked},
		{`(?<=(?:a|aa)*)b`, 1}, // holds whatever it reads first
	} {
		re, err := syntax.Parse(corpus.Pattern{Text: c.text, Dialect: corpus.ECMAScript, Mode: corpus.Search})
		if err != nil {
			t.Fatal(err)
		}
		a, err := nfa.Lower(re)
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		w, err := WithWalks(a)
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		r, err := Analyze(w.Automaton)
		if err != nil {
			t.Fatal(err)
		}
		got := r.Degree()
		if r.Exponential() {
			got = forked
		}
		if got != c.degree {
			t.Errorf("%s: degree %d, want %d\n%s", c.text, got, c.degree, w)
		}
	}
}

// TestWalkStates: pairs are made backwards from the arrivals, so that no walk is
// on its way that begins nowhere.
func TestWalkStates(t *testing.T) {
	re, err := syntax.Parse(corpus.Pattern{Text: `a(?<=^(a|a)*b)`, Dialect: corpus.DotNet, Mode: corpus.Match})
	if err != nil {
		t.Fatal(err)
	}
	a, err := nfa.Lower(re)
	if err != nil {
		t.Fatal(err)
	}
	w, err := WithWalks(a)
	if err != nil {
		t.Fatal(err)
	}
	// The automaton, what is paid, and one pair: behind the a, at the body's end.
	if got, want := len(w.States), len(a.States)+2; got != want {
		t.Errorf("%d states, want %d\n%s", got, want, w)
	}
	for s, m := range w.Main {
		if (m == -1) != (int32(s) == w.Paid) || m >= int32(len(a.States)) || s < len(a.States) && m != int32(s) {
			t.Errorf("state %d stands for %d", s, m)
		}
	}
}
