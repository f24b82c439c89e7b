package nfa

import (
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/charset"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestRestrict prints automata on subjects of a language: without capitals, and
// with no two blanks in a row.
func TestRestrict(t *testing.T) {
	yes := []bool{true, true}
	blank := charset.Runes(' ')
	lower := charset.Of(charset.Range{Lo: 'a', Hi: 'z'})
	for _, c := range []struct {
		name, pattern string
		l             Language
		want          string
	}{
		{
			"a character that never occurs", `A|b`,
			Language{Kinds: []charset.Set{blank, lower}, First: yes, Next: [][]bool{yes, yes}},
			`0 search:
  step [b] -> 1
  step [\x{20}a-z] -> 0
1:
  accept [\x{20}a-z] end
`,
		},
		{
			"no two in a row", ` +x`,
			Language{Kinds: []charset.Set{blank, lower}, First: yes, Next: [][]bool{{false, true}, yes}},
			`0 search:
  step [\x{20}] -> 1
  step [a-z] -> 0
  step [\x{20}] -> 2
1:
  step [x] -> 3
2:
  step [a-z] -> 0
3:
  accept [\x{20}a-z] end
`,
		},
		{
			"none at the start", `^ x`,
			Language{Kinds: []charset.Set{blank, lower}, First: []bool{false, true}, Next: [][]bool{yes, yes}},
			`0:
  step [a-z] -> 1
1 search:
  step [\x{20}a-z] -> 1
`,
		},
	} {
		re, err := syntax.Parse(corpus.Pattern{Text: c.pattern, Dialect: corpus.PCRE})
		if err != nil {
			t.Fatal(err)
		}
		a, err := Lower(re)
		if err != nil {
			t.Fatal(err)
		}
		r, err := a.Restrict(c.l)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.String(); got != c.want {
			t.Errorf("%s: %s:\n%s\nexpected\n%s", c.name, c.pattern, got, c.want)
		}
		if r.Classes.Of('A') < 0 || !r.Never.Has(r.Classes.Of('A')) || r.Never.Has(r.Classes.Of('x')) {
			t.Errorf("%s: never: %v", c.name, r.Never)
		}
	}
}

// TestRestrictNothing holds that a language of all subjects leaves as many runs.
func TestRestrictNothing(t *testing.T) {
	all := Language{Kinds: []charset.Set{charset.All(0xFF)}, First: []bool{true}, Next: [][]bool{{true}}}
	for _, p := range []string{`(a*)*b`, `^(?:\s|x)+$`, `(?=a*b)a`, `\bfoo\b`} {
		re, err := syntax.Parse(corpus.Pattern{Text: p, Dialect: corpus.PCRE})
		if err != nil {
			t.Fatal(err)
		}
		a, err := Lower(re)
		if err != nil {
			t.Fatal(err)
		}
		r, err := a.Restrict(all)
		if err != nil {
			t.Fatal(err)
		}
		// State 0 stands before the first character, where the context is its
		// own; every other state is as it was.
		if got, was := strings.Count(r.String(), "\n"), strings.Count(a.String(), "\n"); got < was || r.Edges < a.Edges {
			t.Errorf("%s: %d lines, %d before", p, got, was)
		}
	}
}
