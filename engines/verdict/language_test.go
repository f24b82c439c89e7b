package verdict

import (
	"fmt"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// Every comparison of small patterns is held against the reference matcher on
// every short subject.
func TestLanguagesAgainstBruteForce(t *testing.T) {
	var texts []string
	for _, a := range []string{"a", "b", "[ab]", "a*", "a+", "b??", "(?:ab)*", `\b`, "^", "$", "a*?"} {
		for _, b := range []string{"", "b", "a*", "[ab]*", "$", "a?", `\B`, "b+?"} {
			texts = append(texts, a+b, "(?:"+a+"|"+b+")a", "(?:"+a+b+")*b?")
		}
	}
	alphabet := "ab\nc "
	subjects := []string{""}
	for from := 0; len(subjects) < 3906; from++ {
		for _, c := range alphabet {
			subjects = append(subjects, subjects[from]+string(c))
		}
	}
	res := make([]*syntax.Regexp, len(texts))
	outcome := make([][]string, len(texts))
	for i, text := range texts {
		re, err := syntax.Parse(corpus.Pattern{Text: text, Dialect: corpus.PCRE})
		if err != nil {
			t.Fatal(err)
		}
		res[i] = re
		p, err := backtrack.Compile(res[i])
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range subjects {
			r := p.Run([]byte(s), backtrack.Options{})
			got := ""
			if r.Outcome == backtrack.Matched {
				got = fmt.Sprint(r.Caps[0], r.Caps[1])
			}
			outcome[i] = append(outcome[i], got)
		}
	}
	step := 7 // of the pairs, every seventh: all of them take a minute
	compared, missed := 0, 0
	for n := 0; n < len(texts)*len(texts); n += step {
		i, j := n/len(texts), n%len(texts)
		lost, gained, moved := false, false, false
		for k := range subjects {
			x, y := outcome[i][k], outcome[j][k]
			lost = lost || x != "" && y == ""
			gained = gained || x == "" && y != ""
			moved = moved || x != y
		}
		want := map[[2]bool]language.Relation{{false, false}: language.Same, {true, false}: language.Narrower, {false, true}: language.Wider, {true, true}: language.Other}[[2]bool{lost, gained}]
		if d := language.Compare(res[i], res[j], nil); d.Relation != want {
			t.Errorf("%q and %q: %s, want %s (%q, %q)", texts[i], texts[j], d.Relation, want, d.Lost, d.Gained)
		}
		same, why := language.SameSpans(res[i], res[j], nil)
		if same && moved || why != nil {
			t.Errorf("%q and %q: same spans %v, want %v (%v)", texts[i], texts[j], same, !moved, why)
		}
		// An end that $ decides later may hide that an earlier one was the same.
		if !same && !moved {
			missed++
		}
		compared++
	}
	if compared < 1000 || missed > 30 {
		t.Errorf("%d pairs were compared, and %d equal ones missed", compared, missed)
	}
}
