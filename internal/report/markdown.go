package report

import (
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// markdownBytes bounds the page: a host takes 1 MiB for a step's summary and
// drops a larger one whole.
const markdownBytes = 900 << 10

// Markdown is a page: what was judged, then each finding.
type Markdown struct {
	Style Style

	body strings.Builder
	left int
}

// Fresh is an empty report of the same style, as Format asks.
func (f *Markdown) Fresh() Format { return &Markdown{Style: f.Style} }

// Row keeps a section of a finding.
func (f *Markdown) Row(r gate.Row) []byte {
	if severity(r) == policy.None {
		return nil
	}
	v := r.Verdict
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", prose(title(r)))
	if at := where(v.Pattern.Source); at != "" {
		fmt.Fprintf(&b, "%s\n\n", code(at))
	}
	b.WriteString(fenced(caret(v.Pattern.Text, v.Spans, "")))
	for _, l := range lines(r) {
		name, rest, _ := strings.Cut(l, ": ")
		if strings.HasPrefix(name, "attack") && !r.Hide {
			rest = code(rest)
		} else {
			rest = prose(rest)
		}
		fmt.Fprintf(&b, "- **%s**: %s\n", name, rest)
	}
	b.WriteByte('\n')
	f.add(b.String())
	return nil
}

// Fault keeps a section of a fault.
func (f *Markdown) Fault(p *corpus.Problem) []byte {
	at := where(corpus.Source{File: p.File, Pos: p.Pos})
	if at != "" {
		at = code(at) + ": "
	}
	what := "not read"
	if p.Advisory {
		what = "warning"
	}
	f.add(fmt.Sprintf("### %s: %s\n\n%s%s\n\n", what, prose(p.Code), at, prose(shown(p.Message))))
	return nil
}

func (f *Markdown) add(section string) {
	if f.body.Len()+len(section) > markdownBytes {
		f.left++
		return
	}
	f.body.WriteString(section)
}

// Summary is the page.
func (f *Markdown) Summary(s gate.Summary) []byte {
	var b strings.Builder
	b.WriteString("## nearmiss\n\n")
	switch {
	case s.Canary == gate.CanaryMissed:
		b.WriteString("**The canary was missed: no decision of this run counts.**\n\n")
	case s.Decisions[gate.Reject] > 0:
		fmt.Fprintf(&b, "**%s rejected.**\n\n", plural(s.Decisions[gate.Reject], "pattern"))
	case s.Decisions[gate.Error] > 0 || s.Faults > 0:
		b.WriteString("**Something could not be judged.**\n\n")
	}
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "| %s | %s |\n", name, value)
		}
	}
	b.WriteString("| | |\n|---|---|\n")
	row("files read", fmt.Sprint(s.Files.Read))
	row("patterns judged", fmt.Sprint(s.Patterns))
	row("decisions", counts(gate.Decisions, s.Decisions))
	row("verdicts", counts(kinds, s.Verdicts))
	row("causes", counts(causes, s.Causes))
	row("levels", counts(levels, s.Levels))
	if s.Faults > 0 {
		row("faults", fmt.Sprint(s.Faults))
	}
	if s.Warnings > 0 {
		row("warnings", fmt.Sprint(s.Warnings))
	}
	if s.HeadName != "" {
		row("compared", code(shown(s.BaseName))+" with "+code(shown(s.HeadName)))
	}
	row("canary", s.Canary)
	b.WriteByte('\n')
	notes := append(shared(s), pending(s)...)
	for _, l := range notes {
		fmt.Fprintf(&b, "- %s\n", prose(l))
	}
	if len(notes) > 0 {
		b.WriteByte('\n')
	}
	b.WriteString(f.body.String())
	if f.left > 0 {
		fmt.Fprintf(&b, "%s left out: the page would be too large.\n", plural(f.left, "section"))
	}
	return []byte(b.String())
}

// Rejects reads its own output, as Format asks.
func (f *Markdown) Rejects(output []byte, file string, latent bool) bool {
	word := ""
	for l := range strings.Lines(string(output)) {
		if rest, ok := strings.CutPrefix(l, "### "); ok {
			word, _, _ = strings.Cut(rest, ":")
			continue
		}
		at := strings.Trim(strings.TrimSpace(l), "` ")
		if file != "" && (at == shown(file) || strings.HasPrefix(at, shown(file)+":")) && (word == string(gate.Reject) || latent && word == string(gate.Accept)) {
			return true
		}
	}
	return false
}

// code is a code span: in it nothing is markup.
func code(s string) string {
	fence := strings.Repeat("`", longest(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// fenced is a code block.
func fenced(s string) string {
	fence := strings.Repeat("`", max(longest(s)+1, 3))
	return fence + "text\n" + s + fence + "\n\n"
}

// longest is the length of the longest run of backquotes.
func longest(s string) int {
	most, run := 0, 0
	for _, c := range s {
		if c != '`' {
			run = 0
			continue
		}
		run++
		most = max(most, run)
	}
	return most
}

// prose is text in which nothing is markup, a mention or a reference: what
// could be stands as a number.
func prose(s string) string {
	var b strings.Builder
	for _, c := range s {
		if strings.ContainsRune("\\`*_{}[]<>#+|~!@$^=&", c) {
			fmt.Fprintf(&b, "&#%d;", c)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}
