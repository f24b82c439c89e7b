package records

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A scanner walks over a file.
type scanner struct {
	b     []byte
	i     int
	lines *corpus.Lines
	depth int
}

// space skips what JSON takes for white space.
func (s *scanner) space() {
	for s.i < len(s.b) && strings.IndexByte(" \t\r\n", s.b[s.i]) >= 0 {
		s.i++
	}
}

// found says what stands at the scanner's offset.
func (s *scanner) found() string {
	if s.i >= len(s.b) {
		return "the file ends"
	}
	return "found " + corpus.Excerpt(string(s.b[s.i:min(s.i+8, len(s.b))]))
}

// is reports whether c stands at the offset, and passes over it.
func (s *scanner) is(c byte) bool {
	if s.i < len(s.b) && s.b[s.i] == c {
		s.i++
		return true
	}
	return false
}

// json reads one JSON document.
func (s *scanner) json() (*node, *syntaxError) {
	n, err := s.jsonValue()
	if err != nil {
		return nil, err
	}
	if s.space(); s.i < len(s.b) {
		return nil, syntaxf(s.i, "%s: expected the end of the file behind the JSON value", s.found())
	}
	return n, nil
}

func (s *scanner) jsonValue() (*node, *syntaxError) {
	s.space()
	n := &node{at: s.lines.At(min(s.i, len(s.b)))}
	if s.depth++; s.depth > MaxDepth {
		return nil, tooDeepAt(s.i)
	}
	defer func() { s.depth-- }()
	switch {
	case s.is('{'):
		n.kind = mapping
		for first := true; ; first = false {
			if s.space(); s.is('}') {
				return n, nil
			}
			if !first && !s.is(',') {
				return nil, syntaxf(s.i, "%s: expected , or } in an object", s.found())
			}
			s.space()
			key, err := s.jsonString()
			if err != nil {
				return nil, err
			}
			if s.space(); !s.is(':') {
				return nil, syntaxf(s.i, "%s: expected : behind a key", s.found())
			}
			v, err := s.jsonValue()
			if err != nil {
				return nil, err
			}
			n.add(key.String(), v)
		}
	case s.is('['):
		n.kind = sequence
		for first := true; ; first = false {
			if s.space(); s.is(']') {
				return n, nil
			}
			if !first && !s.is(',') {
				return nil, syntaxf(s.i, "%s: expected , or ] in an array", s.found())
			}
			v, err := s.jsonValue()
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, v)
		}
	case s.i < len(s.b) && s.b[s.i] == '"':
		t, err := s.jsonString()
		n.kind, n.text = str, t
		return n, err
	}
	begin := s.i
	for s.i < len(s.b) && strings.IndexByte("+-.0123456789eEtrufalsn", s.b[s.i]) >= 0 {
		s.i++
	}
	if s.i == begin {
		return nil, syntaxf(s.i, "%s: expected a JSON value", s.found())
	}
	return n, nil
}

// jsonString reads a string, its quotes included.
func (s *scanner) jsonString() (corpus.Text, *syntaxError) {
	begin := s.i
	if !s.is('"') {
		return corpus.Text{}, syntaxf(s.i, "%s: expected a string", s.found())
	}
	var w corpus.TextBuilder
	for {
		from := s.i
		for s.i < len(s.b) && s.b[s.i] != '"' && s.b[s.i] != '\\' && s.b[s.i] >= ' ' {
			s.i++
		}
		w.Add(s.lines.Text(from, s.i))
		if s.i >= len(s.b) || s.b[s.i] < ' ' {
			return corpus.Text{}, syntaxf(begin, "string is not closed: expected \" on its line")
		}
		if s.is('"') {
			return w.Text(s.lines.At(begin + 1)), nil
		}
		if err := s.escape(&w, `"\/bfnrt`, "\"\\/\b\f\n\r\t"); err != nil {
			return corpus.Text{}, err
		}
	}
}

// escape reads \ and a letter of names, which stands for the byte of values at
// the same place, or u and four, U and eight hex digits.
func (s *scanner) escape(w *corpus.TextBuilder, names, values string) *syntaxError {
	begin := s.i
	at := s.lines.At(begin)
	s.i++
	if s.i >= len(s.b) {
		return syntaxf(begin, "file ends within an escape")
	}
	c := s.b[s.i]
	s.i++
	if k := strings.IndexByte(names, c); k >= 0 {
		w.Escape(values[k:k+1], at)
		return nil
	}
	n := map[byte]int{'u': 4, 'U': 8}[c]
	r, ok := s.hex(n)
	if n == 0 || !ok {
		return syntaxf(begin, "unknown escape \\%c: expected one of %s or u and four hex digits", c, names)
	}
	if utf16.IsSurrogate(r) {
		if low, ok := s.low(); ok {
			r = utf16.DecodeRune(r, low)
		} else {
			r = utf8.RuneError
		}
	}
	w.Escape(string(r), at)
	return nil
}

// hex reads n hex digits.
func (s *scanner) hex(n int) (rune, bool) {
	if n == 0 || s.i+n > len(s.b) {
		return 0, false
	}
	var r rune
	for _, c := range s.b[s.i : s.i+n] {
		d := strings.IndexByte("0123456789abcdef", c|0x20)
		if d < 0 || c < '0' {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	s.i += n
	return r, true
}

// low reads the escape of a low surrogate.
func (s *scanner) low() (rune, bool) {
	from := s.i
	if s.is('\\') && s.is('u') {
		if r, ok := s.hex(4); ok && 0xDC00 <= r && r <= 0xDFFF {
			return r, true
		}
	}
	s.i = from
	return 0, false
}
