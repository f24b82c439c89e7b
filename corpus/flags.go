package corpus

import (
	"fmt"
	"math/bits"
	"sort"
	"strings"
)

// Flags is a set of flag letters, one bit per letter of flagLetters.
type Flags uint32

// The flags, by what they do. Dialects differ in which they know: the parser
// rejects a flag its dialect lacks.
const (
	Caseless        Flags = 1 << iota // i
	Multiline                         // m: ^ and $ also stand at line ends
	DotAll                            // s: . matches newlines
	Extended                          // x: white space and comments are ignored
	Unicode                           // u: code points, not bytes or UTF-16 units
	UnicodeSets                       // v: ECMAScript's set notation, implies code points
	Anchored                          // A: a match starts where the search starts
	DollarEndOnly                     // D: $ does not stand before a final newline
	Ungreedy                          // U: quantifiers are lazy unless followed by ?
	DupNames                          // J: group names may repeat
	ExplicitCapture                   // n: plain parentheses do not capture
	Sticky                            // y: a match starts at the given offset
	RightToLeft                       // R: matching runs from right to left
	Indices                           // d: recorded, without effect on matching
	GlobalFlag                        // g: recorded; the mode says how a pattern is applied
)

const flagLetters = "imsxuvADUJnyRdg"

// ParseFlags reads a string of flag letters in any order. The error names the
// first letter that is no flag, and its offset in bytes.
func ParseFlags(s string) (Flags, error) {
	var f Flags
	for i, r := range s {
		k := strings.IndexRune(flagLetters, r)
		if k < 0 {
			return 0, fmt.Errorf("flag %q at offset %d: expected letters of %q", r, i, flagLetters)
		}
		f |= 1 << k
	}
	return f, nil
}

// Has reports whether every flag of g is in f.
func (f Flags) Has(g Flags) bool { return f&g == g }

// String is the sorted string of letters: upper case first, as bytes sort.
func (f Flags) String() string {
	letters := make([]byte, 0, bits.OnesCount32(uint32(f)))
	for k := range len(flagLetters) {
		if f&(1<<k) != 0 {
			letters = append(letters, flagLetters[k])
		}
	}
	sort.Slice(letters, func(i, j int) bool { return letters[i] < letters[j] })
	return string(letters)
}
