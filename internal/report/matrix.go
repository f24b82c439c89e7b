package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// matrix is a table of every engine that was asked: by its model, and live.
func matrix(r gate.Row) string {
	v := r.Verdict
	if v.Kind != verdict.Superlinear || len(r.Live) == 0 {
		return ""
	}
	rows := [][]string{
		{"", "by model", "live", "curve", "1 s at", ""},
		{"reference", short(v.Growth), "", curve(v.Samples, steps), "", ""},
	}
	extrapolated := false
	for _, l := range r.Live {
		rows = append(rows, []string{name(l), modelWord(l.Target), liveWord(l), curve(l.Curve.Samples, nanoseconds), second(l), note(l)})
		extrapolated = extrapolated || l.Second > 0
	}
	for i, h := range rows[0] {
		if !slices.ContainsFunc(rows[1:], func(r []string) bool { return r[i] != "" }) && h != "" {
			rows[0][i] = "" // nothing was measured
		}
	}
	var b strings.Builder
	b.WriteString("  engines:\n" + aligned(rows, "    "))
	if extrapolated {
		b.WriteString("    (curve: cost by length, both from 0 to the last sample; 1 s: bytes that cost a second here, extrapolated)\n")
	}
	return b.String()
}

// name is an engine with its version.
func name(l verdict.Live) string {
	if l.Version == "" {
		return l.Engine
	}
	return l.Engine + " " + strings.TrimPrefix(l.Version, "v")
}

// short is a growth in two words at most.
func short(g engines.Growth) string {
	if g.Class == engines.Polynomial && g.Exponent > 3 {
		return fmt.Sprintf("exponent %d", g.Exponent)
	}
	return gate.Describe(g)
}

func modelWord(t verdict.Target) string {
	if t.Model == verdict.TargetSuperlinear {
		return short(t.Growth)
	}
	return t.Model
}

// liveWord is what was measured, or why nothing was.
func liveWord(l verdict.Live) string {
	switch {
	case !l.Measured:
		return ""
	case l.Outcome != engines.Complete:
		return string(l.Outcome)
	}
	return short(l.Curve.Growth)
}

// second is how many bytes cost a second.
func second(l verdict.Live) string {
	if l.Second == 0 || l.Outcome != engines.Complete || l.Curve.Growth.Class == engines.Linear {
		return ""
	}
	return commas(uint64(l.Second)) + " bytes"
}

// note is what else is to be said of an engine, in a few words.
func note(l verdict.Live) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if l.ReadAs != "" {
		add("read as %s", l.ReadAs)
	}
	if len(l.Target.SavedBy) > 0 {
		add("saved by %s", strings.Join(l.Target.SavedBy, ", "))
	}
	if l.Measured && l.Outcome != engines.Complete && l.Detail != "" {
		said := strings.Replace(l.Detail, ": "+engines.ErrUnsupported.Error(), "", 1) // the table says so already
		add("%s", cut(shown(said)))
	}
	if disagrees(l) {
		add("unlike its model")
	}
	if l.Fault != nil {
		add("%s", gate.Faulty(l))
	}
	return strings.Join(parts, "; ")
}

// disagrees reports whether a complete measurement is of another class than
// the model's.
func disagrees(l verdict.Live) bool {
	if !l.Measured || l.Outcome != engines.Complete || l.Target.Model == verdict.TargetNone || l.Target.Model == verdict.TargetUnsupported {
		return false
	}
	return l.Curve.Growth.Class != l.Target.Growth.Class
}

// cut keeps a message on a line.
func cut(s string) string {
	const width = 60
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:width-1]) + "…"
}

// aligned is a table with columns of equal width, two spaces between them.
func aligned(rows [][]string, indent string) string {
	width := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, c := range r {
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	var b strings.Builder
	for _, r := range rows {
		line := indent
		for i, c := range r {
			if width[i] > 0 {
				line += c + strings.Repeat(" ", width[i]-utf8.RuneCountInString(c)+2)
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

func steps(s engines.Sample) float64 { return float64(s.Cost.Steps) }

func nanoseconds(s engines.Sample) float64 { return float64(s.Cost.Time.Nanoseconds()) }

// eighths are parts of a line's height.
var eighths = []rune("▁▂▃▄▅▆▇█")

// curve draws costs by length over eight equal parts of the length: a
// straight line for linear growth.
func curve(samples []engines.Sample, cost func(engines.Sample) float64) string {
	if len(samples) < 3 {
		return ""
	}
	last := samples[len(samples)-1]
	if cost(last) <= 0 || last.Bytes <= 0 {
		return ""
	}
	var b strings.Builder
	for i := range eighths {
		at := float64(last.Bytes) * float64(i+1) / float64(len(eighths))
		height := costAt(samples, at, cost) / cost(last)
		b.WriteRune(eighths[max(0, min(len(eighths)-1, int(math.Ceil(height*float64(len(eighths))))-1))])
	}
	return b.String()
}

// costAt is the cost at a length, between samples on a straight line.
func costAt(samples []engines.Sample, bytes float64, cost func(engines.Sample) float64) float64 {
	k := slices.IndexFunc(samples, func(s engines.Sample) bool { return float64(s.Bytes) >= bytes })
	if k < 0 {
		return cost(samples[len(samples)-1])
	}
	if k == 0 {
		return cost(samples[0])
	}
	a, b := samples[k-1], samples[k]
	part := (bytes - float64(a.Bytes)) / float64(b.Bytes-a.Bytes)
	return cost(a) + part*(cost(b)-cost(a))
}

// limitTable is a table of the match limits that hosts set, and of how many bytes
// of the attack pass each.
func limitTable(r gate.Row) string {
	var to map[uint64]int
	for _, l := range r.Live {
		if l.Target.BytesToLimit != nil {
			to = l.Target.BytesToLimit
		}
	}
	if len(to) == 0 {
		return ""
	}
	rows := [][]string{}
	for _, l := range policy.MatchLimits(r.Verdict.Pattern) {
		bytes, ok := to[l.Limit]
		if !ok {
			continue
		}
		word := "never within the input limit"
		switch {
		case bytes == verdict.OpenLimit:
			word = "not known: nothing that was run did"
		case bytes >= 0:
			word = "at " + commas(uint64(bytes)) + " bytes"
		}
		rows = append(rows, []string{commas(l.Limit), word, l.Hosts})
	}
	return "  limits: match limit of pcre2, by its model: past it the pattern does not match, a bypass\n" + aligned(rows, "    ")
}

// liveLines are a line for each measurement, for lint and gate.
func liveLines(r gate.Row) string {
	var b strings.Builder
	for _, l := range r.Live {
		if !l.Measured {
			continue
		}
		fmt.Fprintf(&b, "\n  live:   %s: %s", name(l), liveWord(l))
		if s := second(l); s != "" {
			fmt.Fprintf(&b, ", %s cost 1 s here (extrapolated)", s)
		}
		if n := note(l); n != "" {
			b.WriteString("; " + n)
		}
	}
	return b.String()
}

// A jsonLive is one measurement: what "timing.live" has for an engine.
type jsonLive struct {
	Version  string           `json:"version"`
	Outcome  engines.Measured `json:"outcome"`
	Detail   string           `json:"detail"`
	ReadAs   *corpus.Dialect  `json:"read_as"`
	Model    string           `json:"model"`
	Growth   *string          `json:"growth"`
	Exponent *int             `json:"exponent"`
	Fit      *string          `json:"fit"`
	Quality  *float64         `json:"quality"`
	// BytesToSecond is extrapolated.
	BytesToSecond *int             `json:"bytes_to_second"`
	Witness       *jsonWitness     `json:"witness"`
	Samples       []jsonLiveSample `json:"samples"`
	Fault         *jsonModelFault  `json:"fault"`
}

type jsonLiveSample struct {
	N     int           `json:"n"`
	Bytes int           `json:"bytes"`
	NS    time.Duration `json:"ns"`
	Calls *uint64       `json:"calls"`
}

type jsonModelFault struct {
	Bytes   int    `json:"bytes"`
	Counted uint64 `json:"counted"`
	Model   uint64 `json:"model"`
}

// liveRows are the measurements by engine; nil where nothing was measured.
func liveRows(r gate.Row) map[string]*jsonLive {
	var out map[string]*jsonLive
	for _, l := range r.Live {
		if !l.Measured {
			continue
		}
		if out == nil {
			out = map[string]*jsonLive{}
		}
		out[l.Engine] = liveRow(r, l)
	}
	return out
}

func liveRow(r gate.Row, l verdict.Live) *jsonLive {
	j := &jsonLive{Version: l.Version, Outcome: l.Outcome, Detail: escaped(l.Detail), Model: l.Target.Model, Samples: []jsonLiveSample{}}
	if l.Outcome == engines.Complete {
		class := l.Curve.Growth.Class.String()
		j.Outcome, j.Growth, j.Fit = "complete", &class, &l.Curve.Fit
		if l.Curve.Growth.Class != engines.Exponential {
			j.Exponent = &l.Curve.Growth.Exponent
		}
		if l.Curve.Fit == engines.FitSlope {
			j.Quality = &l.Curve.Quality
		}
		if l.Second > 0 {
			j.BytesToSecond = &l.Second
		}
	}
	if l.ReadAs != "" {
		j.ReadAs = &l.ReadAs
	}
	if !r.Hide {
		j.Witness = encodeWitness(r.Verdict.Pattern, l.Witness)
	}
	for i, s := range l.Curve.Samples {
		out := jsonLiveSample{N: s.N, Bytes: s.Bytes, NS: s.Cost.Time}
		if i < len(l.Calls) && l.Calls[i] > 0 {
			out.Calls = &l.Calls[i]
		}
		j.Samples = append(j.Samples, out)
	}
	if f := l.Fault; f != nil {
		j.Fault = &jsonModelFault{Bytes: f.Bytes, Counted: f.Counted, Model: f.Modelled}
	}
	return j
}
