package policy

import (
	"slices"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestMatchLimitDirective: what the files set bounds the patterns of operators,
// in the hosts that heed it.
func TestMatchLimitDirective(t *testing.T) {
	var settings []corpus.Setting
	for _, v := range []string{"2500", "0", "-3", "700", "99999999999", "x", "700"} { // ModSecurity takes two of them
		settings = append(settings, corpus.Setting{Name: "SecPcreMatchLimit", Value: v})
	}
	host := HostOf(append(settings, corpus.Setting{Name: "SecPcreMatchLimitRecursion", Value: "5"}))
	for _, test := range []struct {
		profile, role string
		want          []uint64
	}{
		{"modsecurity2", "operator", []uint64{700, 2500}},
		{"modsecurity3", "operator", []uint64{700, 2500, limitPCRE2}},
		{"modsecurity2", "selector", []uint64{limitRecommended, limitSnort3, limitCRSImage}},
		{"suricata", "operator", []uint64{limitSuricata}},
		{"coraza", "operator", nil},
	} {
		p := corpus.Pattern{Text: "a", Context: corpus.Context{Role: test.role}}
		q := Expand(p, []string{test.profile}, host)[0]
		if _, limits := Default().Targets(q); !slices.Equal(limits, test.want) {
			t.Errorf("%s, %s: %v, want %v", test.profile, test.role, limits, test.want)
		}
	}
	p := corpus.Pattern{Text: "a", Dialect: corpus.PCRE, Context: corpus.Context{Role: "operator"}}
	// One row for hosts with the same flags has the limits of both.
	q := Expand(p, []string{"apache", "modsecurity2"}, host)
	if _, limits := Default().Targets(q[0]); len(q) != 1 || !slices.Equal(limits, []uint64{700, 2500, limitPCRE2}) {
		t.Errorf("%v of %d rows", limits, len(q))
	}
	var known []uint64
	for _, l := range MatchLimits(q[0]) {
		known = append(known, l.Limit)
	}
	if !slices.IsSorted(known) || !slices.Contains(known, 700) || len(known) != len(MatchLimits(p))+2 {
		t.Errorf("limits to tell of: %v", known)
	}
	q[0].Context.MatchLimits = []uint64{limitSuricata}
	if all := MatchLimits(q[0]); len(all) != len(MatchLimits(p)) || all[2].Hosts != "SecPcreMatchLimit here, Suricata" {
		t.Errorf("a limit that others have too: %v", all)
	}
}

// TestOptions: the words of RegexDefaultOptions, as httpd's manual has them.
func TestOptions(t *testing.T) {
	for words, want := range map[string]corpus.Flags{
		"":                       httpdFlags,
		"+ICASE":                 httpdFlags | corpus.Caseless,
		"-dollar_endonly":        corpus.DotAll,
		"DOTALL":                 corpus.DotAll,
		"none":                   0,
		"NONE +DOTALL +ICASE":    corpus.DotAll | corpus.Caseless,
		"-DOTALL -DOTALL -ICASE": corpus.DollarEndOnly,
		"EXTENDED + - ++ICASE":   httpdFlags,
	} {
		if got := httpdOptions(httpdFlags, words); got != want {
			t.Errorf("%q: %s, want %s", words, got, want)
		}
	}
}
