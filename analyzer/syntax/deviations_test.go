package syntax

import (
	"regexp"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A deviation is a known disagreement with a live engine on accepting a
// pattern: which patterns and answers it covers, and why it stays.
type deviation struct {
	dialect corpus.Dialect
	text    *regexp.Regexp
	answer  string // part of the engine's answer
	reason  string
}

// deviations are kept true by the conformance tests: a disagreement that is
// not here fails them.
var deviations = []deviation{
	{corpus.PCRE, regexp.MustCompile(`(?s).`), "regular expression is too large",
		"the compiled code passes 64 KiB, a limit of the library's build (link size 2), not of the syntax"},
	{corpus.PCRE, regexp.MustCompile(`(?s)\(\?<=.*\(\?-2\)`), "lookbehind is too complicated",
		"the library gives up after 2,000 steps of measuring a lookbehind"},
	{corpus.PCRE, regexp.MustCompile(`^\(\\2\)`), "not fixed length",
		"the library measures a lookbehind nested in the group a backreference speaks of, and calls that recursion"},
	{corpus.DotNet, regexp.MustCompile(`\(\?#[^)]*$`), "",
		"regexp2 drops the error of an unfinished comment behind a plain character"},
	{corpus.DotNet, regexp.MustCompile(`\(\?\(`), "unrecognized grouping construct",
		"regexp2 takes no options directly inside a conditional whose condition is an expression"},
	{corpus.Ruby, regexp.MustCompile(`#.*\\$`), "too short escape sequence",
		"Ruby checks escapes before Onigmo sees the pattern, in comments too"},
	{corpus.Ruby, regexp.MustCompile(`#`), "invalid hex escape",
		"Ruby checks escapes before Onigmo sees the pattern, in comments too"},
	{corpus.ECMAScript, regexp.MustCompile(`\(\?[ims]*-?[ims]*:`), "Invalid group",
		"modifiers are of ECMAScript 2025, Node 20 is older"},
	{corpus.ECMAScript, regexp.MustCompile(`\(\?<`), "Duplicate capture group name",
		"names repeated in different alternatives are of ECMAScript 2025, Node 20 is older"},
}

func deviationOf(p corpus.Pattern, answer string) string {
	for _, d := range deviations {
		if d.dialect == p.Dialect && strings.Contains(answer, d.answer) && d.text.MatchString(p.Text) {
			return d.reason
		}
	}
	return ""
}

// memberDeviations are one-character patterns, by dialect, that do not match
// quite the same characters, and why.
var memberDeviations = map[string]string{
	`ecmascript \p{scx=Grek}`: "script extensions here are those of Unicode 14, PCRE2 10.42's; V8 has 17",
	`ruby (?i)[[:upper:]]`:    "Onigmo does not fold a named class between U+0080 and U+00FF",
	`ruby (?i)\p{Lu}`:         "Onigmo does not fold a property between U+0080 and U+00FF",
}
