package list

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A fault is where a row stops being what it should be.
type fault struct {
	code string
	at   int // offset in the row
	msg  string
}

func faultf(code string, at int, format string, args ...any) *fault {
	return &fault{code: code, at: at, msg: fmt.Sprintf(format, args...)}
}

// A scanner reads JSON from one row: encoding/json keeps no places and
// replaces what is no UTF-8.
type scanner struct {
	b []byte
	i int
}

// space skips white space.
func (s *scanner) space() {
	for s.i < len(s.b) && (s.b[s.i] == ' ' || s.b[s.i] == '\t' || s.b[s.i] == '\r') {
		s.i++
	}
}

// found says what stands at the scanner's offset.
func (s *scanner) found() string {
	if s.i >= len(s.b) {
		return "the row ends"
	}
	r, n := utf8.DecodeRune(s.b[s.i:])
	if r == utf8.RuneError && n <= 1 {
		return fmt.Sprintf("found byte 0x%02x", s.b[s.i])
	}
	return fmt.Sprintf("found %q", r)
}

// expect skips white space and then the byte c.
func (s *scanner) expect(c byte, what string) *fault {
	s.space()
	if s.i >= len(s.b) || s.b[s.i] != c {
		return faultf(CodeSyntax, s.i, "%s: expected %s", s.found(), what)
	}
	s.i++
	return nil
}

// A str is a JSON string: its text, and the segments that map the text to
// offsets in the row.
type str struct {
	text []byte
	segs []segment
}

// A segment says that from text offset text on, bytes stand at row offset row.
type segment struct{ text, row int }

// next begins a segment if the text does not go on where the last one leads.
func (v *str) next(row int) {
	n := len(v.text)
	if k := len(v.segs); k > 0 {
		if last := v.segs[k-1]; last.row+n-last.text == row {
			return
		}
	}
	v.segs = append(v.segs, segment{n, row})
}

// add appends a code point whose source of width bytes begins at row.
func (v *str) add(r rune, row, width int, bytes bool) *fault {
	if !bytes {
		n := utf8.RuneLen(r)
		if width == n {
			v.next(row)
			v.text = utf8.AppendRune(v.text, r)
			return nil
		}
		var b [utf8.UTFMax]byte
		utf8.EncodeRune(b[:], r)
		for _, c := range b[:n] {
			v.next(row)
			v.text = append(v.text, c)
		}
		return nil
	}
	if r > 0xff {
		return faultf(CodeInvalidEncoding, row, "code point U+%04X in a pattern of bytes: expected at most U+00FF", r)
	}
	v.next(row)
	v.text = append(v.text, byte(r))
	return nil
}

// str reads a string. With bytes set, a code point stands for one byte.
func (s *scanner) str(bytes bool) (v str, f *fault) {
	if f := s.expect('"', `"`); f != nil {
		return v, f
	}
	v.segs = []segment{{0, s.i}}
	for {
		if s.i >= len(s.b) {
			return v, faultf(CodeSyntax, s.i, "the row ends within a string: expected \"")
		}
		c := s.b[s.i]
		switch {
		case c == '"':
			s.i++
			return v, nil
		case c == '\\':
			at := s.i
			r, f := s.escape()
			if f != nil {
				return v, f
			}
			if f := v.add(r, at, s.i-at, bytes); f != nil {
				return v, f
			}
		case c < 0x20:
			return v, faultf(CodeSyntax, s.i, "found byte 0x%02x within a string: expected an escape for it", c)
		case c < utf8.RuneSelf:
			v.next(s.i)
			v.text = append(v.text, c)
			s.i++
		default:
			r, n := utf8.DecodeRune(s.b[s.i:])
			if r == utf8.RuneError && n == 1 {
				return v, faultf(CodeInvalidEncoding, s.i, "found byte 0x%02x: expected UTF-8", c)
			}
			if f := v.add(r, s.i, n, bytes); f != nil {
				return v, f
			}
			s.i += n
		}
	}
}

// escape reads an escape, or two that are a surrogate pair.
func (s *scanner) escape() (rune, *fault) {
	at := s.i
	s.i++
	if s.i >= len(s.b) {
		return 0, faultf(CodeSyntax, at, "the row ends within an escape: expected one of \"\\/bfnrtu")
	}
	c := s.b[s.i]
	s.i++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		r, f := s.hex(at)
		if f != nil || !utf16.IsSurrogate(r) {
			return r, f
		}
		if r < 0xdc00 && s.i+1 < len(s.b) && s.b[s.i] == '\\' && s.b[s.i+1] == 'u' {
			s.i += 2
			low, f := s.hex(s.i - 2)
			if f != nil {
				return 0, f
			}
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, nil
			}
		}
		return 0, faultf(CodeInvalidEncoding, at, "lone surrogate \\u%04x: expected a pair", r)
	}
	return 0, faultf(CodeSyntax, at, "escape \\%c: expected one of \"\\/bfnrtu", c)
}

// hex reads the four digits of the escape at at.
func (s *scanner) hex(at int) (rune, *fault) {
	var r rune
	for range 4 {
		if s.i >= len(s.b) {
			return 0, faultf(CodeSyntax, at, "the row ends within an escape: expected four hexadecimal digits after \\u")
		}
		c := s.b[s.i]
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, faultf(CodeSyntax, at, "%s in an escape \\u: expected four hexadecimal digits", s.found())
		}
		r = r<<4 | rune(c)
		s.i++
	}
	return r, nil
}

// scalar reads a value that is no string, object or array.
func (s *scanner) scalar() (string, *fault) {
	from := s.i
	for s.i < len(s.b) {
		switch c := s.b[s.i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '+', c == '-', c == '.':
			s.i++
			continue
		}
		break
	}
	w := string(s.b[from:s.i])
	if w != "null" && w != "true" && w != "false" && !isNumber(w) {
		if w == "" {
			return "", faultf(CodeSyntax, from, "%s: expected a value", s.found())
		}
		return "", faultf(CodeSyntax, from, "found %.20q: expected a value", w)
	}
	return w, nil
}

// isNumber reports whether w is a JSON number.
func isNumber(w string) bool {
	digits := func() bool {
		n := 0
		for n < len(w) && '0' <= w[n] && w[n] <= '9' {
			n++
		}
		w = w[n:]
		return n > 0
	}
	if w != "" && w[0] == '-' {
		w = w[1:]
	}
	if w == "" || len(w) > 1 && w[0] == '0' && '0' <= w[1] && w[1] <= '9' || !digits() {
		return false
	}
	if w != "" && w[0] == '.' {
		if w = w[1:]; !digits() {
			return false
		}
	}
	if w != "" && w[0]|0x20 == 'e' {
		if w = w[1:]; w != "" && (w[0] == '+' || w[0] == '-') {
			w = w[1:]
		}
		return digits() && w == ""
	}
	return w == ""
}

// skip reads any value and forgets it.
func (s *scanner) skip() *fault {
	var open []byte // the brackets that have to be closed
	for {
		// a value, or the end of an empty object or array
		s.space()
		if s.i >= len(s.b) {
			return faultf(CodeSyntax, s.i, "the row ends: expected a value")
		}
		from := s.i
		switch s.b[s.i] {
		case '{', '[':
			if len(open) >= MaxDepth {
				return faultf(CodeSyntax, s.i, "more than %d brackets within each other: expected fewer", MaxDepth)
			}
			closing := s.b[s.i] + 2 // in ASCII both brackets are two apart
			s.i++
			s.space()
			if s.i < len(s.b) && s.b[s.i] == closing {
				s.i++
				break
			}
			open = append(open, closing)
			if closing == '}' {
				if f := s.key(); f != nil {
					return f
				}
			}
			continue
		case '"':
			if _, f := s.str(false); f != nil && f.code == CodeSyntax {
				return f
			} else if f != nil { // the value is ignored, and so is what it holds
				s.i = from
				s.skipString()
			}
		default:
			if _, f := s.scalar(); f != nil {
				return f
			}
		}
		// after a value
		for {
			if len(open) == 0 {
				return nil
			}
			s.space()
			closing := open[len(open)-1]
			if s.i < len(s.b) && s.b[s.i] == closing {
				s.i++
				open = open[:len(open)-1]
				continue
			}
			if f := s.expect(',', fmt.Sprintf(", or %c", closing)); f != nil {
				return f
			}
			if closing == '}' {
				if f := s.key(); f != nil {
					return f
				}
			}
			break
		}
	}
}

// key skips a key and its colon.
func (s *scanner) key() *fault {
	if f := s.expect('"', "a key"); f != nil {
		return f
	}
	s.i--
	from := s.i
	if _, f := s.str(false); f != nil && f.code == CodeSyntax {
		return f
	} else if f != nil {
		s.i = from
		s.skipString()
	}
	return s.expect(':', ":")
}

// skipString moves to the end of the string at the scanner's offset.
func (s *scanner) skipString() {
	for s.i++; s.i < len(s.b) && s.b[s.i] != '"'; s.i++ {
		if s.b[s.i] == '\\' {
			s.i++
		}
	}
	s.i = min(s.i+1, len(s.b))
}

// segments are v's as places in the file, for a row that begins at at.
func (v str) segments(at corpus.Position) []corpus.Segment {
	segs := make([]corpus.Segment, len(v.segs))
	for i, s := range v.segs {
		segs[i] = corpus.Segment{Offset: s.text, Pos: advance(at, s.row)}
	}
	return segs
}

// advance is the place n bytes further on the same line.
func advance(p corpus.Position, n int) corpus.Position {
	return corpus.Position{Line: p.Line, Column: p.Column + n, Offset: p.Offset + n}
}
