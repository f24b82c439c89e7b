package verdict

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// choices are loops over alternatives that a matcher enters, gives up and makes
// good for, round after round, with a match to fall back to all the time or
// none: what is explored of them depends on which run ends the search.
func choices(every int) []corpus.Pattern {
	bodies := []string{
		`a+`, `a*`, `a+?`, `a*+`, `(?>a+)`, `(?:a+)?+`, `(?:a+)*+`, `(?>(?:a|aa)+)`, `(?:a|aa)*?`, `(?:a*)*+`,
		`[ab]*`, `[ab]+?`, `(?>[ab]*?a)`, `(?:ab?)*+`, `(?:a+b?)?+`, `a{2,}+`, `(?=a+)a`, `(?!a+b)a`, `(?=(?:aa)*b)`,
	}
	guards := []string{"", "b", `\b`, "$", "bb", "(?!a)"}
	others := []string{"", "a", "b", "[ab]", "a?", "aa", "ab", "a+", "(?>a|)"}
	loops := []string{"+", "*", "+?", "*+", "{2,}", "{0,3}"}
	var out []corpus.Pattern
	i := 0
	for _, body := range bodies {
		for _, guard := range guards {
			for _, other := range others {
				for _, loop := range loops {
					for _, order := range []string{"(?:" + body + guard + "|" + other + ")", "(?:" + other + "|" + body + guard + ")"} {
						for _, around := range [][2]string{{"", ""}, {"^", ""}, {"", "c"}, {"b", "b"}} {
							if i++; i%every == 0 {
								mode := []corpus.Mode{corpus.Search, corpus.Search, corpus.Global, corpus.Full}[i/every%4]
								out = append(out, corpus.Pattern{Text: around[0] + order + loop + around[1], Dialect: corpus.PCRE, Mode: mode})
							}
						}
					}
				}
			}
		}
	}
	return out
}

// TestChoices holds verdicts on loops over alternatives against brute force, as
// TestSoundness does.
func TestChoices(t *testing.T) {
	every := 101
	if *campaign > 0 {
		every = 1
	}
	patterns := choices(every)
	counts, unknown := holdAll(patterns, subjectsUpTo("ab", 7), func(i int, fault string) {
		t.Errorf("%s (%s): %s", patterns[i].Text, patterns[i].Mode, fault)
	})
	t.Logf("%d patterns: %v; unknown: %v", len(patterns), counts, unknown)
	if counts[Linear] == 0 || counts[Superlinear] == 0 {
		t.Errorf("%v: expected both verdicts", counts)
	}
}

// TestBesidesThePath: one run goes on from match to match, and others are given
// up beside it, as long as what is left of aⁿ each: quadratic, though the search
// ends with a match.
func TestBesidesThePath(t *testing.T) {
	for _, text := range []string{
		`(?:a++b|a)+`, `(?:(?:a+)?+b|a)+`, `(?:(?:a+)*+b|a)+`, `(?:(?>(?:a|aa)+)b|a)*`, `(?:(?:a*)*+b|a)+`, `(?:(?:aa+|a)?+b|a)+`,
	} {
		v := Analyze(corpus.Pattern{Text: text, Dialect: corpus.PCRE, Mode: corpus.Search}, Options{})
		if v.Kind != Superlinear || v.Growth.Exponent != 2 {
			t.Errorf("%s: %s %v %v, want exponent 2", text, v.Kind, v.Growth, v.Reason)
		}
	}
	// The same in the other order: the run that goes on is tried first.
	for _, text := range []string{`(?:a|(?:a+)?+b)+`, `(?:(?:a|aa+)?+b|a)+`, `(?:a|a++b)*`, `(?:b|b)b*`} {
		v := Analyze(corpus.Pattern{Text: text, Dialect: corpus.PCRE, Mode: corpus.Search}, Options{})
		if v.Kind != Linear {
			t.Errorf("%s: %s %v %v, want linear", text, v.Kind, v.Growth, v.Reason)
		}
	}
}
