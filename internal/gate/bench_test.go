package gate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/incidents"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// BenchmarkGate compares two versions of a file of a thousand rules: one with a
// rule changed, and one that is new, with every incident in it.
func BenchmarkGate(b *testing.B) {
	var rules strings.Builder
	for k := range 1000 {
		fmt.Fprintf(&rules, "%d id%d=[0-9a-f]{8}\\.(?:php|asp)\n", k, k)
	}
	old := rules.String()
	var bad strings.Builder
	for k, i := range incidents.All() {
		if i.Pattern.Dialect == corpus.PCRE {
			fmt.Fprintf(&bad, "%d %s\n", 2000+k, strings.ReplaceAll(i.Pattern.Text, "\n", `\n`))
		}
	}
	for _, row := range []struct {
		name       string
		base, head string
	}{
		{"change=one", old, strings.Replace(old, "id500=", `id500\s*=`, 1)},
		{"change=new", "", old + bad.String()},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c := config(memory{"rules.l": row.base}, memory{"rules.l": row.head})
				c.Analyze, c.Replay, c.Jobs = verdict.Analyze, verdict.Replay, 1
				c.Row, c.Fault = func(Row) error { return nil }, func(*corpus.Problem) error { return nil }
				if _, err := Run(c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
