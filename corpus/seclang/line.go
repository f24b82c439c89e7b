package seclang

import (
	"bytes"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// MaxLine is the largest joined line in bytes, line ends and backslashes
// included: httpd 2.4 refuses a longer one (VARBUF_MAX_LEN in its
// server/config.c), and it bounds what one line can cost in memory. A longer
// line is skipped with the problem "line-too-long".
const MaxLine = 16 << 20

// A scanner cuts a file into joined lines (httpd's ap_cfg_getline).
type scanner struct {
	data []byte
	off  int // where the next line begins
	line int // its number, 1-based
	// column is where it begins: 1, or behind a byte order mark.
	column int
}

// A line is a joined line without the white space at its ends.
type line struct {
	text
	joined  bool // more than one line of the file
	tooLong bool // longer than MaxLine; text is its beginning, not all of it
	cut     bool // the file ends where a further line was announced
}

// next is the next joined line; false at the file's end.
func (s *scanner) next() (line, bool) {
	if s.off >= len(s.data) {
		return line{}, false
	}
	var (
		l     line
		begin = s.off
		first = corpus.Position{Line: s.line, Column: s.column, Offset: s.off}
		w     joiner
	)
	for {
		here := text{segs: []corpus.Segment{{Pos: corpus.Position{Line: s.line, Column: s.column, Offset: s.off}}}}
		end, ended := len(s.data), false
		if k := bytes.IndexByte(s.data[s.off:], '\n'); k >= 0 {
			end, ended = s.off+k, true
		}
		here.b = s.data[s.off:end:end]
		s.off = end
		if ended {
			s.off++
			s.line++
			s.column = 1
		}
		stop := len(here.b)
		if ended && stop > 0 && here.b[stop-1] == '\r' {
			stop--
		}
		more := stop > 0 && here.b[stop-1] == '\\'
		if more {
			here.b = here.b[:stop-1]
		}
		if s.off-begin > MaxLine {
			l.tooLong = true
		}
		switch {
		case l.tooLong: // keep no more of it
		case !l.joined && !more:
			l.text = here
		default:
			w.add(here, 0, len(here.b))
		}
		if !more {
			break
		}
		l.joined = true
		if s.off >= len(s.data) {
			l.cut = true
			break
		}
	}
	if l.segs == nil {
		l.text = w.text(first)
	}
	l.text = l.text.trim()
	return l, true
}
