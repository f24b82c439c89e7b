package analyzer_test

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus/incidents"
)

// BenchmarkAnalyze analyses the incidents, from trees to claims with witnesses.
func BenchmarkAnalyze(b *testing.B) {
	b.Run("set=incidents", func(b *testing.B) {
		var trees []*syntax.Regexp
		for _, i := range incidents.All() {
			re, err := syntax.Parse(i.Pattern)
			if err != nil {
				b.Fatal(err)
			}
			trees = append(trees, re)
		}
		b.ReportAllocs()
		for b.Loop() {
			for _, re := range trees {
				analyzer.Analyze(re)
			}
		}
		b.ReportMetric(float64(len(trees)*b.N)/b.Elapsed().Seconds(), "patterns/s")
	})
}
