package apache

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// The codes of the problems this reader reports. The set is closed.
const (
	// CodeUnterminatedQuote: a quoted word lacks its closing quote. It was read
	// up to the end of the line, as Apache does.
	CodeUnterminatedQuote = "unterminated-quote"
	// CodeUnexpectedEnd: the file ends after a backslash that announces a
	// further line.
	CodeUnexpectedEnd = "unexpected-end"
	// CodeMissingArgument: a directive of patterns without one.
	CodeMissingArgument = "missing-argument"
	// CodeBadSection: a line that begins with < and lacks the > at its end.
	CodeBadSection = "bad-section"
	// CodeBadExpression: what stands behind =~ or !~ is no pattern between
	// delimiters.
	CodeBadExpression = "bad-expression"
	// CodeEmbeddedRules: rules of ModSecurity within the file, which this
	// reader leaves unread: the reader seclang takes them.
	CodeEmbeddedRules = "embedded-rules"
	// CodeNulByte: the file holds a NUL byte, on which Apache drops the rest of
	// the line. The rest was read.
	CodeNulByte = "nul-byte"
	// CodeLineTooLong: a joined line is longer than MaxLine. It was not read.
	CodeLineTooLong = "line-too-long"
	// CodeTooMany: the file has more patterns than MaxPatterns or more
	// problems than MaxProblems. The rest was not kept.
	CodeTooMany = "too-many"
)

// Limits of one file.
const (
	// MaxPatterns is the largest number of patterns kept: a pattern costs some
	// 500 bytes of memory whatever its length; real files have below 10,000.
	MaxPatterns = 1 << 18
	// MaxProblems is the largest number of problems kept; the last one says
	// how many there were.
	MaxProblems = 1000
	// MaxLine is the largest joined line in bytes, line ends and backslashes
	// included: httpd 2.4 refuses a longer one (VARBUF_MAX_LEN in its
	// server/config.c).
	MaxLine = 16 << 20
)

// problem records a problem.
func (r *reading) problem(code string, at corpus.Position, format string, args ...any) {
	r.problems.Add(&corpus.Problem{Code: code, File: r.file, Pos: at, Message: fmt.Sprintf(format, args...)})
}
