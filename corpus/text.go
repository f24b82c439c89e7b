package corpus

import (
	"bytes"
	"sort"
)

// A Text is a run of bytes after some of a file's quoting was undone, with the
// place of each byte. Readers cut and join Texts, so that no position is ever
// searched for again. The zero Text is empty and stands nowhere.
type Text struct {
	b    []byte
	segs []Segment // the first at offset 0
}

// Bytes are the text's bytes, not to be changed.
func (t Text) Bytes() []byte { return t.b }

// Len is the number of bytes.
func (t Text) Len() int { return len(t.b) }

func (t Text) String() string { return string(t.b) }

// Segments is how many runs the text is made of, which is what its places
// cost in memory.
func (t Text) Segments() int { return len(t.segs) }

// At is the place of byte i in the file; for i == Len, the place after the
// last byte.
func (t Text) At(i int) Position {
	k := t.segment(i)
	if k < 0 {
		return Position{}
	}
	return ahead(t.segs[k].Pos, i-t.segs[k].Offset)
}

// segment is the index of the segment that holds offset i.
func (t Text) segment(i int) int {
	return sort.Search(len(t.segs), func(k int) bool { return t.segs[k].Offset > i }) - 1
}

// Slice is the text from byte i to before byte j.
func (t Text) Slice(i, j int) Text {
	k := t.segment(i)
	if k < 0 {
		return t
	}
	segs := []Segment{{Pos: ahead(t.segs[k].Pos, i-t.segs[k].Offset)}}
	for k++; k < len(t.segs) && t.segs[k].Offset < j; k++ {
		segs = append(segs, Segment{Offset: t.segs[k].Offset - i, Pos: t.segs[k].Pos})
	}
	return Text{b: t.b[i:j:j], segs: segs}
}

// Trim is the text without the bytes of cutset at its ends.
func (t Text) Trim(cutset string) Text {
	i := len(t.b) - len(bytes.TrimLeft(t.b, cutset))
	return t.Slice(i, max(i, len(bytes.TrimRight(t.b, cutset))))
}

// Source makes a pattern's source of the text.
func (t Text) Source(file, rule string) Source { return NewSource(file, rule, t.segs) }

// Through is the place of a source that was read from the text's bytes, in
// the file that the text stands in: a file within a file.
func (t Text) Through(s Source, length int) Source {
	var w TextBuilder
	for i := range length + 1 {
		w.segment(Segment{Offset: i, Pos: t.At(s.At(i).Offset)})
	}
	return NewSource(s.File, s.Rule, w.t.segs)
}

// ahead is the place n bytes further on the same line.
func ahead(p Position, n int) Position {
	return Position{Line: p.Line, Column: p.Column + n, Offset: p.Offset + n}
}

// A TextBuilder joins texts.
type TextBuilder struct{ t Text }

// Add appends a text.
func (w *TextBuilder) Add(t Text) {
	if len(t.b) == 0 {
		return
	}
	for _, s := range t.segs {
		if s.Offset < len(t.b) {
			w.segment(Segment{Offset: len(w.t.b) + s.Offset, Pos: s.Pos})
		}
	}
	w.t.b = append(w.t.b, t.b...)
}

// Escape appends what an escape in the file stands for: every byte of s has
// the place of the escape's beginning.
func (w *TextBuilder) Escape(s string, at Position) {
	for i := range len(s) {
		w.segment(Segment{Offset: len(w.t.b), Pos: at})
		w.t.b = append(w.t.b, s[i])
	}
}

// segment appends a segment unless the last one runs on to it.
func (w *TextBuilder) segment(s Segment) {
	if n := len(w.t.segs); n > 0 {
		if o := w.t.segs[n-1]; ahead(o.Pos, s.Offset-o.Offset) == s.Pos {
			return
		}
	}
	w.t.segs = append(w.t.segs, s)
}

// Len is the number of bytes so far.
func (w *TextBuilder) Len() int { return len(w.t.b) }

// Text is what was joined; empty is its place when nothing was.
func (w *TextBuilder) Text(empty Position) Text {
	if len(w.t.segs) == 0 {
		return Text{segs: []Segment{{Pos: empty}}}
	}
	return w.t
}

// lineStep is the distance of the marks that Lines keeps, in bytes: what a
// look-up scans at most; a mark of 16 bytes for each is a 16th of the file.
const lineStep = 1 << 8

// Lines knows the line and column of every byte of a file.
type Lines struct {
	data  []byte
	marks []mark
}

// A mark is where a line stands at a multiple of lineStep: the number of
// newlines before it, and the offset where its line begins.
type mark struct{ line, begin int }

// NewLines indexes a file.
func NewLines(data []byte) *Lines {
	l := &Lines{data: data, marks: []mark{{}}}
	for at := lineStep; at <= len(data); at += lineStep {
		m, block := l.marks[len(l.marks)-1], data[at-lineStep:at]
		m.line += bytes.Count(block, newline)
		if k := bytes.LastIndexByte(block, '\n'); k >= 0 {
			m.begin = at - lineStep + k + 1
		}
		l.marks = append(l.marks, m)
	}
	return l
}

var newline = []byte("\n")

// At is the position of the byte at offset, which is at most the file's
// length.
func (l *Lines) At(offset int) Position {
	m := l.marks[offset/lineStep]
	block := l.data[offset/lineStep*lineStep : offset]
	m.line += bytes.Count(block, newline)
	if k := bytes.LastIndexByte(block, '\n'); k >= 0 {
		m.begin = offset - len(block) + k + 1
	}
	return Position{Line: m.line + 1, Column: offset - m.begin + 1, Offset: offset}
}

// Text is the file's bytes from offset i to before offset j, as they stand.
func (l *Lines) Text(i, j int) Text {
	t := Text{b: l.data[i:j:j], segs: []Segment{{Pos: l.At(i)}}}
	for k := i; ; {
		n := bytes.IndexByte(l.data[k:j], '\n')
		if n < 0 || k+n+1 >= j {
			return t
		}
		k += n + 1
		last := t.segs[len(t.segs)-1].Pos
		t.segs = append(t.segs, Segment{Offset: k - i, Pos: Position{Line: last.Line + 1, Column: 1, Offset: k}})
	}
}
