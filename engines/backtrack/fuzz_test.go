package backtrack_test

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// FuzzRun holds for any pattern and subject: no panic, the budgets are
// honoured, captures lie inside the subject, and the count does not depend on
// the budget.
func FuzzRun(f *testing.F) {
	for i, text := range []string{
		`(a+)+$`, `(?<=(a|b)+)c`, `(?R)?a`, `(?>a*?)\1(*SKIP:m)(*THEN)`, `(?<n>a)(?<-n>b)*`, `(?~ab)c`, `\X*\b`,
		`(?(?=a)b|(*ACCEPT))`, `(?:a?){1000}`, `(?|(a)|(b))\1`, `(*napla:a|ab)\K`, `(?1)(a|b(?1))`, `(?:(?:)*)*?`, `^(?:.*\n)*$`,
	} {
		f.Add(text, []byte("abcab\na"), uint8(i), uint8(i*7), uint16(500))
	}
	modes := []corpus.Mode{corpus.Search, corpus.Match, corpus.Full, corpus.Global}
	flags := []corpus.Flags{0, corpus.Caseless, corpus.Unicode, corpus.Multiline | corpus.DotAll, corpus.RightToLeft, corpus.Caseless | corpus.Unicode}
	f.Fuzz(func(t *testing.T, text string, subject []byte, dialect, how uint8, budget uint16) {
		p := corpus.Pattern{
			Text:    text,
			Dialect: corpus.Dialects[int(dialect)%len(corpus.Dialects)],
			Flags:   flags[int(how)%len(flags)],
			Mode:    modes[int(how>>4)%len(modes)],
		}
		re, err := syntax.Parse(p)
		if err != nil {
			return
		}
		prog, err := backtrack.Compile(re)
		if err != nil {
			return
		}
		if prog.String() == "" {
			t.Fatal("an empty listing")
		}
		profile := make([]uint64, prog.Len())
		r := prog.NewRunner()
		o := backtrack.Options{Steps: uint64(budget) + 1, Memory: 1 << 20, Profile: profile, Start: int(how) % (len(subject) + 1)}
		got := r.Run(subject, o)
		if got.Steps > o.Steps+1 {
			t.Fatalf("%d steps with a budget of %d", got.Steps, o.Steps)
		}
		if (got.Outcome == backtrack.Matched) != (got.Caps != nil) {
			t.Fatalf("outcome %v with captures %v", got.Outcome, got.Caps)
		}
		for i, c := range got.Caps {
			if c < -1 || c > len(subject) {
				t.Fatalf("capture %d at %d of %d", i, c, len(subject))
			}
		}
		if got.Outcome == backtrack.StepLimit {
			return
		}
		var sum uint64
		for _, n := range profile {
			sum += n
		}
		if sum != got.Steps {
			t.Fatalf("the profile has %d steps, the result %d\n%s", sum, got.Steps, prog)
		}
		caps := append([]int(nil), got.Caps...)
		again := r.Run(subject, backtrack.Options{Steps: 10 * o.Steps, Memory: 1 << 20, Start: o.Start})
		if again.Steps != got.Steps || again.Outcome != got.Outcome || len(again.Caps) != len(caps) {
			t.Fatalf("%+v, then %+v with a larger budget", got, again)
		}
		if got.Steps > 1 {
			less := r.Run(subject, backtrack.Options{Steps: got.Steps - 1, Memory: 1 << 20, Start: o.Start})
			if less.Outcome != backtrack.StepLimit || less.Steps != got.Steps {
				t.Fatalf("one step less than the %d it takes: %v after %d steps", got.Steps, less.Outcome, less.Steps)
			}
		}
	})
}
