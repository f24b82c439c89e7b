// Package re2 runs patterns on RE2 through github.com/wasilibs/go-re2, by
// default its pure Go build. RE2 never backtracks.
package re2

import (
	"fmt"

	"github.com/wasilibs/go-re2"
	"github.com/wasilibs/go-re2/experimental"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// An Option configures the engine.
type Option func(*engine)

// ReadAsRE2 makes the engine read patterns of every dialect as if they were
// written in RE2's syntax: the caller says so, since the same text may mean
// another thing there. Those without the flag u are matched byte by byte, as
// their own engines do.
func ReadAsRE2() Option { return func(e *engine) { e.asRE2 = true } }

// Bytes makes the engine match Go's patterns byte by byte too (RE2's Latin-1
// mode), as Coraza does with patterns for bytes outside UTF-8.
func Bytes() Option { return func(e *engine) { e.bytes = true } }

type engine struct{ asRE2, bytes bool }

// New is RE2, "re2". Its version is that of the go-re2 module, which contains
// RE2.
func New(opts ...Option) engines.Engine {
	var e engine
	for _, o := range opts {
		o(&e)
	}
	return e
}

func (engine) Name() string { return "re2" }

func (engine) Version() (string, error) {
	return engines.ModuleVersion("github.com/wasilibs/go-re2")
}

func (engine) Backtracking() bool { return false }

func (e engine) Compile(p corpus.Pattern) (m engines.Matcher, err error) {
	defer func() {
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("%w: the engine panicked: %v", engines.ErrUnsupported, r)
		}
	}()
	if p.Dialect != corpus.Go && !e.asRE2 {
		return nil, fmt.Errorf("dialect %q: %w: expected go", p.Dialect, engines.ErrUnsupported)
	}
	prefix, err := engines.GoFlags(p)
	if err != nil {
		return nil, err
	}
	bytewise := e.bytes
	if p.Dialect != corpus.Go {
		bytewise = !p.Flags.Has(corpus.Unicode)
	}
	re, err := compile(prefix+p.Text, bytewise)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", engines.ErrUnsupported, err)
	}
	begin, end := engines.GoAnchors(p)
	if begin != "" || end != "" {
		for _, text := range engines.Anchor(p.Text, begin, end) {
			if re, err = compile(prefix+text, bytewise); err == nil {
				break
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%w in mode %q: %w", engines.ErrUnsupported, p.Mode, err)
		}
	}
	return matcher{re: re, global: p.Mode == corpus.Global}, nil
}

func compile(text string, bytewise bool) (*re2.Regexp, error) {
	if err := check(text, bytewise); err != nil {
		return nil, err
	}
	if bytewise {
		return experimental.CompileLatin1(text)
	}
	return re2.Compile(text)
}

type matcher struct {
	re     *re2.Regexp
	global bool
}

// Match runs the pattern. The engine has no limits that can be set here. In
// mode global Caps are those of the first match.
func (m matcher) Match(subject []byte, _ engines.Limits) (out engines.Outcome) {
	defer func() {
		if r := recover(); r != nil {
			out = engines.Outcome{State: engines.Failed, Err: fmt.Errorf("the engine panicked: %v", r)}
		}
	}()
	caps := m.re.FindSubmatchIndex(subject)
	if caps == nil {
		return engines.Outcome{State: engines.NoMatch}
	}
	if m.global {
		m.re.FindAllIndex(subject, -1)
	}
	return engines.Outcome{State: engines.Matched, Caps: caps}
}

// Close leaves the compiled pattern to the engine's finalizer: it offers no
// other way.
func (matcher) Close() {}
