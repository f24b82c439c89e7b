package nginx

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// The codes of the problems this reader reports. The set is closed.
const (
	// CodeUnterminatedQuote: a quoted word lacks its closing quote. The rest of
	// the file was read as if the quote were part of the word.
	CodeUnterminatedQuote = "unterminated-quote"
	// CodeUnexpectedEnd: the file ends within a directive or a block.
	CodeUnexpectedEnd = "unexpected-end"
	// CodeUnexpectedBrace: a closing brace without a block, or behind words
	// without a semicolon.
	CodeUnexpectedBrace = "unexpected-brace"
	// CodeCutWord: a word without quotes that looks like a pattern and is cut
	// off by an opening brace. Its beginning was read, as nginx does.
	CodeCutWord = "cut-word"
	// CodeMissingArgument: a directive of patterns without one.
	CodeMissingArgument = "missing-argument"
	// CodeEmbeddedRules: rules of ModSecurity within the file, which this
	// reader leaves unread.
	CodeEmbeddedRules = "embedded-rules"
	// CodeNulByte: the file holds a NUL byte. The rest was read.
	CodeNulByte = "nul-byte"
	// CodeTooMany: the file has more patterns than MaxPatterns, more problems
	// than MaxProblems, a directive with more words than MaxWords, or deeper
	// blocks than MaxBlocks. The rest was not kept.
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
	// MaxWords is the largest number of words of one directive that are kept:
	// a word costs some 100 bytes; real directives have below 1,000.
	MaxWords = 1 << 16
	// MaxBlocks is the depth of blocks that is tracked; real files stay below
	// 10.
	MaxBlocks = 1000
)

// problem records a problem.
func (r *reading) problem(code string, at corpus.Position, format string, args ...any) {
	r.problems.Add(&corpus.Problem{Code: code, File: r.file, Pos: at, Message: fmt.Sprintf(format, args...)})
}
