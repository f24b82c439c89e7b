package verdict

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// everydayRules is the share of the small patterns whose rewrites the everyday
// run looks at: 3 s on one core. With -fixes=N it is every N-th.
const everydayRules = 307

// rules are the patterns on which every idea of a rewrite is tried: all small
// ones, each behind and before some context.
// The first made are those of chosen parts.
func rules() (out []string, chosen int) {
	g := grammar{
		atoms:   []string{"a", "b", "[ab]", "."},
		postfix: []string{"*", "+", "?", "*?"},
		wrap:    []string{"(%s)"},
	}
	parts := []string{
		"a*[ab]*", "[ab]*a+", "a+b*a+", "a*b?a*", "a+(?:bc)?a*", "a*b?a+", "[ab]*[bc]*", "[ab]+[bc]+",
		"(?:a+b?)+", "(?:b?a)*", "(?:a*b?a*)+", "(?:a|[ab])*", "(?:ab|a*)+", "a.*b.*c", "ab.*bc.*a",
	}
	few := len(parts)
	for k := 2; k <= 4; k++ {
		parts = append(parts, g.size(k)...)
	}
	for i, p := range parts {
		if i == few {
			chosen = len(out)
		}
		for _, head := range []string{"", "^", "ab", "ca", "b|", "c(?:b|", `\b`, "(c)|a", "(?:a|bc)"} {
			for _, tail := range []string{"", "c", "$", "ca", "(?:ab|c)", "c*"} {
				text := head + p + tail
				if strings.HasPrefix(head, "c(") {
					text = head + p + ")" + tail
				}
				out = append(out, text)
			}
		}
	}
	return out, chosen
}

// TestRewriteRules proposes every rewrite of small patterns and holds each that
// has a proof against brute force: match, span and captures, as far as the use
// says, on every subject over {a, b, c} up to length 6. The second look at the
// proof must agree, and every idea must have been proved somewhere.
func TestRewriteRules(t *testing.T) {
	stride := *fixStride
	if stride == 0 {
		stride = everydayRules
	}
	subjects := subjectsUpTo("abc", 6)
	proved, unverified, wrong := map[string]int{}, 0, 0
	all, chosen := rules()
	dialects := []corpus.Dialect{corpus.PCRE, corpus.DotNet, corpus.ECMAScript}
	n := 0
	for i := 0; i < len(all); n++ {
		p := corpus.Pattern{Text: all[i], Dialect: dialects[n%3]}
		if i < chosen {
			i += max(1, stride/8)
		} else {
			i += stride
		}
		old, err := syntax.Parse(p)
		if err != nil {
			t.Fatal(err)
		}
		prog, err := backtrack.Compile(old)
		if err != nil {
			t.Fatal(err)
		}
		var before []outcome
		runner := prog.NewRunner()
		for _, s := range subjects {
			before = append(before, outcomeOf(runner, s))
		}
		for use := fix.Match; use <= fix.Captures; use++ {
			hot := []syntax.Span{{Start: 0, End: len(p.Text)}}
			tried := map[string]bool{}
			for _, c := range slices.Concat(fix.Candidates(old, hot, use, fix.PCRE2), fix.Larger(old, hot, use, fix.PCRE2)) {
				if tried[c.Text] {
					continue
				}
				tried[c.Text] = true
				q := p
				q.Text = c.Text
				next, err := syntax.Parse(q)
				if err != nil {
					continue
				}
				by, ok := fix.Prove(old, next, use, &language.Budget{Pairs: maxPairs, Work: maxWork / 10})
				if !ok {
					by, ok = fix.ProveInPlace(old, next, use, &language.Budget{Pairs: maxPairs, Work: maxPlaceWork})
				}
				if !ok {
					continue
				}
				proved[c.Idea]++
				if d := differsOn(next, subjects, before, use); d != "" {
					wrong++
					t.Errorf("%s %q and %q (%s) for %s, by %q: differ on %s", p.Dialect, p.Text, c.Text, c.Idea, use, by, d)
				}
				proof := fix.Proof{Use: use, Steps: []fix.Step{{From: p.Text, To: c.Text, Idea: c.Idea, By: by}}}
				if err := fix.Check(p, c.Text, proof); err != nil {
					unverified++
					if strings.HasSuffix(err.Error(), "the two differ") {
						t.Errorf("%s %q and %q (%s) for %s, by %q: %v", p.Dialect, p.Text, c.Text, c.Idea, use, by, err)
					}
				}
			}
		}
	}
	t.Logf("proved by idea %v; %d not verified, %d wrong", proved, unverified, wrong)
	for _, idea := range []string{"unnest", "absorb", "trim", fix.Drop, "optional-group", "disjoint", "stop", "lookbehind", fix.Exclude, "merge", "collapse", "stagger", "count", "guard", "possess", fix.Rebuild, fix.Determine} {
		if proved[idea] == 0 {
			t.Errorf("%s: never proved (proved: %v)", idea, slices.Sorted(maps.Keys(proved)))
		}
	}
}

// differsOn is the first subject on which a pattern does another thing than
// before, "" for none.
func differsOn(re *syntax.Regexp, subjects [][]byte, before []outcome, use fix.Use) string {
	prog, err := backtrack.Compile(re)
	if err != nil {
		return err.Error()
	}
	runner := prog.NewRunner()
	for i, s := range subjects {
		if differ(before[i], outcomeOf(runner, s), use) {
			return fmt.Sprintf("%q", s)
		}
	}
	return ""
}
