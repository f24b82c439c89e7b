package policy

import (
	"math"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// A Level says how much a finding matters; "" is no finding.
type Level string

// The levels, and Never, which as a threshold no finding reaches.
const (
	None    Level = ""
	Note    Level = "note"
	Warning Level = "warning"
	Error   Level = "error"
	Never   Level = "never"
)

// ParseLevel reads a threshold for --fail-on.
func ParseLevel(s string) (Level, bool) {
	switch l := Level(s); l {
	case Note, Warning, Error, Never:
		return l, true
	}
	return None, false
}

// AtLeast reports whether a finding of level l reaches the threshold.
func (l Level) AtLeast(threshold Level) bool {
	return l != None && threshold != Never && l.rank() >= threshold.rank()
}

func (l Level) rank() int {
	switch l {
	case Note:
		return 1
	case Warning:
		return 2
	case Error:
		return 3
	}
	return 0
}

// StallSteps is the cost that a level is read off at: 10⁸ reference steps,
// about a second of one core.
const StallSteps = 100_000_000

// Lines are where one level ends and the next begins: the largest attack, in
// bytes, that still counts as that level when it costs StallSteps.
type Lines struct {
	// Error: an attack that fits a header or a URI.
	Error int `yaml:"error" json:"error"`
	// Warning: an attack that fits a form argument or a body without files.
	Warning int `yaml:"warning" json:"warning"`
}

// DefaultLines are 8 KiB, what servers take in a header line, and 128 KiB,
// what hosts take in a body without files.
func DefaultLines() Lines { return Lines{Error: headBytes, Warning: argumentBytes} }

// Level is the level of a verdict: from the smallest attack, all its bytes
// counted, that costs StallSteps. Growth that no host of the pattern's
// profiles runs into is a note. It is None unless the verdict is superlinear.
func (l Lines) Level(v verdict.Verdict) Level {
	if v.Kind != verdict.Superlinear {
		return None
	}
	if Latent(v) || Unreachable(v) {
		return Note
	}
	bytes, ok := BytesTo(v, StallSteps)
	switch {
	case !ok:
		return Note
	case bytes <= l.Error:
		return Error
	case bytes <= l.Warning:
		return Warning
	}
	return Note
}

// Latent reports that a super-linear pattern is linear on every engine that
// the hosts of its profiles may run: by the engines' models where the verdict
// has them, else only when all those engines are linear by construction.
func Latent(v verdict.Verdict) bool {
	if v.Kind != verdict.Superlinear {
		return false
	}
	if len(v.Targets) == 0 {
		return !Backtracks(v.Pattern.Context.Profiles)
	}
	for _, t := range v.Targets {
		if !saved(v, t) {
			return false
		}
	}
	return true
}

// Unreachable reports that a super-linear pattern is linear on whatever its
// rule's transformations make of the input.
func Unreachable(v verdict.Verdict) bool {
	return v.Kind == verdict.Superlinear && v.Reach != nil && v.Reach.State == verdict.Unreachable
}

// saved reports whether a pattern is linear on one engine. Where there is no
// model it is judged as the reference. A latent counter is not believed: what
// bounded repeats cost rises up to the size that they count to and falls behind
// it, and a trial that looks for growth may step over it.
func saved(v verdict.Verdict, t verdict.Target) bool {
	switch t.Model {
	case "linear", "unsupported":
		return true
	case "latent":
		return v.Cause != string(analyzer.Counter) || LinearEngine(t.Engine)
	}
	return LinearEngine(t.Engine)
}

// BytesTo is the smallest number of attack bytes that costs at least the
// given steps on the worst of the verdict's targets, counted as they are sent
// where transformations stand between: by the sizes of its model, or those of
// the reference where it has none. ok is false when no attack
// within the input limit costs so much.
func BytesTo(v verdict.Verdict, steps uint64) (bytes int, ok bool) {
	reference := len(v.Targets) == 0
	for _, t := range v.Targets {
		switch t.Model {
		case verdict.TargetSuperlinear:
			sizes := t.Sizes
			if v.Reach != nil && v.Reach.State == verdict.Reachable {
				sizes = nil // those of what arrives
			}
			if t.Sent != nil {
				sizes = t.Sent.Sizes
			}
			b, known := bytesTo(sizes, steps)
			if known && b >= 0 && (!ok || b < bytes) {
				bytes, ok = b, true
			}
			reference = reference || !known // the model's law does not say
		default:
			reference = reference || !saved(v, t)
		}
	}
	if !reference {
		return bytes, ok
	}
	a, _ := v.Attack()
	b, known := bytesTo(a.Sizes, steps)
	if !known {
		b, known = extrapolate(v, steps)
	}
	if known && b >= 0 && (!ok || b < bytes) {
		return b, true
	}
	return bytes, ok
}

// bytesTo is the size of the given cost, or of the next larger one: -1 where
// no attack is large enough. ok is false where no size is as large.
func bytesTo(sizes []verdict.Size, steps uint64) (bytes int, ok bool) {
	for _, s := range sizes {
		if s.Steps >= steps {
			return s.Bytes, true
		}
	}
	return 0, false
}

// extrapolate reads the bytes off the growth and the largest point known:
// sizes that end below the steps asked for.
func extrapolate(v verdict.Verdict, steps uint64) (int, bool) {
	at, cost := largest(v)
	if at == 0 || cost == 0 {
		return 0, false
	}
	a, _ := v.Attack()
	if a.Growth.Class == engines.Exponential {
		return at, true // a few more pumps: the same order of size
	}
	if a.Growth.Exponent < 1 {
		return 0, false
	}
	f := float64(at) * math.Pow(float64(steps)/float64(cost), 1/float64(a.Growth.Exponent))
	if f > math.MaxInt32 {
		return 0, false
	}
	return int(math.Ceil(f)), true
}

// largest is the costliest point known of the verdict: its bytes, as they are
// sent, and steps.
func largest(v verdict.Verdict) (bytes int, steps uint64) {
	a, _ := v.Attack()
	for _, s := range a.Sizes {
		if s.Bytes > 0 && s.Steps > steps {
			bytes, steps = s.Bytes, s.Steps
		}
	}
	for _, s := range a.Samples {
		if s.Cost.Steps > steps {
			bytes, steps = s.Bytes, s.Cost.Steps
		}
	}
	return bytes, steps
}

// StepsAt estimates the steps that an attack of the given bytes costs, from
// the growth and the costliest point known; +Inf for exponential growth past
// that point. It is 0 unless the verdict is superlinear.
func StepsAt(v verdict.Verdict, bytes int) float64 {
	if v.Kind != verdict.Superlinear {
		return 0
	}
	at, cost := largest(v)
	if at == 0 {
		return 0
	}
	a, _ := v.Attack()
	if a.Growth.Class == engines.Exponential {
		if bytes <= at {
			return float64(cost)
		}
		return math.Inf(1)
	}
	return float64(cost) * math.Pow(float64(bytes)/float64(at), float64(a.Growth.Exponent))
}
