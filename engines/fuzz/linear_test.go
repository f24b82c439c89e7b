package fuzz

import (
	"reflect"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// linear are patterns whose cost is linear, by the reason given, though some of
// them look otherwise on short inputs.
var linear = []row{
	{pattern: `abc`, why: "no loop"},
	{pattern: `aaaaaaaaaaaaaaaaaaaaaaaab`, why: "quadratic up to 25 letters only"},
	{pattern: `a{30}b`, why: "quadratic up to 30 letters only"},
	{pattern: `a{0,200}b`, why: "200 steps a byte"},
	{pattern: `^(?:a{1,9}){1,2}b`, why: "two free lengths of up to nine"},
	{pattern: `[^\x00]{50}`, why: "50 steps a byte"},
	{pattern: `\x5f\w{24}\.exe`, why: "24 steps a byte"},
	{pattern: `host:\s?[^\r\n]{64}[\r\n]`, why: "64 steps a byte"},
	{pattern: `^.{12}(\x00|\x01)\x00\x00p`, flags: "ms", why: "twelve steps a line"},
	{pattern: `^a*b`, why: "anchored, one loop"},
	{pattern: `^(?:ab?)*c`, why: "one way for each word"},
	{pattern: `^(?>(?:a|aa)*)b`, why: "the group succeeds at once, and once"},
	{pattern: `\w+(*SKIP)x`, why: "the next start is behind the loop"},
	{pattern: `a*(*COMMIT)b`, why: "one start"},
	{pattern: `^(?>(?:ab)*)(?:ab)*c`, why: "the group takes all"},
	{pattern: `(?:a|aa)*`, why: "a search succeeds at once"},
	{pattern: `^(?:\R)*x`, why: "a newline is taken in one way"},
	{pattern: `x(?:.*y)?`, why: "one search, which the first x ends"},
	{pattern: `^(a()*a)*$`, dialect: corpus.ECMAScript, why: "an empty iteration fails"},
	{pattern: `a(?<=^(?:a|a)*b)`, dialect: corpus.DotNet, why: "right to left: the b first"},
}

// TestLinear: nothing is found where nothing is.
func TestLinear(t *testing.T) {
	for _, r := range linear {
		t.Run(r.pattern, func(t *testing.T) {
			re, prog := r.compile(t)
			res := Search(re, prog, Options{Seed: 3, Steps: 500_000})
			if len(res.Findings) > 0 {
				f := res.Findings[0]
				t.Errorf("%v %d on %q, but %s", f.Growth.Class, f.Growth.Exponent, f.Witness, r.why)
			}
			if res.StepsPerByte == 0 || len(res.Interesting) == 0 {
				t.Errorf("no cost was seen: %+v", res)
			}
		})
	}
}

// TestDeterministic: the same seed and budget give the same result, and the
// budget is kept.
func TestDeterministic(t *testing.T) {
	for _, r := range rows {
		if r.kind != "lookaround" && r.kind != "counter" {
			continue
		}
		re, prog := r.compile(t)
		o := Options{Seed: 7, Steps: 100_000}
		a, b := Search(re, prog, o), Search(re, prog, o)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s: two results for one seed", r.pattern)
		}
		if a.Steps > o.Steps+runOverhead+1 {
			t.Errorf("%s: %d steps of %d", r.pattern, a.Steps, o.Steps)
		}
	}
}

// TestFindings: each finding grows as it says, and is as small as it can be
// where the smallest attack is known.
func TestFindings(t *testing.T) {
	for _, test := range []struct {
		pattern string
		want    attack.Witness
	}{
		{`(a+)+b`, single("", "a", "")},
		{`^(?:x:)(?:a|aa)*b`, single("x:", "a", "")},
		{`\s+$`, attack.Witness{}},
		{`^"(?:[^"\\]|\\.|\\)*"$`, single(`"`, `\`, "")},
	} {
		re, prog := row{pattern: test.pattern}.compile(t)
		res := Search(re, prog, Options{Seed: 1})
		if len(res.Findings) == 0 {
			t.Errorf("%s: nothing found", test.pattern)
			continue
		}
		if got := res.Findings[0].Witness; len(test.want.Pumps) > 0 && !sameShape(got, test.want) {
			t.Errorf("%s: %q, want a family as small as %q", test.pattern, got, test.want)
		}
		for _, f := range res.Findings {
			growth, _, _ := engines.Fit(f.Samples)
			if engines.Known(growth) && growth != f.Growth {
				t.Errorf("%s: %v, but its samples say %v", test.pattern, f.Growth, growth)
			}
			for _, s := range f.Samples {
				if got := prog.Run(f.Witness.Bytes(s.N), backtrack.Options{}).Steps; got != s.Cost.Steps {
					t.Errorf("%s: %d steps at %d, the sample says %d", test.pattern, got, s.N, s.Cost.Steps)
				}
			}
		}
		if len(res.Hot) == 0 {
			t.Errorf("%s: no hot part", test.pattern)
		}
	}
}

func sameShape(a, b attack.Witness) bool {
	return len(a.Pumps) == len(b.Pumps) && a.Len(0) <= b.Len(0) && a.PumpLen() <= b.PumpLen()
}

// TestHints: a family and an input from outside are looked at first.
func TestHints(t *testing.T) {
	re, prog := row{pattern: `^key:[0-9a-f]{8}-(?:v|vv)*;$`}.compile(t)
	for name, o := range map[string]Options{
		"family": {Steps: 60_000, Hints: []attack.Witness{single("key:01234567-", "v", "")}},
		"input":  {Steps: 400_000, Inputs: [][]byte{[]byte("key:01234567-vvvv")}},
	} {
		if res := Search(re, prog, o); res.Growth().Class != engines.Exponential {
			t.Errorf("%s: %v in %d steps", name, res.Growth(), res.Steps)
		}
	}
}

func TestHorizon(t *testing.T) {
	for _, test := range []struct {
		pattern string
		want    horizon
	}{
		{`abc`, horizon{0, 0, 3, true}},
		{`a*b+`, horizon{0, 0, 2, true}},
		{`a{30}b`, horizon{30, 30, 1, true}},
		{`(?:a{0,9}){0,9}`, horizon{81, 81, 0, true}},
		{`(?:abc|d){2,4}|x{7}`, horizon{12, 12, 0, true}},
		{`(?:a{100}){100}b{1000,}`, horizon{11000, 10000, 0, true}},
	} {
		re, _ := row{pattern: test.pattern}.compile(t)
		if got := horizonOf(re); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.pattern, got, test.want)
		}
	}
}

// FuzzSearch: no pattern stops the search, and it keeps its budget.
func FuzzSearch(f *testing.F) {
	for _, r := range rows {
		f.Add(r.pattern, r.flags, uint64(1))
	}
	f.Fuzz(func(t *testing.T, pattern, letters string, seed uint64) {
		flags, err := corpus.ParseFlags(letters)
		if err != nil || len(pattern) > 300 {
			return
		}
		re, err := syntax.Parse(corpus.Pattern{Text: pattern, Dialect: corpus.PCRE, Flags: flags, Mode: corpus.Search})
		if err != nil {
			return
		}
		prog, err := backtrack.Compile(re)
		if err != nil {
			return
		}
		const budget = 20_000
		if res := Search(re, prog, Options{Seed: seed, Steps: budget}); res.Steps > budget+runOverhead+1 {
			t.Errorf("%q: %d steps", pattern, res.Steps)
		}
	})
}
