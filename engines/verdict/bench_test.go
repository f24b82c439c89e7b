package verdict

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus/incidents"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// BenchmarkVerdict judges the incidents, from text to verdict.
func BenchmarkVerdict(b *testing.B) {
	b.Run("set=incidents", func(b *testing.B) {
		all := incidents.All()
		b.ReportAllocs()
		for b.Loop() {
			for _, i := range all {
				Analyze(i.Pattern, Options{})
			}
		}
		b.ReportMetric(float64(len(all)*b.N)/b.Elapsed().Seconds(), "patterns/s")
	})
}

// BenchmarkReplay runs the incidents' attacks, each at the smallest size that
// costs 100,000 steps.
func BenchmarkReplay(b *testing.B) {
	b.Run("set=incidents", func(b *testing.B) {
		type attack struct {
			run     *backtrack.Runner
			subject []byte
		}
		var attacks []attack
		var steps uint64
		for _, i := range incidents.All() {
			v := Analyze(i.Pattern, Options{})
			re, err := syntax.Parse(i.Pattern)
			if err != nil {
				b.Fatal(err)
			}
			prog, err := backtrack.Compile(re)
			if err != nil {
				b.Fatal(err)
			}
			a := attack{run: prog.NewRunner()}
			for n := 1; ; n++ {
				a.subject = v.Witnesses[0].Bytes(n)
				if cost := a.run.Run(a.subject, backtrack.Options{}).Steps; cost >= replaySteps || len(a.subject) > defaultInput {
					steps += cost
					break
				}
			}
			attacks = append(attacks, a)
		}
		for b.Loop() {
			for _, a := range attacks {
				a.run.Run(a.subject, backtrack.Options{})
			}
		}
		b.ReportMetric(float64(steps)*float64(b.N)/b.Elapsed().Seconds(), "steps/s")
	})
}
