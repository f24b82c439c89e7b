package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// sarifSchema is the part of SARIF 2.1.0 (OASIS standard, sections 3.13 to
// 3.55) that this package writes, written down from the text: which keys are
// required, what type they have, and which words are allowed.
const sarifSchema = `{
"type":"object","required":["$schema","version","runs"],"additionalProperties":false,
"properties":{"$schema":{"type":"string"},"version":{"const":"2.1.0"},"runs":{"type":"array","items":{"$ref":"#/$defs/run"}}},
"$defs":{
"run":{"type":"object","required":["tool","results"],"additionalProperties":false,"properties":{
 "tool":{"type":"object","required":["driver"],"additionalProperties":false,"properties":{"driver":{"type":"object","required":["name"],"additionalProperties":false,"properties":{
  "name":{"type":"string"},"version":{"type":"string"},"informationUri":{"type":"string","pattern":"^https://"},"rules":{"type":"array","items":{"$ref":"#/$defs/rule"}}}}}},
 "invocations":{"type":"array","items":{"type":"object","required":["executionSuccessful"],"additionalProperties":false,"properties":{"executionSuccessful":{"type":"boolean"},
  "toolExecutionNotifications":{"type":"array","items":{"type":"object","required":["message"],"additionalProperties":false,"properties":{"level":{"$ref":"#/$defs/level"},"message":{"$ref":"#/$defs/message"},"locations":{"type":"array","items":{"$ref":"#/$defs/location"}}}}}}}},
 "columnKind":{"enum":["utf16CodeUnits","unicodeCodePoints"]},"results":{"type":"array","items":{"$ref":"#/$defs/result"}}}},
"level":{"enum":["none","note","warning","error"]},
"message":{"type":"object","required":["text"],"additionalProperties":false,"properties":{"text":{"type":"string","minLength":1},"markdown":{"type":"string"}}},
"rule":{"type":"object","required":["id"],"additionalProperties":false,"properties":{"id":{"type":"string"},"name":{"type":"string"},"shortDescription":{"$ref":"#/$defs/message"},"fullDescription":{"$ref":"#/$defs/message"},"help":{"$ref":"#/$defs/message"},"helpUri":{"type":"string"},"properties":{"type":"object"}}},
"result":{"type":"object","required":["message","ruleId","ruleIndex","level","partialFingerprints"],"additionalProperties":false,"properties":{
 "ruleId":{"type":"string"},"ruleIndex":{"type":"integer","minimum":0},"level":{"$ref":"#/$defs/level"},"message":{"$ref":"#/$defs/message"},
 "locations":{"type":"array","items":{"$ref":"#/$defs/location"}},"relatedLocations":{"type":"array","items":{"$ref":"#/$defs/location"}},
 "codeFlows":{"type":"array","items":{"type":"object","required":["threadFlows"],"additionalProperties":false,"properties":{"message":{"$ref":"#/$defs/message"},"threadFlows":{"type":"array","minItems":1,"items":{"type":"object","required":["locations"],"additionalProperties":false,"properties":{"locations":{"type":"array","minItems":1,"items":{"type":"object","properties":{"location":{"$ref":"#/$defs/location"}},"additionalProperties":false}}}}}}}},
 "partialFingerprints":{"type":"object","additionalProperties":{"type":"string"}},
 "suppressions":{"type":"array","items":{"type":"object","required":["kind"],"additionalProperties":false,"properties":{"kind":{"enum":["inSource","external"]},"justification":{"type":"string"}}}},
 "properties":{"type":"object"}}},
"location":{"type":"object","additionalProperties":false,"properties":{"id":{"type":"integer","minimum":-1},"message":{"$ref":"#/$defs/message"},
 "logicalLocations":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"kind":{"type":"string"}},"additionalProperties":false}},
 "physicalLocation":{"type":"object","required":["artifactLocation"],"additionalProperties":false,"properties":{"artifactLocation":{"type":"object","properties":{"uri":{"type":"string","pattern":"^[!-~]*$"}},"additionalProperties":false},
  "region":{"type":"object","additionalProperties":false,"properties":{"startLine":{"type":"integer","minimum":1},"startColumn":{"type":"integer","minimum":1},"endLine":{"type":"integer","minimum":1},"endColumn":{"type":"integer","minimum":1}}}}}}}
}}`

func sarifOf(t *testing.T, rows []gate.Row, faults ...*corpus.Problem) (out []byte) {
	t.Helper()
	f := (&SARIF{Style: Gate}).Fresh()
	for _, r := range rows {
		out = append(out, f.Row(r)...)
	}
	for _, p := range faults {
		out = append(out, f.Fault(p)...)
	}
	out = append(out, f.Summary(gate.NewSummary())...)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(sarifSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(out)))
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	return out
}

// TestSARIF holds rows of every kind against the schema.
func TestSARIF(t *testing.T) {
	bare := finding()
	bare.Verdict.Pattern.Source = corpus.NewSource("", "", nil)
	odd := finding()
	odd.Verdict.Pattern.Source = corpus.NewSource("/a b/ü\xff%.conf", "\xff", nil)
	odd.Verdict.Spans = []syntax.Span{{Start: 0, End: 0}}
	waived := finding()
	waived.Waiver = &policy.Waiver{Rule: "7", Owner: "o", Reason: "r", Expires: "2999-01-01"}
	debt := finding()
	debt.Judgement.Decision = gate.Debt
	sarifOf(t, nil)
	sarifOf(t, []gate.Row{finding(), bare, odd, waived, debt}, &corpus.Problem{Code: "c", Message: "m"}, &corpus.Problem{Code: "c", File: "f", Message: "m", Pos: corpus.Position{Line: 1, Column: 2}})
}

// TestFingerprint: it stays when the pattern moves in its file, and differs
// for another text, rule, or the same once more.
func TestFingerprint(t *testing.T) {
	prints := func(rows ...gate.Row) (out []string) {
		var log struct {
			Runs []struct {
				Results []struct{ PartialFingerprints map[string]string }
			}
		}
		if err := json.Unmarshal(sarifOf(t, rows), &log); err != nil {
			t.Fatal(err)
		}
		for _, r := range log.Runs[0].Results {
			out = append(out, r.PartialFingerprints["nearmissPattern/v1"])
		}
		return out
	}
	moved, other := finding(), finding()
	moved.Verdict.Pattern.Source = corpus.NewSource("f.conf", "7", []corpus.Segment{{Pos: corpus.Position{Line: 99, Column: 1, Offset: 4000}}})
	other.Verdict.Pattern.Text = "^(b+)+$"
	first := prints(finding())[0]
	if got := prints(moved)[0]; got != first {
		t.Errorf("moved: %s, expected %s", got, first)
	}
	if got := prints(other)[0]; got == first {
		t.Errorf("another text: %s", got)
	}
	if got := prints(finding(), finding()); got[0] != first || got[1] == first {
		t.Errorf("twice: %v", got)
	}
}

// TestGitHubEscapes: nothing of a pattern or a path can end a command or begin
// another, and beyond the host's cap findings are plain lines.
func TestGitHubEscapes(t *testing.T) {
	r := finding()
	r.Verdict.Pattern.Source = corpus.NewSource("a,b:c%\n::error ::x.conf", "7\n::warning::y", []corpus.Segment{{Pos: corpus.Position{Line: 1, Column: 1}}})
	r.Judgement.Message = "100%\r\n::add-mask::z"
	f := &GitHub{Style: Gate}
	out := string(f.Row(r))
	if strings.Count(out, "\n") != 1 || !strings.HasPrefix(out, "::error file=a%2Cb%3Ac%25%0A%3A%3Aerror %3A%3Ax.conf,line=1,") || strings.ContainsRune(out, '\r') {
		t.Errorf("%q", out)
	}
	for k := range annotationCap + 5 {
		r := finding()
		r.Verdict.Pattern.Source = corpus.NewSource("::error::", strings.Repeat("x", k+1), []corpus.Segment{{Pos: corpus.Position{Line: k + 1, Column: 1}}})
		out += string(f.Row(r))
	}
	out += string(f.Summary(gate.NewSummary()))
	if n := strings.Count("\n"+out, "\n::"); n != annotationCap {
		t.Errorf("%d commands, expected %d:\n%s", n, annotationCap, out)
	}
	if !strings.Contains(out, "6 findings more than a step can annotate") {
		t.Errorf("the rest is not counted:\n%s", out)
	}
}

// TestMarkdownEscapes: no text of a rule is markup outside of code.
func TestMarkdownEscapes(t *testing.T) {
	r := finding()
	r.Verdict.Pattern.Source = corpus.NewSource("a`b``.conf", "[x](http://y) <img> @user #1 | `", []corpus.Segment{{Pos: corpus.Position{Line: 1, Column: 1}}})
	r.Verdict.Pattern.Text = "```\n</details>(a+)+$"
	f := (&Markdown{Style: Gate}).Fresh()
	f.Row(r)
	out := string(f.Summary(gate.NewSummary()))
	for _, bad := range []string{"[x]", "<img>", "@user", "\n</details>"} {
		if strings.Contains(out, bad) {
			t.Errorf("%s in\n%s", bad, out)
		}
	}
	if !strings.Contains(out, "\n````text\n") || !strings.Contains(out, "```a`b``.conf:1:1```") {
		t.Errorf("fences:\n%s", out)
	}
}
