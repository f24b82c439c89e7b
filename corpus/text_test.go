package corpus

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestText cuts and joins random parts of a random file, and asks for the
// place of every byte.
func TestText(t *testing.T) {
	const seed = 71
	rnd := rand.New(rand.NewPCG(seed, 1))
	for n := range 300 {
		data := make([]byte, rnd.IntN(12*lineStep))
		for i := range data {
			data[i] = "ab\n\\"[rnd.IntN(4)]
			if n%3 == 0 && rnd.IntN(200) != 0 {
				data[i] = 'x'
			}
		}
		l := NewLines(data)
		place := func(at int) Position {
			before := data[:at]
			return Position{Line: 1 + bytes.Count(before, []byte("\n")), Column: at - bytes.LastIndexByte(before, '\n'), Offset: at}
		}
		var w TextBuilder
		var offsets []int
		for range rnd.IntN(8) {
			i := rnd.IntN(len(data) + 1)
			j := i + rnd.IntN(min(len(data)-i+1, 50))
			part := l.Text(i, j)
			if a := rnd.IntN(j - i + 1); rnd.IntN(2) == 0 {
				part, i = part.Slice(a, j-i), i+a
			}
			w.Add(part)
			for ; i < j; i++ {
				offsets = append(offsets, i)
			}
			if i < len(data) && rnd.IntN(3) == 0 {
				w.Escape("\n\n", l.At(i))
				offsets = append(offsets, i, i)
			}
		}
		text := w.Text(Position{Line: 1, Column: 1})
		if text.Len() != len(offsets) || w.Len() != len(offsets) {
			t.Fatalf("seed %d, file %d: %d bytes, expected %d", seed, n, text.Len(), len(offsets))
		}
		src := text.Source("f", "")
		for i, at := range offsets {
			if text.At(i) != place(at) || src.At(i) != place(at) {
				t.Fatalf("seed %d, file %d: byte %d at %+v, expected %+v", seed, n, i, text.At(i), place(at))
			}
		}
		if len(offsets) < 2 {
			continue
		}
		// A file within the file.
		inner := NewLines(text.Bytes())
		i := rnd.IntN(text.Len())
		part := inner.Text(i, text.Len())
		out := text.Through(part.Source("f", "r"), part.Len())
		for k := range part.Len() {
			if out.At(k) != place(offsets[i+k]) {
				t.Fatalf("seed %d, file %d: byte %d of the inner file at %+v, expected %+v", seed, n, k, out.At(k), place(offsets[i+k]))
			}
		}
	}
}

func TestTextTrim(t *testing.T) {
	l := NewLines([]byte(" \n a b \t"))
	for _, c := range []struct {
		i, j int
		want string
		at   int
	}{{0, 8, "\n a b", 1}, {0, 1, "", 1}, {3, 4, "a", 3}, {2, 2, "", 2}} {
		got := l.Text(c.i, c.j).Trim(" \t")
		if got.String() != c.want || got.At(0) != l.At(c.at) {
			t.Errorf("%d:%d: %q at %v, expected %q at %v", c.i, c.j, got, got.At(0), c.want, l.At(c.at))
		}
	}
}
