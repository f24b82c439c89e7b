package verdict

import (
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// TestManySymbols: alternations of more symbols than an alphabet has classes are
// judged all the same, since symbols that are only read share classes. Those
// that a lookahead or a possessive loop asks about never do.
func TestManySymbols(t *testing.T) {
	var symbols []string
	for c := rune(0x4E00); c < 0x4E00+700; c += 2 {
		symbols = append(symbols, string(c))
	}
	any := "(?:" + strings.Join(symbols, "|") + ")"
	for text, want := range map[string]struct {
		kind  Kind
		cause string
	}{
		any + "=":              {Linear, ""},
		"^" + any + "*=":       {Linear, ""},
		any + "+=":             {Superlinear, "rescan"},
		any + "*" + any + "*=": {Superlinear, "adjacent"},
		"^(?:" + any + "+)+=":  {Superlinear, "nested"},
		"(?!" + symbols[7] + symbols[8] + ")" + any + "=": {Linear, ""},
	} {
		v := Analyze(corpus.Pattern{Text: text, Dialect: corpus.ECMAScript, Mode: corpus.Search}, Options{})
		if v.Kind != want.kind || v.Cause != want.cause {
			t.Errorf("%.20s…%s: %s %s, want %s %s (%+v)", text, text[len(text)-6:], v.Kind, v.Cause, want.kind, want.cause, v.Reason)
		}
	}
	// The group is captured in one of many ways, and asked for in the end.
	text := "^((?:" + strings.Join(symbols[:20], "|") + ")+)" + any + `\1$`
	if v := Analyze(corpus.Pattern{Text: text, Dialect: corpus.ECMAScript, Mode: corpus.Search}, Options{}); v.Kind == Invalid {
		t.Errorf("%+v", v.Reason)
	}
}
