package report

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/seclang"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// TestDecode: a row that is read back is written as the same line, in every
// format.
func TestDecode(t *testing.T) {
	rules := "SecRule ARGS \"@rx ^(a+)+\\\"$\" \"id:2,phase:2,deny\"\nSecRule ARGS \"@rx \\\n\\s+x(\" \"id:3,phase:2,deny\"\n"
	patterns := seclang.Reader{}.Read("rules.conf", []byte(rules)).Patterns
	for _, text := range []string{`^(a+)+$`, `\s+$`, "a\xff*a\xff*b", `(a+)\1c`, `abc`, `(`, `.*.*=.*`, `é*é*x`, `(?:a?){30}a{30}`} {
		patterns = append(patterns, corpus.Pattern{ID: "x", Text: text, Dialect: corpus.PCRE, Mode: corpus.Search})
	}
	patterns = append(patterns, corpus.Pattern{Text: `(?:\uD83D)*\uD83D*x`, Dialect: corpus.ECMAScript, Mode: corpus.Search})
	for i, p := range patterns {
		for _, q := range policy.Expand(p, policy.DefaultProfiles("seclang"), policy.Host{}) {
			v := verdict.Analyze(q, verdict.Options{Engines: []string{"pcre2", "re2"}, MatchLimits: []uint64{1000}, Search: &verdict.Search{Steps: 50_000}})
			v.Pattern = q
			r := gate.Row{Verdict: v, Level: policy.Default().Lines.Level(v), Elapsed: time.Duration(i) * time.Microsecond, Seq: i}
			if len(v.Witnesses) > 0 {
				r.Shared = &gate.Shared{Attacks: []gate.SharedAttack{{Seq: 7, Witness: v.Witnesses[0]}}}
			} else if v.Kind == verdict.Linear {
				r.Shared = &gate.Shared{Reason: &verdict.Reason{Code: gate.ReasonInternal, Offset: -1, Message: "set aside"}}
			}
			line := JSONL{}.Row(r)
			e, err := Decode(line)
			if err != nil || e.Row == nil {
				t.Errorf("%q: %v", p.Text, err)
				continue
			}
			for name, f := range map[string]func() Format{
				"jsonl": func() Format { return JSONL{} }, "text": func() Format { return &Text{} }, "markdown": func() Format { return &Markdown{} },
				"sarif": func() Format { return &SARIF{} }, "github": func() Format { return &GitHub{} }, "junit": func() Format { return &JUnit{} },
			} {
				if want, got := written(f(), r), written(f(), *e.Row); !bytes.Equal(want, got) {
					t.Errorf("%q: %s: read back otherwise:\n%s", p.Text, name, cmp.Diff(string(want), string(got)))
				}
			}
		}
	}
}

func written(f Format, r gate.Row) []byte {
	return append(f.Row(r), f.Summary(gate.NewSummary())...)
}

func TestDecodeFaults(t *testing.T) {
	p := &corpus.Problem{Code: "unreadable", File: "a\xffb", Pos: corpus.Position{Line: 3, Column: 4}, Message: "cannot be read"}
	line := JSONL{}.Fault(p)
	e, err := Decode(line)
	if err != nil || e.Fault == nil || !bytes.Equal(JSONL{}.Fault(e.Fault), line) {
		t.Errorf("%s: %+v, %v", line, e, err)
	}
	for _, bad := range []string{
		``, `{}`, `[]`, `x`, `{"schema":2}`, `{"schema":1}`, `{"schema":1,"pattern":"a","pattern_encoding":"utf-7","dialect":"pcre","mode":"search"}`,
		`{"schema":1,"pattern":"a","dialect":"perl","mode":"search"}`, `{"schema":1,"pattern":"a","dialect":"pcre","mode":"search","flags":"?"}`,
		`{"schema":1,"pattern":"a","dialect":"pcre","mode":"search","level":"bad"}`, `{"summary":{}} {}`,
		`{"schema":1,"pattern":"a","dialect":"pcre","mode":"search","witnesses":[{"pumps":[],"suffix":"é","encoding":"utf-16"}]}`,
		`{"schema":1,"pattern":"a","dialect":"pcre","mode":"search","witnesses":[{"pumps":[],"suffix":"","encoding":"utf-7"}]}`,
		`{"schema":1,"pattern":"Ā","pattern_encoding":"bytes","dialect":"pcre","mode":"search"}`,
		`{"schema":1,"pattern":"a","dialect":"pcre","mode":"search","engines":{"pcre2":{"model":"superlinear","witness":{"pumps":[],"suffix":"0","encoding":"utf-16"}}}}`,
		`{"schema":1,"pattern":"a","dialect":"pcre","mode":"search","engines":{"pcre2":{"model":"superlinear","sent":{"witness":{"pumps":[],"suffix":"Ā","encoding":"bytes"}}}}}`,
		`{"schema":1,"pattern":"a","dialect":"pcre","mode":"search","differences":[{"kind":"engine","pattern":"Ā","pattern_encoding":"bytes","input":"a","input_encoding":"utf-8"}]}`,
		`{"schema":1,"pattern":"a","dialect":"pcre","mode":"search","timing":{"elapsed_us":1,"live":{"pcre2":{"outcome":"complete","witness":{"pumps":[],"suffix":"Ā","encoding":"bytes"}}}}}`,
	} {
		if e, err := Decode([]byte(bad)); err == nil {
			t.Errorf("%s: no error: %+v", bad, e)
		}
	}
}

// TestDecodeUnits: code units survive, pairs and lone surrogates alike.
func TestDecodeUnits(t *testing.T) {
	js := corpus.Pattern{Dialect: corpus.ECMAScript}
	for _, b := range []string{"a", "é€", "😀", "\xed\xa0\xbd", "\xed\xb8\x80", "\xed\xa0\xbd\xed\xa0\xbd", "\xed\xa0\xbda", "\x00\x7f"} {
		w := attack.Witness{Pumps: []attack.Pump{{Pump: []byte(b)}}, Suffix: []byte("\xed\xa0\xbd")}
		j := encodeWitness(js, w)
		got, ok := witnessOf(j)
		if !ok || !got.Equal(w) {
			t.Errorf("%q: %+v read back as %q", b, j, fmt.Sprint(got))
		}
	}
}
