package transform

import (
	"encoding/base64"
	"strings"
)

func base64Encode(_ Host, b []byte) []byte { return base64.StdEncoding.AppendEncode(nil, b) }

const sixBits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// sextet is the value of a character of the alphabet, -1 for any other.
func sextet(c byte) int { return strings.IndexByte(sixBits, c) }

// quads decodes characters of the alphabet, four to three bytes, and what two
// or three at the end give.
func quads(chars []byte) []byte {
	out := make([]byte, 0, len(chars)/4*3+2)
	for ; len(chars) > 1; chars = chars[min(4, len(chars)):] {
		x, n := 0, min(4, len(chars))
		for i := range 4 {
			x <<= 6
			if i < n {
				x |= sextet(chars[i])
			}
		}
		out = append(out, []byte{byte(x >> 16), byte(x >> 8), byte(x)}[:n-1]...)
	}
	return out
}

func base64Decode(h Host, b []byte) []byte {
	switch h {
	case ModSecurity3:
		return base64Strict(b)
	case Coraza:
		return base64Prefix(b, "\r\n")
	}
	return base64Prefix(b, "")
}

// base64Prefix decodes up to the first byte outside of the alphabet.
func base64Prefix(b []byte, skip string) []byte {
	var chars []byte
	for _, c := range b {
		switch {
		case strings.IndexByte(skip, c) >= 0:
		case sextet(c) < 0:
			return quads(chars)
		default:
			chars = append(chars, c)
		}
	}
	return quads(chars)
}

// base64Strict decodes what is base64 in full, up to a NUL, and nothing of
// anything else. A last group of less than four characters is lost.
func base64Strict(b []byte) []byte {
	b = untilNull(b)
	var chars []byte
	padding := 0
	for i := 0; i < len(b); i++ {
		spaces := 0
		for ; i < len(b) && b[i] == ' '; i++ {
			spaces++
		}
		switch {
		case i == len(b), b[i] == '\n', b[i] == '\r' && at(b, i+1) == '\n':
		case spaces > 0:
			return nil
		case b[i] == '=':
			if padding++; padding > 2 {
				return nil
			}
		case padding > 0 || sextet(b[i]) < 0:
			return nil
		default:
			chars = append(chars, b[i])
		}
	}
	whole := (len(chars) + padding) / 4 * 4
	return quads(chars[:min(whole, len(chars))])
}

// base64DecodeExt skips what is outside of the alphabet. In ModSecurity 2 a NUL
// ends the text.
func base64DecodeExt(h Host, b []byte) []byte {
	if h == ModSecurity2 {
		b = untilNull(b)
	}
	var chars []byte
	for i, c := range b {
		switch {
		case h == Coraza && (c == '=' || c == ' '):
			if c == '=' {
				return quads(chars)
			}
		case h == Coraza && c == '-':
			chars = append(chars, '+')
		case h == Coraza && c == '_':
			chars = append(chars, '/')
		case c == '=' && h != Coraza && at(b, i+1) != '=' && len(chars)%4 == 1:
			return nil
		case sextet(c) >= 0:
			chars = append(chars, c)
		}
	}
	return quads(chars)
}
