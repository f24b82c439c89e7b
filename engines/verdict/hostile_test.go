package verdict

import (
	"runtime"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// maxAllocated is how many bytes one hostile pattern may allocate in all on its
// way to a verdict, garbage included: the worst of them takes 0.8 GB.
const maxAllocated = 2 << 30

// TestHostilePatternsEnd holds that a pattern made to cost a stage its time or
// its memory ends in a verdict that says why.
func TestHostilePatternsEnd(t *testing.T) {
	texts := map[string]string{
		"open groups":     strings.Repeat("(", 1<<20),
		"nested loops":    strings.Repeat("(?:", 200) + "a" + strings.Repeat(")*", 200),
		"large repeat":    "a{1000000000}",
		"repeats":         "(?:(?:(?:a{1000}){1000}){60}){60}b",
		"empty repeats":   "((a{0,65535}){0,65535}){0,65535}x",
		"bytes":           "(a+)+\xff\xfe",
		"word boundaries": strings.Repeat(`\b`, 60_000),
		"anchors":         strings.Repeat("$^", 40_000),
		"alternatives":    strings.Repeat("|", 100_000),
		"calls":           strings.Repeat("((?2)(?2))", 10_000),
		"references":      strings.Repeat("(a*)", 1000) + strings.Repeat(`\1`, 1000),
		"loops":           strings.Repeat("a*", 1500) + "b",
		"optional":        strings.Repeat("a?", 1500) + "b",
		"words":           strings.Repeat(`[\w1]`, 1500),
	}
	for name, text := range texts {
		for _, d := range []corpus.Dialect{corpus.PCRE, corpus.Python} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			v := Analyze(corpus.Pattern{Text: text, Dialect: d}, Options{})
			runtime.ReadMemStats(&after)
			if v.Kind == Unknown && v.Reason == nil || v.Kind == Invalid && v.Reason == nil {
				t.Errorf("%s as %s: %v without a reason", name, d, v.Kind)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > maxAllocated {
				t.Errorf("%s as %s: %d bytes allocated, expected at most %d", name, d, used, maxAllocated)
			} else {
				t.Logf("%s as %s: %v, %d MB", name, d, v.Kind, used>>20)
			}
		}
	}
}
