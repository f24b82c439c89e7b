// Package regexp2 runs patterns on github.com/dlclark/regexp2, a port of
// .NET's backtracking engine, in both its major versions. They are two
// engines: version 2 has .NET's optimisations, version 1 almost none, and
// they blow up on different patterns.
//
// Both speak .NET's dialect. A pattern written in ECMAScript is read under
// their ECMAScript option, one written for Go under their RE2 option; any
// other dialect is unsupported unless the engine was made with ReadAsDotNet.
package regexp2

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// An Option configures an engine.
type Option func(*config)

type config struct{ asDotNet bool }

// ReadAsDotNet makes an engine read patterns of every dialect that it does
// not speak as if they were written in .NET's: the caller says so, since the
// same text may mean another thing there.
func ReadAsDotNet() Option { return func(c *config) { c.asDotNet = true } }

func configure(opts []Option) config {
	var c config
	for _, o := range opts {
		o(&c)
	}
	return c
}

// options are regexp2's, which have the same values in both versions.
type options int32

const (
	ignoreCase      options = 0x0001
	multiline       options = 0x0002
	explicitCapture options = 0x0004
	singleline      options = 0x0010
	ignoreSpace     options = 0x0020
	rightToLeft     options = 0x0040
	ecmaScript      options = 0x0100
	re2             options = 0x0200
	unicodeEscapes  options = 0x0400
)

// ignored are flags that say nothing to the matcher.
const ignored = corpus.Indices | corpus.GlobalFlag

// flagOptions say which flags a dialect has here; zero stands for a flag that
// is taken without an option of its own.
var (
	dotNetFlags = map[corpus.Flags]options{
		corpus.Caseless: ignoreCase, corpus.Multiline: multiline, corpus.DotAll: singleline,
		corpus.Extended: ignoreSpace, corpus.ExplicitCapture: explicitCapture,
		corpus.RightToLeft: rightToLeft, corpus.Unicode: unicodeEscapes,
	}
	ecmaFlags = map[corpus.Flags]options{
		corpus.Caseless: ignoreCase, corpus.Multiline: multiline, corpus.DotAll: singleline,
		corpus.Unicode: unicodeEscapes, corpus.Sticky: 0,
	}
	goFlags = map[corpus.Flags]options{
		corpus.Caseless: ignoreCase, corpus.Multiline: multiline, corpus.DotAll: singleline,
	}
	foreignFlags = map[corpus.Flags]options{
		corpus.Caseless: ignoreCase, corpus.Multiline: multiline, corpus.DotAll: singleline,
		corpus.Extended: ignoreSpace, corpus.ExplicitCapture: explicitCapture,
		corpus.Unicode: 0, corpus.Anchored: 0,
	}
)

// read maps a pattern's dialect and flags to options, or fails with
// ErrUnsupported naming what is not to be had.
func (c config) read(p corpus.Pattern) (options, error) {
	var opt options
	var known map[corpus.Flags]options
	switch {
	case p.Dialect == corpus.DotNet:
		known = dotNetFlags
	case p.Dialect == corpus.ECMAScript:
		opt, known = ecmaScript, ecmaFlags
	case p.Dialect == corpus.Go:
		opt, known = re2, goFlags
	case c.asDotNet:
		known = foreignFlags
	default:
		return 0, fmt.Errorf("dialect %q: %w: expected dotnet, ecmascript or go", p.Dialect, engines.ErrUnsupported)
	}
	for f := corpus.Flags(1); f != 0 && f <= p.Flags; f <<= 1 {
		if !p.Flags.Has(f) || ignored.Has(f) {
			continue
		}
		o, ok := known[f]
		if !ok {
			return 0, fmt.Errorf("flag %q: %w in dialect %q", f, engines.ErrUnsupported, p.Dialect)
		}
		opt |= o
	}
	if p.Mode == corpus.Global && engines.Starts(p) {
		return 0, fmt.Errorf("flags %q in mode global: %w: the engine anchors a search at its first start only", p.Flags, engines.ErrUnsupported)
	}
	return opt, nil
}

// anchors are the assertions for the subject's start and end, as each option
// set spells them: ECMAScript has no \A and \z, and its ^ and $ stand at line
// ends under the flag m.
func anchors(p corpus.Pattern) (begin, end string) {
	if engines.Starts(p) {
		begin = `\A`
		if p.Dialect == corpus.ECMAScript {
			begin = `(?<![\s\S])`
		}
	}
	if p.Mode == corpus.Full {
		end = `\z`
		if p.Dialect == corpus.ECMAScript {
			end = `(?![\s\S])`
		}
	}
	return begin, end
}

// A finder is one compiled pattern of one version. Captures are in runes, two
// for each group, -1 where unset; nil is no match.
type finder interface {
	// limit sets the largest stack in bytes, 0 for the engine's default.
	limit(stack uint64) error
	first(text []rune, timeout time.Duration) ([]int, error)
	// next goes on after the match found last.
	next(timeout time.Duration) ([]int, error)
}

// compile compiles the bare text, so that anchors never mend a broken one,
// and then the anchored text. A panic inside the engine is its refusal.
func compile(p corpus.Pattern, c config, build func(text string, opt options) (finder, error)) (m engines.Matcher, err error) {
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("%w: the engine panicked: %v", engines.ErrUnsupported, r)
		}
	}()
	opt, err := c.read(p)
	if err != nil {
		return nil, err
	}
	f, err := build(p.Text, opt)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", engines.ErrUnsupported, err)
	}
	begin, end := anchors(p)
	if begin != "" || end != "" {
		for _, text := range engines.Anchor(p.Text, begin, end) {
			if f, err = build(text, opt); err == nil {
				break
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%w in mode %q: %w", engines.ErrUnsupported, p.Mode, err)
		}
	}
	return &matcher{finder: f, global: p.Mode == corpus.Global, units: p.Dialect == corpus.ECMAScript}, nil
}

type matcher struct {
	finder finder
	global bool
	units  bool
}

// Match runs the pattern. Limits.Timeout bounds the whole call, all matches
// of mode global included; Limits.Memory is the backtracking stack, which
// version 1 does not bound. Steps and Depth are not this engine's units. In
// mode global Caps are those of the first match.
func (m *matcher) Match(subject []byte, lim engines.Limits) (out engines.Outcome) {
	defer func() {
		if r := recover(); r != nil {
			out = engines.Outcome{State: engines.Failed, Err: fmt.Errorf("the engine panicked: %v", r)}
		}
	}()
	if err := m.finder.limit(lim.Memory); err != nil {
		return engines.Outcome{State: engines.Failed, Err: err}
	}
	text := decode(subject, m.units)
	left, stop := lim.Timeout, time.Time{}
	if left <= 0 {
		left = math.MaxInt64 // both versions: no timeout
	} else if m.global {
		stop = time.Now().Add(left)
	}
	caps, err := m.finder.first(text.runes, left)
	if caps == nil || err != nil {
		return ended(err)
	}
	out = engines.Outcome{State: engines.Matched, Caps: text.bytes(caps)}
	for m.global && caps != nil {
		if !stop.IsZero() {
			if left = time.Until(stop); left <= 0 {
				return engines.Outcome{State: engines.TimedOut}
			}
		}
		if caps, err = m.finder.next(left); err != nil {
			return ended(err)
		}
	}
	return out
}

func (*matcher) Close() {}

// errStack is what a version's own error for its stack limit is turned into.
var errStack = errors.New("backtracking stack limit")

// ended is the outcome of a run without a match. The engines have no sentinel
// for their timeout: the message begins so in both.
func ended(err error) engines.Outcome {
	switch {
	case err == nil:
		return engines.Outcome{State: engines.NoMatch}
	case errors.Is(err, errStack):
		return engines.Outcome{State: engines.MemoryLimit}
	case strings.HasPrefix(err.Error(), "match timeout after"):
		return engines.Outcome{State: engines.TimedOut}
	}
	return engines.Outcome{State: engines.Failed, Err: err}
}
