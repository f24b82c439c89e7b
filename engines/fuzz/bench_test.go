package fuzz

import (
	"strings"
	"testing"
)

// BenchmarkSearch is a whole search that finds nothing: the default budget.
func BenchmarkSearch(b *testing.B) {
	for _, bench := range []struct{ name, pattern string }{
		{"short", `^(?:ab?)*c`},
		{"long", `^(?:` + strings.Repeat(`foo[0-9]+bar|`, 300) + `x)`},
	} {
		b.Run(bench.name, func(b *testing.B) {
			re, prog := row{pattern: bench.pattern}.compile(b)
			for b.Loop() {
				Search(re, prog, Options{Seed: 1})
			}
		})
	}
}
