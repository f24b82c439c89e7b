package seclang

import (
	"bytes"
	"sort"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A text is a run of bytes after some of the file's quoting was undone, with
// the place of each byte. It always has a segment, at offset 0, so that the
// empty text has a place too.
type text struct {
	b    []byte
	segs []corpus.Segment
}

func (t text) String() string { return string(t.b) }

// segment is the index of the segment that holds offset i.
func (t text) segment(i int) int {
	return sort.Search(len(t.segs), func(k int) bool { return t.segs[k].Offset > i }) - 1
}

// pos is the place of byte i; for i == len, the place after the last byte.
func (t text) pos(i int) corpus.Position {
	s := t.segs[t.segment(i)]
	return advance(s.Pos, i-s.Offset)
}

// slice is t[i:j].
func (t text) slice(i, j int) text {
	k := t.segment(i)
	segs := []corpus.Segment{{Pos: advance(t.segs[k].Pos, i-t.segs[k].Offset)}}
	for k++; k < len(t.segs) && t.segs[k].Offset < j; k++ {
		segs = append(segs, corpus.Segment{Offset: t.segs[k].Offset - i, Pos: t.segs[k].Pos})
	}
	return text{b: t.b[i:j:j], segs: segs}
}

// trim is t without the white space at its ends.
func (t text) trim() text {
	i, j := 0, len(t.b)
	for i < j && isSpace(t.b[i]) {
		i++
	}
	for j > i && isSpace(t.b[j-1]) {
		j--
	}
	if i == 0 && j == len(t.b) {
		return t
	}
	return t.slice(i, j)
}

// unescape is t without each backslash that stands before a byte of pairs.
func (t text) unescape(pairs string) text {
	if bytes.IndexByte(t.b, '\\') < 0 || pairs == "" {
		return t
	}
	var w joiner
	from, i := 0, 0
	for {
		k := bytes.IndexByte(t.b[i:], '\\')
		if k < 0 || i+k+1 >= len(t.b) {
			break
		}
		i += k
		if bytes.IndexByte([]byte(pairs), t.b[i+1]) < 0 {
			i++
			continue
		}
		w.add(t, from, i)
		from = i + 1
		i += 2
	}
	w.add(t, from, len(t.b))
	return w.text(t.pos(0))
}

// A joiner puts texts together.
type joiner struct {
	b    []byte
	segs []corpus.Segment
}

// add appends t[i:j].
func (w *joiner) add(t text, i, j int) {
	if i >= j {
		return
	}
	for k := t.segment(i); k < len(t.segs) && t.segs[k].Offset < j; k++ {
		s := t.segs[k]
		if s.Offset < i {
			s = corpus.Segment{Offset: i, Pos: advance(s.Pos, i-s.Offset)}
		}
		s.Offset += len(w.b) - i
		w.segs = append(w.segs, s)
	}
	w.b = append(w.b, t.b[i:j]...)
}

// text is what was joined; empty is its place when nothing was.
func (w *joiner) text(empty corpus.Position) text {
	if len(w.segs) == 0 {
		w.segs = []corpus.Segment{{Pos: empty}}
	}
	return text{b: w.b, segs: w.segs}
}

// advance is the place n bytes further on the same line.
func advance(p corpus.Position, n int) corpus.Position {
	return corpus.Position{Line: p.Line, Column: p.Column + n, Offset: p.Offset + n}
}

// isSpace is C's isspace, which Apache uses, in the C locale.
func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }
