// Package versions hands the same patterns to three engines.
package versions

import (
	"go.elara.ws/pcre"

	"github.com/dlclark/regexp2"
	v2 "github.com/dlclark/regexp2/v2"
	"github.com/dlclark/regexp2/v2/compat"
)

var (
	_ = regexp2.MustCompile(`\s+$`, 0) // want "quadratic time in regexp2 v1"
	_ = v2.MustCompile(`\s+$`)
	_ = compat.MustCompile(`\s+$`)
	_ = pcre.MustCompile(`\s+$`) // want "quadratic time in PCRE2"

	_ = regexp2.MustCompile(`^(?:ab|ab)*c`, 0) // want "exponential time in regexp2 v1"
	_ = v2.MustCompile(`^(?:ab|ab)*c`)
	_ = pcre.MustCompile(`^(?:ab|ab)*c`) // want "exponential time in PCRE2"

	_ = regexp2.MustCompile(`^(a+)+$`, 0) // want "exponential time in regexp2 v1"
	_ = v2.MustCompile(`^(a+)+$`)         // want "exponential time in regexp2 v2"
	_ = compat.MustCompile(`^(a+)+$`)     // want "exponential time in regexp2 v2"

	_ = regexp2.MustCompile(`^(?:a|a)*$`, 0)
	_ = pcre.MustCompile(`^(?:a|a)*$`) // want "exponential time in PCRE2"
)
