package transform

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// control is the character that a backslash and a letter stand for in C.
func control(c byte) (byte, bool) {
	k := strings.IndexByte("abfnrtv", c)
	if k < 0 {
		return 0, false
	}
	return "\a\b\f\n\r\t\v"[k], true
}

// octal is the value of up to three octal digits, and how many there are.
func octal(b []byte) (value, n int) {
	for n < 3 && n < len(b) && isOctal(b[n]) {
		value = value<<3 | int(b[n]-'0')
		n++
	}
	return value, n
}

// jsDecode decodes \uHHHH, \xHH, \OOO and \C.
func jsDecode(h Host, b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		c, n := scripted(h, b[i:])
		out = append(out, c)
		i += n
	}
	return out
}

func scripted(h Host, b []byte) (c byte, n int) {
	if b[0] != '\\' || len(b) < 2 {
		return b[0], 1
	}
	if h == Coraza {
		if c, n, ok := braced(b); ok {
			return c, n
		}
	}
	switch {
	case b[1] == 'u' && len(b) > 5 && fourHex(b[2:]):
		return lowByte(b[2:]), 6
	case b[1] == 'x' && len(b) > 3 && isHex(b[2]) && isHex(b[3]):
		return pair(b[2], b[3]), 4
	case isOctal(b[1]):
		value, n := octal(b[1:])
		if value > 0xFF {
			value, n = value>>3, n-1
		}
		return byte(value), 1 + n
	}
	if c, ok := control(b[1]); ok {
		return c, 2
	}
	return b[1], 2
}

// braced is \u{H…}, which only Coraza knows.
func braced(b []byte) (c byte, n int, ok bool) {
	if !bytes.HasPrefix(b, []byte(`\u{`)) {
		return 0, 0, false
	}
	n = 3
	code := 0
	for n < 9 && isHex(at(b, n)) {
		code = code<<4 | int(digit(b[n]))
		n++
	}
	if n == 3 || at(b, n) != '}' {
		return 0, 0, false
	}
	c = byte(code)
	if code >= 0xFF01 && code <= 0xFF5E {
		c += 0x20
	}
	return c, n + 1, true
}

// escapeSeqDecode decodes the escapes of ANSI C.
func escapeSeqDecode(_ Host, b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		c, n := ansi(b[i:])
		out = append(out, c)
		i += n
	}
	return out
}

func ansi(b []byte) (c byte, n int) {
	if b[0] != '\\' || len(b) < 2 {
		return b[0], 1
	}
	if c, ok := control(b[1]); ok {
		return c, 2
	}
	if lower(b[1]) == 'x' && len(b) > 3 && isHex(b[2]) && isHex(b[3]) {
		return pair(b[2], b[3]), 4
	}
	if value, n := octal(b[1:]); n > 0 {
		return byte(value), 1 + n
	}
	return b[1], 2
}

// cssDecode decodes a backslash and up to six hexadecimal digits.
// Libmodsecurity ends the text at the first NUL.
func cssDecode(h Host, b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			out = append(out, b[i])
			continue
		}
		n := 0
		for n < 6 && i+1+n < len(b) && isHex(b[i+1+n]) {
			n++
		}
		switch {
		case n > 0:
			out = styled(h, out, b[i+1:i+1+n])
			i += n
			if i+1 < len(b) && blank(b[i+1]) {
				i++
			}
		case i+1 < len(b):
			if b[i+1] != '\n' {
				out = append(out, b[i+1])
			}
			i++
		}
	}
	if h == ModSecurity3 {
		return untilNull(out)
	}
	return out
}

// styled appends the character of one to six digits: ModSecurity takes the low
// byte, Coraza writes UTF-8. Full-width forms become ASCII.
func styled(h Host, out, digits []byte) []byte {
	n := len(digits)
	if h == Coraza {
		code := rune(0)
		for _, d := range digits {
			code = code<<4 | rune(digit(d))
		}
		switch {
		case code == 0:
			code = utf8.RuneError
		case code >= 0xFF01 && code <= 0xFF5E:
			code -= 0xFEE0
		}
		return utf8.AppendRune(out, code)
	}
	switch {
	case n == 1:
		return append(out, digit(digits[0]))
	case n < 4 || strings.Trim(string(digits[:n-4]), "0") != "":
		return append(out, pair(digits[n-2], digits[n-1]))
	}
	return append(out, lowByte(digits[n-4:]))
}
