package syntax

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// BenchmarkParse reads the development data's patterns as PCRE.
func BenchmarkParse(b *testing.B) {
	rows := dataRows(b, "benchmarks/corpus.jsonl")
	bytes := 0
	for _, row := range rows {
		bytes += len(row.Pattern)
	}
	b.SetBytes(int64(bytes))
	for b.Loop() {
		for _, row := range rows {
			_, _ = parse(corpus.Pattern{Text: row.Pattern, Dialect: corpus.PCRE})
		}
	}
	b.ReportMetric(float64(len(rows)*b.N)/b.Elapsed().Seconds(), "patterns/s")
}
