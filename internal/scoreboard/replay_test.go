package main

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

func replayerOf(t *testing.T, pattern string) *replayer {
	t.Helper()
	re, err := syntax.Parse(corpus.Pattern{Text: pattern, Dialect: corpus.PCRE})
	if err != nil {
		t.Fatal(err)
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		t.Fatal(err)
	}
	return &replayer{runner: prog.NewRunner()}
}

func family1(prefix, pump, suffix string) attack.Witness {
	return attack.Witness{Pumps: []attack.Pump{{Prefix: []byte(prefix), Pump: []byte(pump)}}, Suffix: []byte(suffix)}
}

func TestMeasure(t *testing.T) {
	for _, c := range []struct{ pattern, pump, suffix, want string }{
		{`^(a+)+b`, "a", "c", "exponential"},
		{`a+b`, "a", "", "polynomial 2"},
		{`^a*a*b`, "a", "", "polynomial 2"},
		{`a*a*b`, "a", "", "polynomial 3"},
		{`^a*b`, "a", "", "linear 1"},
		{`a`, "b", "", "linear 1"},
		// The growth ends at the bound, which small counts do not reach.
		{`a{26,}\z`, "a", "", "linear 1"},
		{`a{1,60}b`, "a", "", "linear 1"},
	} {
		growth := replayerOf(t, c.pattern).measure(family1("", c.pump, c.suffix)).growth
		w, exponent := wordOf(growth)
		got := w.show(exponent)
		if w == linear {
			got = "linear 1"
		}
		if got != c.want {
			t.Errorf("%s on %qⁿ%q: %s, want %s", c.pattern, c.pump, c.suffix, got, c.want)
		}
	}
}

// A bound which the usual replay does not reach is found by the deep one.
func TestDeepen(t *testing.T) {
	for _, c := range []struct {
		pattern string
		growing bool
	}{
		{`a{1,3000}b`, false},
		{`a+b`, true},
		{`^(a+)+b`, true},
	} {
		r := replayerOf(t, c.pattern)
		seen := r.measure(family1("", "a", ""))
		if !seen.super() {
			t.Fatalf("%s: the usual replay shows %v, want growth", c.pattern, seen.growth)
		}
		if samples, growing := r.deepen(seen); growing != c.growing {
			t.Errorf("%s: growing %v, want %v: %s", c.pattern, growing, c.growing, samplesOf(samples))
		}
	}
}

func TestNextCount(t *testing.T) {
	n, steps := 1, 0
	for ; n < 1<<17; steps++ {
		next := nextCount(n)
		if next <= n || n >= 40 && next*4 > n*5+4 {
			t.Fatalf("after %d came %d", n, next)
		}
		n = next
	}
	if steps > 100 {
		t.Errorf("%d counts up to %d", steps, n)
	}
}
