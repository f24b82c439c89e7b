package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// SchemaVersion is the "schema" of every row.
const SchemaVersion = 1

type jsonRow struct {
	Schema int     `json:"schema"`
	ID     *string `json:"id"`
	// Seq is the row's number in a numbered run, from 1.
	Seq             *int     `json:"seq"`
	Pattern         string   `json:"pattern"`
	PatternEncoding Encoding `json:"pattern_encoding"`
	Dialect         string   `json:"dialect"`
	Flags           string   `json:"flags"`
	Mode            string   `json:"mode"`
	Profiles        []string `json:"profiles"`

	File   *string `json:"file"`
	Rule   *string `json:"rule"`
	Line   *int    `json:"line"`
	Column *int    `json:"column"`
	// EndLine and EndColumn are one past the pattern's last byte, on its line.
	EndLine   *int     `json:"end_line"`
	EndColumn *int     `json:"end_column"`
	Places    [][4]int `json:"places"`

	// What the rule matches against what, and after which others.
	Parents         []string `json:"parents"`
	Variables       []string `json:"variables"`
	InputLimit      *int     `json:"input_limit"`
	Transformations []string `json:"transformations"`
	MultiMatch      bool     `json:"multi_match"`

	Verdict         verdict.Kind `json:"verdict"`
	Growth          *string      `json:"growth"`
	Exponent        *int         `json:"exponent"`
	ClaimedExponent *int         `json:"claimed_exponent"`
	Cause           *string      `json:"cause"`
	Spans           [][2]int     `json:"spans"`
	Level           *string      `json:"level"`
	Proof           *string      `json:"proof"`
	StepsPerByte    *float64     `json:"steps_per_byte"`
	// StepsPerByteProved: a bound from the automaton, not the largest found.
	StepsPerByteProved *bool `json:"steps_per_byte_proved"`

	Witness      *jsonWitness          `json:"witness"`
	Witnesses    []*jsonWitness        `json:"witnesses"`
	AttackHidden bool                  `json:"attack_hidden"`
	Reach        *jsonReach            `json:"reach"`
	Samples      []jsonSample          `json:"samples"`
	BytesToSteps map[string]*jsonSize  `json:"bytes_to_steps"`
	Engines      map[string]jsonTarget `json:"engines"`
	Fixes        []jsonFix             `json:"fixes"`
	Reason       *jsonReason           `json:"reason"`
	Waiver       *policy.Waiver        `json:"waiver"`
	Search       *jsonSearch           `json:"search"`
	Exemption    *jsonExemption        `json:"exemption"`
	Known        bool                  `json:"known"`
	Differences  []jsonDifference      `json:"differences"`
	Origins      []jsonOrigin          `json:"origins"`

	*jsonJudgement
	Move   *jsonMove   `json:"move,omitempty"`
	Shared *jsonShared `json:"shared,omitempty"`
	Timing *jsonTiming `json:"timing,omitempty"`
}

type jsonJudgement struct {
	Decision       gate.Decision `json:"decision"`
	DecisionReason jsonWhy       `json:"decision_reason"`
	Changed        []string      `json:"changed"`
	Base           *jsonBase     `json:"base"`
	// Language is null for a new pattern and for one whose text, flags, dialect
	// and mode stayed.
	Language *jsonLanguage `json:"language"`
}

type jsonLanguage struct {
	Relation language.Relation `json:"relation"`
	// Gained is a shortest subject that only the new pattern matches, Lost one
	// that only the old one does.
	Gained   *string  `json:"gained"`
	Lost     *string  `json:"lost"`
	Encoding Encoding `json:"encoding"`
	Reason   *string  `json:"reason"`
}

func languageOf(d *language.Difference) *jsonLanguage {
	if d == nil {
		return nil
	}
	j := &jsonLanguage{Relation: d.Relation, Encoding: UTF8}
	if !utf8.Valid(d.Gained) || !utf8.Valid(d.Lost) {
		j.Encoding = Bytes
	}
	example := func(b []byte) *string {
		if b == nil {
			return nil
		}
		s := string(b)
		if j.Encoding == Bytes {
			s = latin1(s)
		}
		return &s
	}
	j.Gained, j.Lost = example(d.Gained), example(d.Lost)
	if d.Reason != nil {
		j.Reason = text(d.Reason.Message)
	}
	return j
}

type jsonWhy struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// jsonBase is the predecessor: no attack, whatever the row shows.
type jsonBase struct {
	Pattern         string       `json:"pattern"`
	PatternEncoding Encoding     `json:"pattern_encoding"`
	Dialect         string       `json:"dialect"`
	Flags           string       `json:"flags"`
	File            *string      `json:"file"`
	Rule            *string      `json:"rule"`
	Line            *int         `json:"line"`
	Column          *int         `json:"column"`
	Verdict         verdict.Kind `json:"verdict"`
	Growth          *string      `json:"growth"`
	Exponent        *int         `json:"exponent"`
	Cause           *string      `json:"cause"`
}

type jsonWitness struct {
	Pumps    []jsonPump `json:"pumps"`
	Suffix   string     `json:"suffix"`
	Encoding Encoding   `json:"encoding"`
}

type jsonPump struct {
	Prefix string `json:"prefix"`
	Pump   string `json:"pump"`
}

type jsonSample struct {
	N     int    `json:"n"`
	Bytes int    `json:"bytes"`
	Steps uint64 `json:"steps"`
}

type jsonSize struct {
	// Bytes is null when no attack within the input limit costs so much.
	Bytes    *int `json:"bytes"`
	Verified bool `json:"verified"`
}

// jsonTarget is the verdict for one engine. Growth, Exponent, Witness and
// BytesToSteps are null unless it is super-linear there, and Witness where
// attacks are hidden.
type jsonTarget struct {
	Model    string       `json:"model"`
	Growth   *string      `json:"growth"`
	Exponent *int         `json:"exponent"`
	Witness  *jsonWitness `json:"witness"`
	// Sent is what to send so that an attack arrives through the rule's
	// transformations; null where there are none or none was found.
	Sent *jsonSent `json:"sent"`
	// BytesToSteps are lengths of Witness, by steps of the engine's model.
	BytesToSteps map[string]*jsonSize `json:"bytes_to_steps"`
	// Samples are costs on the engine's model, where they were asked for.
	Samples []jsonSample `json:"samples"`
	SavedBy []string     `json:"saved_by"`
	// BytesToLimit is null for a limit that no attack passes, and lacks those of
	// which that is not known.
	BytesToLimit map[string]*int `json:"bytes_to_limit"`
}

type jsonFix struct {
	Pattern string     `json:"pattern"`
	Edits   []jsonEdit `json:"edits"`
	Safety  string     `json:"safety"`
	Message string     `json:"message"`
	// Use is what the fix keeps, Target the engines it is written for, Growth
	// and Exponent what is left.
	Use      string `json:"use"`
	Target   string `json:"target"`
	Growth   string `json:"growth"`
	Exponent *int   `json:"exponent"`
}

type jsonEdit struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

type jsonReason struct {
	Code    string  `json:"code"`
	Limit   *string `json:"limit"`
	Value   *int64  `json:"value"`
	Offset  *int    `json:"offset"`
	Message string  `json:"message"`
}

type jsonTiming struct {
	ElapsedUS int64                `json:"elapsed_us"`
	Live      map[string]*jsonLive `json:"live"`
}

// jsonOrigin is a line of the file that a pattern is generated from.
type jsonOrigin struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndColumn int    `json:"end_column"`
	Text      string `json:"text"`
	Others    int    `json:"others"`
}

// jsonExemption is a comment in the pattern's file.
type jsonExemption struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

type jsonFault struct {
	Code    string  `json:"code"`
	Message string  `json:"message"`
	File    *string `json:"file"`
	Line    *int    `json:"line"`
	Column  *int    `json:"column"`
	Level   string  `json:"level"`
}

// JSONL is the format of programs: one object a row, as docs/schema.json
// describes it.
type JSONL struct {
	// Style Gate leaves timing out where no engine was timed, Stable always.
	Style  Style
	Stable bool
}

// Row is one line.
func (f JSONL) Row(r gate.Row) []byte { return line(f.row(r)) }

// Fault is one line with the single key "error".
func (f JSONL) Fault(p *corpus.Problem) []byte {
	e := jsonFault{Code: p.Code, Level: string(problemLevel(p)), Message: escaped(p.Message), File: text(p.File)}
	e.Line, e.Column = place(p.Pos)
	return line(map[string]jsonFault{"error": e})
}

// Summary is the last line, with the single key "summary".
func (f JSONL) Summary(s gate.Summary) []byte {
	return line(map[string]jsonSummary{"summary": summarise(s)})
}

// Fresh is itself: nothing is kept between rows.
func (f JSONL) Fresh() Format { return f }

// Rejects reads its own output, as Format asks.
func (f JSONL) Rejects(output []byte, file string, latent bool) bool {
	for l := range bytes.Lines(output) {
		var r struct {
			File, Decision, Verdict string
		}
		if json.Unmarshal(l, &r) == nil && file != "" && r.File == escaped(file) && r.Verdict == string(verdict.Superlinear) {
			return r.Decision == string(gate.Reject) || latent && r.Decision == string(gate.Accept)
		}
	}
	return false
}

// line is v on one line; v holds nothing JSON lacks.
func line(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		b.Reset()
		fmt.Fprintf(&b, "{\"error\":{\"code\":\"internal\",\"message\":%q,\"file\":null,\"line\":null,\"column\":null,\"level\":\"error\"}}\n", err.Error())
	}
	return b.Bytes()
}

func (f JSONL) row(r gate.Row) jsonRow {
	v, p := r.Verdict, r.Verdict.Pattern
	out := jsonRow{
		Schema: SchemaVersion, ID: text(p.ID), Dialect: string(p.Dialect), Flags: p.Flags.String(), Mode: string(p.Mode),
		Profiles: list(p.Context.Profiles), File: text(p.Source.File), Rule: text(p.Source.Rule),
		Parents: list(p.Context.Parents), Variables: list(p.Context.Variables), Transformations: list(p.Context.Transformations),
		MultiMatch: p.Context.MultiMatch, Reach: reachRow(r),
		Places: places(v), Verdict: v.Kind, Cause: text(v.Cause), Spans: spans(v.Spans), Level: text(string(r.Level)),
		Proof: text(v.Proof), Witnesses: []*jsonWitness{}, Samples: []jsonSample{}, Engines: targets(r),
		Fixes: fixes(v.Fixes), Reason: reason(v.Reason), Waiver: waiver(r.Waiver), Search: searched(v.Searched), Differences: differences(v.Differences),
	}
	if r.Seq > 0 {
		out.Seq = &r.Seq
	}
	if out.Mode == "" {
		out.Mode = string(corpus.Search)
	}
	out.Pattern, out.PatternEncoding = encode(p.Text)
	out.Line, out.Column = place(p.Source.Pos)
	if region, ok := patternRegion(v); ok {
		out.EndLine, out.EndColumn = &region[2], &region[3]
	}
	out.Growth, out.Exponent = growth(v)
	if p.Context.ByteLimit > 0 {
		out.InputLimit = &p.Context.ByteLimit
	}
	switch v.Kind {
	case verdict.Linear:
		out.StepsPerByte, out.StepsPerByteProved = &v.StepsPerByte, &v.StepsPerByteProved
		if v.StepsPerByte == 0 {
			out.StepsPerByte, out.StepsPerByteProved = nil, nil
		}
	case verdict.Superlinear:
		out.BytesToSteps = sizes(v.Sizes)
		out.Samples = samples(v.Samples)
		if v.ClaimedExponent != 0 {
			out.ClaimedExponent = &v.ClaimedExponent
		}
		out.AttackHidden = r.Hide
		if !r.Hide {
			for _, w := range v.Witnesses {
				out.Witnesses = append(out.Witnesses, encodeWitness(p, w))
			}
			if len(out.Witnesses) > 0 {
				out.Witness = out.Witnesses[0]
			}
		}
	}
	out.Known, out.Origins = r.Known, []jsonOrigin{}
	for _, o := range r.Origins {
		out.Origins = append(out.Origins, jsonOrigin{File: escaped(o.File), Line: o.Line, Column: o.Column, EndColumn: o.EndColumn, Text: escaped(o.Text), Others: o.Others})
	}
	if x := r.Exemption; x != nil {
		out.Exemption = &jsonExemption{Line: x.Pos.Line, Reason: escaped(x.Reason)}
	}
	if j := r.Judgement; j != nil {
		out.jsonJudgement = &jsonJudgement{
			Decision: j.Decision, DecisionReason: jsonWhy{Code: j.Code, Message: escaped(j.Message)}, Changed: list(j.Changed), Base: base(j.Base), Language: languageOf(j.Language),
		}
	}
	out.Move, out.Shared = moveRow(r.Move), sharedRow(r)
	if live := liveRows(r); (f.Style != Gate || live != nil) && !f.Stable {
		out.Timing = &jsonTiming{ElapsedUS: r.Elapsed.Microseconds(), Live: live}
	}
	return out
}

func base(v *verdict.Verdict) *jsonBase {
	if v == nil {
		return nil
	}
	p := v.Pattern
	b := &jsonBase{
		Dialect: string(p.Dialect), Flags: p.Flags.String(), File: text(p.Source.File), Rule: text(p.Source.Rule),
		Verdict: v.Kind, Cause: text(v.Cause),
	}
	b.Pattern, b.PatternEncoding = encode(p.Text)
	b.Line, b.Column = place(p.Source.Pos)
	b.Growth, b.Exponent = growth(*v)
	return b
}

// text is nil for "".
func text(s string) *string {
	if s == "" {
		return nil
	}
	s = escaped(s)
	return &s
}

func list(s []string) []string {
	out := make([]string, 0, len(s))
	for _, w := range s {
		out = append(out, escaped(w))
	}
	return out
}

func place(p corpus.Position) (line, column *int) {
	if !p.IsValid() {
		return nil, nil
	}
	return &p.Line, &p.Column
}

func spans(ss []syntax.Span) [][2]int {
	out := make([][2]int, 0, len(ss))
	for _, s := range ss {
		out = append(out, [2]int{s.Start, s.End})
	}
	return out
}

// places are the spans in the file, through its quoting: the end is one past
// the last byte, on that byte's line.
func places(v verdict.Verdict) [][4]int {
	out := [][4]int{}
	src := v.Pattern.Source
	if !src.Pos.IsValid() {
		return out
	}
	for _, s := range v.Spans {
		from, to := src.At(s.Start), src.At(max(s.Start, s.End-1))
		if s.End > s.Start {
			to.Column++
		}
		out = append(out, [4]int{from.Line, from.Column, to.Line, to.Column})
	}
	return out
}

// growth is null for what has none; exponential growth has no exponent.
func growth(v verdict.Verdict) (class *string, exponent *int) {
	if v.Kind != verdict.Linear && v.Kind != verdict.Superlinear {
		return nil, nil
	}
	g := v.Growth
	if v.Kind == verdict.Linear {
		g = engines.Growth{Class: engines.Linear, Exponent: 1}
	}
	c := g.Class.String()
	if g.Class != engines.Exponential {
		exponent = &g.Exponent
	}
	return &c, exponent
}

// sizeKeys are the costs that every row names.
var sizeKeys = []struct {
	key   string
	steps uint64
}{{"1e3", 1e3}, {"1e5", 1e5}, {"1e7", 1e7}, {"1e8", 1e8}}

// sizes has every key; null where the size is not known.
func sizes(ss []verdict.Size) map[string]*jsonSize {
	out := map[string]*jsonSize{}
	for _, k := range sizeKeys {
		out[k.key] = nil
		if i := slices.IndexFunc(ss, func(s verdict.Size) bool { return s.Steps == k.steps }); i >= 0 {
			s := &jsonSize{Verified: ss[i].Verified}
			if ss[i].Bytes >= 0 {
				s.Bytes = &ss[i].Bytes
			}
			out[k.key] = s
		}
	}
	return out
}

func samples(ss []engines.Sample) []jsonSample {
	out := make([]jsonSample, 0, len(ss))
	for _, s := range ss {
		out = append(out, jsonSample{N: s.N, Bytes: s.Bytes, Steps: s.Cost.Steps})
	}
	return out
}

func targets(r gate.Row) map[string]jsonTarget {
	out := map[string]jsonTarget{}
	for _, t := range r.Verdict.Targets {
		j := jsonTarget{Model: t.Model, SavedBy: list(t.SavedBy), BytesToLimit: limits(t.BytesToLimit), Samples: samples(t.Samples)}
		if t.Model == verdict.TargetSuperlinear {
			class := t.Growth.Class.String()
			j.Growth, j.BytesToSteps, j.Sent = &class, sizes(t.Sizes), sentRow(r, t)
			if t.Growth.Class != engines.Exponential {
				j.Exponent = &t.Growth.Exponent
			}
			if !r.Hide {
				j.Witness = encodeWitness(r.Verdict.Pattern, t.Witness)
			}
		}
		out[t.Engine] = j
	}
	return out
}

// limits are lengths by match limit, null for one that no attack passes.
func limits(of map[uint64]int) map[string]*int {
	out := map[string]*int{}
	for limit, bytes := range of {
		if bytes == verdict.OpenLimit {
			continue
		}
		out[fmt.Sprint(limit)] = nil
		if bytes >= 0 {
			out[fmt.Sprint(limit)] = &bytes
		}
	}
	return out
}

func reason(r *verdict.Reason) *jsonReason {
	if r == nil {
		return nil
	}
	out := &jsonReason{Code: r.Code, Limit: text(r.Limit), Message: escaped(r.Message)}
	if r.Limit != "" {
		out.Value = &r.Value
	}
	if r.Offset >= 0 {
		out.Offset = &r.Offset
	}
	return out
}

// waiver is a waiver in text that JSON takes.
func waiver(w *policy.Waiver) *policy.Waiver {
	if w == nil {
		return nil
	}
	return &policy.Waiver{Rule: escaped(w.Rule), File: escaped(w.File), Reason: escaped(w.Reason), Owner: escaped(w.Owner), Expires: w.Expires}
}
