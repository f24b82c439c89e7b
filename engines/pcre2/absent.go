//go:build nopcre2

package pcre2

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/engines"
)

// A Matcher is a pattern compiled by PCRE2; this build has none.
type Matcher struct {
	lib              *library
	jit, global, utf bool
	code             uintptr
}

type library struct{}

func open() (*library, error) {
	return nil, fmt.Errorf("libpcre2-8: %w: left out of this build (tag nopcre2)", engines.ErrUnavailable)
}

func (*library) version() string    { return "" }
func (*library) hasJIT() bool       { return false }
func (*library) message(int) string { return "" }

func (*Matcher) compile(string, Options) error { return engines.ErrUnavailable }
func (*Matcher) limit(engines.Limits)          {}

// At searches once, from a byte offset.
func (*Matcher) At([]byte, int) engines.Outcome {
	return engines.Outcome{State: engines.Failed, Err: engines.ErrUnavailable}
}

// SmallestLimit is the smallest match limit that a search needs.
func (*Matcher) SmallestLimit([]byte, uint64) (uint64, bool) { return 0, false }

// TotalLimit is the sum of those of all starts.
func (*Matcher) TotalLimit([]byte, uint64) (uint64, bool) { return 0, false }

// Close does nothing.
func (*Matcher) Close() {}
