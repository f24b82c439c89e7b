package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// sarifResults bounds a log: a host takes 25,000 results of a run, and refuses
// more.
const sarifResults = 25_000

// SARIF is the format of OASIS SARIF 2.1.0: one log with one run. Columns are
// counted in code points, which are bytes where a line is ASCII.
type SARIF struct {
	Style Style

	results []sarifResult
	notes   []sarifNote
	seen    map[string]int // fingerprints
	left    int
}

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Info    string      `json:"informationUri"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Short   sarifText   `json:"shortDescription"`
	Full    sarifText   `json:"fullDescription"`
	Help    sarifText   `json:"help"`
	HelpURI string      `json:"helpUri"`
	Props   sarifRulePr `json:"properties"`
}

type sarifRulePr struct {
	Tags []string `json:"tags"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifInvocation struct {
	Successful bool        `json:"executionSuccessful"`
	Notes      []sarifNote `json:"toolExecutionNotifications"`
}

type sarifNote struct {
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Level        string             `json:"level"`
	Message      sarifText          `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Related      []sarifLocation    `json:"relatedLocations,omitempty"`
	Flows        []sarifFlow        `json:"codeFlows,omitempty"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	Fixes        []sarifFix         `json:"fixes,omitempty"`
	Props        map[string]any     `json:"properties,omitempty"`
}

type sarifFix struct {
	Description sarifText     `json:"description"`
	Changes     []sarifChange `json:"artifactChanges"`
}

type sarifChange struct {
	Artifact     sarifArtifact      `json:"artifactLocation"`
	Replacements []sarifReplacement `json:"replacements"`
}

type sarifReplacement struct {
	Deleted  sarifRegion `json:"deletedRegion"`
	Inserted sarifText   `json:"insertedContent"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Justification string `json:"justification"`
}

type sarifLocation struct {
	ID       int             `json:"id,omitempty"`
	Physical sarifPhysical   `json:"physicalLocation"`
	Message  *sarifText      `json:"message,omitempty"`
	Logical  []sarifLogicals `json:"logicalLocations,omitempty"`
}

type sarifLogicals struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine,omitempty"`
	EndColumn   int `json:"endColumn,omitempty"`
}

type sarifFlow struct {
	Message sarifText     `json:"message"`
	Threads []sarifThread `json:"threadFlows"`
}

type sarifThread struct {
	Locations []sarifStep `json:"locations"`
}

type sarifStep struct {
	Location sarifLocation `json:"location"`
}

// Fresh is an empty report of the same style, as Format asks.
func (f *SARIF) Fresh() Format { return &SARIF{Style: f.Style} }

// Row keeps a result.
func (f *SARIF) Row(r gate.Row) []byte {
	level := severity(r)
	if level == policy.None {
		return nil
	}
	if len(f.results) >= sarifResults {
		f.left++
		return nil
	}
	v, src := r.Verdict, r.Verdict.Pattern.Source
	rule := sarifRuleOf(v)
	res := sarifResult{
		RuleID: sarifRules()[rule].ID, RuleIndex: rule, Level: string(level),
		Message:      sarifText{Text: title(r) + "\n" + strings.Join(lines(r), "\n")},
		Locations:    []sarifLocation{},
		Fingerprints: map[string]string{"nearmissPattern/v1": f.fingerprint(v)},
		Props:        map[string]any{"pattern": escaped(v.Pattern.Text), "dialect": v.Pattern.Dialect, "flags": v.Pattern.Flags.String(), "verdict": v.Kind},
	}
	if class, exponent := growth(v); class != nil {
		res.Props["growth"] = *class
		if exponent != nil {
			res.Props["exponent"] = *exponent
		}
	}
	if r.Judgement != nil {
		res.Props["decision"] = r.Judgement.Decision
	}
	if w := r.Waiver; w != nil {
		res.Suppressions = []sarifSuppression{{"external", escaped(w.Reason) + " (" + escaped(w.Owner) + ", until " + w.Expires + ")"}}
	}
	if x := r.Exemption; x != nil {
		res.Suppressions = append(res.Suppressions, sarifSuppression{"inSource", escaped(x.Reason)})
	}
	if src.File != "" {
		at, _ := region(v)
		here := location(src.File, at)
		if len(r.Origins) > 0 { // what is edited, not what is generated
			generated := here
			generated.ID, generated.Message = 2, &sarifText{Text: "in the generated rule"}
			res.Related = append(res.Related, generated)
			o := r.Origins[0]
			here = location(o.File, [4]int{o.Line, o.Column, o.Line, o.EndColumn})
		}
		if name := src.Rule; name != "" {
			here.Logical = []sarifLogicals{{escaped(name), "member"}}
		}
		res.Locations = append(res.Locations, here)
		if whole, ok := patternRegion(v); ok && whole != at {
			l := location(src.File, whole)
			l.ID, l.Message = 1, &sarifText{Text: "the whole pattern"}
			res.Related = append(res.Related, l)
		}
		res.Flows = flows(v)
		res.Fixes = sarifFixes(v)
	}
	f.results = append(f.results, res)
	return nil
}

// flows leads through the competing parts, one after the other.
func flows(v verdict.Verdict) []sarifFlow {
	var steps []sarifStep
	for i, p := range places(v) {
		l := location(v.Pattern.Source.File, p)
		l.Message = &sarifText{Text: "competes: " + snippet(v.Pattern.Text, v.Spans[i])}
		steps = append(steps, sarifStep{l})
	}
	if len(steps) < 2 {
		return nil
	}
	return []sarifFlow{{Message: sarifText{Text: cause(v)}, Threads: []sarifThread{{steps}}}}
}

func location(file string, at [4]int) sarifLocation {
	l := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{uri(file)}}}
	if at[0] > 0 {
		l.Physical.Region = &sarifRegion{at[0], at[1], at[2], at[3]}
	}
	return l
}

// uri is a path as a relative reference, or a file URI where it is absolute.
func uri(file string) string {
	file = filepath.ToSlash(file)
	u := url.URL{Path: file}
	if strings.HasPrefix(file, "/") {
		u.Scheme = "file"
	}
	return u.String()
}

// fingerprint is the same wherever the pattern stands in its file: of rule,
// text, reading and cause, and of how many there were before.
func (f *SARIF) fingerprint(v verdict.Verdict) string {
	p := v.Pattern
	h := sha256.New()
	for _, s := range []string{p.Source.File, p.Source.Rule, p.ID, p.Text, string(p.Dialect), p.Flags.String(), string(p.Mode), string(v.Kind), v.Cause} {
		_, _ = fmt.Fprintf(h, "%d:%s", len(s), s) // a hash takes everything
	}
	sum := hex.EncodeToString(h.Sum(nil))[:32]
	if f.seen == nil {
		f.seen = map[string]int{}
	}
	f.seen[sum]++
	return fmt.Sprintf("%s:%d", sum, f.seen[sum])
}

// Fault keeps a notification.
func (f *SARIF) Fault(p *corpus.Problem) []byte {
	n := sarifNote{Level: string(problemLevel(p)), Message: sarifText{Text: shown(p.Code) + ": " + shown(p.Message)}}
	if p.File != "" {
		at := [4]int{}
		if p.Pos.IsValid() {
			at = [4]int{p.Pos.Line, p.Pos.Column}
		}
		n.Locations = []sarifLocation{location(p.File, at)}
	}
	f.notes = append(f.notes, n)
	return nil
}

// Summary is the log.
func (f *SARIF) Summary(s gate.Summary) []byte {
	in := sarifInvocation{Successful: s.Canary != gate.CanaryMissed && s.Internal == 0, Notes: f.notes}
	if s.Canary == gate.CanaryMissed {
		in.Notes = append(in.Notes, sarifNote{Level: "error", Message: sarifText{Text: "the canary was missed: no decision of this run counts"}})
	}
	if f.left > 0 {
		in.Notes = append(in.Notes, sarifNote{Level: "warning", Message: sarifText{Text: fmt.Sprintf("%d results beyond the first %d are left out", f.left, sarifResults)}})
	}
	if in.Notes == nil {
		in.Notes = []sarifNote{}
	}
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "nearmiss", Version: s.Versions["nearmiss"], Info: home, Rules: sarifRules()}},
		Invocations: []sarifInvocation{in}, ColumnKind: "unicodeCodePoints", Results: f.results,
	}
	if run.Results == nil {
		run.Results = []sarifResult{}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	log := sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
	if err := e.Encode(log); err != nil { // nothing in it lacks a JSON form
		return nil
	}
	return b.Bytes()
}

// home is where the project's pages are.
const home = "https://github.com/nearmiss-dev/nearmiss"

// sarifRules are the causes, in the order of causes, and what else a result
// can be: unknown and invalid.
func sarifRules() []sarifRule {
	var out []sarifRule
	add := func(id, short, full, help string) {
		out = append(out, sarifRule{
			ID: "nearmiss/" + id, Name: strings.ToUpper(id[:1]) + id[1:], Short: sarifText{Text: short}, Full: sarifText{Text: full},
			Help: sarifText{Text: full + " " + help, Markdown: full + "\n\n" + help}, HelpURI: home + "#readme",
			Props: sarifRulePr{[]string{"security", "external/cwe/cwe-1333"}},
		})
	}
	for _, c := range causes {
		v := verdict.Verdict{Cause: c}
		add(c, "matching time grows faster than the input ("+c+")", meanings[c], "To mend it: "+advice(v))
	}
	add("unknown", "a pattern could not be judged", "The analysis stopped at a limit, or at a construct that it does not follow.", "Make the pattern simpler, or waive it for a time.")
	add("invalid", "a pattern is not valid", "The pattern does not parse in its dialect.", "Mend it, or name its dialect.")
	return out
}

// meanings say of each cause what it is.
var meanings = map[string]string{
	"nested":        "A loop, or two within each other, can read the same characters in more than one way on every turn; when the match fails, every way is tried.",
	"adjacent":      "Two loops can take the same characters; when the match fails, every border between them is tried.",
	"rescan":        "A loop runs over the same characters again from every offset at which the search starts.",
	"assertion":     "A loop in an assertion or atomic group is entered at many offsets, and reads the same characters each time.",
	"backreference": "A reference compares the same characters again for every way its group can match.",
	"counter":       "A bounded repeat can count in so many ways below its bound that they add up before the bound is reached.",
}

// sarifRuleOf is the index of a verdict's rule.
func sarifRuleOf(v verdict.Verdict) int {
	switch v.Kind {
	case verdict.Unknown:
		return len(causes)
	case verdict.Invalid:
		return len(causes) + 1
	}
	for i, c := range causes {
		if c == v.Cause {
			return i
		}
	}
	return 0
}

// Rejects reads its own output, as Format asks.
func (f *SARIF) Rejects(output []byte, file string, latent bool) bool {
	var log struct {
		Runs []struct {
			Results []struct {
				Locations  []sarifLocation
				Properties struct{ Decision, Verdict string }
			}
		}
	}
	if json.Unmarshal(output, &log) != nil || file == "" {
		return false
	}
	for _, run := range log.Runs {
		for _, r := range run.Results {
			d := r.Properties.Decision
			if len(r.Locations) > 0 && r.Locations[0].Physical.Artifact.URI == uri(file) && r.Properties.Verdict == string(verdict.Superlinear) &&
				(d == string(gate.Reject) || latent && d == string(gate.Accept)) {
				return true
			}
		}
	}
	return false
}
