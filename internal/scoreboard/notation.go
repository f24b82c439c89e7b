package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// superscripts are the digits of a repeat count.
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹"

// A part is one quoted string of an attack, and whether it is repeated.
type part struct {
	text   string
	pumped bool
}

// notation reads an attack written as quoted strings with repeat counts,
// 'x' 'y'³¹ 'z': recheck's notation. Every repeated string is a pump; the
// counts themselves, which fit one length only, are dropped. Backslashes are
// not quoted in it, so that \' and \\ may be one character or two: both
// readings are returned. An attack in which nothing is repeated has no family.
func notation(s string) ([]family, error) {
	parts, err := quotedParts(s)
	if err != nil {
		return nil, fmt.Errorf("attack %.60q: %w", s, err)
	}
	var out []family
	for _, all := range []bool{false, true} {
		f := family{encoding: "utf-8"}
		var pending strings.Builder
		for _, p := range parts {
			text := unquote(p.text, all)
			if !p.pumped {
				pending.WriteString(text)
				continue
			}
			f.pumps = append(f.pumps, textPump{pending.String(), text})
			pending.Reset()
		}
		f.suffix = pending.String()
		if len(f.pumps) > 0 {
			out = append(out, f)
		}
	}
	return out, nil
}

// quotedParts splits an attack at its quotes: one closes a string when a
// count, or a space and another quote, or nothing follows.
func quotedParts(s string) ([]part, error) {
	var out []part
	for s != "" {
		if s[0] != '\'' {
			return nil, fmt.Errorf("expected a quote at %.10q", s)
		}
		closing := -1
		for i := 1; i < len(s) && closing < 0; i++ {
			if after := strings.TrimLeft(s[i+1:], superscripts); s[i] == '\'' && (after == "" || strings.HasPrefix(after, " '")) {
				closing = i
			}
		}
		if closing < 0 {
			return nil, fmt.Errorf("string without its closing quote at %.10q", s)
		}
		after := strings.TrimLeft(s[closing+1:], superscripts)
		out = append(out, part{s[1:closing], len(after) < len(s)-closing-1})
		s = strings.TrimPrefix(after, " ")
	}
	return out, nil
}

// unquote undoes the escapes of control characters, and if all is set those of
// every other character too.
func unquote(s string, all bool) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		if s[i] == '\\' {
			if c, width, ok := jsEscape(s[i:], all); ok {
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

// jsEscape is the character of a JavaScript escape at the start of s and its
// width in bytes.
func jsEscape(s string, all bool) (c rune, width int, ok bool) {
	if len(s) < 2 {
		return 0, 0, false
	}
	if c, width, ok := hexEscape(s[1:]); ok {
		return c, 1 + width, true
	}
	if c, ok := simple[s[1]]; ok {
		return c, 2, true
	}
	c, width = utf8.DecodeRuneInString(s[1:])
	return c, 1 + width, all
}
