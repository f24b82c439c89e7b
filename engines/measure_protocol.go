package engines

import (
	"time"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A question is what a worker is asked, one JSON object a line: to run one
// engine on an attack of one size, several times.
type question struct {
	Engine  string
	Text    []byte
	Dialect corpus.Dialect
	Flags   corpus.Flags
	Mode    corpus.Mode
	Attack  attack.Witness
	N       int
	Runs    int
	Count   bool // also count against the engine's match limit
	Limits  Limits
}

// An answer is the worker's line in return.
type answer struct {
	// Problem names an outcome, "" when the engine ran.
	Problem Measured
	Detail  string
	Version string
	State   State
	Bytes   int
	// Time is the shortest of the runs, Yardstick the shortest and Spread the
	// longest time of the linear engine that ran between them.
	Time, Yardstick, Spread time.Duration
	// Calls is the smallest match limit that is enough, and Total the choices of
	// the whole search; 0 when not counted.
	Calls, Total uint64
}

// A LimitCounter is a Matcher that has deterministic counts of its own: PCRE2's
// smallest match limit under which a search comes to its end, and the sum of
// such limits over the starts that the search tries.
type LimitCounter interface {
	SmallestLimit(subject []byte, most uint64) (limit uint64, ok bool)
	TotalLimit(subject []byte, most uint64) (total uint64, ok bool)
}
