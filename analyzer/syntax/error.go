package syntax

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// An ErrorKind is one of a closed set of reasons why a pattern does not parse.
type ErrorKind string

// The kinds.
const (
	ErrMissingParen    ErrorKind = "missing-paren"    // ( without )
	ErrUnexpectedParen ErrorKind = "unexpected-paren" // ) without (
	ErrMissingBracket  ErrorKind = "missing-bracket"  // [ without ]
	ErrBadRange        ErrorKind = "bad-range"        // [z-a]
	ErrBadClass        ErrorKind = "bad-class"        // an unknown POSIX or Unicode class
	ErrBadEscape       ErrorKind = "bad-escape"       // an escape the dialect lacks
	ErrTrailingEscape  ErrorKind = "trailing-escape"  // \ at the end
	ErrBadRepeat       ErrorKind = "bad-repeat"       // nothing to repeat, or repeated twice
	ErrRepeatSize      ErrorKind = "repeat-size"      // a bound out of range or out of order
	ErrBadGroup        ErrorKind = "bad-group"        // an unknown (?…
	ErrBadName         ErrorKind = "bad-name"         // a group name that is none, or is taken
	ErrBadReference    ErrorKind = "bad-reference"    // a group that does not exist
	ErrBadFlag         ErrorKind = "bad-flag"         // a flag the dialect lacks
	ErrBadVerb         ErrorKind = "bad-verb"         // an unknown (*VERB)
	ErrBadLookbehind   ErrorKind = "bad-lookbehind"   // longer or more variable than the dialect allows
	ErrBadEncoding     ErrorKind = "bad-encoding"     // invalid UTF-8 where UTF-8 is required
	ErrUnsupported     ErrorKind = "unsupported"      // the engine itself refuses it
	ErrLimit           ErrorKind = "limit"            // nested too deep, too long, too many groups
)

// An Error says why a pattern does not parse, and where.
type Error struct {
	Kind ErrorKind
	// Span is what is wrong; Start is the offset to report.
	Span Span
	// Also is a second place that matters, such as the parenthesis that was
	// opened; nil when there is none.
	Also *Span
	// Found and Expected complete the sentence, in lower case.
	Found, Expected string
	// ValidIn are dialects in which the whole pattern parses.
	ValidIn []corpus.Dialect
}

// Error is one line: what was found, where, what was expected, the second
// place, and where the pattern would be valid.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s at offset %d", e.Found, e.Span.Start)
	if e.Expected != "" {
		s += ": expected " + e.Expected
	}
	if e.Also != nil {
		s += fmt.Sprintf(" (see offset %d)", e.Also.Start)
	}
	if len(e.ValidIn) > 0 {
		s += " (valid in"
		for i, d := range e.ValidIn {
			if i > 0 {
				s += ","
			}
			s += " " + string(d)
		}
		s += ")"
	}
	return s
}
