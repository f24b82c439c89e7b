package attack

import (
	"fmt"
	"strings"
)

// Formula is the witness as one reads it: "x" + "a" × n + "!". Each part is a
// Go string literal in ASCII, cut in the middle where it is longer than most
// bytes.
func (w Witness) Formula(most int) string {
	var parts []string
	for _, p := range w.Pumps {
		if len(p.Prefix) > 0 {
			parts = append(parts, Quote(p.Prefix, most))
		}
		parts = append(parts, Quote(p.Pump, most)+" × n")
	}
	if len(w.Suffix) > 0 {
		parts = append(parts, Quote(w.Suffix, most))
	}
	return strings.Join(parts, " + ")
}

// lineBytes keeps one part of a witness on a line of a terminal.
const lineBytes = 60

// String is the formula of a witness for a line of a terminal.
func (w Witness) String() string { return w.Formula(lineBytes) }

// Quote is a Go string literal in ASCII, cut in the middle where it is longer
// than most bytes.
func Quote(s []byte, most int) string {
	if len(s) > most {
		k := most / 2
		return fmt.Sprintf("%+q…(%d bytes)…%+q", s[:k], len(s)-2*k, s[len(s)-k:])
	}
	return fmt.Sprintf("%+q", s)
}
