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
	Killed      Measured = "killed"        // the worker did not answer in time, twice as small an attack did
	OutOfMemory Measured = "out-of-memory" // the worker passed its ceiling
	Crashed     Measured = "crashed"       // the worker died
	TooNoisy    Measured = "too-noisy"     // a linear engine's time, too, changed between runs
	TooFast     Measured = "too-fast"      // never above the clock's noise within the input limit
)

// A Measurement is what one engine did with an attack as it grew.
type Measurement struct {
	Engine, Version string
	Outcome         Measured
	Detail          string // the engine's or the worker's words, "" when Complete
	// Curve is what was measured until then, by time.
	Curve Curve
	// Calls are the counts against the engine's match limit, one a sample of
	// the curve, 0 where it was not counted; nil for an engine without.
	Calls []uint64
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
	// enough is the time at which a curve ends: a thousand times the noise.
	enough = 20 * time.Millisecond
	// restless is the ratio of the yardstick's longest and shortest time from
	// which on the machine is busy; a run is repeated up to patience times.
	restless = 3.0
	patience = 4
)

func (m Measurer) defaults() Measurer {
	if m.Input == 0 {
		m.Input = 128 << 10
	}
	if m.Runs == 0 {
		m.Runs = 5
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

func (m Measurer) one(ctx context.Context, p corpus.Pattern, w attack.Witness, name string) Measurement {
	out := Measurement{Engine: name, Curve: Curve{Engine: name}}
	worker, err := startProcess(m.Command)
	if err != nil {
		out.Outcome, out.Detail = Unavailable, err.Error()
		return out
	}
	defer func() { worker.end() }()
	q := question{Engine: name, Text: []byte(p.Text), Dialect: p.Dialect, Flags: p.Flags, Mode: p.Mode, Attack: w, Runs: m.Runs, Limits: m.Limits}
	noisy, kills, divisor := 0, 0, 3
	var last Sample
	n := 1
	var step int
	for ; w.Len(n) <= m.Input && ctx.Err() == nil; n += step {
		q.N, q.Count = n, len(out.Curve.Samples) < maxCounts
		a, gone := m.calm(worker, q)
		if a.Version != "" {
			out.Version = a.Version
		}
		if a.Problem == Killed && n > last.N+1 && last.N > 0 && kills < maxKills {
			// Too large a step: go on from the size before, in small ones.
			kills++
			worker.end()
			if worker, err = startProcess(m.Command); err != nil {
				out.Outcome, out.Detail = Unavailable, err.Error()
				return out
			}
			n, step, divisor = last.N, 1, fine
			continue
		}
		if a.Problem != Complete {
			out.Outcome, out.Detail = a.Problem, a.Detail
			// An attack that is killed at one size says enough by the others.
			if gone && a.Problem == Killed && known(&out) {
				out.Outcome, out.Detail = Complete, ""
			}
			break
		}
		if a.Time > noise && float64(a.Spread) > restless*float64(a.Yardstick) {
			noisy++
		}
		now := Sample{N: n, Bytes: a.Bytes, Cost: Cost{Time: a.Time}, State: a.State}
		out.Curve.Samples = append(out.Curve.Samples, now)
		if a.Calls > 0 || out.Calls != nil {
			out.Calls = append(out.Calls, a.Calls)
		}
		if a.Time > enough || w.PumpLen() == 0 {
			break
		}
		if a.Time > noise/2 && a.Time > steep*last.Cost.Time {
			divisor = fine
		}
		step, last = 1+n/divisor, now
	}
	if out.Outcome != Complete {
		return out
	}
	switch {
	case !known(&out):
		if w.Len(n) > m.Input && m.Input >= quietInput && last.Cost.Time < enough {
			out.Curve.Growth, out.Curve.Fit = Growth{Class: Linear, Exponent: 1}, FitQuiet
			break
		}
		out.Outcome = TooFast
	case noisy > len(out.Curve.Samples)/2:
		out.Outcome, out.Detail = TooNoisy, "a linear engine took three times as long now and then"
	}
	return out
}

const (
	// steep is the ratio of the times of neighbouring sizes, a third apart,
	// from which on sizes grow by a part of fine only: an exponential cost has
	// few sizes between the noise and enough.
	steep = 3
	fine  = 32
	// maxKills is how many workers are killed for one engine.
	maxKills = 2
)

// quietInput is the length of an attack, in bytes, that shows linear growth
// where it costs less than enough: a quadratic cost of 2³² steps at 64 KiB
// would leave five picoseconds for each.
const quietInput = 64 << 10

// FitQuiet says that an attack of the largest size costs so little that only linear
// growth explains it.
const FitQuiet = "quiet"

// maxCounts is how many samples are also counted against the match limit.
const maxCounts = 24

// calm asks again while the machine is restless; the shortest times count.
func (m Measurer) calm(worker *process, q question) (answer, bool) {
	var best answer
	for i := range patience {
		a, gone := worker.ask(q, m.Ceiling)
		if a.Problem != Complete {
			return a, gone
		}
		q.Count = false
		if i == 0 {
			best = a
		}
		best.Time, best.Yardstick = min(best.Time, a.Time), min(best.Yardstick, a.Yardstick)
		best.Spread = min(best.Spread, a.Spread)
		if best.Time < noise || float64(best.Spread) <= restless*float64(best.Yardstick) || a.Time > enough {
			break
		}
	}
	return best, false
}

// known reads the growth off the samples above the noise, and reports whether
// they tell; where they do not, off those well above it.
func known(m *Measurement) bool {
	return readAbove(m, noise) || readAbove(m, 4*noise)
}

func readAbove(m *Measurement, least time.Duration) bool {
	var loud []Sample
	for _, s := range m.Curve.Samples {
		if s.Cost.Time >= least {
			loud = append(loud, s)
		}
	}
	c := &m.Curve
	c.Growth, c.Fit, c.Quality = Fit(loud)
	if !Known(c.Growth) {
		return false
	}
	last := loud[len(loud)-1]
	if c.Growth.Class == Exponential {
		m.Second = last.Bytes // a few pumps more
		return true
	}
	ratio := float64(time.Second) / float64(last.Cost.Time)
	bytes := float64(last.Bytes) * math.Pow(ratio, 1/float64(max(c.Growth.Exponent, 1)))
	if bytes < math.MaxInt32 {
		m.Second = int(bytes)
	}
	return true
}
