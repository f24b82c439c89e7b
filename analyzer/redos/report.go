package redos

import (
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// The categories of diagnostics.
const (
	categorySuperlinear = "superlinear"
	categoryInvalid     = "invalid"
	categoryTimeout     = "timeout"
	categoryUnknown     = "unknown"
)

// pattern judges one pattern of a call and reports what is to be said of it.
// Where its options are not known, only what holds under all usual ones is.
func (c *checker) pattern(call call, p candidate) {
	worst := c.judge.ask(p.readings[0], call.engine())
	for _, r := range p.readings[1:] {
		a := c.judge.ask(r, call.engine())
		if (a.refused != nil) != (worst.refused != nil) || a.grows != worst.grows {
			return
		}
		if worst.grows && !worst.level.AtLeast(a.level) {
			worst = a
		}
	}
	switch {
	case worst.refused != nil:
		c.refused(call, p, worst)
	case worst.grows:
		c.grows(call, p, worst)
	case worst.Kind == verdict.Unknown && c.settings.Notes && !linear(call.engine()):
		c.report(call, p, categoryUnknown, 0, len(p.s), fmt.Sprintf("the time of this pattern in %s is not known: %s", call.Library.Name, worst.Reason.Message))
	}
}

// engine is the model a call is judged on.
func (c call) engine() string {
	if c.Function.Engine != "" {
		return c.Function.Engine
	}
	return c.Library.Engine
}

func (c *checker) refused(call call, p candidate, a answer) {
	i, j := 0, len(p.s)
	if a.Reason != nil && a.Reason.Offset >= 0 {
		i = a.Reason.Offset
		j = i + 1
	}
	reason := strings.TrimPrefix(a.refused.Error(), engines.ErrUnsupported.Error()+": ")
	c.report(call, p, categoryInvalid, i, j, fmt.Sprintf("this pattern does not compile in %s: %s", call.Library.Name, reason))
}

func (c *checker) grows(call call, p candidate, a answer) {
	threshold := policy.Warning
	if c.settings.Notes {
		threshold = policy.Note
	}
	if !a.level.AtLeast(threshold) || linear(call.engine()) && !c.settings.LinearEngines {
		return
	}
	i, j := 0, len(p.s)
	if len(a.Spans) > 0 {
		i, j = a.Spans[0].Start, a.Spans[0].End
	}
	d := c.report(call, p, categorySuperlinear, i, j, message(call, a))
	if d == nil {
		return
	}
	d.SuggestedFixes = c.fixes(call, p, a)
	for _, s := range a.Spans[min(1, len(a.Spans)):] {
		if pos, end, ok := p.span(s.Start, s.End); ok {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: pos, End: end, Message: "this part competes for the same characters"})
		}
	}
}

// message is the finding in one line.
func message(call call, a answer) string {
	var b strings.Builder
	if linear(call.engine()) {
		fmt.Fprintf(&b, "linear in %s, %s in a backtracking engine", call.Library.Name, growthWord(a.growth))
	} else {
		fmt.Fprintf(&b, "%s time in %s", growthWord(a.growth), call.Library.Name)
	}
	fmt.Fprintf(&b, ": %s", causes[a.Cause])
	if a.witness != nil {
		fmt.Fprintf(&b, "; %s", a.witness.Formula(quotedBytes))
		if bytes, ok := policy.BytesTo(a.Verdict, policy.StallSteps); ok {
			fmt.Fprintf(&b, " of %d bytes costs %d steps, about a second", bytes, policy.StallSteps)
		}
	}
	if call.Library.Engine == "" {
		fmt.Fprintf(&b, " (judged on the reference matcher)")
	}
	return b.String()
}

func growthWord(g engines.Growth) string {
	switch {
	case g.Class == engines.Exponential:
		return "exponential"
	case g.Class == engines.Linear: // cause counter
		return "far too steep linear"
	case g.Exponent == 2:
		return "quadratic"
	case g.Exponent == 3:
		return "cubic"
	}
	return fmt.Sprintf("polynomial (exponent %d)", g.Exponent)
}

// causes are what each cause means, in half a sentence.
var causes = map[string]string{
	"nested":        "this loop can read the same characters in many ways",
	"adjacent":      "this loop and the next can both take the same characters",
	"rescan":        "this loop runs again over the same characters from every offset at which the search starts",
	"assertion":     "this loop stands in an assertion or atomic group that is entered at many offsets",
	"backreference": "this part is compared again for every way its group can match",
	"counter":       "this bounded repeat has too many ways to count",
}

// quotedBytes keeps one part of an attack short enough for an editor's line.
const quotedBytes = 40

// report adds a diagnostic on bytes i to before j of a pattern, and names the
// call where that stands elsewhere. The same is said once of each place. It is
// nil where nothing is added.
func (c *checker) report(call call, p candidate, category string, i, j int, message string) *analysis.Diagnostic {
	arg := call.pattern()
	if i >= len(p.s) { // after the last byte, where something is missing: nothing to mark
		i = len(p.s) - 1
	}
	pos, end, ok := p.span(i, max(i+1, j))
	if !ok {
		pos, end = arg.Pos(), arg.End()
	}
	if p.rule != "" {
		message += " (rule " + p.rule + ")"
	}
	d := analysis.Diagnostic{Pos: pos, End: end, Category: category, Message: message}
	if pos < arg.Pos() || end > arg.End() {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: call.expr.Pos(), End: call.expr.End(), Message: "given to " + call.callee + " here"})
	}
	return c.add(d)
}

// add keeps a diagnostic unless it was said before, or stands in a file that is
// silent.
func (c *checker) add(d analysis.Diagnostic) *analysis.Diagnostic {
	key := fmt.Sprintf("%d %d %s", d.Pos, d.End, d.Message)
	if c.silent(d.Pos) || c.shown[key] {
		return nil
	}
	c.shown[key] = true
	c.found = append(c.found, d)
	return &c.found[len(c.found)-1]
}
