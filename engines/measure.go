package engines

import (
	"context"
	"math"
	"os/exec"
	"time"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Measured is how the measurement of one engine ended.
type Measured string

// The outcomes. Only a measurement that is complete has a growth; none of the
// others changes a verdict.
const (
	Complete    Measured = ""              // the curve holds
	Unavailable Measured = "unavailable"   // the engine is not on this machine
	Unsupported Measured = "unsupported"   // the engine refuses the pattern
	Killed      Measured = "killed"        // the worker did not answer in time
	OutOfMemory Measured = "out-of-memory" // the worker passed its ceiling
	Crashed     Measured = "crashed"       // the worker died
	Stopped     Measured = "stopped"       // the engine itself gave up, before enough sizes ran
	TooNoisy    Measured = "too-noisy"     // the times follow no curve, or another each time they are taken
	TooFast     Measured = "too-fast"      // too few sizes cost more than the clock's noise within the input limit
)

// stops says how an engine gave up.
var stops = map[State]string{
	StepLimit: "its step limit was reached", MemoryLimit: "its memory limit was reached", TimedOut: "its time limit was reached",
	BadSubject: "the attack is not valid in its encoding", Failed: "it failed",
}

// A Measurement is what one engine did with an attack as it grew.
type Measurement struct {
	Engine, Version string
	Outcome         Measured
	Detail          string // the engine's or the worker's words, "" when Complete
	// Curve is what was measured until then, by time.
	Curve Curve
	// Calls are the counts against the engine's match limit, one a sample of
	// the curve, 0 where it was not counted; nil for an engine without. Totals
	// are the choices of the whole search, in the same way.
	Calls, Totals []uint64
	// Second is the number of attack bytes that cost one second, extrapolated
	// from the curve; 0 when it does not say.
	Second int
}

// A Measurer times engines on an attack. The engines run in a worker process
// which is killed when it takes too long.
type Measurer struct {
	// Command makes the worker: a process that calls Worker.Main. It is
	// started once for each engine, and again after it was killed.
	Command func() *exec.Cmd
	// Input is the largest attack in bytes, 128 KiB when 0.
	Input int
	// Runs is how often each size is run, 5 when 0; the shortest time counts.
	Runs int
	// Enough is the time of one run at which a curve ends, 20 ms when 0; a steep
	// one goes on to ten times as much. Less makes measurements short, and leaves
	// more of them untold.
	Enough time.Duration
	// Ceiling bounds the time of one size, all its runs included, 2 s when 0.
	Ceiling time.Duration
	// Limits are those of each match; the zero value lifts PCRE2's limits as
	// far as they go.
	Limits Limits
}

// Times between which samples are taken.
const (
	// noise is what a clock and a scheduler of an ordinary machine may add:
	// times below it are not looked at.
	noise = 20 * time.Microsecond
	// enough is the time at which a curve ends: a thousand times the noise. Where
	// it does not tell a growth by then, or leaves a polynomial less than the three
	// doublings of the pump count that tell a slope, the curve goes on to ten times
	// as much: a large exponent passes a thousand times within two doublings.
	enough  = 20 * time.Millisecond
	goingOn = 10
	// restless is the ratio of the yardstick's longest and shortest time from
	// which on the machine is busy; a run is repeated up to patience times.
	restless = 3.0
	patience = 4
	// passes is how often all sizes are run again, at the most, until their
	// shortest times tell one growth twice.
	passes = 6
	// maxCounts is how many samples are also counted against the match limit, and
	// countedEnough the count behind which no larger one is: a count is looked
	// for with some twenty runs, for every start that the engine tries.
	maxCounts     = 24
	countedEnough = 1 << 16
)

func (m Measurer) defaults() Measurer {
	if m.Input == 0 {
		m.Input = 128 << 10
	}
	if m.Runs == 0 {
		m.Runs = 5
	}
	if m.Enough == 0 {
		m.Enough = enough
	}
	if m.Ceiling == 0 {
		m.Ceiling = 2 * time.Second
	}
	if m.Limits == (Limits{}) {
		m.Limits = Limits{Steps: math.MaxUint32, Depth: math.MaxUint32, Memory: 1 << 30, Timeout: m.Ceiling}
	}
	return m
}

// Measure times the named engines on a pattern's attack as it grows: each size
// several times, in turn with a linear engine, until the times stand well
// above the clock's noise. It ends early with ctx; engines not reached are
// left out.
func (m Measurer) Measure(ctx context.Context, p corpus.Pattern, w attack.Witness, names []string) []Measurement {
	m = m.defaults()
	var out []Measurement
	for _, name := range names {
		if ctx.Err() != nil {
			break
		}
		out = append(out, m.one(ctx, p, w, name))
	}
	return out
}
