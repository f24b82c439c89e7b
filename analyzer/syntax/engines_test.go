package syntax

import (
	"regexp/syntax"
	"testing"
)

func TestGoAgreesWithRegexpSyntax(t *testing.T) {
	patterns := patternsFor(t, &goDialect)
	answers := make([]string, len(patterns))
	for i, p := range patterns {
		flags := syntax.Perl
		for f, o := range map[string]syntax.Flags{"i": syntax.FoldCase, "s": syntax.DotNL, "U": syntax.NonGreedy} {
			if goFlag(p.Flags.String(), f) {
				flags |= o
			}
		}
		if goFlag(p.Flags.String(), "m") {
			flags &^= syntax.OneLine
		}
		answers[i] = "ok"
		if _, err := syntax.Parse(p.Text, flags); err != nil {
			answers[i] = err.Error()
		}
	}
	compare(t, "regexp/syntax", patterns, answers)
}

func goFlag(letters, letter string) bool {
	for _, c := range letters {
		if string(c) == letter {
			return true
		}
	}
	return false
}

func TestPythonAgreesWithCPython(t *testing.T) {
	patterns := patternsFor(t, &python)
	compare(t, "CPython", patterns, batch(t, patterns, "python3", "testdata/compile.py"))
}
