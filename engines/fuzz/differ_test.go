package fuzz_test

import (
	"bytes"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
	"github.com/nearmiss-dev/nearmiss/engines/re2"
	"github.com/nearmiss-dev/nearmiss/engines/regexp2"
	"github.com/nearmiss-dev/nearmiss/engines/stdlib"
)

var speakers = []fuzz.Speaker{
	{Engine: regexp2.NewV1(), Dialect: corpus.DotNet}, {Engine: regexp2.NewV2(), Dialect: corpus.DotNet},
	{Engine: re2.New(), Dialect: corpus.Go}, {Engine: stdlib.New(), Dialect: corpus.Go},
}

// TestCompare: what dialects read in two ways is found inside of a pattern, and
// cut down to it.
func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name, pattern, flags string
		want                 map[string]string // the smallest pattern, and its input
	}{
		{"the same", `^(?:a|b)+c{2}[^d]`, "", nil},
		{"white space", `^key\s*=\s*(\w+)`, "", map[string]string{`\s`: "\v"}},
		{"not white space", `<a\S+>`, "", map[string]string{`\S`: "\v"}},
		{"end", `^abc$`, "", map[string]string{`$`: "\n"}},
		{"end of lines", `^abc$`, "m", nil},
		{"end of subject", `abc\Z`, "", nil}, // Go has no \Z
		{"lookahead", `abc(?=d$)`, "", nil},  // nor a lookahead
		{"both", `x\sy$`, "", map[string]string{`\s`: "\v", `$`: "\n"}},
		{"class", `[\s,]+end`, "", map[string]string{`[\s,]`: "\v"}},
		{"extended", "a b # c", "x", nil}, // nor the flag
	} {
		t.Run(test.name, func(t *testing.T) {
			flags, err := corpus.ParseFlags(test.flags)
			if err != nil {
				t.Fatal(err)
			}
			p := corpus.Pattern{Text: test.pattern, Dialect: corpus.DotNet, Flags: flags, Mode: corpus.Search}
			got := map[string]string{}
			for _, d := range fuzz.Compare(p, speakers, nil) {
				if d.Kind != fuzz.DiffersByDialect || d.Where != "dotnet → go" {
					t.Errorf("%s %s: %q on %q: %v, %v", d.Kind, d.Where, d.Pattern.Text, d.Input, d.Want, d.Got)
				}
				got[d.Pattern.Text] = string(d.Input)
			}
			for text, in := range test.want {
				if g, ok := got[text]; !ok || g != in {
					t.Errorf("%q on %q is missing in %q", text, in, got)
				}
			}
			if len(got) != len(test.want) {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

// wrong is an engine that takes no match for one where a subject holds a byte.
type wrong struct {
	engines.Engine
	on byte
}

func (w wrong) Name() string { return "wrong" }

func (w wrong) Compile(p corpus.Pattern) (engines.Matcher, error) {
	m, err := w.Engine.Compile(p)
	return wrongMatcher{m, w.on}, err
}

type wrongMatcher struct {
	engines.Matcher
	on byte
}

func (m wrongMatcher) Match(in []byte, lim engines.Limits) engines.Outcome {
	out := m.Matcher.Match(in, lim)
	if out.State == engines.Matched && bytes.IndexByte(in, m.on) >= 0 {
		return engines.Outcome{State: engines.NoMatch}
	}
	return out
}

// TestCompareFault: an engine that contradicts its own dialect is told from
// dialects that differ.
func TestCompareFault(t *testing.T) {
	p := corpus.Pattern{Text: `^(?:key|word)_[a-z]+(\d+)x`, Dialect: corpus.DotNet, Mode: corpus.Search}
	got := fuzz.Compare(p, append([]fuzz.Speaker{{Engine: wrong{regexp2.NewV2(), '_'}, Dialect: corpus.DotNet}}, speakers...), nil)
	if len(got) != 1 || got[0].Kind != fuzz.DiffersByEngine || got[0].Where != "wrong" || string(got[0].Input) != "_" || len(got[0].Pattern.Text) > 1 {
		t.Errorf("found %+v", got)
	}
}
