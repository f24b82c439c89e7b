package report

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
)

// TestDot: the graph has the loops of the pattern, the competing ones heavy,
// and Graphviz reads it, where it is installed, whatever the pattern holds.
func TestDot(t *testing.T) {
	for pattern, want := range map[string][]string{
		`^(a+)+$`:                      {`-> match [label="end"`, `penwidth=3`, `×2`},
		"a\"b\\\\c\xff\n{<|>}(?:x|)*y": {`label="a\"b\\\\`},
		`[^\n]*=`:                      {"style=dashed"},
		`(`:                            {"// no automaton: "},
	} {
		p := corpus.Pattern{Text: pattern, Dialect: corpus.PCRE}
		out := string(Dot{}.Row(gate.Row{Verdict: verdict.Analyze(p, verdict.Options{})}))
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%q lacks %q:\n%s", pattern, w, out)
			}
		}
		if dot, err := exec.LookPath("dot"); err == nil && strings.HasPrefix(out, "digraph") {
			cmd := exec.Command(dot, "-Tsvg")
			cmd.Stdin = strings.NewReader(out)
			if b, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(b), "Error") {
				t.Errorf("%q: %v: %.200s", pattern, err, b)
			}
		}
	}
}
