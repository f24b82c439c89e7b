package syntax

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/incidents"
)

// BenchmarkParse reads the incidents, each in its dialect, and the development
// data's patterns as PCRE.
func BenchmarkParse(b *testing.B) {
	run := func(name string, patterns []corpus.Pattern) {
		b.Run("set="+name, func(b *testing.B) {
			bytes := 0
			for _, p := range patterns {
				bytes += len(p.Text)
			}
			b.SetBytes(int64(bytes))
			b.ReportAllocs()
			for b.Loop() {
				for _, p := range patterns {
					_, _ = parse(p)
				}
			}
			b.ReportMetric(float64(len(patterns)*b.N)/b.Elapsed().Seconds(), "patterns/s")
		})
	}
	var known []corpus.Pattern
	for _, i := range incidents.All() {
		known = append(known, i.Pattern)
	}
	run("incidents", known)
	var rows []corpus.Pattern
	for _, row := range dataRows(b, "benchmarks/corpus.jsonl") {
		rows = append(rows, corpus.Pattern{Text: row.Pattern, Dialect: corpus.PCRE})
	}
	run("corpus", rows)
}
