// Package positions holds patterns in every kind of literal.
package positions

import "github.com/dlclark/regexp2"

var (
	raw         = regexp2.MustCompile(`^\t(a+)+$`, 0)                               // want "exponential time in regexp2 v1"
	interpreted = regexp2.MustCompile("^\\t(a+)+$", 0)                              // want "exponential time in regexp2 v1"
	escapes     = regexp2.MustCompile("^\x22\u00e9\U0001f600\"\101\\s*\\s*\x24", 0) // want "quadratic time in regexp2 v1"
	wide        = regexp2.MustCompile(`^é😀\s*\s*$`, 0)                              // want "quadratic time in regexp2 v1"
	quoted      = regexp2.MustCompile("^(?:\"\\d+\\\\?)+\"$", 0)
	escaped     = regexp2.MustCompile("^(\x61\u002b)+$", 0) // want "exponential time in regexp2 v1"
	lines       = regexp2.MustCompile(`^ # words
		(\w+)+$`, regexp2.IgnorePatternWhitespace)  // want "exponential time in regexp2 v1"
	joined    = regexp2.MustCompile(`^(`+"\\w+"+`)+$`, 0) // want "exponential time in regexp2 v1"
	named     = regexp2.MustCompile("^"+words+"+$", 0)
	typed     = regexp2.MustCompile(string(label), 0)
	elsewhere = regexp2.MustCompile(other, 0)
	broken    = regexp2.MustCompile("\\t[z-a]", 0)      // want `does not compile in regexp2 v1: range`
	unclosed  = regexp2.MustCompile(`ab(c`, 0)          // want `does not compile in regexp2 v1: missing \)`
	wholly    = regexp2.MustCompile("(?<n>a)\\k<m>", 0) // want `does not compile in regexp2 v1`
	empty     = regexp2.MustCompile("", 0)
)

const words = `(\w+)` // want "exponential time in regexp2 v1"

type text string

const label text = "^(?:\\d+-?)+$" // want "exponential time in regexp2 v1"
