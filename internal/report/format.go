// Package report writes what a run found: as text for people and as JSON
// lines for programs.
//
// A format turns each event of a run into bytes and does nothing else: no
// file, no terminal, no clock. The same events give the same bytes.
package report

import (
	"bytes"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
)

// A Format turns the events of one run into bytes, in the order they come.
type Format interface {
	// Row is one judged pattern.
	Row(gate.Row) []byte
	// Fault is a file or rule that could not be read.
	Fault(*corpus.Problem) []byte
	// Summary ends the run. Without it the output is truncated.
	Summary(gate.Summary) []byte
	// Fresh is a new instance of the same format, for another run.
	Fresh() Format
	// Rejects reports whether the output says of a pattern of the file that it
	// is rejected, or, where latent is set, that it is super-linear and
	// accepted. It is how a run makes sure that its canary is visible.
	Rejects(output []byte, file string, latent bool) bool
}

// A Style is what a run prints beside the verdicts.
type Style uint8

// The styles.
const (
	Lint    Style = iota // findings; patterns that are linear are counted
	Gate                 // decisions
	Explain              // everything about one pattern
)

// Shows reports whether a format, given a row, shows the decision that the
// row holds.
func Shows(format Format, r gate.Row) bool {
	format = format.Fresh()
	var out bytes.Buffer
	out.Write(format.Row(r))
	out.Write(format.Summary(gate.NewSummary()))
	latent := r.Judgement != nil && r.Judgement.Code == gate.CodeLatent
	return format.Rejects(out.Bytes(), r.Verdict.Pattern.Source.File, latent)
}
