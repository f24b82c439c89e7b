package backtrack_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/pcre2"
	"github.com/nearmiss-dev/nearmiss/engines/regexp2"
)

// benchmarks are patterns with inputs on which they are super-linear.
var benchmarks = []struct {
	name, text, flags string
	subject           string
}{
	{"nested", `^(a+)+$`, "", strings.Repeat("a", 20) + "!"},
	{"nested-plain", `^(?:a+)+$`, "", strings.Repeat("a", 22) + "!"},
	{"alternatives", `^(?:a|a)*$`, "", strings.Repeat("a", 18) + "!"},
	{"words", `^(?:ab|ab)*c`, "", strings.Repeat("ab", 17)},
	{"july-2019", `(?:(?:"|'|\]|\}|\\|\d|(?:nan|infinity|true|false|null|undefined|symbol|math)|` + "`" + `|-|\+)+[)]*;?((?:\s|-|~|!|\{\}|\|\||\+)*.*(?:.*=.*)))`, "i", "'x=" + strings.Repeat("x", 400)},
	{"adjacent", `^.*.*=.*`, "", strings.Repeat("x", 3000)},
	{"spaces", `\s+$`, "", strings.Repeat(" ", 3000) + "x"},
	{"counter", `^(?:a?){20}b`, "", strings.Repeat("a", 20)},
	{"lookahead", `(?=.*x)b`, "", strings.Repeat("b", 2000)},
	{"backreference", `(a+)\1c`, "", strings.Repeat("a", 250)},
	{"lazy", `a.*?b.*?c`, "", strings.Repeat("ab", 800)},
	{"classes", `^[\w.-]+[\w.-]+@`, "", strings.Repeat("a.", 1000)},
}

// BenchmarkEngines times the reference beside real engines on the same
// patterns and inputs, in one run: xV1 to xJIT are how many times as long the
// others take (above 1 the reference is faster).
func BenchmarkEngines(b *testing.B) {
	others := []struct {
		unit string
		e    engines.Engine
	}{
		{"xV1", regexp2.NewV1(regexp2.ReadAsDotNet())},
		{"xV2", regexp2.NewV2(regexp2.ReadAsDotNet())},
		{"xPCRE2", pcre2.New()},
		{"xJIT", pcre2.NewJIT()},
	}
	for _, bm := range benchmarks {
		b.Run(bm.name, func(b *testing.B) {
			flags, err := corpus.ParseFlags(bm.flags)
			if err != nil {
				b.Fatal(err)
			}
			p := corpus.Pattern{Text: bm.text, Dialect: corpus.PCRE, Flags: flags}
			re, err := syntax.Parse(p)
			if err != nil {
				b.Fatal(err)
			}
			prog, err := backtrack.Compile(re)
			if err != nil {
				b.Fatal(err)
			}
			subject := []byte(bm.subject)
			r := prog.NewRunner()
			b.ReportAllocs()
			var steps uint64
			for b.Loop() {
				steps = r.Run(subject, backtrack.Options{Steps: 1 << 40}).Steps
			}
			names, runs := []string{""}, []func(){func() { r.Run(subject, backtrack.Options{Steps: 1 << 40}) }}
			for _, o := range others {
				m, err := o.e.Compile(p)
				if err != nil {
					continue
				}
				defer m.Close()
				names = append(names, o.unit)
				runs = append(runs, func() { m.Match(subject, engines.Limits{Steps: 1<<32 - 1, Memory: 1 << 30}) })
			}
			times := least(runs)
			b.ReportMetric(float64(steps)/times[0]*1e3, "Msteps/s")
			for i := 1; i < len(runs); i++ {
				b.ReportMetric(times[i]/times[0], names[i])
			}
		})
	}
}

// least is the shortest of some runs of each in nanoseconds, taken in turn so
// that a busy machine slows all of them.
func least(runs []func()) []float64 {
	best := make([]float64, len(runs))
	for start, k := time.Now(), 0; k < 5 || k < 300 && time.Since(start) < time.Second; k++ {
		for i, run := range runs {
			t := time.Now()
			run()
			if took := float64(time.Since(t)); k == 0 || took < best[i] {
				best[i] = took
			}
		}
	}
	return best
}
