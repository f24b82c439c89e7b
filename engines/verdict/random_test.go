package verdict

import (
	"flag"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

var (
	randomSeed  = flag.Uint64("seed", 1, "seed of the random patterns")
	randomCount = flag.Int("random", 300, "number of random patterns")
)

// A term is a pattern as a tree, so that a shrinker can cut it.
type term struct {
	form string // an atom, a postfix operator, a wrapping with %s, "" for a concatenation, "|"
	sub  []*term
}

func (t *term) String() string {
	switch {
	case len(t.sub) == 0:
		return t.form
	case t.form == "|":
		return "(?:" + t.sub[0].String() + "|" + t.sub[1].String() + ")"
	case t.form == "":
		return t.sub[0].String() + t.sub[1].String()
	case strings.Contains(t.form, "%s"):
		return strings.Replace(t.form, "%s", t.sub[0].String(), 1)
	}
	return "(?:" + t.sub[0].String() + ")" + t.form
}

// larger is the grammar of random patterns: what the enumeration has, and what
// makes it too large.
var larger = grammar{
	atoms:   []string{"a", "a", "b", "a", "b", "[ab]", ".", "c", "^", "$", `\b`, `\1`, `a+`, `b*`, "a?"},
	postfix: []string{"*", "*", "+", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,3}", "*+", "?+", "{2,}"},
	wrap:    []string{"(%s)", "(?:%s)", "(?>%s)", "(?=%s)", "(?!%s)", "(?<=a|%s)", "(?<!%s)"},
}

// grow is a random term of a size, counted as grammar counts.
func grow(r *rand.Rand, size int) *term {
	pick := func(of []string) string { return of[r.IntN(len(of))] }
	switch {
	case size <= 1:
		return &term{form: pick(larger.atoms)}
	case size == 2 || r.IntN(3) == 0:
		if r.IntN(3) == 0 {
			return &term{pick(larger.wrap), []*term{grow(r, size-1)}}
		}
		return &term{pick(larger.postfix), []*term{grow(r, size-1)}}
	}
	left := 1 + r.IntN(size-2)
	form := ""
	if r.IntN(2) == 0 {
		form = "|"
	}
	return &term{form, []*term{grow(r, left), grow(r, size-1-left)}}
}

// shorter is every term with one subtree less: replaced by a part of its own,
// or by an atom.
func (t *term) shorter() []*term {
	out := append([]*term(nil), t.sub...)
	if len(t.sub) > 0 || len(t.form) > 1 {
		out = append(out, &term{form: "a"})
	}
	for i := range t.sub {
		for _, s := range t.sub[i].shorter() {
			sub := append([]*term(nil), t.sub...)
			sub[i] = s
			out = append(out, &term{t.form, sub})
		}
	}
	return out
}

// shrunk cuts a term while the fault stays.
func shrunk(t *term, faulty func(string) string) *term {
	for again := true; again; {
		again = false
		for _, s := range t.shorter() {
			if len(s.String()) < len(t.String()) && faulty(s.String()) != "" {
				t, again = s, true
				break
			}
		}
	}
	return t
}

// TestRandomSoundness is TestSoundness on random patterns of the sizes that
// cannot be enumerated, in every mode and every dialect whose engine backtracks.
func TestRandomSoundness(t *testing.T) {
	const least, largest = 5, 12
	subjects := append(subjectsUpTo("ab", 6), subjectsUpTo("abc", 3)...)
	r := rand.New(rand.NewPCG(*randomSeed, 0))
	modes := []corpus.Mode{corpus.Search, corpus.Search, corpus.Search, corpus.Full, corpus.Global}
	dialects := []corpus.Dialect{corpus.PCRE, corpus.PCRE, corpus.PCRE, corpus.ECMAScript, corpus.Python, corpus.Java, corpus.DotNet, corpus.Ruby}
	var terms []*term
	var patterns []corpus.Pattern
	for range *randomCount {
		grown := grow(r, least+r.IntN(largest-least+1))
		terms = append(terms, grown)
		patterns = append(patterns, corpus.Pattern{Text: grown.String(), Mode: modes[r.IntN(len(modes))], Dialect: dialects[r.IntN(len(dialects))]})
	}
	counts, unknown := holdAll(patterns, subjects, func(i int, fault string) {
		p := patterns[i]
		faulty := func(text string) string {
			p.Text = text
			_, fault := holds(p, subjects, families())
			return fault
		}
		small := shrunk(terms[i], faulty).String()
		t.Errorf("seed %d: %s (%s %s): %s\n  shrunk to %s: %s", *randomSeed, terms[i], p.Dialect, p.Mode, fault, small, faulty(small))
	})
	t.Logf("seed %d, %d patterns: %v; unknown: %v", *randomSeed, *randomCount, counts, unknown)
}
