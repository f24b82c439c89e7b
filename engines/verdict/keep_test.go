package verdict

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestPaidOnce: a cost that bounded parts of a pattern make for short inputs only
// is no growth, however steep it looks until then; a short input of such a cost
// may be an attack when it is repeated.
func TestPaidOnce(t *testing.T) {
	for _, row := range []struct {
		text    string
		dialect corpus.Dialect
		mode    corpus.Mode
		pump    string // of the attack, "" where there is none
	}{
		// Exponential until n is 8, 9 or 16, where it matches.
		{`(?:(?:(?:(?:c|.)){2,}){2}){2}`, corpus.Python, corpus.Global, ""},
		{`(?:^)?+(?:(?:(?:((?:[ab])+[ab])){2,}){2,}){2,}`, corpus.PCRE, corpus.Search, ""},
		// Cubic until n is 23.
		{`^([MACDRUG_ ][MACDRUG_ ])(.)(.)   .   [^0-9-]+(\d+|-)(.{23})(.+)`, corpus.Python, corpus.Search, ""},
		// Seven letters cost 713,000 steps, eight less: on and on, a line each.
		{`(?:(?:(?:(?:b|(?:(?:c|[ab])|.))){2,}){2}){2}`, corpus.Python, corpus.Global, "bbbbbbb\n"},
	} {
		v := Analyze(corpus.Pattern{Text: row.text, Dialect: row.dialect, Mode: row.mode}, Options{})
		if row.pump == "" {
			if v.Kind == Superlinear {
				t.Errorf("%s: %s %v by %+v, want no attack", row.text, v.Kind, v.Growth, v.Witnesses)
			}
			continue
		}
		if v.Kind != Superlinear || string(v.Witnesses[0].Pumps[0].Pump) != row.pump {
			t.Errorf("%s: %s %v by %+v, want the pump %q", row.text, v.Kind, v.Growth, v.Witnesses, row.pump)
		}
	}
}

// TestForetold: an exponent that would take more samples than can be paid is
// believed to the automaton, where a run costs too much.
func TestForetold(t *testing.T) {
	p := corpus.Pattern{Text: `^0:`, Dialect: corpus.PCRE, Mode: corpus.Search}
	for range 16 {
		p.Text += `\s*\d+`
	}
	p.Text += `.*$`
	v := Analyze(p, Options{})
	if v.Kind != Superlinear || v.Growth.Exponent != 17 {
		t.Fatalf("%s: %s %v %v, want exponent 17", p.Text, v.Kind, v.Growth, v.Reason)
	}
}
