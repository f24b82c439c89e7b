package main

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A reading says what the backslashes in a listed string stand for. Lists mix
// strings as they are with strings as some language would quote them.
type reading uint8

// The readings, in the order in which they are tried.
const (
	asIs       reading = iota // a backslash is a backslash
	numeric                   // \xHH and \uHHHH are characters, all else stands
	everything                // so are \n \r \t \f \v \0 \\ \" \' \/ and escaped punctuation
	readings
)

// read is s as a reading has it. A backslash in front of anything which is no
// escape stands for itself.
func (r reading) read(s string) string {
	if r == asIs || !strings.Contains(s, `\`) {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); {
		if s[i] == '\\' {
			if c, width, ok := r.escape(s[i:]); ok {
				out.WriteRune(c)
				i += width
				continue
			}
		}
		_, width := utf8.DecodeRuneInString(s[i:])
		out.WriteString(s[i : i+width])
		i += width
	}
	return out.String()
}

// simple are the escapes of one letter.
var simple = map[byte]rune{'n': '\n', 'r': '\r', 't': '\t', 'f': '\f', 'v': '\v', '0': 0}

// escape is the character that the escape at the start of s stands for, and
// the escape's width in bytes. Backslashes before an x or u are taken
// together: such strings have been quoted more than once.
func (r reading) escape(s string) (c rune, width int, ok bool) {
	slashes := len(s) - len(strings.TrimLeft(s, `\`))
	if c, width, ok := hexEscape(s[slashes:]); ok {
		return c, slashes + width, true
	}
	if r != everything || len(s) < 2 {
		return 0, 0, false
	}
	if c, ok := simple[s[1]]; ok {
		return c, 2, true
	}
	if strings.IndexByte(`\"'/[](){}.*+?^$|=:,;<>!@#%& -`, s[1]) >= 0 {
		return rune(s[1]), 2, true
	}
	return 0, 0, false
}

// hexEscape reads xHH or uHHHH.
func hexEscape(s string) (c rune, width int, ok bool) {
	switch {
	case len(s) >= 3 && s[0] == 'x':
		width = 3
	case len(s) >= 5 && s[0] == 'u':
		width = 5
	default:
		return 0, 0, false
	}
	v, err := strconv.ParseUint(s[1:width], 16, 32)
	return rune(v), width, err == nil
}
