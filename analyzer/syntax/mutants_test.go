package syntax

import (
	"math/rand"
	"regexp/syntax"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// pieces are what mutants are made of: fragments where dialects disagree.
var pieces = []string{
	"a", "b", "(", ")", "[", "]", "|", "*", "+", "?", "{2}", "{1,3}", "{,2}", "{2,", "}", "^", "$", ".", "-", "\\", `\d`, `\b`, `\1`, `\2`, `\12`, `\x41`,
	`\x{62}`, `\Q`, `\E`, "(?:", "(?i)", "(?x)", "(?=", "(?<!", "(?<=", "(?>", "(?<n>", "(?'m'", "(?P<p>", `\k<n>`, "(?|", "(?1)", "(?(1)", "(?(n)",
	"(?R)", "(?#", "[^", "[:alpha:]", "&&", "--", ",", "#", " ", "\n", `\p{L}`, `\pN`, `\R`, `\K`, `\G`, "(*F)", "(*PRUNE:", "(?-", ":", "<", ">", "'", "1", "0", "=", "!",
	`\g{-1}`, `\g<1>`, `\o{101}`, `\cA`, `\N`, `\0`, `\8`, "(?^i:", "(?J)", "(?U)", "(?n)", "(?xx)", "(?C1)", "é", `\u0041`, `\h`, `\X`, `\z`, `\A`, `\Z`,
}

func mutant(r *rand.Rand) string {
	text := ""
	for range 1 + r.Intn(9) {
		text += pieces[r.Intn(len(pieces))]
	}
	return text
}

// TestMutantsAgree holds random texts made of pieces against the engines in
// this process. The seed is fixed; a campaign runs ten times as many.
func TestMutantsAgree(t *testing.T) {
	const seed = 20190702
	n := 20_000
	if *campaign {
		n = 200_000
	}
	live := openPCRE2(t)
	engines := []struct {
		dialect corpus.Dialect
		flags   corpus.Flags
		accepts func(text string, flags corpus.Flags) (bool, string)
	}{
		{corpus.PCRE, 0, func(s string, f corpus.Flags) (bool, string) { ok, why, _ := live.accepts(s, f); return ok, why }},
		{corpus.PCRE, corpus.Unicode | corpus.Extended, func(s string, f corpus.Flags) (bool, string) { ok, why, _ := live.accepts(s, f); return ok, why }},
		{corpus.Go, 0, func(s string, _ corpus.Flags) (bool, string) {
			_, err := syntax.Parse(s, syntax.Perl)
			if err != nil {
				return false, err.Error()
			}
			return true, ""
		}},
		{corpus.DotNet, 0, acceptedByV1OrV2},
		{corpus.DotNet, corpus.Extended, acceptedByV1OrV2},
	}
	for _, e := range engines {
		r := rand.New(rand.NewSource(seed))
		differ, accepted := 0, 0
		for range n {
			text := mutant(r)
			ok, why := e.accepts(text, e.flags)
			if ok {
				accepted++
			}
			p := corpus.Pattern{Text: text, Dialect: e.dialect, Flags: e.flags}
			_, err := parse(p)
			if ok == (err == nil) || deviationOf(p, why) != "" {
				continue
			}
			if differ++; differ <= 25 {
				t.Logf("%s /%q/%v: engine %v %s; here %v", e.dialect, text, e.flags, ok, why, err)
			}
		}
		t.Logf("%s %v: %d mutants, %d accepted, %d differ", e.dialect, e.flags, n, accepted, differ)
		if differ > 0 {
			t.Errorf("%s %v: %d of %d mutants differ", e.dialect, e.flags, differ, n)
		}
	}
}

// mutantsFor are random texts in a dialect.
func mutantsFor(dialect corpus.Dialect, flags corpus.Flags) []corpus.Pattern {
	r := rand.New(rand.NewSource(20090913))
	n := 5_000
	if *campaign {
		n = 50_000
	}
	out := make([]corpus.Pattern, n)
	for i := range out {
		out[i] = corpus.Pattern{ID: decimalString(i), Text: mutant(r), Dialect: dialect, Flags: flags}
	}
	return out
}

func TestMutantsPython(t *testing.T) {
	patterns := append(mutantsFor(corpus.Python, 0), mutantsFor(corpus.Python, corpus.Extended)...)
	compare(t, "CPython", patterns, batch(t, patterns, "python3", "testdata/compile.py"))
}

func TestMutantsECMAScript(t *testing.T) {
	patterns := append(mutantsFor(corpus.ECMAScript, 0), mutantsFor(corpus.ECMAScript, corpus.Unicode)...)
	patterns = append(patterns, mutantsFor(corpus.ECMAScript, corpus.UnicodeSets)...)
	compare(t, "V8", patterns, batch(t, patterns, "node", "testdata/compile.js"))
}

func TestMutantsJava(t *testing.T) {
	patterns := append(mutantsFor(corpus.Java, 0), mutantsFor(corpus.Java, corpus.Extended)...)
	compare(t, "Java", patterns, batch(t, patterns, "java", "testdata/Compile.java"))
}

func TestMutantsRuby(t *testing.T) {
	patterns := append(mutantsFor(corpus.Ruby, 0), mutantsFor(corpus.Ruby, corpus.Extended)...)
	compare(t, "Onigmo", patterns, batch(t, patterns, "ruby", "testdata/compile.rb"))
}

func acceptedByV1OrV2(text string, flags corpus.Flags) (bool, string) {
	if ok, _ := acceptedByV1(text, flags); ok {
		return true, ""
	}
	return acceptedByV2(text, flags)
}
