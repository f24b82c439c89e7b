// Package linear calls engines that are linear.
package linear

import (
	"regexp"

	"github.com/wasilibs/go-re2"
)

var (
	_ = regexp.MustCompile(`^(a+)+$`) // want "linear in Go's regexp, exponential in a backtracking engine"
	_ = re2.MustCompile(`^(b+)+$`)    // want "linear in RE2, exponential in a backtracking engine"
	_ = regexp.MustCompile(`^a+$`)
	_ = regexp.MustCompile(`a(?=b)`) // want "does not compile in Go's regexp"
)

func Any(p string) *regexp.Regexp { return regexp.MustCompile(p) }
