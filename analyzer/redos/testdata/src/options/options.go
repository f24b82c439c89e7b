// Package options reads the arguments beside the pattern.
package options

import (
	"go.elara.ws/pcre"

	"github.com/dlclark/regexp2"
	v2 "github.com/dlclark/regexp2/v2"
)

const both = regexp2.IgnoreCase | regexp2.Singleline

var chosen = regexp2.RegexOptions(regexp2.Multiline)

var (
	_ = regexp2.MustCompile(`^.*.*;`, 0) // want "quadratic time in regexp2 v1"
	_ = regexp2.MustCompile(`^(?:a|A)*$`, regexp2.None)
	_ = regexp2.MustCompile(`^(?:k|K|\u212a)*x`, regexp2.None)
	_ = regexp2.MustCompile(`^(?:ab|AB)*$`, regexp2.None)
	_ = regexp2.MustCompile(`^(?:ab|AB)*$`, both)             // want "exponential time in regexp2 v1"
	_ = v2.MustCompile(`^(a+b|A+b)*$`, v2.RE2, v2.IgnoreCase) // want "exponential time in regexp2 v2"
	_ = v2.MustCompile(`^(a+b|A+b)*$`, v2.RE2)
	_ = v2.MustCompile(`^(a+)+$`, v2.OptionMaxBacktrackingStackSize(1000)) // want "exponential time in regexp2 v2"

	// Whatever the options are, this one is exponential, and that one is only
	// under some.
	_ = regexp2.MustCompile(`^(?:ab|ab)*c`, chosen) // want "exponential time in regexp2 v1"
	_ = regexp2.MustCompile(`^(?:ab|AB)*c`, chosen)

	_ = regexp2.MustCompile(`(?P<n>a+)`, regexp2.RE2)
	_ = regexp2.MustCompile(`(?P<n>a+)`, 0) // want "does not compile in regexp2 v1"
	_ = regexp2.MustCompile(`(?i-n:\d)`, regexp2.ECMAScript)

	_, _ = pcre.CompileOpts(`^(?:ab|AB)*$`, pcre.Caseless) // want "exponential time in PCRE2"
	_, _ = pcre.CompileOpts(`^(?:ab|AB)*$`, 0)
)
