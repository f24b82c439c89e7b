package list

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Stream reads a list row by row. See Rows.
type Stream struct {
	in       *bufio.Reader
	file     string
	defaults Defaults
	skipped  int
	buf      []byte
	at       corpus.Position // where the next row begins
}

// NewStream returns a stream of the rows of r.
func NewStream(r io.Reader, file string, d Defaults) *Stream {
	if d.Mode == "" {
		d.Mode = corpus.Search
	}
	d.Format = d.Format.of(file)
	return &Stream{in: bufio.NewReaderSize(r, 64<<10), file: file, defaults: d, at: corpus.Position{Line: 1, Column: 1}}
}

// Skipped is the number of rows without a pattern so far: blank lines, and a
// report's summary.
func (s *Stream) Skipped() int { return s.skipped }

// Rows is the function Rows on this stream.
func (s *Stream) Rows() iter.Seq2[corpus.Pattern, *corpus.Problem] {
	return func(yield func(corpus.Pattern, *corpus.Problem) bool) {
		for {
			row, at, err := s.next()
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.Is(err, errTooLong):
				if !yield(corpus.Pattern{}, s.problem(CodeRowTooLong, at, "row of more than %d bytes: expected at most that", MaxRow)) {
					return
				}
				continue
			case err != nil:
				yield(corpus.Pattern{}, s.problem(CodeUnreadable, at, "cannot be read: %v", err))
				return
			}
			p, problem, ok := s.row(row, at)
			if !ok {
				s.skipped++
				continue
			}
			if !yield(p, problem) {
				return
			}
		}
	}
}

var errTooLong = errors.New("row too long")

// next is the next row without its line end, and where it begins. The row is
// valid until the next call.
func (s *Stream) next() ([]byte, corpus.Position, error) {
	at := s.at
	s.buf = s.buf[:0]
	long, n := false, 0
	for {
		part, err := s.in.ReadSlice('\n')
		n += len(part)
		if n > MaxRow+len("\r\n") {
			long = true
		} else {
			s.buf = append(s.buf, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if errors.Is(err, io.EOF) && n > 0 {
			err = nil // the last row, without a line end
		}
		if err != nil {
			return nil, at, err
		}
		break
	}
	s.at = corpus.Position{Line: at.Line + 1, Column: 1, Offset: at.Offset + n}
	if long {
		return nil, at, errTooLong
	}
	row, ended := bytes.CutSuffix(s.buf, []byte("\n"))
	if ended {
		row = bytes.TrimSuffix(row, []byte("\r"))
	}
	if at.Offset == 0 {
		if rest, ok := bytes.CutPrefix(row, []byte("\xef\xbb\xbf")); ok { // a byte order mark
			row, at.Column, at.Offset = rest, 4, 3
		}
	}
	return row, at, nil
}

// row reads one row; false for one that holds no pattern.
func (s *Stream) row(row []byte, at corpus.Position) (corpus.Pattern, *corpus.Problem, bool) {
	if s.defaults.Format == JSONL {
		if len(bytes.TrimLeft(row, " \t\r")) == 0 {
			return corpus.Pattern{}, nil, false
		}
		return s.object(row, at)
	}
	if len(row) == 0 {
		return corpus.Pattern{}, nil, false
	}
	if s.defaults.Dialect == "" {
		return corpus.Pattern{}, s.missingDialect(at), true
	}
	return corpus.Pattern{
		Text: string(row), Dialect: s.defaults.Dialect, Flags: s.defaults.Flags, Mode: s.defaults.Mode,
		Source: corpus.NewSource(s.file, "", []corpus.Segment{{Pos: at}}),
	}, nil, true
}

func (s *Stream) missingDialect(at corpus.Position) *corpus.Problem {
	return s.problem(CodeMissingDialect, at, "pattern without a dialect: expected one in the row or as a default, of %v", corpus.Dialects)
}

func (s *Stream) problem(code string, at corpus.Position, format string, args ...any) *corpus.Problem {
	return &corpus.Problem{Code: code, File: s.file, Pos: at, Message: fmt.Sprintf(format, args...)}
}

func tooMany(file string, n int) *corpus.Problem {
	return &corpus.Problem{Code: CodeTooMany, File: file,
		Message: fmt.Sprintf("more problems than are listed: %d in all, expected none", n)}
}
