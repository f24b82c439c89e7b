package syntax

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestOddAcceptance holds what engines accept and refuse where a simple rule
// would say otherwise; every row was asked of its engine (PCRE2 10.42, CPython
// 3.11, Java 17, Ruby 3.1).
func TestOddAcceptance(t *testing.T) {
	for _, tc := range []struct {
		dialect  corpus.Dialect
		ok, fail []string
	}{
		{corpus.PCRE,
			[]string{`(?<=(?=a)?)`, `(?<=(?!a)+)`, `(?<=(?<=a){2})`, `(?<=(?<=a){0})`, `\214748364`, `\99999999999`},
			[]string{`(?<=(?<=a)?)`, `(?<!(?<=\b|$)++)`, `(?<=\z|(?<=^)?)`, `(?<=(?<!a){1,2})`, `(?<=(?<*a)?)`}},
		{corpus.Ruby,
			[]string{`(?<=(?<=a){2})`, `(?<=(a))`, `(?<!(?:a|b))`, `(a\g<1>?)`, `(a|b\g<1>c)`, `(\g<2>|b)(a\g<1>|d)`, `(?~\g<1>)(a)`},
			[]string{`(?<=(?<=a)?)`, `(?<=(?=a)?)`, `(?<=(?=a)*b)`, `(?<!(?<=(a)b))`, `(?<=(?>a))`, `(?<!\z)`, `(\g<1>)`, `(a\g<1>+)`, `(a|\g<1>b)`, `a\g<0>`, `(\g<2>|b)(\g<1>|d)`}},
		{corpus.Python,
			[]string{`(a)(?<=\1)`, `(a)(?<=(?(1)a|b))`, `((?(1)a|b))`, `(?P<n>a)(?<=(?(n)b|c))`, `(?(1)a|b)(a)`},
			[]string{`(?<!(?(1)a|b))([ab])`, `(?<=(a)(?(1)a|b))`, `(a)(?<=(a)\2)`, `(?<=(a)\1)`, `((?<=(?(1)a|b)))`, `(?<=(?P<n>a)(?P=n))`}},
		{corpus.Java,
			[]string{`(?<=a*)`, `(?<=xa*)`, `(?<=a*a*)`, `(?<=a*?)`, `(?<=a*?x)`, `(?<=a*+)`, `(?<=xa{2,})`, `(?<=(?:abc)*)`, `(?<=(?:a|b)++)`,
				`(?<=(a{2}){1,2})`, `(?<=\R)`, `(?<=\X)`, `(?<=\X*)`, `(?<=(?>a|b)*)`, `(?<=(?:a*?|bb)c)`, `(?<=(?:abc|c)*+)`,
				`(?<!(?:^|[^a])[ab]{2,}?)`, `(?<=(?:\Z|[ab]*?)[ab]+?)`, `(?<!(?:(?:[^a]+?b)??)++)`, `(?<=(?:[ab]?+|[ab]).{2,}?)`},
			[]string{`(?<=xa*?)`, `(?<=xa*+)`, `(?<=(ab)*)`, `(?<=(?:a|b){1,2})`, `(?<=(a?)*)`, `(?<=(a{1,2}){1,2})`, `(?<=\1)`, `(?<=\1*)`,
				`(?<=(a)\1)`, `(?<=\R*)`, `(?<=(\X)*)`, `(?<=(a*)*)`, `(?<=(?:ab|c)*+)`, `(?<!a(?:b++)?+)`, `(?<=a{1073741824}a{1073741824})`}},
	} {
		for _, text := range tc.ok {
			if _, err := parse(corpus.Pattern{Text: text, Dialect: tc.dialect}); err != nil {
				t.Errorf("%s /%s/: %v", tc.dialect, text, err)
			}
		}
		for _, text := range tc.fail {
			if _, err := parse(corpus.Pattern{Text: text, Dialect: tc.dialect}); err == nil {
				t.Errorf("%s /%s/: accepted", tc.dialect, text)
			}
		}
	}
}
