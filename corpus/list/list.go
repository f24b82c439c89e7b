// Package list reads lists of patterns: a text file with one pattern a line,
// or JSONL with one object a line.
//
// # Text
//
// A line is a pattern, whatever it holds: # begins no comment, and white space
// counts. LF or CRLF ends a line. An empty line is no pattern; it is skipped
// and counted. Bytes need not be UTF-8.
//
// # JSONL
//
// A line is one JSON object (RFC 8259, in UTF-8) of the shape nearmiss writes.
// "pattern" is required; "id" (a string or a number), "dialect", "flags",
// "mode" and "pattern_encoding" are optional, and null is absent. Other keys
// are ignored. With "pattern_encoding":"bytes" each code point U+0000 to
// U+00FF of "pattern" is one byte; the default, "utf-8", takes the text as it
// is. Nothing is replaced: bytes that are no UTF-8 and lone surrogates are
// problems. A blank line, and the "summary" that ends a report, hold no
// pattern and are skipped and counted.
//
// An escape maps to the place of its backslash: every byte it stands for.
package list

import (
	"bytes"
	"io"
	"iter"
	"path/filepath"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Limits of one file.
const (
	// MaxRow is the largest row in bytes: it bounds the memory of a stream, and
	// no engine compiles a pattern near it (PCRE2 stops at 64 Ki code units). A
	// longer row is skipped with the problem "row-too-long".
	MaxRow = 16 << 20
	// MaxDepth is the deepest nesting of an ignored value, in brackets.
	MaxDepth = 1000
	// MaxProblems is the largest number of problems that Read keeps; the last
	// one says how many there were. A stream reports every one.
	MaxProblems = 1 << 16
)

// The codes of the problems this reader reports. The set is closed.
const (
	CodeUnreadable      = "unreadable"       // the input fails
	CodeRowTooLong      = "row-too-long"     // longer than MaxRow
	CodeSyntax          = "syntax"           // the row is no JSON object
	CodeDuplicateKey    = "duplicate-key"    // a key of ours stands twice
	CodeMissingPattern  = "missing-pattern"  // no "pattern"
	CodeMissingDialect  = "missing-dialect"  // neither the row nor Defaults has one
	CodeBadValue        = "bad-value"        // a value of the wrong type, or none of the words expected
	CodeBadFlags        = "bad-flags"        // a letter that is no flag
	CodeInvalidEncoding = "invalid-encoding" // bytes that are no UTF-8, a lone surrogate, a code point above U+00FF among bytes
	CodeTooMany         = "too-many"         // more problems than MaxProblems
)

// A Format is one of the two shapes of a list.
type Format uint8

// The formats.
const (
	ByName Format = iota // Text for a name that ends in .txt, JSONL for any other
	Text
	JSONL
)

// of is the format of a file.
func (f Format) of(file string) Format {
	switch {
	case f != ByName:
		return f
	case strings.EqualFold(filepath.Ext(file), ".txt"):
		return Text
	}
	return JSONL
}

// Defaults are what holds for a row that does not say otherwise.
type Defaults struct {
	Format  Format
	Dialect corpus.Dialect // "": every row has to say its own
	Flags   corpus.Flags
	Mode    corpus.Mode // "": corpus.Search
}

// A Reader reads lists. It is a corpus.Reader, and safe for concurrent use.
type Reader struct{ Defaults Defaults }

var _ corpus.Reader = Reader{}

// Name is "list".
func (Reader) Name() string { return "list" }

// Read returns the patterns of a file in the order of their rows.
func (r Reader) Read(file string, data []byte) corpus.Result {
	var res corpus.Result
	problems := 0
	s := NewStream(bytes.NewReader(data), file, r.Defaults)
	for p, problem := range s.Rows() {
		if problem == nil {
			res.Patterns = append(res.Patterns, p)
			continue
		}
		if problems++; problems <= MaxProblems {
			res.Problems = append(res.Problems, problem)
		}
	}
	if problems > MaxProblems {
		res.Problems[MaxProblems-1] = tooMany(file, problems)
	}
	res.Skipped = s.Skipped()
	return res
}

// Rows reads a list row by row, in memory bounded by MaxRow: each step is a
// pattern, or a problem in its place and the zero Pattern. It can be ranged
// over once.
func Rows(r io.Reader, file string, d Defaults) iter.Seq2[corpus.Pattern, *corpus.Problem] {
	return NewStream(r, file, d).Rows()
}
