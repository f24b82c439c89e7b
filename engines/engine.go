// Package engines measures: what an engine is, what running it on an input
// costs, and what curve the costs follow as the input grows.
//
// One adapter package each stands below this one; only it imports its engine.
// The reference engine is engines/backtrack, whose cost is an exact count of
// steps and therefore the same on every machine.
package engines

import (
	"errors"
	"time"

	"github.com/nearmiss-dev/nearmiss/analyzer/ambiguity"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// ErrUnsupported says that an engine does not take a pattern: wrong dialect,
// or a construct it lacks. It is a value, not a failure; adapters wrap it with
// the engine's own message.
var ErrUnsupported = errors.New("pattern not supported by this engine")

// ErrUnavailable says that an engine is not on this machine (a shared library
// is absent, or it was left out of the build). Adapters wrap it with the
// reason.
var ErrUnavailable = errors.New("engine not available")

// An Engine is one regular-expression engine in one configuration.
type Engine interface {
	// Name is the engine's name in every report: "pcre2", "regexp2-v1".
	Name() string
	// Version is the engine's own version. It fails with ErrUnavailable.
	Version() (string, error)
	// Backtracking reports whether the engine's time may grow faster than its
	// input.
	Backtracking() bool
	// Compile fails with ErrUnsupported or ErrUnavailable.
	Compile(p corpus.Pattern) (Matcher, error)
}

// A Matcher is a compiled pattern. It is not safe for concurrent use.
type Matcher interface {
	// Match applies the pattern in its own mode to a subject.
	Match(subject []byte, lim Limits) Outcome
	// Close frees what the engine holds outside of Go's memory.
	Close()
}

// Limits bound one match; zero values leave the engine's defaults.
type Limits struct {
	Steps   uint64        // the engine's own unit: reference steps, PCRE2's match limit
	Depth   uint64        // PCRE2's depth limit
	Memory  uint64        // bytes
	Timeout time.Duration // for engines that have one (regexp2)
}

// A State says how a match ended.
type State uint8

// The states.
const (
	Matched State = iota
	NoMatch
	StepLimit   // the engine's step or match limit was reached
	MemoryLimit // its stack, heap or depth limit was reached
	TimedOut    // its own time limit was reached
	BadSubject  // the subject is not valid in the engine's encoding
	Failed      // any other error: Err says which
)

// An Outcome is the result of one match.
type Outcome struct {
	State State
	// Caps are byte offsets in the subject, two for each group, group 0
	// first; -1 where a group is unset. Nil unless Matched.
	Caps []int
	// Steps is the engine's deterministic cost, 0 when it has none.
	Steps uint64
	// Err is set when State is Failed.
	Err error
}

// Cost is what one run cost.
type Cost struct {
	Steps uint64        // 0 when the engine does not count
	Time  time.Duration // 0 when it was not timed
}

// A Sample is one point of a curve: the witness with every pump repeated N
// times, Bytes long, cost Cost.
type Sample struct {
	N     int
	Bytes int
	Cost  Cost
	State State
}

// A Curve is the cost of one engine on one witness as it grows.
type Curve struct {
	Engine  string
	Samples []Sample
	Growth  Growth
	// Fit says how the growth was read off: "differences" (exact, constant
	// k-th differences), "ratios" (a constant ratio above 1), "slope" (a
	// log-log fit), with Quality in [0,1] for a slope.
	Fit     string
	Quality float64
}

// Growth is the analyzer's word, used for measurements too.
type Growth = ambiguity.Growth

// Class is the analyzer's word, used for measurements too.
type Class = ambiguity.Class

// The classes, in order.
const (
	Linear      = ambiguity.Linear
	Polynomial  = ambiguity.Polynomial
	Exponential = ambiguity.Exponential
)
