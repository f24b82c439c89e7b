package transform

import "bytes"

// replaceComments turns every /* … */, closed or not, into a blank.
func replaceComments(_ Host, b []byte) []byte {
	out := make([]byte, 0, len(b))
	for {
		open := bytes.Index(b, []byte("/*"))
		if open < 0 {
			return append(out, b...)
		}
		out = append(append(out, b[:open]...), ' ')
		b = b[open+2:]
		end := bytes.Index(b, []byte("*/"))
		if end < 0 {
			return out
		}
		b = b[end+2:]
	}
}

// removeComments drops /* … */ and <!-- … -->, either end closing either, and
// all from -- or # on. The byte behind a comment is kept unread, be it the one
// that ends the host's buffer; an open comment leaves a blank.
func removeComments(_ Host, b []byte) []byte {
	out := make([]byte, 0, len(b))
	inside := false
	for i := 0; i < len(b); {
		rest := b[i:]
		n := 1
		switch {
		case inside:
			if n = closing(rest); n > 0 {
				inside = false
				out = append(out, at(rest, n))
			}
			n++
		case bytes.HasPrefix(rest, []byte("/*")):
			inside, n = true, 2
		case bytes.HasPrefix(rest, []byte("<!--")):
			inside, n = true, 4
		case bytes.HasPrefix(rest, []byte("--")) || rest[0] == '#':
			return out
		default:
			out = append(out, rest[0])
		}
		i += n
	}
	if inside {
		out = append(out, ' ')
	}
	return out
}

// closing is the length of the end of a comment that a text begins with.
func closing(b []byte) int {
	switch {
	case bytes.HasPrefix(b, []byte("*/")):
		return 2
	case bytes.HasPrefix(b, []byte("-->")):
		return 3
	}
	return 0
}

// marks are what removeCommentsChar drops, longer before shorter.
var marks = [][]byte{[]byte("/*"), []byte("*/"), []byte("<!--"), []byte("-->"), []byte("--"), []byte("#")}

// removeCommentsChar drops the marks of comments, reading on behind them.
func removeCommentsChar(_ Host, b []byte) []byte {
	out := make([]byte, 0, len(b))
next:
	for len(b) > 0 {
		for _, m := range marks {
			if bytes.HasPrefix(b, m) {
				b = b[len(m):]
				continue next
			}
		}
		out, b = append(out, b[0]), b[1:]
	}
	return out
}
