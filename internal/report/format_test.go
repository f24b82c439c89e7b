package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

func finding() gate.Row {
	p := corpus.Pattern{ID: "id", Text: "^(a+)+$", Dialect: corpus.PCRE, Flags: corpus.DotAll, Source: corpus.NewSource("f.conf", "7", []corpus.Segment{{Offset: 0, Pos: corpus.Position{Line: 3, Column: 9, Offset: 40}}, {Offset: 3, Pos: corpus.Position{Line: 4, Column: 1, Offset: 60}}})}
	return gate.Row{
		Verdict: verdict.Verdict{
			Pattern: p, Kind: verdict.Superlinear, Growth: engines.Growth{Class: engines.Exponential}, Cause: "nested",
			Spans: []syntax.Span{{Start: 1, End: 6}, {Start: 2, End: 4}}, Witnesses: []attack.Witness{attackOf("PREFIX", "PUMP", "SUFFIX"), attackOf("", "PUMP2", "")},
			Samples: []engines.Sample{{N: 1, Bytes: 16, Cost: engines.Cost{Steps: 5}}, {N: 2, Bytes: 20, Cost: engines.Cost{Steps: 1234567}}},
			Sizes:   []verdict.Size{{Steps: 1e3, Bytes: 17, Verified: true}, {Steps: 1e8, Bytes: -1}},
		},
		Level:     policy.Error,
		Judgement: &gate.Judgement{Decision: gate.Reject, Code: gate.CodeNew, Message: "exponential in a new pattern", Changed: []string{}},
	}
}

func formats() map[string]Format {
	return map[string]Format{
		"text gate": &Text{Style: Gate}, "text lint": &Text{Style: Lint}, "text explain": &Text{Style: Explain}, "text colour": &Text{Style: Gate, Colour: true},
		"jsonl gate": JSONL{Style: Gate}, "jsonl lint": JSONL{Style: Lint}, "jsonl stable": JSONL{Style: Lint, Stable: true},
		"github gate": &GitHub{Style: Gate}, "markdown gate": &Markdown{Style: Gate}, "sarif gate": &SARIF{Style: Gate}, "junit gate": &JUnit{Style: Gate},
	}
}

// No format prints any part of an attack that is to be hidden, of the pattern
// or of its base.
func TestHide(t *testing.T) {
	for name, f := range formats() {
		r := finding()
		base := r.Verdict
		r.Judgement.Base = &base
		g := f.Fresh()
		if open := string(g.Row(r)) + string(g.Summary(gate.NewSummary())); !strings.Contains(open, "PREFIX") || !strings.Contains(open, "SUFFIX") {
			t.Errorf("%s: an attack of the change is not shown: %s", name, open)
		}
		r.Hide = true
		g = f.Fresh()
		hidden := string(g.Row(r)) + string(g.Summary(gate.NewSummary()))
		for _, part := range []string{"PREFIX", "PUMP", "SUFFIX"} {
			if strings.Contains(hidden, part) {
				t.Errorf("%s: %s in %s", name, part, hidden)
			}
		}
	}
}

func TestShows(t *testing.T) {
	for name, f := range formats() {
		for d, want := range map[gate.Decision]bool{gate.Reject: true, gate.Debt: false, gate.Accept: false, gate.Error: false} {
			r := finding()
			r.Judgement.Decision = d
			if strings.HasSuffix(name, "gate") || strings.HasSuffix(name, "colour") {
				if got := Shows(f, r); got != want {
					t.Errorf("%s: %s: %v", name, d, got)
				}
			}
		}
		r := finding()
		r.Judgement.Decision, r.Judgement.Code = gate.Accept, gate.CodeLatent
		if strings.HasSuffix(name, "gate") && !Shows(f, r) {
			t.Errorf("%s: latent", name)
		}
		r.Verdict.Pattern.Source.File = ""
		if Shows(f, r) {
			t.Errorf("%s: a row without a place", name)
		}
	}
}

func TestRow(t *testing.T) {
	var got map[string]any
	out := JSONL{Style: Gate}.Row(finding())
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"schema": `1`, "exponent": `null`, "growth": `"exponential"`, "spans": `[[1,6],[2,4]]`, "places": `[[3,10,4,4],[3,11,4,2]]`,
		"line": `3`, "column": `9`, "flags": `"s"`, "mode": `"search"`, "profiles": `[]`, "fixes": `[]`, "engines": `{}`, "reason": `null`, "base": `null`,
		"changed": `[]`, "proof": `null`, "bytes_to_steps": `{"1e3":{"bytes":17,"verified":true},"1e5":null,"1e7":null,"1e8":{"bytes":null,"verified":false}}`,
		"samples": `[{"bytes":16,"n":1,"steps":5},{"bytes":20,"n":2,"steps":1234567}]`,
	} {
		b, err := json.Marshal(got[key])
		if _, ok := got[key]; !ok || err != nil || string(b) != want {
			t.Errorf("%s: %s, want %s", key, b, want)
		}
	}
	if _, ok := got["timing"]; ok {
		t.Error("a gate's row has a timing")
	}
	if strings.Count(string(out), "\n") != 1 {
		t.Error("more than one line")
	}
}

func TestText(t *testing.T) {
	f := &Text{Style: Gate}
	got := string(f.Row(finding()))
	want := "f.conf:3:9: reject: rule 7: exponential (nested)\n" + `
    ^(a+)+$
     ~^^~~

  cause:  ` + "`(a+)+` and `a+`" + ` can split the same characters between them in many ways; when the match fails, every way is tried.
  attack: "PREFIX" + "PUMP" × n + "SUFFIX"
  bytes:  { printf 'PREFIX'; printf 'PUMP%.0s' $(seq 2); printf 'SUFFIX'; }
  size:   no attack within the input limit costs 100,000,000 steps
             bytes            steps
                16                5
                20        1,234,567 × 2.47e+05
  do:     let only one of the loops repeat, or begin each turn with a character that the inner part cannot match.
  change: new pattern
  reason: exponential in a new pattern
  read:   pcre, flags s, search
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	again := finding()
	again.Verdict.Pattern.Flags = corpus.Multiline
	if got := string(f.Row(again)); got != "  same:   pcre, flags m, search\n" {
		t.Errorf("repeated: %q", got)
	}
	other := finding()
	other.Verdict.Pattern.Source.Rule = "8"
	if got := string(f.Row(other)); !strings.HasPrefix(got, "\nf.conf:3:9: reject: rule 8") {
		t.Errorf("another rule: %q", got)
	}
}

// Bytes that are no UTF-8 never reach the output, wherever they stand.
func TestForeignBytes(t *testing.T) {
	r := finding()
	p := &r.Verdict.Pattern
	p.ID, p.Text, p.Source = "\xff", "a\xff+\x1b[31m", corpus.NewSource("f\xff.conf", "7\xff", nil)
	p.Context.Profiles = []string{"\xff"}
	r.Verdict.Reason = &verdict.Reason{Code: "x", Message: "\xff\n\x1b[2J\u202e", Offset: 1}
	r.Waiver = &policy.Waiver{Rule: "\xff", Owner: "\xff", Reason: "\xff"}
	for name, f := range formats() {
		f = f.Fresh()
		out := string(f.Row(r)) + string(f.Fault(&corpus.Problem{File: "\xff\n", Message: "\xff"})) + string(f.Summary(gate.NewSummary()))
		if strings.Contains(out, "\uFFFD") && strings.HasPrefix(name, "jsonl") || strings.Contains(out, "\xff") {
			t.Errorf("%s: %q", name, out)
		}
		if strings.HasPrefix(name, "text") && name != "text colour" && strings.ContainsAny(out, "\x1b\u202e") {
			t.Errorf("%s: a control or an escape sequence of the pattern in the output", name)
		}
	}
}

func TestCommas(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := commas(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
