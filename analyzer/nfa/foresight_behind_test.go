package nfa

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestForesightOfLookbehind: a lookahead whose body looks behind further than
// one character is approximated, not foreseen. (Random patterns found it.)
func TestForesightOfLookbehind(t *testing.T) {
	for _, c := range []struct {
		text    string
		dialect corpus.Dialect
		mode    corpus.Mode
	}{
		{`((?!(?:(?:(?:(?:^|\1)){2,})?(?<!a?)|.)))`, corpus.ECMAScript, corpus.Full},
		{`(?!(?:(?<=a|(?<!a))|(?<=a|\1)))(?:b*)+`, corpus.ECMAScript, corpus.Global},
		{`(?=(?<=ab)a*b)(?:a|aa)*c`, corpus.PCRE, corpus.Search},
		{`(?=a(?<=ba)a*b)(?:a|aa)*c`, corpus.PCRE, corpus.Search},
	} {
		re, err := syntax.Parse(corpus.Pattern{Text: c.text, Dialect: c.dialect, Mode: c.mode})
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		for name, lower := range map[string]func(*syntax.Regexp) (*Automaton, error){"Lower": Lower, "LowerForesight": LowerForesight, "LowerGlobal": LowerGlobal} {
			if a, err := lower(re); err == nil && len(a.States) == 0 {
				t.Errorf("%s of %s: no states and no error", name, c.text)
			}
		}
	}
}
