package backtrack_test

import (
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/pcre2"
)

// TestCalls holds what the model of PCRE2 counts against a match limit
// against the smallest limit that the library needs: half to double.
func TestCalls(t *testing.T) {
	e := pcre2.New()
	if _, err := e.Version(); err != nil {
		t.Skip(err)
	}
	for _, test := range []struct {
		text, pump, suffix string
		sizes              []int
	}{
		{`\s+$`, " ", "x", []int{50, 500, 5000}},
		{`\s+x`, " ", "!x", []int{50, 500, 5000}},
		{`(?:a|b)+c`, "a", "!c", []int{50, 500}},
		{`(a|b)+c`, "a", "!c", []int{50, 500}},
		{`^(a+)+$`, "a", "!", []int{6, 9, 12}},
		{`^(?:a+)+$`, "a", "!", []int{6, 9, 12}},
		{`^(?:a|aa)*$`, "a", "!", []int{6, 9, 12}},
		{`.*?,.*?,z`, ",", "!z", []int{20, 100}},
		{`a*a*a*[xy]`, "a", "!", []int{10, 40}},
		{`(?:(?:ab)*)*c`, "ab", "!c", []int{4, 8, 12}},
		{`^(?=(a+))\1*b`, "a", "!b", []int{10, 100}},
	} {
		p := corpus.Pattern{Text: test.text, Dialect: corpus.PCRE}
		re, err := syntax.Parse(p)
		if err != nil {
			t.Fatal(err)
		}
		m, err := backtrack.NewModel(re, "pcre2")
		if err != nil {
			t.Fatal(err)
		}
		live, err := e.Compile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range test.sizes {
			subject := []byte(strings.Repeat(test.pump, n) + test.suffix)
			calls, _ := m.Calls(subject, backtrack.Options{})
			limit, ok := live.(*pcre2.Matcher).SmallestLimit(subject, 1<<24)
			if ok && (calls*2 < limit || calls > 2*limit+8) {
				t.Errorf("/%s/ n %d: the model counts %d calls, the library needs a limit of %d", test.text, n, calls, limit)
			}
		}
		live.Close()
	}
}
