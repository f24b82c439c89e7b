package analyzer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

func parse(t testing.TB, text string, mode corpus.Mode) *syntax.Regexp {
	t.Helper()
	re, err := syntax.Parse(corpus.Pattern{Text: text, Dialect: corpus.PCRE, Mode: mode})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return re
}

// describe is the first claim in words: cause, growth, competing parts.
func describe(text string, r Result) string {
	if r.Incomplete != nil {
		return "incomplete: " + r.Incomplete.Limit + r.Incomplete.Construct
	}
	if r.Proof != "" {
		return map[Proof]string{Unambiguous: "unambiguous", Unexplored: "unexplored"}[r.Proof]
	}
	c := r.Claims[0]
	var parts []string
	for _, s := range c.Spans {
		parts = append(parts, text[s.Start:s.End])
	}
	return fmt.Sprintf("%s %s %d: %s", c.Cause, c.Growth.Class, c.Growth.Exponent, strings.Join(parts, " | "))
}

// TestUnsupported: a construct without an automaton is named, with its place.
func TestUnsupported(t *testing.T) {
	re, err := syntax.Parse(corpus.Pattern{Text: `x(?<=(a)*\1)b`, Dialect: corpus.ECMAScript})
	if err != nil {
		t.Fatal(err)
	}
	r := Analyze(re)
	if r.Incomplete == nil || r.Incomplete.Construct != "reference in a lookbehind of unbounded length" || r.Incomplete.Span != (syntax.Span{Start: 1, End: 12}) {
		t.Errorf("got %+v", r.Incomplete)
	}
}

// TestAnalyze is a table: what all runs allow, and what those allow that are
// explored, where that is asked.
func TestAnalyze(t *testing.T) {
	for _, c := range []struct{ text, all, explored string }{
		{`^ab`, "unambiguous", ""},
		{`ab`, "unambiguous", ""},
		{`^a*b`, "unambiguous", ""},
		{`^(a*)*$`, "nested exponential 0: (a*)* | a*", "nested exponential 0: (a*)* | a*"},
		{`^(a|a)*$`, "nested exponential 0: (a|a)*", ""},
		{`^(?:a|ab|b)*$`, "nested exponential 0: a | (?:a|ab|b)* | a", ""},
		{`(a+)+`, "nested exponential 0: (a+)+ | a+", "unexplored"},
		{`.*.*`, "adjacent polynomial 3: .* | .*", "unexplored"},
		{`^a*a*b`, "adjacent polynomial 2: a* | a*", ""},
		{`^a*a*a*b`, "adjacent polynomial 3: a* | a* | a*", ""},
		{`a+b`, "rescan polynomial 2: a+", ""},
		{`a+b+c`, "rescan polynomial 2: a+", ""},
		{`^(?:(?=a*b)a)*c`, "assertion polynomial 2: a* | (?:(?=a*b)a)*", ""},
		{`^(a+)\1*b`, "backreference polynomial 2: \\1* | a+", ""},
		{`^(a*)\1\1\1b`, "backreference polynomial 2: \\1 | a*", ""},
		{`(a*)\1\1b`, "backreference polynomial 3: \\1 | a*", ""},
		{`^(a+)(a+)\1\2c`, "backreference polynomial 3: \\1 | a+ | a+", ""},
		{`^([ \t]*)x\n\1[ \t]+y`, "unambiguous", ""},
		{`(?m)^([ \t]*):(?:\n\1[ \t]+.+)+`, `backreference exponential 0: [ \t]+ | (?:\n\1[ \t]+.+)+ | .+`, "unexplored"},
		{`(?m)^([ \t]*):(?:\n\1[ \t]+.+)+x`, `backreference exponential 0: [ \t]+ | (?:\n\1[ \t]+.+)+ | .+`, `backreference exponential 0: [ \t]+ | (?:\n\1[ \t]+.+)+ | .+`},
		{`(["'])(?:\\\1|(?!\1).)*\1`, `rescan polynomial 2: (?:\\\1|(?!\1).)*`, "unexplored"},
		{`%([a-u])(?:[^\\]|\\.)*?\1`, `rescan polynomial 2: (?:[^\\]|\\.)*?`, "unexplored"},
		{`^(?:ab){9000}c(?:ab)*ab`, "unambiguous", ""},
	} {
		t.Run(c.text, func(t *testing.T) {
			re, err := syntax.Parse(corpus.Pattern{Text: c.text, Dialect: corpus.PCRE, Mode: corpus.Search})
			if err != nil {
				t.Fatal(err)
			}
			r := Analyze(re)
			if got := describe(c.text, r); got != c.all {
				t.Errorf("all runs: got %q, want %q", got, c.all)
			}
			if c.explored == "" {
				return
			}
			if got := describe(c.text, r.Sharpen(false)); got != c.explored {
				t.Errorf("explored: got %q, want %q", got, c.explored)
			}
		})
	}
}

// TestClaims: spans of claims are parts of the pattern, and
// claims stand worst first, with at least one attack where none must succeed.
func TestClaims(t *testing.T) {
	for _, text := range []string{`(a*)*b`, `\s+$`, `^(\d+\.?\d*)\s+(\d+\.?\d*)\s+(\d+\.?\d*)x`, `(x+x+)+y`, `(?:a+b?)*c.*d`, `(.*)=(.*);(.*)`, `([ab]+)\1c`} {
		r := Analyze(parse(t, text, corpus.Search))
		if len(r.Claims) == 0 {
			t.Errorf("%s: no claims", text)
			continue
		}
		if !slices.IsSortedFunc(r.Claims, func(a, b Claim) int {
			switch {
			case a.Growth.Worse(b.Growth):
				return -1
			case b.Growth.Worse(a.Growth):
				return 1
			}
			return 0
		}) {
			t.Errorf("%s: claims are not worst first", text)
		}
		for _, c := range r.Claims {
			if len(c.Spans) == 0 || len(c.Witnesses) == 0 {
				t.Errorf("%s: %s with %d spans and %d witnesses", text, c.Cause, len(c.Spans), len(c.Witnesses))
			}
			for _, s := range c.Spans {
				if s.Start < 0 || s.Start >= s.End || s.End > len(text) {
					t.Errorf("%s: span %v", text, s)
				}
			}
			for _, w := range c.Witnesses {
				if w.PumpLen() == 0 {
					t.Errorf("%s: the attack %+v does not grow", text, w)
				}
			}
		}
	}
}

// TestHostile: patterns made to be large end in a result or in a limit with a
// name.
func TestHostile(t *testing.T) {
	// The explored parts of the largest take seconds.
	const sharpened = 300
	if _, err := syntax.Parse(corpus.Pattern{Text: strings.Repeat("(", 500) + "a" + strings.Repeat(")", 500), Dialect: corpus.PCRE}); err == nil {
		t.Error("500 nested groups are read")
	}
	groups := func(n int, body string) string { return strings.Repeat("(", n) + body + strings.Repeat(")", n) }
	var many []string
	for i := range 2000 {
		many = append(many, fmt.Sprintf("w%dx", i))
	}
	for _, c := range []struct{ name, text, want string }{
		{"nullable repeat", `(?:a?b?c?d?){5000}`, "incomplete: a large repeat of what may be empty"},
		{"repeat of repeats", `(a{1,1000}){1,1000}`, ""},
		{"groups", groups(240, "a"), "unambiguous"},
		{"starred groups", strings.Repeat("(", 100) + "a" + strings.Repeat(")*", 100), ""},
		{"alternatives", "(?:" + strings.Join(many, "|") + ")*y", ""},
		{"adjacent", strings.Repeat(`\s*`, 300) + "x", ""},
		{"adjacent dots", strings.Repeat(`.*a`, 40) + "x", ""},
		{"nullable alternatives", "^" + strings.Repeat("(?:a|b|)", 200) + "c", ""},
		{"lookarounds", strings.Repeat("(?=a*b)", 200) + "c", ""},
		{"references", strings.Repeat("(a*)", 25) + strings.Repeat(`\1`, 25) + "c", ""},
		{"calls", "(a(?1)?b|c)" + strings.Repeat("(?1)", 200), ""},
		{"lookbehinds", strings.Repeat("(?<=ab|abc|.{9})x?", 60), ""},
		{"conditionals", strings.Repeat("(a)?(?(1)b|c)", 60), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Analyze(parse(t, c.text, corpus.Search))
			if r.Incomplete != nil && r.Incomplete.Limit == "" && r.Incomplete.Construct == "" {
				t.Error("incomplete without a name")
			}
			if r.Proof == "" && r.Incomplete == nil && len(r.Claims) == 0 {
				t.Error("neither a proof nor a claim nor a reason")
			}
			got := "claims"
			if r.Incomplete != nil || r.Proof != "" {
				got = describe(c.text, r)
			}
			t.Logf("%s: %d states, %d edges, %d pairs", got, r.States, r.Edges, r.Pairs)
			if c.want != "" && got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if r.States > sharpened {
				return
			}
			s := r.Sharpen(false)
			if s.Incomplete != nil && s.Incomplete.Limit == "" && s.Incomplete.Construct == "" {
				t.Error("incomplete without a name when sharpened")
			}
		})
	}
}

// A sketch says what the analysis says, without witnesses.
func TestSketch(t *testing.T) {
	for _, text := range []string{`(?:a+)+b`, `^\w+\s*[a-z]*\s*$`, `a.*b.*c`, `abc`, `(?:x|a*)a*$`, `(a*)\1b`} {
		re, err := syntax.Parse(corpus.Pattern{Text: text, Dialect: corpus.PCRE})
		if err != nil {
			t.Fatal(err)
		}
		full, sketch := Analyze(re), Sketch(re)
		for _, sharp := range []bool{false, true} {
			if sharp {
				full, sketch = full.Sharpen(true), sketch.Sharpen(true)
			}
			if full.Proof != sketch.Proof || full.Growth() != sketch.Growth() || len(full.Claims) != len(sketch.Claims) {
				t.Errorf("%q, sharpened %t: %q %v, in a sketch %q %v", text, sharp, full.Proof, full.Growth(), sketch.Proof, sketch.Growth())
				continue
			}
			for i, c := range sketch.Claims {
				if f := full.Claims[i]; len(c.Witnesses) > 0 || c.Cause != f.Cause || c.Growth != f.Growth || !slices.Equal(c.Spans, f.Spans) {
					t.Errorf("%q, sharpened %t: claim %d is %v, in a sketch %v", text, sharp, i, f, c)
				}
			}
		}
	}
}
