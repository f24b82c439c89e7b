package records

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// The codes of the problems this reader reports, beside those of
// corpus/seclang within the preset coraza. The set is closed.
const (
	// CodeSyntax: the file is no YAML, TOML or JSON from the place on. What
	// stands before it in TOML was read.
	CodeSyntax = "syntax"
	// CodeCoarsePlace: a scalar whose bytes could not be found in the file. All
	// of the pattern has the place where it begins.
	CodeCoarsePlace = "coarse-place"
	// CodeNotText: what stands at a path of patterns is no string.
	CodeNotText = "not-text"
	// CodeBadExpression: the operator matches without a string behind it.
	CodeBadExpression = "bad-expression"
	// CodeTooLarge: the file is YAML longer than MaxYAML, with more keys than
	// MaxKeys, or nested deeper than MaxDepth. It was not read.
	CodeTooLarge = "unreadable"
	// CodeTooMany: more values than MaxNodes, patterns than MaxPatterns, or
	// problems than MaxProblems. The rest was not kept.
	CodeTooMany = "too-many"
)

// Limits of one file.
const (
	// MaxPatterns is the largest number of patterns kept.
	MaxPatterns = 1 << 18
	// MaxProblems is the largest number of problems kept.
	MaxProblems = 1000
	// MaxDepth is how deep values may stand in each other; real files stay
	// below 30, and parsers recurse.
	MaxDepth = 500
	// MaxYAML is the largest YAML file in bytes: its parser needs some 500
	// bytes of memory for each; the largest public rule file has 300 KB.
	MaxYAML = 4 << 20
	// MaxKeys is how many keys a YAML file may have: its parser takes time
	// quadratic in the keys of one mapping, two seconds for so many. The
	// largest public rule file has below 10,000.
	MaxKeys = 30_000
	// MaxNodes is how many values are visited, those behind aliases each time:
	// ten aliases of ten aliases, nine times over, are a thousand million.
	MaxNodes = 1 << 20
)

// problem records a problem.
func (r *reading) problem(code string, at corpus.Position, format string, args ...any) {
	r.problems.Add(&corpus.Problem{Code: code, File: r.file, Pos: at, Message: fmt.Sprintf(format, args...), Advisory: code == CodeCoarsePlace})
}
