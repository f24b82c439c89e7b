package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// htmlRow is a row as the page's script draws it. All text is for display.
type htmlRow struct {
	At       int    `json:"at"`
	Rank     int    `json:"rank"`
	Order    int    `json:"order"` // of growth
	ID       string `json:"id,omitempty"`
	Rule     string `json:"rule,omitempty"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Verdict  string `json:"verdict"`
	Level    string `json:"level,omitempty"`
	Decision string `json:"decision,omitempty"`
	Growth   string `json:"growth,omitempty"`
	Cause    string `json:"cause,omitempty"`
	// Size is the bytes for 10⁸ steps, -1 where none are known.
	Size int `json:"size"`
	// Pattern is runs of text, each with a mark: 0, 1 for a part that holds a
	// competing one, 2 for one that competes.
	Pattern     []htmlRun        `json:"pattern"`
	Read        string           `json:"read"`
	Hosts       string           `json:"hosts,omitempty"` // of its profiles
	Says        [][2]string      `json:"says"`            // a word and a sentence
	Attack      *htmlAttack      `json:"attack,omitempty"`
	Hidden      bool             `json:"hidden,omitempty"`
	Curves      []htmlCurve      `json:"curves"`
	Engines     []htmlEngine     `json:"engines"`
	Differences []htmlDifference `json:"differences"`
}

// A htmlRun is [text, mark].
type htmlRun [2]any

// htmlAttack is an attack to copy. Parts are printf formats, each with whether
// it is repeated; Text is the same as it is, nil where it is no text.
type htmlAttack struct {
	Formula string    `json:"formula"`
	Parts   []htmlRun `json:"parts"`
	Text    []htmlRun `json:"text,omitempty"`
	N       int       `json:"n"`
	Fixed   int       `json:"fixed"`
	Pump    int       `json:"pump"`
}

type htmlCurve struct {
	Engine string      `json:"engine"`
	Unit   string      `json:"unit"`
	Says   string      `json:"says"`
	Points [][2]uint64 `json:"points"` // bytes and cost
}

type htmlEngine struct {
	Engine string `json:"engine"`
	Growth string `json:"growth"`
	Size   string `json:"size"`
	Limits string `json:"limits"`
	Saved  string `json:"saved"`
}

type htmlDifference struct {
	Kind    string `json:"kind"`
	Pattern string `json:"pattern"`
	Input   string `json:"input"`
	Answers string `json:"answers"`
}

// shownSteps is the cost for which an attack is first shown: enough to feel,
// and still a line that can be copied.
const shownSteps = 100_000

func htmlRowOf(r gate.Row) htmlRow {
	v, p := r.Verdict, r.Verdict.Pattern
	out := htmlRow{
		Rank: rankOf(r), Order: orderOf(v), ID: shown(p.ID), Rule: shown(p.Source.Rule), File: shown(p.Source.File), Line: p.Source.Pos.Line,
		Verdict: string(v.Kind), Cause: v.Cause, Size: -1, Pattern: runs(v), Read: readAs(v), Hosts: strings.Join(p.Context.Profiles, ", "), Says: [][2]string{}, Hidden: r.Hide,
		Curves: []htmlCurve{}, Engines: []htmlEngine{}, Differences: []htmlDifference{},
	}
	if r.Level != policy.None {
		out.Level = string(r.Level)
	}
	if v.Kind == verdict.Superlinear || v.Kind == verdict.Linear {
		out.Growth = power(v.Growth)
	}
	for _, s := range v.Sizes {
		if s.Steps == policy.StallSteps {
			out.Size = s.Bytes
		}
	}
	for _, l := range lines(r) {
		word, said, _ := strings.Cut(l, ": ")
		if word != "attack" && word != "read" && word != "limit" {
			out.Says = append(out.Says, [2]string{word, said})
		}
	}
	if v.Reason != nil {
		out.Says = append(out.Says, [2]string{"reason", limitNamed(*v.Reason)})
	}
	if s := v.Searched; s != nil && s.Beyond() {
		out.Says = append(out.Says, [2]string{"search", fmt.Sprintf("found %s by itself; the analysis said %s", power(s.Growth), s.Static)})
	}
	if said := sharedWords(r.Shared); said != "" {
		out.Says = append(out.Says, [2]string{"shared", said})
	}
	if j := r.Judgement; j != nil {
		out.Decision = string(j.Decision)
	}
	if v.Kind == verdict.Superlinear {
		if !r.Hide && len(v.Witnesses) > 0 {
			out.Attack = htmlAttackOf(v)
		}
		out.Curves = append(out.Curves, htmlCurveOf("reference", power(v.Growth), v.Samples))
	}
	for _, t := range v.Targets {
		out.Engines = append(out.Engines, htmlEngineOf(t))
		if len(t.Samples) > 0 {
			out.Curves = append(out.Curves, htmlCurveOf(t.Engine+" (model)", engineSays(t), t.Samples))
		}
	}
	live := slices.Clone(r.Live)
	slices.SortFunc(live, func(a, b verdict.Live) int { return strings.Compare(a.Engine, b.Engine) })
	for _, l := range live {
		if !l.Measured || len(l.Curve.Samples) == 0 {
			continue
		}
		c := htmlCurve{Engine: name(l), Unit: "ns", Says: string(l.Outcome), Points: [][2]uint64{}}
		if l.Outcome == engines.Complete {
			c.Says = power(l.Curve.Growth)
		}
		for _, s := range l.Curve.Samples {
			c.Points = append(c.Points, [2]uint64{uint64(max(s.Bytes, 0)), uint64(max(s.Cost.Time, 0))})
		}
		out.Curves = append(out.Curves, c)
	}
	for _, d := range v.Differences {
		kind := d.Kind + " " + d.Where
		if d.Pattern.Flags != 0 {
			kind += ", flags " + d.Pattern.Flags.String()
		}
		out.Differences = append(out.Differences, htmlDifference{Kind: kind, Pattern: shown(d.Pattern.Text), Input: quote(d.Input), Answers: answers(d)})
	}
	return out
}

// runs is the pattern cut where the marks change.
func runs(v verdict.Verdict) []htmlRun {
	spans := v.Spans
	if v.Reason != nil && v.Reason.Offset >= 0 {
		spans = []syntax.Span{{Start: v.Reason.Offset, End: v.Reason.Offset + 1}}
	}
	cs := cells(v.Pattern.Text)
	under := marks(cs, spans)
	out := []htmlRun{}
	for i := 0; i < len(cs); {
		var b strings.Builder
		k := i
		for ; k < len(cs) && under[k] == under[i]; k++ {
			b.WriteString(cs[k].text)
		}
		out = append(out, htmlRun{b.String(), map[rune]int{'^': 2, '~': 1}[under[i]]})
		i = k
	}
	return out
}

func htmlAttackOf(v verdict.Verdict) *htmlAttack {
	w := v.Witnesses[0]
	out := &htmlAttack{Formula: w.String(), N: repetitions(v, w), Fixed: w.Len(0), Pump: w.PumpLen()}
	text := true
	part := func(s []byte, pump int) {
		if len(s) > 0 {
			out.Parts = append(out.Parts, htmlRun{printf(s), pump})
			out.Text = append(out.Text, htmlRun{string(s), pump})
			text = text && utf8.Valid(s)
		}
	}
	for _, p := range w.Pumps {
		part(p.Prefix, 0)
		part(p.Pump, 1)
	}
	part(w.Suffix, 0)
	if !text {
		out.Text = nil
	}
	return out
}

// repetitions is how often the pumps of an attack are first shown.
func repetitions(v verdict.Verdict, w attack.Witness) int {
	for _, s := range v.Sizes {
		if s.Steps == shownSteps && s.Bytes > 0 && w.PumpLen() > 0 {
			return max(1, (s.Bytes-w.Len(0))/w.PumpLen())
		}
	}
	return 30
}

func htmlCurveOf(engine, says string, ss []engines.Sample) htmlCurve {
	c := htmlCurve{Engine: engine, Unit: "steps", Says: says, Points: [][2]uint64{}}
	for _, s := range ss {
		c.Points = append(c.Points, [2]uint64{uint64(max(s.Bytes, 0)), s.Cost.Steps})
	}
	return c
}

// htmlEngineOf is a line of the table of limits.
func htmlEngineOf(t verdict.Target) htmlEngine {
	out := htmlEngine{Engine: t.Engine, Growth: engineSays(t), Saved: strings.Join(t.SavedBy, ", ")}
	for _, s := range t.Sizes {
		if s.Steps == 10_000_000 && s.Bytes >= 0 {
			out.Size = commas(uint64(s.Bytes))
		}
	}
	var limits []uint64
	for limit := range t.BytesToLimit {
		limits = append(limits, limit)
	}
	slices.Sort(limits)
	var parts []string
	for _, limit := range limits {
		if n := t.BytesToLimit[limit]; n == verdict.OpenLimit {
			parts = append(parts, fmt.Sprintf("%s: not known", commas(limit)))
		} else if n >= 0 {
			parts = append(parts, fmt.Sprintf("%s: %s bytes", commas(limit), commas(uint64(n))))
		} else {
			parts = append(parts, fmt.Sprintf("%s: never", commas(limit)))
		}
	}
	out.Limits = strings.Join(parts, "; ")
	return out
}

// engineSays is an engine's growth, or why there is none.
func engineSays(t verdict.Target) string {
	if t.Model == verdict.TargetSuperlinear {
		return power(t.Growth)
	}
	return t.Model
}

// power is a growth as one writes it: n², exponential.
func power(g engines.Growth) string {
	switch g.Class {
	case engines.Exponential:
		return "exponential"
	case engines.Linear:
		return "linear"
	}
	digits := strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")
	return "n" + digits.Replace(fmt.Sprint(g.Exponent))
}

// orderOf orders growths: exponents, exponential above all.
func orderOf(v verdict.Verdict) int {
	switch {
	case v.Kind != verdict.Superlinear:
		return 0
	case v.Growth.Class == engines.Exponential:
		return 100
	}
	return min(v.Growth.Exponent, 99)
}
