package nfa

import "fmt"

// Limits of the lowering. They are counts, so that a pattern gets the same
// answer on every machine.
const (
	// maxInstructions bounds the ε-automaton. The largest rule of OWASP CRS
	// v4.0.0 needs about 12,000; beyond this a proof would need gigabytes.
	maxInstructions = 60_000
	// maxExpansion bounds the instructions that one bounded repeat may expand
	// to; a larger one stands as unbounded.
	maxExpansion = 12_000
	// maxEdges bounds the ε-free automaton: 64 bytes each.
	maxEdges = 1_000_000
	// maxClosure bounds the ε-configurations visited for one automaton, and
	// maxEntries the edges that they keep, about 120 bytes each: nested loops
	// that may be empty have many.
	maxClosure = 1_000_000
	maxEntries = 2_000_000
)

// A LimitError says which limit a pattern reached.
type LimitError struct {
	Limit string // the constant's name in words: "instructions", "edges"
	Value int64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("automaton needs more than %d %s", e.Value, e.Limit)
}

// An UnsupportedError names a construct that has no automaton here.
type UnsupportedError struct{ Construct Construct }

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("%s at offset %d has no automaton", e.Construct.Name, e.Construct.Span.Start)
}
