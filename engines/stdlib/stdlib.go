// Package stdlib runs patterns on Go's own regexp, which never backtracks.
package stdlib

import (
	"fmt"
	"regexp"
	"runtime"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// An Option configures the engine.
type Option func(*engine)

// ReadAsGo makes the engine read patterns of every dialect as if they were
// written for Go: the caller says so, since the same text may mean another
// thing there.
func ReadAsGo() Option { return func(e *engine) { e.asGo = true } }

type engine struct{ asGo bool }

// New is Go's regexp, "stdlib". Its version is that of Go.
func New(opts ...Option) engines.Engine {
	var e engine
	for _, o := range opts {
		o(&e)
	}
	return e
}

func (engine) Name() string { return "stdlib" }

func (engine) Version() (string, error) { return runtime.Version(), nil }

func (engine) Backtracking() bool { return false }

func (e engine) Compile(p corpus.Pattern) (engines.Matcher, error) {
	if p.Dialect != corpus.Go && !e.asGo {
		return nil, fmt.Errorf("dialect %q: %w: expected go", p.Dialect, engines.ErrUnsupported)
	}
	prefix, err := engines.GoFlags(p)
	if err != nil {
		return nil, err
	}
	re, err := regexp.Compile(prefix + p.Text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", engines.ErrUnsupported, err)
	}
	begin, end := engines.GoAnchors(p)
	if begin != "" || end != "" {
		for _, text := range engines.Anchor(p.Text, begin, end) {
			if re, err = regexp.Compile(prefix + text); err == nil {
				break
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%w in mode %q: %w", engines.ErrUnsupported, p.Mode, err)
		}
	}
	return matcher{re: re, global: p.Mode == corpus.Global}, nil
}

type matcher struct {
	re     *regexp.Regexp
	global bool
}

// Match runs the pattern. The engine has no limits, and a byte that begins no
// UTF-8 sequence is U+FFFD to it. In mode global Caps are those of the first
// match.
func (m matcher) Match(subject []byte, _ engines.Limits) engines.Outcome {
	caps := m.re.FindSubmatchIndex(subject)
	if caps == nil {
		return engines.Outcome{State: engines.NoMatch}
	}
	if m.global {
		m.re.FindAllIndex(subject, -1)
	}
	return engines.Outcome{State: engines.Matched, Caps: caps}
}

func (matcher) Close() {}
