package report

import (
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// Text is the format of people.
type Text struct {
	Style Style
	// Colour writes ANSI colours.
	Colour bool

	// last is what the paragraph before said, without how it was read; open
	// says that the blank line after it is not written yet.
	last string
	open bool
}

// Fresh is an empty report of the same style, as Format asks.
func (f *Text) Fresh() Format { return &Text{Style: f.Style, Colour: f.Colour} }

const (
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	green  = "\x1b[32m"
	bold   = "\x1b[1m"
	plain  = "\x1b[0m"
)

func (f *Text) paint(colour, s string) string {
	if !f.Colour || s == "" {
		return s
	}
	return colour + s + plain
}

// Row is a paragraph for a finding or an undecided pattern, one line for a
// change that is accepted, and nothing for a linear pattern of a lint.
func (f *Text) Row(r gate.Row) []byte {
	v := r.Verdict
	quiet := v.Kind == verdict.Linear && len(v.Differences) == 0 && r.Shared == nil || r.Known
	if f.Style == Lint && quiet {
		return nil
	}
	var b strings.Builder
	b.WriteString(f.headline(r))
	if f.Style == Gate && quiet && r.Judgement != nil && r.Judgement.Decision == gate.Accept {
		return f.paragraph(b.String(), readAs(v), false)
	}
	spans := v.Spans
	if v.Reason != nil && v.Reason.Offset >= 0 {
		spans = []syntax.Span{{Start: v.Reason.Offset, End: v.Reason.Offset + 1}}
	}
	b.WriteString("\n" + f.carets(caret(v.Pattern.Text, spans, "    ")) + "\n")
	switch v.Kind {
	case verdict.Superlinear:
		f.finding(&b, r)
	case verdict.Linear:
		if v.Proof != "" {
			fmt.Fprintf(&b, "  proof:  %s\n", shown(strings.Replace(v.Proof, theory, "no loops compete for the same characters ("+theory+")", 1)))
		}
		if v.StepsPerByte > 0 {
			how := "the most that the search found"
			if v.StepsPerByteProved {
				how = "proved"
			}
			fmt.Fprintf(&b, "  cost:   at most %.3g steps for each byte (%s)\n", v.StepsPerByte, how)
		}
	default:
		if v.Reason != nil && v.Reason.Limit != "" { // what it says beyond the headline
			fmt.Fprintf(&b, "  limit:  %s = %d\n", shown(v.Reason.Limit), v.Reason.Value)
		}
	}
	if said := sharedWords(r.Shared); said != "" {
		fmt.Fprintf(&b, "  shared: %s\n", said)
	}
	for _, d := range v.Differences {
		fmt.Fprintf(&b, "  differ: %s\n", differs(d))
	}
	if j := r.Judgement; j != nil {
		f.judgement(&b, *j)
		if l := languageWords(r); l != "" {
			fmt.Fprintf(&b, "  match:  %s\n", l)
		}
	}
	b.WriteString(moveLines(r.Move))
	if f.Style == Explain && len(r.Live) > 0 {
		b.WriteString(matrix(r) + limitTable(r))
		for _, w := range variants(r) {
			fmt.Fprintf(&b, "  send:   %s\n", w)
		}
		return f.paragraph(b.String(), readAs(v), true)
	}
	return f.paragraph(b.String(), readAs(v)+onEngines(r)+liveLines(r), true)
}

// paragraph is what a row says. One that repeats the row before, for other
// flags or profiles, is a line.
func (f *Text) paragraph(said, read string, long bool) []byte {
	var out string
	switch {
	case said == f.last:
		if !long {
			return nil
		}
		out = "  same:   " + read + "\n"
	case long:
		out = f.gap() + said + "  read:   " + read + "\n"
	default:
		out = f.gap() + said
	}
	f.last, f.open = said, long
	return []byte(out)
}

// gap ends an open paragraph with a blank line.
func (f *Text) gap() string {
	if !f.open {
		return ""
	}
	f.open, f.last = false, ""
	return "\n"
}

// theory is how the analysis says that no loops compete.
const theory = "no EDA and no IDA"

// headline is "place: word: rule: what".
func (f *Text) headline(r gate.Row) string {
	v, p := r.Verdict, r.Verdict.Pattern
	var parts []string
	if at := where(p.Source); at != "" {
		parts = append(parts, at)
	}
	word, colour := string(v.Kind), yellow
	switch {
	case r.Judgement != nil:
		word = string(r.Judgement.Decision)
		colour = colourOf(r.Judgement.Decision)
	case r.Waiver != nil:
		word = "waived"
	case r.Exemption != nil:
		word = "exempt"
	case r.Level != policy.None:
		word = string(r.Level)
		if r.Level == policy.Error {
			colour = red
		}
	case v.Kind == verdict.Linear:
		colour = green
	}
	parts = append(parts, f.paint(bold+colour, word))
	if p.Source.Rule != "" {
		parts = append(parts, "rule "+shown(p.Source.Rule))
	} else if p.ID != "" {
		parts = append(parts, shown(p.ID))
	}
	what := string(v.Kind)
	switch v.Kind {
	case verdict.Superlinear:
		what = gate.Describe(v.Growth)
		if v.Cause != "" {
			what += " (" + v.Cause + ")"
		}
		if policy.Latent(v) {
			what += ", latent: linear on every engine of its profiles"
		}
		if policy.Unreachable(v) {
			what += ", unreachable: linear on all that its transformations let through"
		}
	case verdict.Unknown, verdict.Invalid:
		if v.Reason != nil {
			what += ": " + shown(v.Reason.Message)
		}
	}
	if r.Judgement != nil && word == string(gate.Accept) && v.Kind == verdict.Linear {
		what = "linear; " + changed(*r.Judgement)
		if l := languageWords(r); l != "" {
			what += "; " + l
		}
	}
	if what != word { // "linear: linear" says no more
		parts = append(parts, strings.TrimPrefix(what, word+": "))
	}
	return strings.Join(parts, ": ") + "\n"
}

func where(s corpus.Source) string {
	switch {
	case s.File == "":
		return ""
	case s.Pos.IsValid():
		return fmt.Sprintf("%s:%s", shown(s.File), s.Pos)
	}
	return shown(s.File)
}

// carets colours the marks.
func (f *Text) carets(s string) string {
	if !f.Colour {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if i%2 == 1 && strings.Trim(l, " ^~") == "" {
			lines[i] = f.paint(red, l)
		}
	}
	return strings.Join(lines, "\n")
}

func (f *Text) finding(b *strings.Builder, r gate.Row) {
	v := r.Verdict
	a, _ := v.Attack()
	fmt.Fprintf(b, "  cause:  %s\n", cause(v))
	if v.ClaimedExponent > v.Growth.Exponent {
		fmt.Fprintf(b, "  growth: exponent %d by replay, at most %d by the automaton\n", v.Growth.Exponent, v.ClaimedExponent)
	}
	switch {
	case r.Hide:
		fmt.Fprintf(b, "  attack: not shown: the pattern is deployed (--show-attacks prints it)\n")
	case len(v.Witnesses) > 0:
		fmt.Fprintf(b, "  attack: %s\n", a.Witness.String())
		if n := showN(a); n > 0 {
			fmt.Fprintf(b, "  bytes:  %s\n", shell(a.Witness, n))
		}
	}
	if s := reach(r); s != "" {
		fmt.Fprintf(b, "  reach:  %s\n", s)
	}
	if s := parents(v); s != "" {
		fmt.Fprintf(b, "  chain:  %s\n", s)
	}
	for _, s := range a.Sizes {
		if s.Steps != policy.StallSteps && s.Steps != 1e5 {
			continue
		}
		how := "replayed"
		if !s.Verified {
			how = "extrapolated"
		}
		if s.Bytes >= 0 {
			fmt.Fprintf(b, "  size:   %s bytes cost %s steps (%s)\n", commas(uint64(s.Bytes)), commas(s.Steps), how)
		} else {
			fmt.Fprintf(b, "  size:   no attack within the input limit costs %s steps\n", commas(s.Steps))
		}
	}
	if len(a.Samples) > 0 {
		b.WriteString(table(a.Samples, "      "))
	}
	for _, o := range r.Origins {
		fmt.Fprintf(b, "  source: %s\n", origin(o))
	}
	fmt.Fprintf(b, "  do:     %s\n", advice(v))
	for _, x := range v.Fixes {
		fmt.Fprintf(b, "  fix:    %s\n%s", fixWords(x), fixDiff(v, x, "      "))
	}
	if w := r.Waiver; w != nil && r.Judgement == nil {
		fmt.Fprintf(b, "  waived: by %s until %s: %s\n", shown(w.Owner), w.Expires, shown(w.Reason))
	}
	if x := r.Exemption; x != nil && r.Judgement == nil {
		fmt.Fprintf(b, "  exempt: %s: %s\n", exemptAt(*x), shown(x.Reason))
	}
}

// showN is how often the printed command repeats each pump: what costs about
// 10⁷ steps, so that trying it is felt and survived; else what the last
// sample had.
func showN(a verdict.Attack) int {
	w := a.Witness
	per := w.PumpLen()
	if per <= 0 {
		return 0
	}
	for _, s := range a.Sizes {
		if s.Steps == 1e7 && s.Bytes > w.Len(0) {
			return (s.Bytes - w.Len(0) + per - 1) / per
		}
	}
	if len(a.Samples) > 0 {
		return a.Samples[len(a.Samples)-1].N
	}
	return 0
}

func (f *Text) judgement(b *strings.Builder, j gate.Judgement) {
	fmt.Fprintf(b, "  change: %s\n", changed(j))
	fmt.Fprintf(b, "  reason: %s\n", shown(j.Message))
}

func changed(j gate.Judgement) string {
	switch {
	case len(j.Changed) > 0:
		return strings.Join(j.Changed, ", ") + " changed"
	case j.Code == gate.CodeOverrun:
		return "not judged"
	}
	return "new pattern"
}

// limitNamed is a reason with the limit that was reached.
func limitNamed(r verdict.Reason) string {
	if r.Limit == "" {
		return shown(r.Message)
	}
	return fmt.Sprintf("%s (limit %s = %d)", shown(r.Message), shown(r.Limit), r.Value)
}

// readAs says what the verdict is about: a pattern alone has none.
func readAs(v verdict.Verdict) string {
	p := v.Pattern
	s := string(p.Dialect)
	if p.Flags != 0 {
		s += ", flags " + p.Flags.String()
	}
	mode := p.Mode
	if mode == "" {
		mode = corpus.Search
	}
	s += ", " + string(mode)
	if len(p.Context.Profiles) > 0 {
		s += ", for " + shown(strings.Join(p.Context.Profiles, " and "))
	}
	return s
}

// Fault is one line: place, what was found, what was expected.
func (f *Text) Fault(p *corpus.Problem) []byte {
	at := where(corpus.Source{File: p.File, Pos: p.Pos})
	if at != "" {
		at += ": "
	}
	word := f.paint(bold+red, "error")
	if p.Advisory {
		word = f.paint(bold+yellow, "warning")
	}
	return []byte(f.gap() + at + word + ": " + shown(p.Message) + "\n")
}

// Summary is a few lines that close the run.
func (f *Text) Summary(s gate.Summary) []byte {
	var b strings.Builder
	if f.Style == Explain {
		if judged := s.Patterns > s.Verdicts[verdict.Invalid]; judged {
			fmt.Fprintf(&b, "%s%s\n", f.gap(), matcher(s))
		}
		return []byte(b.String())
	}
	files := plural(s.Files.Read, "file") + " read"
	for _, n := range []struct {
		n    int
		what string
	}{
		{s.Files.Unclaimed, "not claimed by a reader"}, {s.Files.Failed, "not read"}, {s.Files.Links, "behind a link not followed"},
		{s.Files.Includes, "included and not followed"},
	} {
		if n.n > 0 {
			files += fmt.Sprintf(", %d %s", n.n, n.what)
		}
	}
	if s.Files.Updates > 0 {
		files += "; " + plural(s.Files.Updates, "update") + " of rules by tag or message, not followed"
	}
	if s.Faults > 0 {
		files += "; " + plural(s.Faults, "fault")
	}
	if s.Warnings > 0 {
		files += "; " + plural(s.Warnings, "warning")
	}
	if s.OldFaults > 0 {
		files += "; " + plural(s.OldFaults, "fault") + " that the base has too"
	}
	b.WriteString(f.gap() + files + "\n")
	judged := plural(s.Patterns, "pattern") + " judged"
	if c := counts(kinds, s.Verdicts); c != "" {
		judged += ": " + c
	}
	if c := counts(causes, s.Causes); c != "" {
		judged += " (" + c + ")"
	}
	b.WriteString(judged + "\n")
	if f.Style == Gate {
		fmt.Fprintf(&b, "%d unchanged, %d removed\n", s.Unchanged, s.Removed)
		if c := counts(gate.Decisions, s.Decisions); c != "" {
			b.WriteString("decisions: " + c + "\n")
		}
	} else if c := counts(levels, s.Levels); c != "" {
		b.WriteString("findings: " + c + "\n")
	}
	if s.Latent > 0 {
		fmt.Fprintf(&b, "%d latent: super-linear on the reference matcher, linear on the engines of the profiles\n", s.Latent)
	}
	if s.Reach[verdict.Unreachable]+s.Reach[verdict.ReachUnknown] > 0 {
		c := counts(reachStates, s.Reach)
		b.WriteString("super-linear behind transformations: " + c + "\n")
	}
	if s.Waived > 0 {
		fmt.Fprintf(&b, "%d waived\n", s.Waived)
	}
	if s.Known > 0 {
		fmt.Fprintf(&b, "%d known from the baseline\n", s.Known)
	}
	if s.Exempted > 0 {
		fmt.Fprintf(&b, "%d exempt by comments in the files\n", s.Exempted)
	}
	for _, l := range shared(s) {
		b.WriteString(l + "\n")
	}
	for _, l := range pending(s) {
		b.WriteString(l + "\n")
	}
	if s.Overrun {
		b.WriteString("a budget of the run was used up: what is marked error was not judged\n")
	}
	switch s.Canary {
	case gate.CanaryRejected:
		b.WriteString("canary: rejected, as it must be\n")
	case gate.CanaryMissed:
		b.WriteString(f.paint(bold+red, "canary: MISSED: a known-bad rule came through, so nothing here can be trusted") + "\n")
	}
	if s.Internal > 0 {
		fmt.Fprintf(&b, "%s of nearmiss itself\n", plural(s.Internal, "fault"))
	}
	if s.Patterns > s.Verdicts[verdict.Invalid] {
		b.WriteString(matcher(s) + "\n")
	}
	return []byte(b.String())
}

// matcher says what the run was judged on.
func matcher(s gate.Summary) string {
	const reference = "the reference matcher, a naive backtracking engine that counts steps"
	switch judgedOn(s) {
	case onModels:
		return "judged on " + reference + ", and on models of the engines named"
	case onBoth:
		return "judged on " + reference + ", and on models of the engines where they are named"
	}
	return "judged on " + reference + ": a real engine may have a shortcut that saves it"
}

// Rejects reads its own output, as Format asks.
func (f *Text) Rejects(output []byte, file string, latent bool) bool {
	words := []string{string(gate.Reject)}
	if latent {
		words = append(words, string(gate.Accept))
	}
	for line := range strings.Lines(string(output)) {
		rest, ok := strings.CutPrefix(line, shown(file))
		if !ok || file == "" || !strings.HasPrefix(rest, ":") {
			continue
		}
		for _, w := range words {
			if strings.Contains(rest, ": "+f.paint(bold+colourOf(gate.Decision(w)), w)+": ") {
				return true
			}
		}
	}
	return false
}

// colourOf is the colour of a decision.
func colourOf(d gate.Decision) string {
	switch d {
	case gate.Accept:
		return green
	case gate.Reject, gate.Error:
		return red
	}
	return yellow
}
