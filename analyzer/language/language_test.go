package language

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

func parse(t testing.TB, text string, flags string, mode corpus.Mode) *syntax.Regexp {
	t.Helper()
	f, err := corpus.ParseFlags(flags)
	if err != nil {
		t.Fatal(err)
	}
	re, err := syntax.Parse(corpus.Pattern{Text: text, Dialect: corpus.PCRE, Flags: f, Mode: mode})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return re
}

// The pairs of equal and unequal patterns, some of which look equal.
var pairs = []struct {
	old, next, flags string
	match            Relation
	span             bool
}{
	{`\s+$`, `\s$`, "", Same, false},
	{`a+b`, `ab`, "", Same, false},
	{`\s+$`, `(?<!\s)\s+$`, "", Same, true},
	{`^.*?ab`, `ab`, "", Wider, false},
	{`^.*?ab`, `ab`, "s", Same, false},
	{`(a|ab)(c|bcd)?`, `(ab?)(c|bcd)?`, "", Same, false},
	{`(?:a|ab)c?`, `ab?c?`, "", Same, false},
	{`(?:a?b??)*`, `[ab]*`, "", Same, false},
	{`(a*)*b`, `(a*)b`, "", Same, true},
	{`(a+|b)*c`, `(a|b)*c`, "", Same, true},
	{`\s*a?\s*$`, `\s*(?:a\s*)?$`, "", Same, true},
	{`(a+)+b`, `(a+)b`, "", Same, true},
	{`(?:a*)*$`, `a*$`, "", Same, true},
	{`a{1,10}b`, `a+b`, "", Same, false},
	{`^a{1,10}b`, `^a+b`, "", Wider, false},
	{`^a+b`, `^a{1,10}b`, "", Narrower, false},
	{`^(?:a|b)c`, `^(?:b|d)c`, "", Other, false},
	{`\w+@`, `\b\w+@`, "", Same, true},
	{`\w+@`, `\b\w@`, "", Narrower, false},
	{`<[^>]*>`, `<[^<>]*>`, "", Same, false},
	{`x$`, `x\z`, "", Narrower, false},
	{`x$`, `x\z`, "D", Same, true},
	{`x$`, `x(?=\n?\z)`, "", Same, true},
	{`^\s*x`, `^\s*x`, "m", Same, true},
	{`a|b`, `[ab]`, "", Same, true},
	{`a|ab`, `ab|a`, "", Same, false},
	{`(?:.*=.*)`, `[^=]*=.*`, "s", Same, true},
	{`.*x`, `.*x`, "s", Same, true},
	{`a+?`, `a`, "", Same, true},
	{`x*`, ``, "", Same, false},
	{`x*?`, ``, "", Same, true},
}

func TestCompareAndSameSpans(t *testing.T) {
	for _, c := range pairs {
		old, next := parse(t, c.old, c.flags, corpus.Search), parse(t, c.next, c.flags, corpus.Search)
		if d := Compare(old, next, nil); d.Relation != c.match {
			t.Errorf("%q and %q (%s): %s, want %s (gained %q, lost %q, %v)", c.old, c.next, c.flags, d.Relation, c.match, d.Gained, d.Lost, d.Reason)
		}
		if same, why := SameSpans(old, next, nil); same != c.span {
			t.Errorf("%q and %q (%s): same spans %v, want %v (%v)", c.old, c.next, c.flags, same, c.span, why)
		}
	}
}

func TestSameEnds(t *testing.T) {
	for _, c := range []struct {
		old, next   string
		words, ends bool
	}{
		{`(?:a+)+`, `a+`, true, true},
		{`(?:a*)*`, `a*`, true, true},
		{`(?:a|ab)`, `ab?`, true, false},
		{`(?:a|ab)`, `ab??`, true, true},
		{`(?:a?b??)*`, `[ab]*`, true, false},
		{`\s*X?\s*`, `\s*(?:X\s*)?`, true, true},
		{`a*a*`, `a*`, true, true},
		{`a*[ab]*`, `[ab]*`, true, true},
		{`a+?a*`, `a+`, true, true},
		{`a*?a*`, `a*`, true, true},
		{`a*?`, `a*`, true, false},
		{`(?:[^"\\]+|\\.)*`, `[^"\\]*(?:\\.[^"\\]*)*`, true, true},
		{`(?:[^"\\]+|\\.)*`, `(?:[^"\\]|\\.)*`, true, true},
		{`(?:a|b)*`, `(?:b|a)*`, true, true},
		{`a{2,4}`, `aaa?a?`, true, true},
		{`a{2,4}`, `a{2,5}`, false, false},
	} {
		old, next := parse(t, c.old, "", corpus.Search), parse(t, c.next, "", corpus.Search)
		if same, why := SameWords(old, next, nil); same != c.words {
			t.Errorf("%q and %q: same words %v, want %v (%v)", c.old, c.next, same, c.words, why)
		}
		if same, why := SameEnds(old, next, nil); same != c.ends {
			t.Errorf("%q and %q: same ends %v, want %v (%v)", c.old, c.next, same, c.ends, why)
		}
	}
}
