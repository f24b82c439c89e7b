package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// superscripts are the digits of a repeat count.
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹"

// notation reads an attack written as JavaScript strings with repeat counts,
// 'x' 'y'³¹ 'z': recheck's notation. Every repeated string is a pump; the
// counts themselves, which fit one length only, are dropped. An attack in
// which nothing is repeated has no pumps.
func notation(s string) (family, error) {
	f := family{encoding: "utf-8"}
	var pending strings.Builder
	for rest := strings.TrimLeft(s, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		text, after, err := quoted(rest)
		if err != nil {
			return family{}, fmt.Errorf("attack %.60q: %w", s, err)
		}
		rest = strings.TrimLeft(after, superscripts)
		if rest == after {
			pending.WriteString(text)
			continue
		}
		f.pumps = append(f.pumps, textPump{pending.String(), text})
		pending.Reset()
	}
	f.suffix = pending.String()
	return f, nil
}

// quoted reads a string in single quotes at the start of s.
func quoted(s string) (text, rest string, err error) {
	if s[0] != '\'' {
		return "", "", fmt.Errorf("expected a quote at %.10q", s)
	}
	var out strings.Builder
	for i := 1; i < len(s); {
		switch s[i] {
		case '\'':
			return out.String(), s[i+1:], nil
		case '\\':
			c, width, ok := jsEscape(s[i:])
			if !ok {
				return "", "", fmt.Errorf("unknown escape at %.10q", s[i:])
			}
			out.WriteRune(c)
			i += width
		default:
			_, width := utf8.DecodeRuneInString(s[i:])
			out.WriteString(s[i : i+width])
			i += width
		}
	}
	return "", "", fmt.Errorf("string without its closing quote")
}

// jsEscape is the character of a JavaScript escape at the start of s and its
// width in bytes.
func jsEscape(s string) (c rune, width int, ok bool) {
	if len(s) < 2 {
		return 0, 0, false
	}
	if c, width, ok := hexEscape(s[1:]); ok {
		return c, 1 + width, true
	}
	if c, ok := simple[s[1]]; ok {
		return c, 2, true
	}
	if s[1] == 'b' {
		return '\b', 2, true
	}
	c, width = utf8.DecodeRuneInString(s[1:])
	return c, 1 + width, true
}
