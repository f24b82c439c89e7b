package report

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/analyzer/nfa"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
)

// Dot draws each pattern's automaton in Graphviz's language, the competing parts
// heavy: one graph for each row. It is a format of explain alone, and shows no
// decision.
type Dot struct{}

// Fresh is the format itself: it keeps nothing.
func (f Dot) Fresh() Format { return f }

// Row is the automaton of one pattern; a comment where it has none.
func (f Dot) Row(r gate.Row) []byte {
	v := r.Verdict
	re, err := syntax.Parse(v.Pattern)
	if err != nil {
		return fmt.Appendf(nil, "// no automaton: %s\n", shown(err.Error()))
	}
	a, err := nfa.Lower(re)
	if err != nil {
		return fmt.Appendf(nil, "// no automaton: %s\n", shown(err.Error()))
	}
	return []byte(a.Dot(v.Pattern.Text, func(at nfa.Atom) bool {
		for _, s := range v.Spans {
			if s.Start <= at.Span.Start && at.Span.End <= s.End {
				return true
			}
		}
		return false
	}))
}

// Fault is a comment.
func (f Dot) Fault(p *corpus.Problem) []byte {
	return fmt.Appendf(nil, "// %s\n", shown(p.Error()))
}

// Summary is empty: a graph has no place for it.
func (f Dot) Summary(gate.Summary) []byte { return nil }

// Rejects is false: a graph shows no decision, so no gate may rest on it.
func (f Dot) Rejects([]byte, string, bool) bool { return false }
