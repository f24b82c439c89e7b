package fix

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestCheckAgrees holds the second comparison against the first, on pairs that
// are equal, and on pairs that look it.
func TestCheckAgrees(t *testing.T) {
	for _, c := range []struct {
		old, next, flags string
	}{
		{`\s+$`, `\s$`, ""}, {`a+b`, `ab`, ""}, {`\s+$`, `(?<!\s)\s+$`, ""},
		{`^.*?ab`, `ab`, ""}, {`^.*?ab`, `ab`, "s"}, {`(?:a|ab)c?`, `ab?c?`, ""},
		{`(?:a?b??)*`, `[ab]*`, ""}, {`\s*a?\s*$`, `\s*(?:a\s*)?$`, ""}, {`(?:a*)*$`, `a*$`, ""},
		{`a{1,10}b`, `a+b`, ""}, {`^a{1,10}b`, `^a+b`, ""}, {`\w+@`, `\b\w+@`, ""}, {`\w+@`, `\b\w@`, ""},
		{`<[^>]*>`, `<[^<>]*>`, ""}, {`x$`, `x\z`, ""}, {`x$`, `x\z`, "D"}, {`^\s*x`, `^\s*x`, "m"},
		{`a|ab`, `ab|a`, ""}, {`.*=.*`, `[^=]*=.*`, "s"}, {`a++b`, `ab`, ""}, {`x*?`, ``, ""}, {`x*`, ``, ""},
		{`^x$`, `^x$`, "m"}, {`(?:a|aa)+b`, `a+b`, ""}, {`(?:a+?b?)*?c`, `(?:ab?)*c`, ""},
		{`(?:|a)+b`, `a*b`, ""}, {`a{2,3}?b`, `a{2,3}b`, ""}, {`a{2,3}?`, `a{2,3}`, ""},
	} {
		flags, err := corpus.ParseFlags(c.flags)
		if err != nil {
			t.Fatal(err)
		}
		parse := func(text string) *syntax.Regexp {
			re, err := syntax.Parse(corpus.Pattern{Text: text, Dialect: corpus.PCRE, Flags: flags})
			if err != nil {
				t.Fatal(err)
			}
			return re
		}
		old, next := parse(c.old), parse(c.next)
		p := old.Pattern
		check := func(by Method, use Use) error {
			return Check(p, c.next, Proof{Use: use, Steps: []Step{{From: c.old, To: c.next, By: by}}})
		}
		same := language.Compare(old, next, nil).Relation == language.Same
		if err := check(SameSubjects, Match); (err == nil) != same {
			t.Errorf("%q and %q (%s): subjects %v, checked %v", c.old, c.next, c.flags, same, err)
		}
		if same, _ := language.SameSpans(old, next, nil); same != (check(SameSpans, Span) == nil) {
			t.Errorf("%q and %q (%s): spans %v, checked %v", c.old, c.next, c.flags, same, check(SameSpans, Span))
		}
		if same, why := language.SameEnds(old, next, nil); why == nil && same != (check(SameEnds, Span) == nil) {
			t.Errorf("%q and %q: ends %v, checked %v", c.old, c.next, same, check(SameEnds, Span))
		}
		if same, why := language.SameWords(old, next, nil); why == nil && same != (check(SameWords, Match) == nil) {
			t.Errorf("%q and %q: words %v, checked %v", c.old, c.next, same, check(SameWords, Match))
		}
	}
}

// TestCheckRefuses gives it proofs that do not hold.
func TestCheckRefuses(t *testing.T) {
	step := func(from, to string, by Method) Step { return Step{From: from, To: to, By: by} }
	for _, c := range []struct {
		name      string
		old, next string
		proof     Proof
	}{
		{"a bound is a bypass", `^a+b`, `^a{1,10}b`, Proof{Match, []Step{step(`^a+b`, `^a{1,10}b`, SameWords)}}},
		{"another end", `a+b`, `ac`, Proof{Match, []Step{step(`a+b`, `ab`, SameSubjects)}}},
		{"another beginning", `a+b`, `ab`, Proof{Match, []Step{step(`aa+b`, `ab`, SameSubjects)}}},
		{"subjects for spans", `a+b`, `ab`, Proof{Span, []Step{step(`a+b`, `ab`, SameSubjects)}}},
		{"words for spans", `(?:a|ab)c?`, `ab?c?`, Proof{Span, []Step{step(`(?:a|ab)c?`, `ab?c?`, SameWords)}}},
		{"words in an atomic group", `(?>a|ab)c`, `(?>ab?)c`, Proof{Match, []Step{step(`(?>a|ab)c`, `(?>ab?)c`, SameWords)}}},
		{"a capture", `(a*)*b`, `(a*)b`, Proof{Captures, []Step{step(`(a*)*b`, `(a*)b`, SameEnds)}}},
		{"a capture of an iteration", `(a+|b)*c`, `(a|b)*c`, Proof{Captures, []Step{step(`(a+|b)*c`, `(a|b)*c`, SameEnds)}}},
		{"a referenced group", `(?:(a|ab))c?\1`, `(ab?)c?\1`, Proof{Match, []Step{step(`(?:(a|ab))c?\1`, `(ab?)c?\1`, SameWords)}}},
		{"no step", `a+b`, `ab`, Proof{Match, nil}},
	} {
		if err := Check(corpus.Pattern{Text: c.old, Dialect: corpus.PCRE}, c.next, c.proof); err == nil {
			t.Errorf("%s: verified", c.name)
		}
	}
}
