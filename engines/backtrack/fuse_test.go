package backtrack

import (
	"slices"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestFusingChangesNothing holds that instructions run as one, tests that look
// ahead and a profile change neither a result nor a count nor a profile.
func TestFusingChangesNothing(t *testing.T) {
	bodies := []string{
		`(a+)+`, `(a*)+b`, `(?:ab|ab)*c`, `(?:a|b|ab)*?c`, `((a)|(b+)|c)*`, `(?:(ab)|(a)b)+`, `(a+?)(b|a)*`, `(a+)\1b`,
		`(?:(?:a|b)|(?:c|é))*`, `(a+|b)*+c`, `(?>(a+)|b)*`, `(?=(a+))b|(?<=(a+))b`, `(a{2,3}|b){1,2}`, `((a+)b?)*`, `(?i:(A|b)+)c`,
		`.*(a|b)$`, `(?:a?b?){3}c`, `(|a|b)+`, `((((((a))))))|b`, `\b(\w+)\s*(a|b)*\z`, `(a|(?:b|(?:c|(?:a|b))))*`, `[^a](b+)|(c+)`,
	}
	subjects := []string{"", "a", "aab", "ababab", "aaaaaaab", "bbbacab", "cabcab\n", "ééab", "abc é\U0001F600ab"}
	compared := 0
	for _, d := range corpus.Dialects {
		for _, mode := range []corpus.Mode{corpus.Search, corpus.Full, corpus.Global} {
			for _, body := range bodies {
				re, err := syntax.Parse(corpus.Pattern{Text: body, Dialect: d, Mode: mode, Flags: corpus.Unicode})
				if err != nil {
					re, err = syntax.Parse(corpus.Pattern{Text: body, Dialect: d, Mode: mode})
				}
				if err != nil {
					continue
				}
				compared++
				fused, err := Compile(re)
				if err != nil {
					t.Fatal(err)
				}
				plain, err := Compile(re)
				if err != nil {
					t.Fatal(err)
				}
				plain.pushAll()
				for _, s := range subjects {
					one, two := make([]uint64, fused.Len()), make([]uint64, plain.Len())
					want := plain.Run([]byte(s), Options{Profile: two})
					for _, profile := range [][]uint64{nil, one} {
						got := fused.Run([]byte(s), Options{Profile: profile})
						if got.Outcome != want.Outcome || got.Steps != want.Steps || !slices.Equal(got.Caps, want.Caps) {
							t.Errorf("/%s/ as %s on %q: %+v, instruction by instruction %+v", body, d, s, got, want)
						}
					}
					if !slices.Equal(one, two) {
						t.Errorf("/%s/ as %s on %q: the profile is %v, instruction by instruction %v\n%s", body, d, s, one, two, fused)
					}
				}
			}
		}
	}
	if compared < 5*len(bodies) {
		t.Errorf("%d patterns compared", compared)
	}
}
