package report

import (
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// moveLines say whether a pattern can move, and what keeps it.
func moveLines(m *verdict.Move) string {
	if m == nil {
		return ""
	}
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "  move:   "+format+"\n", args...) }
	over := fmt.Sprintf("%s subjects (%d attacks, short words, near misses, random ones)", commas(uint64(m.Subjects)), m.Attacks)
	switch {
	case m.Taken && m.Differs == nil && m.Respelled:
		line("to %s: yes, written as %s%s", m.To, inline(m), shown(m.Text))
		line("the same matches, spans and groups on %s", over)
	case m.Taken && m.Differs == nil:
		line("to %s: yes, as it stands", m.To)
		line("the same matches, spans and groups on %s", over)
	case m.Taken:
		line("to %s: no: it takes the pattern, and does another thing", m.To)
		line("on %s: %s before, %s there", quote(m.Differs.Subject), offsets(m.Differs.Was), offsets(m.Differs.Is))
	case len(m.Stops) == 0:
		line("to %s: no: %s", m.To, shown(m.Refusal))
	default:
		line("to %s: no", m.To)
	}
	if !m.Taken || m.Differs != nil {
		for _, s := range m.Stops {
			line("it lacks: %s (offsets %d to %d)", s.Construct, s.Span.Start, s.Span.End)
		}
	}
	return b.String()
}

// inline are the flags of the text that moves, as options.
func inline(m *verdict.Move) string {
	if m.Flags == 0 {
		return ""
	}
	return "(with flags " + m.Flags.String() + ") "
}

// offsets are a match and its groups.
func offsets(caps []int) string {
	if caps == nil {
		return "no match"
	}
	var parts []string
	for i := 0; i+1 < len(caps); i += 2 {
		if caps[i] < 0 {
			parts = append(parts, "-")
			continue
		}
		parts = append(parts, fmt.Sprintf("%d-%d", caps[i], caps[i+1]))
	}
	s := "a match at " + parts[0]
	if len(parts) > 1 {
		s += " with groups " + strings.Join(parts[1:], ", ")
	}
	return s
}

type jsonMove struct {
	To              string       `json:"to"`
	Moves           bool         `json:"moves"`
	Pattern         *string      `json:"pattern"`
	PatternEncoding Encoding     `json:"pattern_encoding"`
	Flags           string       `json:"flags"`
	Respelled       bool         `json:"respelled"`
	Stops           []jsonStop   `json:"stops"`
	Refusal         *string      `json:"refusal"`
	Subjects        int          `json:"subjects"`
	Attacks         int          `json:"attacks"`
	Difference      *jsonDiffers `json:"difference"`
}

type jsonStop struct {
	Construct string `json:"construct"`
	Span      [2]int `json:"span"`
}

type jsonDiffers struct {
	Subject  string   `json:"subject"`
	Encoding Encoding `json:"encoding"`
	Was      []int    `json:"was"`
	Is       []int    `json:"is"`
}

func moveRow(m *verdict.Move) *jsonMove {
	if m == nil {
		return nil
	}
	j := &jsonMove{
		To: m.To, Moves: m.Taken && m.Differs == nil, Flags: m.Flags.String(), Respelled: m.Respelled, Stops: []jsonStop{},
		Refusal: text(m.Refusal), Subjects: m.Subjects, Attacks: m.Attacks, PatternEncoding: UTF8,
	}
	if m.Taken {
		var p string
		p, j.PatternEncoding = encode(m.Text)
		j.Pattern = &p
	}
	for _, s := range m.Stops {
		j.Stops = append(j.Stops, jsonStop{s.Construct, [2]int{s.Span.Start, s.Span.End}})
	}
	if d := m.Differs; d != nil {
		j.Difference = &jsonDiffers{Was: d.Was, Is: d.Is}
		j.Difference.Subject, j.Difference.Encoding = encode(string(d.Subject))
	}
	return j
}
