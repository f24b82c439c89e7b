package transform

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// An encoder writes a text that some transformation may turn into the given
// one; nil where it knows none.
type encoder func([]byte) []byte

// filler puts something behind every byte that the transformation drops again:
// what comes before it then sees other neighbours.
func filler(dropped string) encoder {
	return func(b []byte) []byte {
		return escape(b, func(c byte) string { return string([]byte{c}) + dropped })
	}
}

// escape puts a text in front of, or instead of, some bytes.
func escape(b []byte, f func(byte) string) []byte {
	out := make([]byte, 0, len(b))
	for _, c := range b {
		out = append(out, f(c)...)
	}
	return out
}

// coded writes bytes as a decoder's codes: those that begin one of its codes,
// and with them more and more of those that transformations before it may eat;
// all in the end. The fewer, the shorter.
func coded(format, begins string) []encoder {
	control := func(c byte) bool { return c < ' ' || c >= 0x7F || strings.IndexByte(begins, c) >= 0 }
	small := func(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
	var out []encoder
	for _, codes := range []func(byte) bool{
		control,
		func(c byte) bool { return control(c) || c == ' ' || upper(c) == c && lower(c) != c },
		func(c byte) bool { return !small(c) },
		func(byte) bool { return true },
	} {
		out = append(out, func(b []byte) []byte {
			return escape(b, func(c byte) string {
				if codes(c) {
					return fmt.Sprintf(format, c)
				}
				return string([]byte{c})
			})
		})
	}
	return out
}

// escapeURL escapes what urlDecode would eat.
func escapeURL(b []byte) []byte {
	return escape(b, func(c byte) string {
		switch c {
		case '%':
			return "%25"
		case '+':
			return "%2b"
		}
		return string([]byte{c})
	})
}

func unescapeURL(b []byte) []byte { return urlDecode("", b) }

func escapeEntity(b []byte) []byte { return bytes.ReplaceAll(b, []byte("&"), []byte("&amp;")) }

func doubleBackslash(b []byte) []byte { return bytes.ReplaceAll(b, []byte(`\`), []byte(`\\`)) }

func encodeHex(b []byte) []byte { return hex.AppendEncode(nil, b) }

func decodeHex(b []byte) []byte {
	out, err := hex.AppendDecode(nil, b)
	if err != nil {
		return nil
	}
	return out
}

func encodeBase64(b []byte) []byte { return base64.StdEncoding.AppendEncode(nil, b) }

func decodeBase64(b []byte) []byte {
	out, err := base64.StdEncoding.AppendDecode(nil, b)
	if err != nil {
		return nil
	}
	return out
}

// clearParity clears the bit that the host sets.
func clearParity(b []byte) []byte { return each(b, zeroParity) }

// hideComments puts an empty comment before bytes that begin one: the byte
// behind a comment is kept unread.
func hideComments(b []byte) []byte {
	return escape(b, func(c byte) string {
		if strings.IndexByte("/<-#", c) >= 0 {
			return "/**/" + string([]byte{c})
		}
		return string([]byte{c})
	})
}

// splitMarks puts a # behind bytes that begin a mark of comments: it is
// dropped, and what stands behind it is read anew.
func splitMarks(b []byte) []byte {
	return escape(b, func(c byte) string {
		if strings.IndexByte("/*<-", c) >= 0 {
			return string([]byte{c}) + "#"
		}
		return string([]byte{c})
	})
}
