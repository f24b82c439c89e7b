package syntax

import (
	"regexp/syntax"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
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

func TestECMAScriptAgreesWithV8(t *testing.T) {
	patterns := patternsFor(t, &ecmascript)
	for _, p := range patterns {
		if p.Flags.Has(corpus.Unicode) {
			p.Flags &^= corpus.Unicode
		} else {
			p.Flags |= corpus.Unicode
		}
		patterns = append(patterns, p)
		p.Flags = p.Flags&^corpus.Unicode | corpus.UnicodeSets
		patterns = append(patterns, p)
	}
	compare(t, "V8", patterns, batch(t, patterns, "node", "testdata/compile.js"))
}

func TestPythonAgreesWithCPython(t *testing.T) {
	patterns := patternsFor(t, &python)
	compare(t, "CPython", patterns, batch(t, patterns, "python3", "testdata/compile.py"))
}

func TestJavaAgreesWithJava(t *testing.T) {
	patterns := patternsFor(t, &java)
	compare(t, "Java", patterns, batch(t, patterns, "java", "testdata/Compile.java"))
}

func TestRubyAgreesWithOnigmo(t *testing.T) {
	patterns := patternsFor(t, &ruby)
	compare(t, "Onigmo", patterns, batch(t, patterns, "ruby", "testdata/compile.rb"))
}
