package report

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// A Description is a row in the words of every format, for a front door that
// shows it by other means than a stream: an editor.
type Description struct {
	// Severity is None where there is nothing to show.
	Severity policy.Level
	// Title is "error: exponential (nested)"; Cause and Advice are sentences,
	// "" unless the pattern is super-linear.
	Title, Cause, Advice string
	// Spans are the parts to point at, most competing first; the byte at fault
	// for a pattern that does not parse. Empty is the whole pattern.
	Spans []syntax.Span
	// Attack is the formula of the fittest attack, and Shell the command that
	// writes it; "" where there is none, or it is hidden.
	Attack, Shell string
}

// Describe puts a row into words.
func Describe(r gate.Row) Description {
	v := r.Verdict
	d := Description{Severity: severity(r), Title: title(r), Spans: v.Spans}
	switch v.Kind {
	case verdict.Superlinear:
		d.Cause, d.Advice = cause(v), advice(v)
		if len(v.Witnesses) > 0 && !r.Hide {
			a, _ := v.Attack()
			d.Attack = a.Witness.String()
			d.Shell = shell(a.Witness, showN(a))
		}
	case verdict.Unknown, verdict.Invalid:
		if v.Reason != nil && v.Reason.Offset >= 0 {
			d.Spans = []syntax.Span{{Start: v.Reason.Offset, End: v.Reason.Offset + 1}}
		}
	}
	return d
}
