package seclang

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// The codes of the problems this reader reports. The set is closed.
const (
	// CodeUnterminatedQuote: a quoted argument, or a quoted parameter of an
	// action or a target, lacks its closing quote. It was read up to the end
	// of the line, as Apache does.
	CodeUnterminatedQuote = "unterminated-quote"
	// CodeMissingID: a SecRule, SecAction or SecRuleScript that starts no
	// numbered rule. Its patterns are there, with an empty rule name.
	CodeMissingID = "missing-id"
	// CodeMissingOperator: a SecRule with targets and nothing behind them.
	CodeMissingOperator = "missing-operator"
	// CodeMissingArgument: another directive with too few arguments.
	CodeMissingArgument = "missing-argument"
	// CodeExtraArgument: a directive with more arguments than it takes, most
	// often because a quote in the pattern was not escaped. What stands before
	// the surplus argument was read.
	CodeExtraArgument = "extra-argument"
	// CodeUnknownDirective: a directive named Sec… that no engine knows, or a
	// line that begins with no directive at all.
	CodeUnknownDirective = "unknown-directive"
	// CodeUnknownOperator: an operator that no engine knows: whether its
	// argument is a pattern cannot be told.
	CodeUnknownOperator = "unknown-operator"
	// CodeBadOperator: a known operator whose argument cannot be read.
	CodeBadOperator = "bad-operator"
	// CodeBadAction: an action, transformation or phase that no engine knows.
	CodeBadAction = "bad-action"
	// CodeUnfinishedChain: a rule with the action chain has no rule after it.
	CodeUnfinishedChain = "unfinished-chain"
	// CodeSwallowedDirective: a comment that ends in a backslash swallows a
	// directive in Apache, and does not in Coraza. The directive was read, and
	// is judged: the problem is advisory.
	CodeSwallowedDirective = "swallowed-directive"
	// CodeUnexpectedEnd: the file ends after a backslash that announces a
	// further line, or within a section.
	CodeUnexpectedEnd = "unexpected-end"
	// CodeNulByte: the file holds a NUL byte, on which Apache drops the rest of
	// the line. The rest was read.
	CodeNulByte = "nul-byte"
	// CodeLineTooLong: a joined line is longer than MaxLine. It was not read.
	CodeLineTooLong = "line-too-long"
	// CodeTooMany: the file has more patterns than MaxPatterns, more escapes
	// in them than MaxSegments, more problems than MaxProblems, or deeper sections than MaxSections. The rest was not
	// kept.
	CodeTooMany = "too-many"
)

// Limits of one file.
const (
	// MaxPatterns is the largest number of patterns kept: a pattern costs some
	// 500 bytes of memory whatever its length, and the largest public rule sets
	// have below 5,000.
	MaxPatterns = 1 << 18
	// MaxSegments is the largest number of segments kept, of all patterns
	// together: one of 32 bytes for each escape or line break within a
	// pattern. The largest public rule sets have below 100,000.
	MaxSegments = 1 << 22
	// MaxProblems is the largest number of problems kept; the last one says
	// how many there were. Nobody reads more, and a file of garbage would have
	// one a line.
	MaxProblems = 1000
	// MaxSections is the depth of nested sections that is tracked, in sections;
	// real configurations stay below 10.
	MaxSections = 1000
)

// problem records a problem.
func (r *reading) problem(code string, at corpus.Position, format string, args ...any) {
	r.problems.Add(&corpus.Problem{Code: code, File: r.file, Pos: at, Message: fmt.Sprintf(format, args...), Advisory: code == CodeSwallowedDirective})
}

// open records the missing quote of a word, if it is missing.
func (r *reading) open(w word) {
	if w.open {
		r.problem(CodeUnterminatedQuote, w.at, "argument opened with %c is not closed: expected %c before the end of the line", w.quote, w.quote)
	}
}
