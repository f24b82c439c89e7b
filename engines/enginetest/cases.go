package enginetest

import "github.com/nearmiss-dev/nearmiss/corpus"

// Cases are written in what the dialects share, and beyond that in the syntax
// of PCRE2 and .NET. Spans are those of leftmost, first-alternative matching.
var Cases = []Case{
	{"literal", `abc`, "", corpus.Search, "xabcx", []int{1, 4}},
	{"no match", `abc`, "", corpus.Search, "xabx", nil},
	{"empty pattern", ``, "", corpus.Search, "ab", []int{0, 0}},
	{"empty subject", `a*`, "", corpus.Search, "", []int{0, 0}},
	{"greedy", `a+`, "", corpus.Search, "baaa", []int{1, 4}},
	{"lazy", `a+?`, "", corpus.Search, "baaa", []int{1, 2}},
	{"bounded", `a{2,3}`, "", corpus.Search, "aaaa", []int{0, 3}},
	{"bounded lazy", `a{2,3}?`, "", corpus.Search, "aaaa", []int{0, 2}},
	{"first alternative", `a|ab`, "", corpus.Search, "ab", []int{0, 1}},
	{"group", `a(b)c`, "", corpus.Search, "abc", []int{0, 3, 1, 2}},
	{"unset group", `(a)|(b)`, "", corpus.Search, "b", []int{0, 1, -1, -1, 0, 1}},
	{"last iteration", `(a|b)*`, "", corpus.Search, "ab", []int{0, 2, 1, 2}},
	{"group in group", `((a)b)+`, "", corpus.Search, "abab", []int{0, 4, 2, 4, 2, 3}},
	{"class", `[a-c]+`, "", corpus.Search, "xabcd", []int{1, 4}},
	{"negated class", `[^a]+`, "", corpus.Search, "abca", []int{1, 3}},
	{"shorthands", `\d\s\w`, "", corpus.Search, "x1 y", []int{1, 4}},
	{"word boundary", `\bab\b`, "", corpus.Search, "cab ab", []int{4, 6}},

	{"dot stops at newline", `a.*`, "", corpus.Search, "ab\nc", []int{0, 2}},
	{"dotall", `a.*`, "s", corpus.Search, "ab\nc", []int{0, 4}},
	{"caseless", `aBc`, "i", corpus.Search, "xAbC", []int{1, 4}},
	{"multiline start", `^b`, "m", corpus.Search, "a\nb", []int{2, 3}},
	{"start without m", `^b`, "", corpus.Search, "a\nb", nil},
	{"multiline end", `a$`, "m", corpus.Search, "a\nb", []int{0, 1}},
	{"dollar before last newline", `a$`, "", corpus.Search, "a\n", []int{0, 1}},
	{"extended", "a b # c\n", "x", corpus.Search, "ab", []int{0, 2}},
	{"inline flag", `(?i)ab`, "", corpus.Search, "AB", []int{0, 2}},
	{"scoped flag", `(?i:a)b`, "", corpus.Search, "aB Ab", []int{3, 5}},

	{"two bytes before", `b`, "u", corpus.Search, "éb", []int{2, 3}},
	{"code point", `^.b`, "u", corpus.Search, "éb", []int{0, 3}},
	{"code point class", `[à-ü]+`, "u", corpus.Search, "aéüz", []int{1, 5}},
	{"beyond the BMP", `(.)b`, "u", corpus.Search, "a😀b", []int{1, 6, 1, 5}},

	{"match at 0", `ab`, "", corpus.Match, "abx", []int{0, 2}},
	{"match not at 1", `ab`, "", corpus.Match, "xab", nil},
	{"match alternatives", `b|ab`, "", corpus.Match, "ab", []int{0, 2}},
	{"match at line start", `^b`, "m", corpus.Match, "a\nb", nil},
	{"full", `a(b)?`, "", corpus.Full, "ab", []int{0, 2, 1, 2}},
	{"full too short", `a`, "", corpus.Full, "ab", nil},
	{"full later alternative", `a|ab`, "", corpus.Full, "ab", []int{0, 2}},
	{"full lazy", `a+?`, "", corpus.Full, "aaa", []int{0, 3}},
	{"full before newline", `a`, "", corpus.Full, "a\n", nil},
	{"full at line end", `a$`, "m", corpus.Full, "a\nb", nil},
	{"full comment at end", "a #b", "x", corpus.Full, "a", []int{0, 1}},
	{"full empty", `a*`, "", corpus.Full, "", []int{0, 0}},
	{"global", `a+`, "", corpus.Global, "baab a", []int{1, 3}},
	{"global empty matches", `a*`, "", corpus.Global, "baé", []int{0, 0}},
	{"global none", `c`, "", corpus.Global, "ab", nil},

	{"lookahead", `a(?=b)`, "", corpus.Search, "acab", []int{2, 3}},
	{"negative lookahead", `a(?!b)`, "", corpus.Search, "abac", []int{2, 3}},
	{"lookbehind", `(?<=a)b`, "", corpus.Search, "bab", []int{2, 3}},
	{"negative lookbehind", `(?<!a)b`, "", corpus.Search, "abb", []int{2, 3}},
	{"atomic group", `(?>a+)ab`, "", corpus.Search, "aaab", nil},
	{"backreference", `(a|b)\1`, "", corpus.Search, "abb", []int{1, 3, 1, 2}},
	{"named group", `(?<n>a)\k<n>`, "", corpus.Search, "baa", []int{1, 3, 1, 2}},
	{"conditional", `^(a)?(?(1)b|c)$`, "", corpus.Search, "ab", []int{0, 2, 0, 1}},
}

// WithoutBacktracking are the cases that RE2's syntax or semantics leave out,
// with the reason.
var WithoutBacktracking = map[string]string{
	"dollar before last newline": "RE2's $ stands at the very end only",
	"extended":                   "RE2 has no flag x",
	"full comment at end":        "RE2 has no flag x",
	"lookahead":                  "no lookaround in RE2",
	"negative lookahead":         "no lookaround in RE2",
	"lookbehind":                 "no lookaround in RE2",
	"negative lookbehind":        "no lookaround in RE2",
	"atomic group":               "no atomic groups in RE2",
	"backreference":              "no backreferences in RE2",
	"named group":                "no backreferences in RE2",
	"conditional":                "no conditionals in RE2",
}
