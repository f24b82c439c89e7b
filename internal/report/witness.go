package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// An Encoding says how bytes are written as text.
type Encoding string

// The encodings. In Bytes each code point U+0000–U+00FF is one byte; UTF16 is
// four hex digits for each code unit.
const (
	UTF8  Encoding = "utf-8"
	Bytes Encoding = "bytes"
	UTF16 Encoding = "utf-16"
)

// encode is s as itself where it is UTF-8, else with a code point for each
// byte.
func encode(s string) (string, Encoding) {
	if utf8.ValidString(s) {
		return s, UTF8
	}
	return latin1(s), Bytes
}

func latin1(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

// escaped is s with every byte that is no UTF-8 as \xNN: for names of files
// and messages, which are read and not decoded.
func escaped(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				fmt.Fprintf(&b, `\x%02x`, s[i])
				continue
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// shown is s for a terminal: on one line, without anything that moves the
// cursor, colours, or reorders the text.
func shown(s string) string {
	s = escaped(s)
	if strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}

// encodeWitness picks one encoding for all parts of a witness: text where
// every part is UTF-8; code units where the pattern is matched by them and a
// part ends inside a pair; bytes otherwise.
func encodeWitness(p corpus.Pattern, w attack.Witness) *jsonWitness {
	parts := [][]byte{w.Suffix}
	for _, q := range w.Pumps {
		parts = append(parts, q.Prefix, q.Pump)
	}
	enc := UTF8
	for _, b := range parts {
		if !utf8.Valid(b) {
			enc = Bytes
		}
	}
	if enc == Bytes && byUnits(p) {
		enc = UTF16
		for _, b := range parts {
			if _, ok := units(b); !ok {
				enc = Bytes
			}
		}
	}
	text := func(b []byte) string {
		switch enc {
		case Bytes:
			return latin1(string(b))
		case UTF16:
			s, _ := units(b)
			return s
		}
		return string(b)
	}
	out := &jsonWitness{Pumps: []jsonPump{}, Suffix: text(w.Suffix), Encoding: enc}
	for _, q := range w.Pumps {
		out.Pumps = append(out.Pumps, jsonPump{Prefix: text(q.Prefix), Pump: text(q.Pump)})
	}
	return out
}

// byUnits reports whether subjects are UTF-16 code units.
func byUnits(p corpus.Pattern) bool {
	return p.Dialect == corpus.ECMAScript && p.Flags&(corpus.Unicode|corpus.UnicodeSets) == 0
}

// units is generalised UTF-8 (surrogates encoded like other code points) as
// hex code units.
func units(b []byte) (string, bool) {
	var out strings.Builder
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			if len(b) < 3 || b[0] != 0xED || b[1] < 0xA0 || b[1] > 0xBF || b[2] < 0x80 || b[2] > 0xBF {
				return "", false
			}
			r, n = 0xD000|rune(b[1]&0x3F)<<6|rune(b[2]&0x3F), 3
		}
		if hi, lo := utf16.EncodeRune(r); hi != utf8.RuneError {
			fmt.Fprintf(&out, "%04x%04x", hi, lo)
		} else {
			fmt.Fprintf(&out, "%04x", r)
		}
		b = b[n:]
	}
	return out.String(), true
}

// shell is a command that writes the attack with every pump n times, in
// portable sh: printf's format is used once for each argument, and %.0s eats
// one.
func shell(w attack.Witness, n int) string {
	var b strings.Builder
	b.WriteString("{ ")
	lit := func(s []byte) {
		if len(s) > 0 {
			fmt.Fprintf(&b, "printf '%s'; ", printf(s))
		}
	}
	for _, p := range w.Pumps {
		lit(p.Prefix)
		if len(p.Pump) > 0 {
			fmt.Fprintf(&b, "printf '%s%%.0s' $(seq %d); ", printf(p.Pump), n)
		}
	}
	lit(w.Suffix)
	b.WriteString("}")
	return b.String()
}

// printf is a printf format, without its quotes, that writes s.
func printf(s []byte) string {
	var b strings.Builder
	for i, c := range s {
		switch {
		case c == '-' && i == 0: // else it begins an option
			b.WriteString(`\055`)
		case c == '%':
			b.WriteString("%%")
		case c == '\'' || c == '\\' || c < ' ' || c > '~':
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// quote is a text on a line of a terminal.
func quote(s []byte) string { return attack.Quote(s, quoteBytes) }

// quoteBytes keeps a text on a line of a terminal.
const quoteBytes = 60
