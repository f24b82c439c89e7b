// Package fixes holds patterns that have a proved rewrite.
package fixes

import "github.com/dlclark/regexp2"

var (
	raw         = regexp2.MustCompile(`^(?:\w+\s?)*$`, 0)        // want "exponential"
	interpreted = regexp2.MustCompile("^\t(?:\\d+\\d*)+x$", 0)   // want "exponential"
	joined      = regexp2.MustCompile("^"+`(?:a|b+b*)+`+"c$", 0) // want "exponential"
	optional    = regexp2.MustCompile(`^\s*a?\s*$`, 0)           // want "quadratic"
	constant    = regexp2.MustCompile(shared, 0)
)

const shared = `^(?:e+f?)*$` // want "exponential"
