package lsp

import (
	"sort"
	"unicode/utf16"
	"unicode/utf8"

	"go.lsp.dev/protocol"
)

// A text is a document's bytes with the places where its lines begin. A line
// ends in LF, CRLF or CR, as the protocol has it.
type text struct {
	bytes  []byte
	starts []int
	// units says that a character counts UTF-16 code units, not bytes.
	units bool
}

func newText(b []byte, units bool) text {
	t := text{bytes: b, starts: []int{0}, units: units}
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '\n', b[i] == '\r' && (i+1 == len(b) || b[i+1] != '\n'):
			t.starts = append(t.starts, i+1)
		}
	}
	return t
}

// position is the place of a byte offset; one outside of the text is moved to
// its nearest end.
func (t text) position(offset int) protocol.Position {
	offset = max(0, min(offset, len(t.bytes)))
	line := sort.SearchInts(t.starts, offset+1) - 1
	before := t.bytes[t.starts[line]:offset]
	return protocol.Position{Line: uint32(line), Character: uint32(t.count(before))}
}

// count is the number of characters that bytes count as.
func (t text) count(b []byte) int {
	if !t.units {
		return len(b)
	}
	n := 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		n += max(1, utf16.RuneLen(r)) // a byte that is no UTF-8 counts one
		b = b[size:]
	}
	return n
}

// offset is the byte offset of a place; one outside of the text, or within a
// character, is moved to the nearest before it.
func (t text) offset(p protocol.Position) int {
	if int64(p.Line) >= int64(len(t.starts)) {
		return len(t.bytes)
	}
	begin, end := t.line(int(p.Line))
	if !t.units {
		return begin + int(min(int64(p.Character), int64(end-begin)))
	}
	left := int64(p.Character)
	for begin < end {
		r, size := utf8.DecodeRune(t.bytes[begin:end])
		if left -= int64(max(1, utf16.RuneLen(r))); left < 0 {
			break
		}
		begin += size
	}
	return begin
}

// line is where a line begins, and where it ends without its line end.
func (t text) line(n int) (begin, end int) {
	begin, end = t.starts[n], len(t.bytes)
	if n+1 < len(t.starts) {
		end = t.starts[n+1]
	}
	for end > begin && (t.bytes[end-1] == '\n' || t.bytes[end-1] == '\r') {
		end--
	}
	return begin, end
}

// span is the range of a half-open stretch of bytes.
func (t text) span(start, end int) protocol.Range {
	return protocol.Range{Start: t.position(start), End: t.position(max(start, end))}
}
