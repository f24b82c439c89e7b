package report

import (
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// annotationCap is how many annotations of one kind GitHub shows of a step;
// more are dropped without a word. The rest is printed as plain lines.
const annotationCap = 10

// GitHub is the format of a workflow's log: a command for each finding, which
// the host shows at the line it names.
type GitHub struct {
	Style Style

	written map[string]int // of each kind
	left    int            // findings beyond the cap
	last    string         // place and title of the command before
	// fragments are the titles of the annotations on lines of assembly files.
	fragments map[string]string
}

// Fresh is an empty report of the same style, as Format asks.
func (f *GitHub) Fresh() Format { return &GitHub{Style: f.Style} }

// Row is a workflow command; nothing for what needs no attention.
func (f *GitHub) Row(r gate.Row) []byte {
	level := severity(r)
	if level == policy.None {
		return nil
	}
	src := r.Verdict.Pattern.Source
	var at string
	if len(r.Origins) > 0 {
		o := r.Origins[0]
		line := fmt.Sprintf("%s:%d", o.File, o.Line)
		if held := f.fragments[line]; held != "" && held != title(r) {
			return fmt.Appendf(nil, "nearmiss: %s: the same fragment: %s\n", where(src), shown(title(r)))
		}
		if f.fragments == nil {
			f.fragments = map[string]string{}
		}
		f.fragments[line] = title(r)
		at = fmt.Sprintf(",file=%s,line=%d,endLine=%d,col=%d,endColumn=%d", property(o.File), o.Line, o.Line, o.Column, max(o.EndColumn-1, o.Column))
	} else if src.File != "" {
		at = ",file=" + property(src.File)
		if g, ok := region(r.Verdict); ok {
			at += fmt.Sprintf(",line=%d,endLine=%d,col=%d", g[0], g[2], g[1])
			if g[0] == g[2] {
				at += fmt.Sprintf(",endColumn=%d", max(g[3]-1, g[1])) // the last one, not one past it
			}
		}
	}
	return f.command(level, at, "nearmiss: "+title(r), strings.Join(lines(r), "\n"), where(src))
}

// Fault is an error or a warning at the place of the fault.
func (f *GitHub) Fault(p *corpus.Problem) []byte {
	at := ""
	if p.File != "" {
		at = ",file=" + property(p.File)
		if p.Pos.IsValid() {
			at += fmt.Sprintf(",line=%d,col=%d", p.Pos.Line, p.Pos.Column)
		}
	}
	return f.command(problemLevel(p), at, "nearmiss: "+p.Code, shown(p.Message), where(corpus.Source{File: p.File, Pos: p.Pos}))
}

// command is one workflow command, or a plain line beyond the cap.
func (f *GitHub) command(level policy.Level, at, title, message, place string) []byte {
	kind := map[policy.Level]string{policy.Error: "error", policy.Warning: "warning"}[level]
	if kind == "" {
		kind = "notice"
	}
	if f.written == nil {
		f.written = map[string]int{}
	}
	said := at + title
	if _, read, ok := strings.Cut(message, "read: "); ok && said == f.last {
		return fmt.Appendf(nil, "nearmiss: the same, read as %s\n", shown(read)) // for other flags
	}
	f.last = said
	if f.written[kind]++; f.written[kind] > annotationCap {
		f.left++
		return fmt.Appendf(nil, "%s: at %s: %s\n", kind, place, strings.TrimPrefix(shown(title), "nearmiss: "))
	}
	return fmt.Appendf(nil, "::%s %s::%s\n", kind, strings.TrimPrefix(at+",title="+property(title), ","), data(message))
}

// Summary is a line that begins no command.
func (f *GitHub) Summary(s gate.Summary) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "nearmiss: %s judged", plural(s.Patterns, "pattern"))
	if n := counts(gate.Decisions, s.Decisions); n != "" {
		b.WriteString(": " + n)
	} else if n := counts(kinds, s.Verdicts); n != "" {
		b.WriteString(": " + n)
	}
	if s.Faults > 0 {
		b.WriteString("; " + plural(s.Faults, "fault"))
	}
	if s.Warnings > 0 {
		b.WriteString("; " + plural(s.Warnings, "warning"))
	}
	if f.left > 0 {
		fmt.Fprintf(&b, "; %s more than a step can annotate, listed above and in the job summary", plural(f.left, "finding"))
	}
	b.WriteByte('\n')
	for _, l := range append(shared(s), pending(s)...) {
		b.WriteString("nearmiss: " + l + "\n")
	}
	if s.Canary == gate.CanaryMissed {
		b.WriteString("::error title=nearmiss::the canary was missed: no decision of this run counts\n")
	}
	return []byte(b.String())
}

// Rejects reads its own output, as Format asks.
func (f *GitHub) Rejects(output []byte, file string, latent bool) bool {
	for l := range strings.Lines(string(output)) {
		kind, rest, ok := strings.Cut(strings.TrimPrefix(l, "::"), " file="+property(file)+",")
		if !ok || file == "" || !strings.HasPrefix(l, "::") {
			continue
		}
		if kind == "error" && strings.Contains(rest, "title=nearmiss%3A reject%3A ") || latent && strings.Contains(rest, "title=nearmiss%3A accept%3A ") {
			return true
		}
	}
	return false
}

// data is a command's message: % and line ends are escaped, as the runner
// undoes them.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(escaped(s))
}

// property is a value among a command's properties.
func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(escaped(s))
}
