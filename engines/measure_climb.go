package engines

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A climb is the measurement of one engine on one attack: up through growing
// sizes, then over them again until their times agree.
type climb struct {
	Measurer
	question question
	worker   *process
	out      Measurement

	calls, totals []uint64 // of the samples
	kills         int
}

func (m Measurer) one(ctx context.Context, p corpus.Pattern, w attack.Witness, name string) Measurement {
	c := &climb{
		Measurer: m,
		question: question{Engine: name, Text: []byte(p.Text), Dialect: p.Dialect, Flags: p.Flags, Mode: p.Mode, Attack: w, Runs: m.Runs, Limits: m.Limits},
		out:      Measurement{Engine: name, Curve: Curve{Engine: name}},
	}
	defer c.stop()
	if !c.start() {
		return c.out
	}
	all := c.up(ctx)
	if c.out.Outcome == Complete {
		c.settle(ctx, all)
	}
	c.out.Curve.Samples = envelope(c.out.Curve.Samples)
	return c.out
}

// start makes a worker; where that fails the engine is unavailable.
func (c *climb) start() bool {
	worker, err := startProcess(c.Command)
	if err != nil {
		c.out.Outcome, c.out.Detail = Unavailable, err.Error()
		return false
	}
	c.worker = worker
	return true
}

func (c *climb) stop() {
	if c.worker != nil {
		c.worker.end()
		c.worker = nil
	}
}

const (
	// part is how much larger the next size is, a third, where its cost does not
	// grow by more than stride: a steeper one has few sizes between the noise and
	// enough.
	part   = 3
	stride = 2
	// maxKills is how many workers are killed for one engine.
	maxKills = 2
)

// next is the pump count behind that of a sample, last the one before it.
func next(last, now Sample) int {
	step := 1 + now.N/part
	if last.N > 0 && now.Cost.Time > noise/2 && now.Cost.Time > last.Cost.Time {
		slope := math.Log(float64(now.Cost.Time)/float64(max(last.Cost.Time, 1))) / math.Log(float64(now.N)/float64(last.N))
		step = min(step, max(1, int(float64(now.N)*(math.Pow(stride, 1/slope)-1))))
	}
	return now.N + step
}

// over reports whether a curve needs no larger size.
func (c *climb) over() bool {
	samples := c.out.Curve.Samples
	now := samples[len(samples)-1]
	switch {
	case now.Cost.Time <= c.Enough:
		return false
	case now.Cost.Time > goingOn*c.Enough:
		return true
	case !known(&c.out):
		return false
	}
	first := slices.IndexFunc(samples, func(s Sample) bool { return s.Cost.Time >= noise })
	return samples[first].N*span <= now.N || c.out.Curve.Growth.Class == Exponential
}

// up runs the attack at growing sizes until one costs enough. It reports
// whether all sizes up to the input limit were run and cost less.
func (c *climb) up(ctx context.Context) (all bool) {
	w := c.question.Attack
	var last Sample
	for n := 1; ctx.Err() == nil; {
		if w.Len(n) > c.Input {
			return true
		}
		a, gone := c.ask(n, c.counts())
		switch {
		case a.Problem == Killed && n > last.N+1 && last.N > 0 && c.kills < maxKills:
			// Too large a step: go on from the size before, in small ones.
			c.kills++
			c.stop()
			if !c.start() {
				return false
			}
			n = last.N + 1
			continue
		case a.Problem != Complete:
			// An attack that is killed at one size says enough by the others.
			c.stop()
			if !gone || a.Problem != Killed || !known(&c.out) || !c.start() {
				c.out.Outcome, c.out.Detail = a.Problem, a.Detail
			}
			return false
		case a.State != Matched && a.State != NoMatch:
			if !known(&c.out) {
				c.out.Outcome, c.out.Detail = Stopped, stops[a.State]
			}
			return false
		}
		now := Sample{N: n, Bytes: a.Bytes, Cost: Cost{Time: a.Time}, State: a.State}
		c.out.Curve.Samples = append(c.out.Curve.Samples, now)
		c.count(a)
		if w.PumpLen() == 0 || c.over() {
			return false
		}
		n, last = next(last, now), now
	}
	return false
}

// counts reports whether the next sample is counted. It does not depend on any
// time.
func (c *climb) counts() bool {
	last := len(c.calls) - 1
	return last+1 < maxCounts && (last < 0 || c.calls[last] < countedEnough && c.totals[last] < countedEnough)
}

// count keeps an engine's own counts, from the first sample that has one on.
func (c *climb) count(a answer) {
	c.calls, c.totals = append(c.calls, a.Calls), append(c.totals, a.Total)
	if a.Calls > 0 || c.out.Calls != nil {
		c.out.Calls, c.out.Totals = c.calls, c.totals
	}
}

// ask runs one size, again while the machine is restless; the shortest times
// count.
func (c *climb) ask(n int, count bool) (answer, bool) {
	q := c.question
	q.N, q.Count = n, count
	var best answer
	for i := range patience {
		a, gone := c.worker.ask(q, c.Ceiling)
		if a.Version != "" {
			c.out.Version = a.Version
		}
		if a.Problem != Complete {
			return a, gone
		}
		q.Count = false
		if i == 0 {
			best = a
		}
		best.Time, best.Yardstick = min(best.Time, a.Time), min(best.Yardstick, a.Yardstick)
		best.Spread = min(best.Spread, a.Spread)
		if best.Time < noise || float64(best.Spread) <= restless*float64(best.Yardstick) || a.Time > c.Enough {
			break
		}
	}
	return best, false
}

// settle runs all sizes again until their shortest times tell the same growth
// twice in turn. A busy machine only adds to a time, so every pass comes nearer
// to the engine's own.
func (c *climb) settle(ctx context.Context, all bool) {
	told := known(&c.out)
	before := c.out.Curve.Growth
	for range passes {
		if ctx.Err() != nil || !c.again() {
			if told {
				return
			}
			break
		}
		if known(&c.out) && told && c.out.Curve.Growth == before {
			return
		}
		told, before = Known(c.out.Curve.Growth), c.out.Curve.Growth
	}
	switch samples := c.out.Curve.Samples; {
	case told:
		c.out.Outcome, c.out.Detail = TooNoisy, "the times told another growth each time they were taken"
	case all && c.Input >= quietInput && slices.MinFunc(samples[max(0, len(samples)-2):], byTime).Cost.Time < enough:
		c.out.Curve.Growth, c.out.Curve.Fit = Growth{Class: Linear, Exponent: 1}, FitQuiet
	case len(samples) > 0 && samples[len(samples)-1].Cost.Time >= loud:
		c.out.Outcome, c.out.Detail = TooNoisy, "the times follow no curve"
	default:
		c.out.Outcome = TooFast
	}
	c.out.Second = 0
}

func byTime(a, b Sample) int { return int(a.Cost.Time - b.Cost.Time) }

// again runs every size that is not noise once more. It is false when the
// worker did not answer.
func (c *climb) again() bool {
	for i := range c.out.Curve.Samples {
		s := &c.out.Curve.Samples[i]
		if s.Cost.Time < noise/2 {
			continue
		}
		a, _ := c.worker.ask(c.repeated(s.N), c.Ceiling)
		if a.Problem != Complete {
			return false
		}
		s.Cost.Time = min(s.Cost.Time, a.Time)
	}
	return true
}

func (c *climb) repeated(n int) question {
	q := c.question
	q.N = n
	return q
}

const (
	// quietInput is the length of an attack, in bytes, that shows linear growth
	// where it costs less than enough: a quadratic cost of 2³² steps at 64 KiB
	// would leave five picoseconds for each.
	quietInput = 64 << 10
	// loud is a time from which on a curve should have been seen: a hundred
	// times the noise.
	loud = 100 * noise
)

// FitQuiet says that an attack of the largest size costs so little that only
// linear growth explains it.
const FitQuiet = "quiet"

// envelope takes for each sample the shortest time of it and of all larger
// ones: a smaller attack does not cost more, a busy moment does.
func envelope(samples []Sample) []Sample {
	out := slices.Clone(samples)
	for i := len(out) - 2; i >= 0; i-- {
		out[i].Cost.Time = min(out[i].Cost.Time, out[i+1].Cost.Time)
	}
	return out
}

// known reads the growth off the samples above the noise, and reports whether
// they tell; where they do not, off those well above it.
func known(m *Measurement) bool {
	return readAbove(m, noise) || readAbove(m, 4*noise)
}

func readAbove(m *Measurement, least time.Duration) bool {
	var heard []Sample
	for _, s := range envelope(m.Curve.Samples) {
		if s.Cost.Time >= least {
			heard = append(heard, s)
		}
	}
	c := &m.Curve
	c.Growth, c.Fit, c.Quality = Fit(heard)
	if !Known(c.Growth) {
		return false
	}
	last := heard[len(heard)-1]
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
