package verdict

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// incident is the pattern of July 2019.
const incident = "(?:(?:\\\"|'|\\]|\\}|\\\\|\\d|(?:nan|infinity|true|false|null|undefined|symbol|math)|\\`|\\-|\\+)+[)]*;?((?:\\s|-|~|!|{}|\\|\\||\\+)*.*(?:.*=.*)))"

// TestMatchLimits: the length that passes a match limit is the smallest one by
// the model's own count, or near it where that obeys no law, as on the pattern
// of July 2019; and none where a loop made possessive counts nothing.
func TestMatchLimits(t *testing.T) {
	limits := []uint64{1000, 1500, 3500, 100_000, 1_000_000, 10_000_000}
	for _, test := range []struct {
		text  string
		never []uint64
		slack int // pumps
		most  uint64
	}{
		{incident, nil, 6, 1_000_000},
		{`^(?:a|aa)*$`, nil, 0, 10_000_000},
		{`(?:.*a){3}b`, nil, 0, 1_000_000},
		{`\s+$`, []uint64{1_000_000, 10_000_000}, 0, 10_000_000},
		{`\s+x`, limits, 0, 10_000_000},
		{`^(?:a?){20}b`, []uint64{10_000_000}, 0, 10_000_000},
		{`^(?:a?){40}b`, nil, 0, 1_000_000},
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
		target := Analyze(p, Options{Engines: []string{"pcre2"}, MatchLimits: limits}).Targets[0]
		never := map[uint64]bool{}
		for _, limit := range test.never {
			never[limit] = true
		}
		w := target.Witness
		for _, limit := range limits {
			bytes := target.BytesToLimit[limit]
			if limit > test.most {
				continue // too expensive to hold against a run
			}
			if never[limit] || bytes < 0 {
				if never[limit] != (bytes < 0) {
					t.Errorf("/%s/, limit %d: %d bytes, never: %t", test.text, limit, bytes, never[limit])
				}
				continue
			}
			passes := func(n int) bool {
				calls, _ := m.Calls(w.Bytes(n), backtrack.Options{Steps: 200_000_000})
				return calls >= limit
			}
			n := (bytes - w.Len(0)) / w.PumpLen()
			if !passes(n+test.slack) || passes(n-1-test.slack) {
				t.Errorf("/%s/, limit %d: %d bytes, wrong by more than %d pumps", test.text, limit, bytes, test.slack)
			}
		}
	}
}

// TestSteepLimits: of an attack that costs too much at any length, the shortest
// says which limits it passes.
func TestSteepLimits(t *testing.T) {
	re, err := syntax.Parse(corpus.Pattern{Text: `^(?:(?:(?:(?:b*)*){0,3})*){0,3}$`, Dialect: corpus.PCRE})
	if err != nil {
		t.Fatal(err)
	}
	m, err := backtrack.NewModel(re, "pcre2")
	if err != nil {
		t.Fatal(err)
	}
	w := attack.Witness{Pumps: []attack.Pump{{Pump: []byte("b")}}, Suffix: []byte("a")}
	got := newTrial(m, 0).limits(&trialled{witness: w, model: m}, []uint64{1_000, 1 << 40})
	if got[1_000] != w.Len(1) || got[1<<40] != OpenLimit {
		t.Errorf("%v, want %d bytes for the lesser and an open one", got, w.Len(1))
	}
}
