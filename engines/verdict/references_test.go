package verdict

import (
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// references are patterns with references to groups of every kind: each tail of
// a few parts behind each head, anchored or not, bound to fail or not. So that a
// matcher has a match to fall back to, tails repeat what may end a match.
func references(every int) []corpus.Pattern {
	heads := []string{`(a*)`, `(a+)`, `(a|aa)`, `([ab]*)`, `(?:(a)|b)*`, `(?:(a*))?`, `(a*?)b`, `(?=(a*))`}
	parts := []string{`\1`, `\1*`, `(?:\1b)*`, `(?:\1|a)*`, `(?:(a*)\1)*`, `a*`, `b`, `(?:b\1a+)+`, `(?:b\1[ab]+)+`, `[ab]*`, `(?:\1a*?)+?`}
	var out []corpus.Pattern
	i := 0
	for _, t := range upToThree(parts) {
		if !strings.Contains(t, `\1`) {
			continue
		}
		for _, h := range heads {
			for _, anchor := range []string{"", "^"} {
				for _, end := range []string{"", "c"} {
					if i++; i%every == 0 {
						mode := corpus.Search
						if end == "" && i/every%3 == 0 {
							mode = corpus.Full
						}
						out = append(out, corpus.Pattern{Text: anchor + h + t + end, Dialect: corpus.PCRE, Mode: mode})
					}
				}
			}
		}
	}
	return out
}

// upToThree is every sequence of one to three parts, the short ones first.
func upToThree(parts []string) (all []string) {
	last := []string{""}
	for range 3 {
		var next []string
		for _, t := range last {
			for _, p := range parts {
				next = append(next, t+p)
			}
		}
		last = next
		all = append(all, next...)
	}
	return all
}

// TestReferences holds verdicts on patterns with references against brute
// force, as TestSoundness does: where a copy ends is no choice of a matcher, and
// a run with a match to fall back to ends the search.
func TestReferences(t *testing.T) {
	every := 97
	if *campaign > 0 {
		every = 1
	}
	patterns := references(every)
	counts, _ := holdAll(patterns, subjectsUpTo("ab", 7), func(i int, fault string) {
		t.Errorf("%s (%s): %s", patterns[i].Text, patterns[i].Mode, fault)
	})
	t.Logf("%d patterns: %v", len(patterns), counts)
	if counts[Linear] == 0 || counts[Superlinear] == 0 {
		t.Errorf("%v: expected both verdicts", counts)
	}
}

// TestUnsetReferences: a reference to a group that is not set where it stands
// fails, or matches nothing, by dialect; a group that may be set leaves it open.
func TestUnsetReferences(t *testing.T) {
	for _, row := range []struct {
		pattern string
		dialect corpus.Dialect
		kind    Kind
	}{
		{`^((a+)\1)$`, corpus.PCRE, Linear},
		{`\1(a|aa)*b`, corpus.PCRE, Linear},
		{`\1(a|aa)*b`, corpus.ECMAScript, Superlinear},
		{`^(?:\1?(a|aa))*b`, corpus.PCRE, Superlinear},
		{`^(?:(\1?)a)*?$`, corpus.PCRE, Superlinear}, // set by the round before
		{`^(?:(\1?)a)*?$`, corpus.DotNet, Superlinear},
		{`^(?:(\1?)a){0,40}?$`, corpus.PCRE, Superlinear},
		{`^(?:b(\1?a*))*c`, corpus.PCRE, Superlinear},
		{`^(?:(a)|\1(?:b|bb)*)*c`, corpus.PCRE, Superlinear},
		{`(a)(?=\1(?:b|bb)*c)`, corpus.PCRE, Superlinear}, // set outside of the lookahead
		{`(?<=(a))\1(?:b|bb)*c`, corpus.PCRE, Superlinear},
		{`(?:(?<x>a)|(?<x>b))\k<x>(?:c|cc)*d`, corpus.DotNet, Superlinear},
		{`(?|(a)|(b))\1(?:c|cc)*d`, corpus.PCRE, Superlinear},
	} {
		v := Analyze(corpus.Pattern{Text: row.pattern, Dialect: row.dialect, Mode: corpus.Search}, Options{})
		if v.Kind != row.kind {
			t.Errorf("%s (%s): %s %v, want %s", row.pattern, row.dialect, v.Kind, v.Reason, row.kind)
		}
	}
}
