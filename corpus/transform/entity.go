package transform

import (
	"bytes"
	"html"
	"math"
	"strconv"
)

// htmlEntityDecode decodes &#xHH;, &#DD; and five names, with the semicolon or
// without. Coraza knows every name of HTML 5.
func htmlEntityDecode(h Host, b []byte) []byte {
	if h == Coraza {
		return unescapeHTML(b)
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		c, n := entity(b[i:])
		if n == 0 { // none: as many bytes as were looked at
			n = -c
			out = append(out, b[i:i+n]...)
		} else {
			out = append(out, byte(c))
		}
		i += n
	}
	return out
}

// entity is the byte of the entity that a text begins with and its length; a
// length of 0 and minus the number of bytes to copy where there is none.
func entity(b []byte) (c, n int) {
	if b[0] != '&' || len(b) < 2 {
		return -1, 0
	}
	if b[1] != '#' {
		n = run(b[1:], alphanumeric)
		if c, ok := named(b[1 : 1+n]); ok {
			return c, closed(b, 1+n)
		}
		return -(n + 1), 0
	}
	base, from, is := 10, 2, func(c byte) bool { return c >= '0' && c <= '9' }
	if len(b) > 2 && lower(b[2]) == 'x' {
		base, from, is = 16, 3, isHex
	}
	if n = run(b[min(from, len(b)):], is); n == 0 {
		return -min(from, len(b)), 0
	}
	v, err := strconv.ParseInt(string(b[from:from+n]), base, 64)
	if err != nil {
		v = math.MaxInt64 // as strtol saturates
	}
	return int(byte(v)), closed(b, from+n)
}

func run(b []byte, is func(byte) bool) int {
	n := 0
	for n < len(b) && is(b[n]) {
		n++
	}
	return n
}

// closed is a length, with the semicolon behind it if there is one.
func closed(b []byte, n int) int {
	if n < len(b) && b[n] == ';' {
		return n + 1
	}
	return n
}

func named(name []byte) (int, bool) {
	switch string(bytes.ToLower(name)) {
	case "quot":
		return '"', true
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "nbsp":
		return nbsp, true
	}
	return 0, false
}

// unescapeHTML decodes as HTML 5 says, but leaves &#x without digits alone.
func unescapeHTML(b []byte) []byte {
	var out []byte
	from := 0
	for i := range b {
		if b[i] == '&' && at(b, i+1) == '#' && lower(at(b, i+2)) == 'x' && !isHex(at(b, i+3)) {
			out = append(out, html.UnescapeString(string(b[from:i]))...)
			out = append(out, b[i:i+3]...)
			from = i + 3
		}
	}
	return append(out, html.UnescapeString(string(b[from:]))...)
}
