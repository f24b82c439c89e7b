package regexp2

import (
	"time"

	dlclark "github.com/dlclark/regexp2"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
)

type v1 struct{ config }

// NewV1 is regexp2 version 1, "regexp2-v1". It has no limit on its stack.
func NewV1(opts ...Option) engines.Engine { return v1{configure(opts)} }

func (v1) Name() string { return "regexp2-v1" }

func (v1) Version() (string, error) { return engines.ModuleVersion("github.com/dlclark/regexp2") }

func (v1) Backtracking() bool { return true }

func (e v1) Compile(p corpus.Pattern) (engines.Matcher, error) {
	return compile(p, e.config, func(text string, opt options) (finder, error) {
		re, err := dlclark.Compile(text, dlclark.RegexOptions(opt))
		if err != nil {
			return nil, err
		}
		return &v1Finder{re: re}, nil
	})
}

type v1Finder struct {
	re   *dlclark.Regexp
	last *dlclark.Match
}

func (*v1Finder) limit(uint64) error { return nil }

func (f *v1Finder) first(text []rune, timeout time.Duration) ([]int, error) {
	f.re.MatchTimeout = timeout
	m, err := f.re.FindRunesMatch(text)
	return f.found(m, err)
}

func (f *v1Finder) next(timeout time.Duration) ([]int, error) {
	f.re.MatchTimeout = timeout
	m, err := f.re.FindNextMatch(f.last)
	return f.found(m, err)
}

// found keeps the match for next and lists its groups in ascending order of
// their numbers; a group is where it captured last.
func (f *v1Finder) found(m *dlclark.Match, err error) ([]int, error) {
	f.last = m
	if m == nil || err != nil {
		return nil, err
	}
	caps := make([]int, 0, 2*m.GroupCount())
	for _, g := range m.Groups() {
		if len(g.Captures) == 0 {
			caps = append(caps, -1, -1)
			continue
		}
		caps = append(caps, g.Index, g.Index+g.Length)
	}
	return caps, nil
}
