package verdict

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/re2"
	"github.com/nearmiss-dev/nearmiss/engines/stdlib"
)

// TestMoveTo: what moves, how it is then written, what stops it, and on what
// the engine differs.
func TestMoveTo(t *testing.T) {
	for _, test := range []struct {
		text, flags string
		dialect     corpus.Dialect
		want        string
	}{
		{`(a+)+b`, "", corpus.PCRE, "same"},
		{`^(?:a|ab)(c|bcd)?`, "i", corpus.PCRE, "same"},
		{`.*(?:.*=.*)`, "s", corpus.PCRE, "same"},
		{`[^a]+x`, "", corpus.PCRE, "same"}, // byte by byte
		// Flags and classes that RE2 lacks or reads otherwise.
		{`a+ b # c`, "x", corpus.PCRE, "same as `a+b`"},
		{`\s+x`, "", corpus.PCRE, "same as `[\\x09-\\x0d\\x20]+x`"}, // with the vertical tab
		{`\h+x`, "", corpus.PCRE, "same as `[\\x09\\x20\\xa0]+x`"},
		{`\d+x`, "", corpus.Python, "same as"},
		// The end before a final newline: taken, and another thing.
		{`\w+$`, "", corpus.PCRE, "stopped by end before a final newline 3-4; differs"},
		{`\w+$`, "D", corpus.PCRE, "same as `[0-9A-Z\\x5fa-z]+\\z`"},
		{`^a`, "m", corpus.PCRE, "stopped by start of a line, but not of an empty last one 0-1"},
		// What stops a pattern.
		{`a(?=b)(?<!c)`, "", corpus.PCRE, "stopped by lookahead 1-6, negative lookbehind 6-12; refused"},
		{`(?>a+)b++`, "", corpus.PCRE, "stopped by atomic group 0-6, possessive quantifier 6-9; refused"},
		{`(a)\1`, "", corpus.ECMAScript, "stopped by backreference 3-5; refused"},
		{`a{1,2000}`, "", corpus.PCRE, "stopped by repeat of more than 1,000 0-9; refused"},
		{`a\K(*COMMIT)b`, "", corpus.PCRE, "stopped by reset of the match's start 1-3, backtracking verb 3-12; refused"},
		{`a(?(?=b)c|d)(?1)?\X(e)`, "", corpus.PCRE, "stopped by conditional 1-12"},
		// Captures of an iteration: the last one, and ECMAScript's forget.
		{`(?:(a)|b)*`, "", corpus.ECMAScript, "differs"},
		{`(?:(a)|b)*`, "", corpus.PCRE, "same"},
	} {
		flags, err := corpus.ParseFlags(test.flags)
		if err != nil {
			t.Fatal(err)
		}
		p := corpus.Pattern{Text: test.text, Dialect: test.dialect, Flags: flags}
		v := Analyze(p, Options{})
		m := v.MoveTo(re2.New(re2.ReadAsRE2()))
		if got := moved(m); !strings.HasPrefix(got, test.want) {
			t.Errorf("/%s/%s: %s, want %s", test.text, test.flags, got, test.want)
		}
		if m.Taken && m.Differs == nil && m.Subjects < 1000 {
			t.Errorf("/%s/%s: compared on %d subjects", test.text, test.flags, m.Subjects)
		}
	}
}

// moved is a Move in words.
func moved(m Move) string {
	var out []string
	for i, s := range m.Stops {
		word := fmt.Sprintf("%s %d-%d", s.Construct, s.Span.Start, s.Span.End)
		if i == 0 {
			out = append(out, "stopped by "+word)
		} else {
			out[0] += ", " + word
		}
	}
	switch {
	case m.Differs != nil:
		out = append(out, fmt.Sprintf("differs on %q: %v and %v", m.Differs.Subject, m.Differs.Was, m.Differs.Is))
	case !m.Taken:
		out = append(out, "refused: "+m.Refusal)
	case m.Respelled:
		out = append(out, "same as `"+m.Text+"`")
	default:
		out = append(out, "same")
	}
	return strings.Join(out, "; ")
}

// TestMoveToRunes: an engine that reads runes is one for patterns that do.
func TestMoveToRunes(t *testing.T) {
	e := stdlib.New(stdlib.ReadAsGo())
	for _, test := range []struct {
		flags corpus.Flags
		same  bool
	}{{corpus.Unicode, true}, {0, false}} {
		v := Analyze(corpus.Pattern{Text: `[\x80-\xff]x`, Dialect: corpus.PCRE, Flags: test.flags}, Options{})
		if m := v.MoveTo(e); !m.Taken || (m.Differs == nil) != test.same || m.To != e.Name() {
			t.Errorf("flags %s: %s", test.flags, moved(m))
		}
	}
	v := Verdict{Pattern: corpus.Pattern{Text: `(`, Dialect: corpus.PCRE}}
	if m := v.MoveTo(e); m.Taken || m.Refusal == "" || m.Subjects != 0 {
		t.Errorf("%+v", m)
	}
}
