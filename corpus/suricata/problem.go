package suricata

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// The codes of the problems this reader reports. The set is closed.
const (
	// CodeUnknownLine: a line that is no rule, comment or directive.
	CodeUnknownLine = "unknown-line"
	// CodeUnfinishedRule: the closing parenthesis of a rule is missing, or the
	// semicolon of its last option. The options before were read.
	CodeUnfinishedRule = "unfinished-rule"
	// CodeMissingID: a rule with a pattern and without a numeric sid. Its
	// patterns are there, with an empty rule name.
	CodeMissingID = "missing-id"
	// CodeUnterminatedQuote: an option's value lacks its closing quote. It was
	// read up to the semicolon.
	CodeUnterminatedQuote = "unterminated-quote"
	// CodeBadPattern: a pcre option without delimiters. It was not read.
	CodeBadPattern = "bad-pattern"
	// CodeBadFlag: a letter behind a pattern that no host knows. The pattern
	// was read without it.
	CodeBadFlag = "bad-flag"
	// CodeIgnoredText: text before the first delimiter of a pattern, which
	// Suricata drops. The pattern was read as Suricata does.
	CodeIgnoredText = "ignored-text"
	// CodeSwallowedDirective: a comment between /* and */, which Snort 3 knows and
	// Suricata does not, holds a rule. The rule was read: the problem is advisory.
	CodeSwallowedDirective = "swallowed-directive"
	// CodeUnexpectedEnd: a comment is not closed. What stands in it was read.
	CodeUnexpectedEnd = "unexpected-end"
	// CodeNulByte: the file holds a NUL byte, at which the hosts stop reading
	// the line. The rest was read.
	CodeNulByte = "nul-byte"
	// CodeTooMany: the file has more patterns than MaxPatterns or more
	// problems than MaxProblems. The rest was not kept.
	CodeTooMany = "too-many"
)

// Limits of one file.
const (
	// MaxPatterns is the largest number of patterns kept: a pattern costs some
	// 500 bytes of memory whatever its length, and the largest public rule sets
	// have below 50,000.
	MaxPatterns = 1 << 18
	// MaxProblems is the largest number of problems kept; the last one says
	// how many there were.
	MaxProblems = 1000
)

// problem records a problem.
func (r *reading) problem(code string, at corpus.Position, format string, args ...any) {
	r.problems.Add(&corpus.Problem{Code: code, File: r.file, Pos: at, Message: fmt.Sprintf(format, args...), Advisory: code == CodeIgnoredText || code == CodeSwallowedDirective})
}
