package verdict

import (
	"reflect"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestSharedStudies: what patterns share changes no verdict, and only trees
// that are the same share anything.
func TestSharedStudies(t *testing.T) {
	flags := []corpus.Flags{corpus.DotAll | corpus.DollarEndOnly, corpus.DotAll | corpus.Multiline, 0, corpus.Caseless, corpus.Anchored}
	for _, test := range []struct {
		text    string
		studies int // of those flags
	}{
		{`(a+)+b`, 3},
		{`(?:a?){30}a{30}`, 3},
		{`[a-z]+@[a-z]+x`, 3},
		{`a+.`, 4},
		{`\s+$`, 5},
		{`^a*a*b`, 4},
		{`(a+)+b(`, 0},
	} {
		var shared Shared
		for _, f := range flags {
			for _, engines := range [][]string{{"pcre2"}, {"pcre2-jit", "pcre2-jit+fallback"}} {
				p := corpus.Pattern{Text: test.text, Dialect: corpus.PCRE, Flags: f, Context: corpus.Context{Transformations: []string{"lowercase"}}}
				o := Options{Engines: engines, MatchLimits: []uint64{1000}}
				want := Analyze(p, o)
				o.Shared = &shared
				if got := Analyze(p, o); !reflect.DeepEqual(got, want) {
					t.Errorf("/%s/%s on %s: %+v, alone %+v", test.text, f, engines, got, want)
				}
			}
		}
		if len(shared.studies) != test.studies {
			t.Errorf("/%s/: %d studies, want %d", test.text, len(shared.studies), test.studies)
		}
	}
}
