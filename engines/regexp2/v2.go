package regexp2

import (
	"errors"
	"math"
	"time"

	dlclark "github.com/dlclark/regexp2/v2"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// slotBytes is the size of one slot of version 2's backtracking stack, whose
// limit the engine counts in slots: an int on a 64-bit machine.
const slotBytes = 8

type v2 struct{ config }

// NewV2 is regexp2 version 2, "regexp2-v2". By default its stack is limited
// to 100,000 slots; reaching the limit is the outcome MemoryLimit.
func NewV2(opts ...Option) engines.Engine { return v2{configure(opts)} }

func (v2) Name() string { return "regexp2-v2" }

func (v2) Version() (string, error) { return engines.ModuleVersion("github.com/dlclark/regexp2/v2") }

func (v2) Backtracking() bool { return true }

func (e v2) Compile(p corpus.Pattern) (engines.Matcher, error) {
	return compile(p, e.config, func(text string, opt options) (finder, error) {
		re, err := dlclark.Compile(text, dlclark.RegexOptions(opt))
		if err != nil {
			return nil, err
		}
		return &v2Finder{re: re, text: text, opt: dlclark.RegexOptions(opt)}, nil
	})
}

type v2Finder struct {
	re    *dlclark.Regexp
	last  *dlclark.Match
	text  string
	opt   dlclark.RegexOptions
	stack uint64
}

// limit compiles again where the limit changes: the engine takes it only then.
func (f *v2Finder) limit(stack uint64) error {
	if stack == f.stack {
		return nil
	}
	opts := []dlclark.CompileOption{f.opt}
	if stack != 0 {
		slots := min(max(stack/slotBytes, 1), math.MaxInt32)
		opts = append(opts, dlclark.OptionMaxBacktrackingStackSize(int(slots)))
	}
	re, err := dlclark.Compile(f.text, opts...)
	if err != nil {
		return err
	}
	f.re, f.stack = re, stack
	return nil
}

func (f *v2Finder) first(text []rune, timeout time.Duration) ([]int, error) {
	f.re.MatchTimeout = timeout
	m, err := f.re.FindRunesMatch(text)
	return f.found(m, err)
}

func (f *v2Finder) next(timeout time.Duration) ([]int, error) {
	f.re.MatchTimeout = timeout
	m, err := f.re.FindNextMatch(f.last)
	return f.found(m, err)
}

// found keeps the match for next and lists its groups in ascending order of
// their numbers; a group is where it captured last.
func (f *v2Finder) found(m *dlclark.Match, err error) ([]int, error) {
	f.last = m
	if errors.Is(err, dlclark.ErrBacktrackingStackLimit) {
		return nil, errStack
	}
	if m == nil || err != nil {
		return nil, err
	}
	caps := make([]int, 0, 2*m.GroupCount())
	for _, g := range m.Groups() {
		if len(g.Captures) == 0 {
			caps = append(caps, -1, -1)
			continue
		}
		caps = append(caps, g.RuneIndex, g.RuneIndex+g.RuneLength)
	}
	return caps, nil
}
