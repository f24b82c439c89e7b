// Package pcre2 runs patterns on the system's PCRE2, the 8-bit library: its
// interpreter and its JIT compiler, which are two engines because they blow
// up on different patterns. The library is loaded when first used, without
// cgo; where it is absent, or the program was built with the tag nopcre2, the
// engines fail with engines.ErrUnavailable.
//
// The facts about PCRE2 in this package are those of its documentation
// (pcre2api) and hold for 10.30 and later.
package pcre2

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// An Options is a set of PCRE2's compile options, by their values in pcre2.h.
type Options uint32

// The compile options that a caller may add to those that flags stand for.
const (
	AllowEmptyClass   Options = 0x00000001
	FirstLine         Options = 0x00000100
	MatchUnsetBackref Options = 0x00000200
	NoAutoPossess     Options = 0x00004000
	NoDotstarAnchor   Options = 0x00008000
	NoStartOptimize   Options = 0x00010000
	UCP               Options = 0x00020000
	ExtendedMore      Options = 0x01000000
)

const (
	endAnchored Options = 0x20000000
	anchored    Options = 0x80000000
	utf         Options = 0x00080000
)

// flagOptions are the options that flags stand for.
var flagOptions = map[corpus.Flags]Options{
	corpus.Caseless:        0x00000008,
	corpus.DollarEndOnly:   0x00000010,
	corpus.DotAll:          0x00000020,
	corpus.DupNames:        0x00000040,
	corpus.Extended:        0x00000080,
	corpus.Multiline:       0x00000400,
	corpus.ExplicitCapture: 0x00002000,
	corpus.Ungreedy:        0x00040000,
	corpus.Unicode:         utf,
	corpus.Anchored:        anchored,
	corpus.Indices:         0,
	corpus.GlobalFlag:      0,
}

// An Option configures an engine.
type Option func(*engine)

// With adds compile options, such as NoStartOptimize|NoAutoPossess for a
// matcher with fewer shortcuts.
func With(o Options) Option { return func(e *engine) { e.options |= o } }

// ReadAsPCRE makes an engine read patterns of every dialect as if they were
// written in PCRE2's: the caller says so, since the same text may mean another
// thing there.
func ReadAsPCRE() Option { return func(e *engine) { e.asPCRE = true } }

// An engine is PCRE2 in one configuration.
type engine struct {
	name    string
	jit     bool
	options Options
	asPCRE  bool
	lib     func() (*library, error)
}

// New is PCRE2's interpreter, "pcre2".
func New(opts ...Option) engines.Engine { return newEngine("pcre2", false, opts) }

// NewJIT is PCRE2's JIT compiler, "pcre2-jit". A pattern that it does not
// take is unsupported; it never falls back to the interpreter.
func NewJIT(opts ...Option) engines.Engine { return newEngine("pcre2-jit", true, opts) }

func newEngine(name string, jit bool, opts []Option) engines.Engine {
	e := &engine{name: name, jit: jit, lib: sync.OnceValues(open)}
	for _, o := range opts {
		o(e)
	}
	return e
}

func (e *engine) Name() string { return e.name }

func (e *engine) Backtracking() bool { return true }

func (e *engine) Version() (string, error) {
	lib, err := e.lib()
	if err != nil {
		return "", err
	}
	if e.jit && !lib.hasJIT() {
		return "", fmt.Errorf("pcre2-jit: %w: the library was built without JIT", engines.ErrUnavailable)
	}
	return lib.version(), nil
}

func (e *engine) Compile(p corpus.Pattern) (engines.Matcher, error) {
	if _, err := e.Version(); err != nil {
		return nil, err
	}
	if p.Dialect != corpus.PCRE && !e.asPCRE {
		return nil, fmt.Errorf("dialect %q: %w: expected pcre", p.Dialect, engines.ErrUnsupported)
	}
	options := e.options
	for f := corpus.Flags(1); f != 0 && f <= p.Flags; f <<= 1 {
		if !p.Flags.Has(f) {
			continue
		}
		o, ok := flagOptions[f]
		if !ok {
			return nil, fmt.Errorf("flag %q: %w in dialect pcre", f, engines.ErrUnsupported)
		}
		options |= o
	}
	switch p.Mode {
	case corpus.Match:
		options |= anchored
	case corpus.Full:
		options |= anchored | endAnchored
	}
	lib, err := e.lib()
	if err != nil {
		return nil, err
	}
	m := &Matcher{lib: lib, jit: e.jit, global: p.Mode == corpus.Global}
	if err := m.compile(p.Text, options); err != nil {
		return nil, err
	}
	runtime.SetFinalizer(m, (*Matcher).Close)
	return m, nil
}

// A SyntaxError is PCRE2's refusal of a pattern. It is an ErrUnsupported.
type SyntaxError struct {
	Code    int
	Offset  int // in bytes of the pattern
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s at offset %d (pcre2 error %d)", e.Message, e.Offset, e.Code)
}

// Unwrap is engines.ErrUnsupported.
func (e *SyntaxError) Unwrap() error { return engines.ErrUnsupported }

// A MatchError is an error of a match that no engines.State stands for.
type MatchError struct {
	Code    int
	Message string
}

func (e *MatchError) Error() string { return fmt.Sprintf("%s (pcre2 error %d)", e.Message, e.Code) }

// RecursionLoop is the MatchError's code for a recursion that makes no
// progress.
const RecursionLoop = -52

// The other codes of a match.
const (
	codeNoMatch    = -1
	codeUTFFirst   = -3  // PCRE2_ERROR_UTF8_ERR1
	codeUTFLast    = -23 // PCRE2_ERROR_UTF8_ERR21
	codeJITStack   = -46
	codeMatchLimit = -47
	codeNoMemory   = -48
	codeDepthLimit = -53
	codeHeapLimit  = -63
)

// state is the outcome of a match that ended with a negative code.
func (m *Matcher) state(code int) engines.Outcome {
	switch {
	case code == codeNoMatch:
		return engines.Outcome{State: engines.NoMatch}
	case code == codeMatchLimit:
		return engines.Outcome{State: engines.StepLimit}
	case code == codeJITStack, code == codeDepthLimit, code == codeHeapLimit, code == codeNoMemory:
		return engines.Outcome{State: engines.MemoryLimit}
	case codeUTFLast <= code && code <= codeUTFFirst:
		return engines.Outcome{State: engines.BadSubject}
	}
	return engines.Outcome{State: engines.Failed, Err: &MatchError{code, m.lib.message(code)}}
}

// Match applies the pattern. Limits.Steps is PCRE2's match limit, which
// restarts at every start offset and which the JIT counts in a unit of its
// own; Depth its depth limit; Memory its heap limit or the JIT's stack. In
// mode global Caps are those of the first match.
func (m *Matcher) Match(subject []byte, lim engines.Limits) engines.Outcome {
	if m.code == 0 {
		return engines.Outcome{State: engines.Failed, Err: errClosed}
	}
	m.limit(lim)
	out := m.At(subject, 0)
	if !m.global || out.State != engines.Matched {
		return out
	}
	for at := m.next(subject, 0, out.Caps); at <= len(subject); {
		more := m.At(subject, at)
		if more.State == engines.NoMatch {
			break
		}
		if more.State != engines.Matched {
			return more
		}
		at = m.next(subject, at, more.Caps)
	}
	return out
}

// next is where a global search goes on behind a match: at its end, or one
// character on when that makes no progress.
func (m *Matcher) next(subject []byte, at int, caps []int) int {
	if caps[1] > at && caps[1] > caps[0] {
		return caps[1]
	}
	at = max(at, caps[1]) + 1
	for m.utf && at < len(subject) && subject[at]&0xC0 == 0x80 {
		at++
	}
	return at
}

var errClosed = errors.New("matcher is closed")
