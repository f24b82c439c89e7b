package cli

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// TestSharedSchema: rows that other patterns' attacks changed, and heads of such
// runs, are as the schema has them.
func TestSharedSchema(t *testing.T) {
	v := verdict.Analyze(corpus.Pattern{Text: `^(a|a)*b`, Dialect: corpus.PCRE, Mode: corpus.Search}, verdict.Options{})
	for _, s := range []*gate.Shared{
		nil,
		{Attacks: []gate.SharedAttack{{Seq: 3, Witness: v.Witnesses[0]}}},
		{Reason: &verdict.Reason{Code: gate.ReasonInternal, Offset: -1, Message: "set aside"}},
	} {
		for _, hide := range []bool{false, true} {
			line := report.JSONL{Stable: true}.Row(gate.Row{Verdict: v, Seq: 7, Shared: s, Hide: hide, Level: "note"})
			if err := checkRows("../../docs/schema.json", line); err != nil {
				t.Error(err)
			}
		}
	}
	if err := checkRows("../../docs/schema.json", report.Run{Command: "fuzz", Share: true, Versions: versions()}.Line()); err != nil {
		t.Error(err)
	}
}
