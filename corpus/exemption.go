package corpus

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// An Exemption is a comment in a rule file that lets the findings of the rule
// under it pass:
//
//	# nearmiss:ignore the input is a number of at most 20 digits
type Exemption struct {
	// Reason is what stands behind the mark; it is never empty.
	Reason string
	Pos    Position // of the mark
}

// ExemptionMark is what such a comment begins with.
const ExemptionMark = "nearmiss:ignore"

// The codes of what is wrong with an exemption. All are advisory: the rules
// were read as if the comment were not there.
const (
	// CodeExemptionReason: an exemption without a reason.
	CodeExemptionReason = "exemption-without-reason"
	// CodeExemptionUnused: an exemption with no pattern in the rule under it.
	CodeExemptionUnused = "exemption-unused"
	// CodeExemptionUnknown: a comment that begins with nearmiss: and is none.
	CodeExemptionUnknown = "exemption-unknown"
)

// ExemptionCodes are these codes.
var ExemptionCodes = []string{CodeExemptionReason, CodeExemptionUnused, CodeExemptionUnknown}

// Exempting is a reader that also reads exemptions. A comment is a line whose
// first character other than white space is #. It is about the statement that
// begins on the next line which is neither empty nor a comment, and goes on
// over lines joined by backslashes.
type Exempting struct {
	Reader
	// Indented says that a statement also goes on over the lines that are
	// indented deeper than its first.
	Indented bool
}

// Read reads the file, and gives each pattern of an exempted statement its
// exemption.
func (e Exempting) Read(file string, data []byte) Result {
	res := e.Reader.Read(file, data)
	if !bytes.Contains(data, []byte("nearmiss:")) {
		return res
	}
	problem := func(code string, at Position, format string, args ...any) {
		res.Problems = append(res.Problems, &Problem{Code: code, File: file, Pos: at, Message: fmt.Sprintf(format, args...), Advisory: true})
	}
	marks := findMarks(data, e.Indented)
	if len(marks) > maxExemptions {
		problem(CodeExemptionUnused, marks[maxExemptions].Pos, "%d exemptions from here on do not count: expected at most %d in a file", len(marks)-maxExemptions, maxExemptions)
		marks = marks[:maxExemptions]
	}
	for _, m := range marks {
		switch {
		case !m.known:
			problem(CodeExemptionUnknown, m.Pos, "comment that begins with nearmiss: and is no exemption: expected # %s REASON", ExemptionMark)
		case m.Reason == "":
			problem(CodeExemptionReason, m.Pos, "exemption without a reason: expected # %s REASON", ExemptionMark)
		case !m.cover(res.Patterns):
			problem(CodeExemptionUnused, m.Pos, "exemption with no pattern in the rule under it: expected it right above a rule")
		}
	}
	slices.SortStableFunc(res.Problems, func(a, b *Problem) int { return a.Pos.Offset - b.Pos.Offset })
	return res
}

// maxExemptions bounds the marks of one file that are followed. Rule sets in
// the field have a few.
const maxExemptions = 10_000

// A plea is a comment that begins with nearmiss: , and the lines of the
// statement under it; none where another stands between.
type plea struct {
	Exemption
	known    bool
	from, to int
	indent   int
}

// cover exempts the patterns that begin on the mark's lines; false when there
// are none.
func (m *plea) cover(all []Pattern) bool {
	i := sort.Search(len(all), func(i int) bool { return all[i].Source.Pos.Line >= m.from })
	first := i
	for ; i < len(all) && all[i].Source.Pos.Line <= m.to; i++ {
		all[i].Context.Exemption = &m.Exemption
	}
	return i > first
}

// findMarks goes through the lines of a file once.
func findMarks(data []byte, indented bool) (marks []*plea) {
	var waiting *plea // for its statement
	var open []*plea  // whose statements may go on, the outermost first
	joined := false   // to the line before
	for line, off := 1, 0; off < len(data); line++ {
		text := data[off:]
		end := bytes.IndexByte(text, '\n')
		if end >= 0 {
			text = text[:end]
		}
		at := Position{Line: line, Column: 1, Offset: off}
		off += len(text) + 1
		text = bytes.TrimRight(text, " \t\r")
		body := bytes.TrimLeft(text, " \t")
		indent := len(text) - len(body)
		switch {
		case joined:
		case len(body) == 0:
			continue
		case body[0] == '#':
			if m, ok := parseMark(text, at); ok {
				marks, waiting = append(marks, m), m
			}
			continue
		default:
			for len(open) > 0 && (!indented || indent <= open[len(open)-1].indent) {
				open = open[:len(open)-1]
			}
			if waiting != nil {
				waiting.from, waiting.indent = line, indent
				open, waiting = append(open, waiting), nil
			}
		}
		for _, m := range open {
			m.to = line
		}
		joined = bytes.HasSuffix(text, []byte(`\`))
	}
	return marks
}

// parseMark reads a line that stands at a place.
func parseMark(line []byte, at Position) (*plea, bool) {
	text := bytes.TrimLeft(bytes.TrimLeft(bytes.TrimLeft(line, " \t"), "#"), " \t")
	if !bytes.HasPrefix(text, []byte("nearmiss:")) {
		return nil, false
	}
	m := &plea{to: -1}
	m.Pos = ahead(at, len(line)-len(text))
	rest, found := bytes.CutPrefix(text, []byte(ExemptionMark))
	if m.known = found && (len(rest) == 0 || bytes.IndexByte([]byte(" \t:"), rest[0]) >= 0); m.known {
		m.Reason = strings.TrimSpace(strings.TrimPrefix(string(rest), ":"))
	}
	return m, true
}
