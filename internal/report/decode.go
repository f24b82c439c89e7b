package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// An Event is a line of JSONL read back: one of its fields is set.
type Event struct {
	Run     *Run
	Row     *gate.Row
	Fault   *corpus.Problem
	Summary *gate.Summary
}

// jsonLine is every kind of line at once.
type jsonLine struct {
	jsonRow
	Run     *Run         `json:"run"`
	Error   *jsonFault   `json:"error"`
	Summary *jsonSummary `json:"summary"`
}

// errShape is what is wrong with a line that is none of ours.
var errShape = errors.New("expected a line of --format jsonl")

// Decode reads a line back as the event that it was written from, as far as a
// report shows it: places of spans are kept, other places in the file are not.
// Keys that it does not know are ignored.
func Decode(b []byte) (e Event, err error) {
	var l jsonLine
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&l); err != nil {
		return e, fmt.Errorf("%w: %w", errShape, err)
	}
	if _, err := d.Token(); err == nil {
		return e, fmt.Errorf("%w: one object", errShape)
	}
	switch {
	case l.Run != nil:
		e.Run = l.Run
	case l.Error != nil:
		e.Fault = &corpus.Problem{Code: l.Error.Code, Message: l.Error.Message, File: value(l.Error.File), Pos: position(l.Error.Line, l.Error.Column), Advisory: l.Error.Level == string(policy.Warning)}
	case l.Summary != nil:
		s := summaryOf(*l.Summary)
		e.Summary = &s
	case l.Schema != 0:
		if l.Schema != SchemaVersion {
			return e, fmt.Errorf("\"schema\": %d: expected %d", l.Schema, SchemaVersion)
		}
		var r gate.Row
		if r, err = rowOf(l.jsonRow); err != nil {
			return e, err
		}
		e.Row = &r
	default:
		return e, errShape
	}
	return e, nil
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func position(line, column *int) corpus.Position {
	return corpus.Position{Line: value(line), Column: value(column)}
}

// rowOf is the row that a line was written from.
func rowOf(j jsonRow) (r gate.Row, err error) {
	p := corpus.Pattern{ID: value(j.ID), Context: corpus.Context{
		Profiles: j.Profiles, Parents: j.Parents, Variables: j.Variables, ByteLimit: value(j.InputLimit),
		Transformations: j.Transformations, MultiMatch: j.MultiMatch,
	}}
	var ok [3]bool
	p.Text, ok[0] = decode(j.Pattern, j.PatternEncoding)
	p.Dialect, ok[1] = corpus.ParseDialect(j.Dialect)
	p.Mode, ok[2] = corpus.ParseMode(j.Mode)
	if ok != [3]bool{true, true, true} {
		return r, fmt.Errorf("%w: pattern, dialect or mode is none of ours", errShape)
	}
	if p.Flags, err = corpus.ParseFlags(j.Flags); err != nil {
		return r, err
	}
	p.Source = sourceOf(j, len(p.Text))
	v := verdict.Verdict{
		Pattern: p, Kind: j.Verdict, ClaimedExponent: value(j.ClaimedExponent), Cause: value(j.Cause), Proof: value(j.Proof),
		StepsPerByte: value(j.StepsPerByte), StepsPerByteProved: value(j.StepsPerByteProved),
		Growth: growthOf(j.Growth, j.Exponent), Reason: reasonOf(j.Reason), Searched: searchedOf(j.Search),
	}
	for _, s := range j.Spans {
		v.Spans = append(v.Spans, syntax.Span{Start: s[0], End: s[1]})
	}
	for _, w := range j.Witnesses {
		a, ok := witnessOf(w)
		if !ok {
			return r, fmt.Errorf("%w: a witness is not in its encoding", errShape)
		}
		v.Witnesses = append(v.Witnesses, a)
	}
	v.Samples = samplesOf(j.Samples)
	if v.Differences, ok[0] = differencesOf(p, j.Differences); !ok[0] {
		return r, fmt.Errorf("%w: a difference is not in its encoding", errShape)
	}
	v.Targets, ok[0] = targetsOf(p, j.Engines)
	if v.Reach, ok[1] = reachOf(j.Reach); !ok[0] || !ok[1] {
		return r, fmt.Errorf("%w: a witness is not in its encoding", errShape)
	}
	v.Sizes = sizesOf(j.BytesToSteps)
	if x := j.Exemption; x != nil {
		v.Pattern.Context.Exemption = &corpus.Exemption{Reason: x.Reason, Pos: corpus.Position{Line: x.Line}}
	}
	r = gate.Row{Verdict: v, Level: policy.None, Waiver: j.Waiver, Exemption: v.Pattern.Context.Exemption, Known: j.Known, Hide: j.AttackHidden, Seq: value(j.Seq)}
	if r.Shared, ok[0] = sharedOf(j.Shared); !ok[0] {
		return r, fmt.Errorf("%w: a witness is not in its encoding", errShape)
	}
	for _, o := range j.Origins {
		r.Origins = append(r.Origins, gate.Origin(o))
	}
	if j.Level != nil {
		if r.Level, ok[0] = policy.ParseLevel(*j.Level); !ok[0] {
			return r, fmt.Errorf("%w: level %q", errShape, *j.Level)
		}
	}
	if t := j.Timing; t != nil {
		r.Elapsed = time.Duration(t.ElapsedUS) * time.Microsecond
		if r.Live, ok[0] = liveOf(v.Targets, t.Live); !ok[0] {
			return r, fmt.Errorf("%w: a witness is not in its encoding", errShape)
		}
	}
	if g := j.jsonJudgement; g != nil {
		r.Judgement = &gate.Judgement{Decision: g.Decision, Code: g.DecisionReason.Code, Message: g.DecisionReason.Message, Changed: g.Changed}
	}
	return r, nil
}

// sourceOf rebuilds a source that says of the ends of the spans and of the
// pattern, size bytes long, what the row says.
func sourceOf(j jsonRow, size int) corpus.Source {
	at := map[int]corpus.Position{}
	if j.Line != nil {
		if size > 1 && j.EndLine != nil && j.EndColumn != nil {
			at[size-1] = corpus.Position{Line: *j.EndLine, Column: *j.EndColumn - 1}
		}
		at[0] = position(j.Line, j.Column)
	}
	for i, s := range j.Spans {
		if i >= len(j.Places) || j.Line == nil {
			break
		}
		p := j.Places[i]
		at[s[0]] = corpus.Position{Line: p[0], Column: p[1]}
		if s[1] > s[0]+1 {
			at[s[1]-1] = corpus.Position{Line: p[2], Column: p[3] - 1}
		}
	}
	var segments []corpus.Segment
	for _, offset := range slices.Sorted(maps.Keys(at)) {
		segments = append(segments, corpus.Segment{Offset: offset, Pos: at[offset]})
	}
	return corpus.NewSource(value(j.File), value(j.Rule), segments)
}

func growthOf(class *string, exponent *int) engines.Growth {
	for _, c := range []engines.Class{engines.Linear, engines.Polynomial, engines.Exponential} {
		if class != nil && c.String() == *class {
			return engines.Growth{Class: c, Exponent: value(exponent)}
		}
	}
	return engines.Growth{}
}

func samplesOf(js []jsonSample) []engines.Sample {
	var out []engines.Sample
	for _, s := range js {
		out = append(out, engines.Sample{N: s.N, Bytes: s.Bytes, Cost: engines.Cost{Steps: s.Steps}})
	}
	return out
}

// sizesOf are the sizes that have a key.
func sizesOf(m map[string]*jsonSize) []verdict.Size {
	var out []verdict.Size
	for _, k := range sizeKeys {
		if s := m[k.key]; s != nil {
			size := verdict.Size{Steps: k.steps, Bytes: -1, Verified: s.Verified}
			if s.Bytes != nil {
				size.Bytes = *s.Bytes
			}
			out = append(out, size)
		}
	}
	return out
}

// targetsOf are the targets in the order of the pattern's profiles, others
// behind them; ok is false where a witness is not in its encoding.
func targetsOf(p corpus.Pattern, m map[string]jsonTarget) (out []verdict.Target, ok bool) {
	names, _ := policy.Policy{}.Targets(p)
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		j, known := m[name]
		if !known {
			continue
		}
		t := verdict.Target{Engine: name, Model: j.Model, Growth: growthOf(j.Growth, j.Exponent), SavedBy: j.SavedBy, Sizes: sizesOf(j.BytesToSteps), Samples: samplesOf(j.Samples)}
		if j.Witness != nil {
			if t.Witness, ok = witnessOf(j.Witness); !ok {
				return nil, false
			}
		}
		if t.Sent, ok = sentOf(j.Sent, t.Growth); !ok {
			return nil, false
		}
		t.BytesToLimit = limitsOf(j.BytesToLimit)
		out = append(out, t)
	}
	return out, true
}

// limitsOf is the inverse of limits.
func limitsOf(of map[string]*int) map[uint64]int {
	var out map[uint64]int
	for limit, bytes := range of {
		n, err := strconv.ParseUint(limit, 10, 64)
		if err != nil {
			continue
		}
		if out == nil {
			out = map[uint64]int{}
		}
		out[n] = -1
		if bytes != nil {
			out[n] = *bytes
		}
	}
	return out
}

// liveOf are the measurements in the order of their engines' names; ok is false
// where a witness is not in its encoding. A line says how an attack grows on a
// model for the targets alone; for other engines it is taken to be as measured
// where the model is super-linear too.
func liveOf(targets []verdict.Target, m map[string]*jsonLive) (out []verdict.Live, ok bool) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		j := m[name]
		l := verdict.Live{Measured: true, Target: verdict.Target{Engine: name, Model: j.Model}, ReadAs: value(j.ReadAs)}
		l.Engine, l.Version, l.Outcome, l.Detail, l.Second = name, j.Version, j.Outcome, j.Detail, value(j.BytesToSecond)
		if l.Outcome == "complete" {
			l.Outcome = engines.Complete
		}
		l.Curve = engines.Curve{Engine: name, Growth: growthOf(j.Growth, j.Exponent), Fit: value(j.Fit), Quality: value(j.Quality)}
		switch i := slices.IndexFunc(targets, func(t verdict.Target) bool { return t.Engine == name && j.ReadAs == nil }); {
		case i >= 0:
			l.Target.Growth = targets[i].Growth
		case j.Model == verdict.TargetSuperlinear && l.Curve.Growth.Class != engines.Linear:
			l.Target.Growth = l.Curve.Growth
		case j.Model == verdict.TargetSuperlinear:
			l.Target.Growth = engines.Growth{Class: engines.Polynomial, Exponent: 2}
		default:
			l.Target.Growth = engines.Growth{Class: engines.Linear, Exponent: 1}
		}
		if j.Witness != nil {
			if l.Witness, ok = witnessOf(j.Witness); !ok {
				return nil, false
			}
			if j.Model == verdict.TargetSuperlinear {
				l.Target.Witness = l.Witness // it was sent what grows on the model
			}
		}
		for _, s := range j.Samples {
			l.Curve.Samples = append(l.Curve.Samples, engines.Sample{N: s.N, Bytes: s.Bytes, Cost: engines.Cost{Time: s.NS}})
			if s.Calls != nil {
				l.Calls = append(l.Calls, *s.Calls)
			}
		}
		out = append(out, l)
	}
	return out, true
}

func reasonOf(j *jsonReason) *verdict.Reason {
	if j == nil {
		return nil
	}
	r := &verdict.Reason{Code: j.Code, Limit: value(j.Limit), Value: value(j.Value), Offset: -1, Message: j.Message}
	if j.Offset != nil {
		r.Offset = *j.Offset
	}
	return r
}

// witnessOf decodes a witness; ok is false where a part is not in the encoding
// that it names.
func witnessOf(j *jsonWitness) (w attack.Witness, ok bool) {
	all := true
	part := func(s string) []byte {
		b, ok := decode(s, j.Encoding)
		all = all && ok
		return []byte(b)
	}
	for _, p := range j.Pumps {
		w.Pumps = append(w.Pumps, attack.Pump{Prefix: part(p.Prefix), Pump: part(p.Pump)})
	}
	w.Suffix = part(j.Suffix)
	return w, all
}

// decode is the inverse of encode, and of units.
func decode(s string, e Encoding) (string, bool) {
	switch e {
	case UTF8, "":
		return s, true
	case Bytes:
		out := make([]byte, 0, len(s))
		for _, r := range s {
			if r > 0xFF {
				return "", false
			}
			out = append(out, byte(r))
		}
		return string(out), true
	case UTF16:
		return decodeUnits(s)
	}
	return "", false
}

// decodeUnits is hex code units as generalised UTF-8: pairs as one code point,
// lone surrogates as three bytes.
func decodeUnits(s string) (string, bool) {
	if len(s)%4 != 0 {
		return "", false
	}
	var out []byte
	var high rune
	flush := func() {
		if high != 0 {
			out = append(out, 0xED, 0x80|byte(high>>6&0x3F), 0x80|byte(high&0x3F))
			high = 0
		}
	}
	for ; s != ""; s = s[4:] {
		n, err := strconv.ParseUint(s[:4], 16, 16)
		if err != nil {
			return "", false
		}
		switch r := rune(n); {
		case r >= 0xD800 && r < 0xDC00:
			flush()
			high = r
		case r >= 0xDC00 && r < 0xE000 && high != 0:
			out = utf8.AppendRune(out, 0x10000+(high-0xD800)<<10+(r-0xDC00))
			high = 0
		case r >= 0xDC00 && r < 0xE000:
			out = append(out, 0xED, 0x80|byte(r>>6&0x3F), 0x80|byte(r&0x3F))
		default:
			flush()
			out = utf8.AppendRune(out, r)
		}
	}
	flush()
	return string(out), true
}

// summaryOf is what a summary says of files, and what cannot be counted again
// from the rows.
func summaryOf(j jsonSummary) gate.Summary {
	s := gate.NewSummary()
	s.Files, s.OldFaults, s.Unchanged, s.Removed = gate.FileCounts(j.Files), j.OldFaults, j.Unchanged, j.Removed
	s.PolicyDigest, s.Canary = value(j.Policy), value(j.Canary)
	maps.Copy(s.Versions, j.Versions)
	return s
}
