package seclang

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/readertest"
)

var codes = []string{
	CodeUnterminatedQuote, CodeMissingID, CodeMissingOperator, CodeMissingArgument, CodeExtraArgument,
	CodeUnknownDirective, CodeUnknownOperator, CodeBadOperator, CodeBadAction, CodeUnfinishedChain,
	CodeSwallowedDirective, CodeUnexpectedEnd, CodeNulByte, CodeLineTooLong, CodeTooMany,
}

// check holds a result against the file: no byte of a pattern is made from an
// escape, since what Apache removes is the backslash before it.
func check(t testing.TB, src []byte, res corpus.Result) {
	t.Helper()
	readertest.Check(t, src, res, codes, nil)
	if len(res.Problems) > MaxProblems {
		t.Errorf("%d problems, expected at most %d", len(res.Problems), MaxProblems)
	}
}

// TestGolden: a line "quoting: NAME" in an archive's comment chooses the host.
func TestGolden(t *testing.T) {
	readertest.Golden(t, func(c readertest.Case) corpus.Reader {
		switch {
		case c.Has("quoting: libmodsecurity"):
			return Reader{Quoting: LibModSecurity}
		case c.Has("quoting: coraza"):
			return Reader{Quoting: Coraza}
		}
		return Reader{}
	}, check)
}
