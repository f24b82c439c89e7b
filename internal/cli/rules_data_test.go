package cli

import (
	"bytes"
	"encoding/json"
	"testing"
)

// TestRuleTrees: in public rule trees every pattern has a verdict, but for those
// that hold a macro and two whose every match is wanted: to prove them linear
// takes more than one threat at a time, and then too many states.
func TestRuleTrees(t *testing.T) {
	open := map[string]bool{"jwt-base64": true, "private-key": true}
	for _, tree := range []string{"crs-v3.3.2", "crs-v4.0.0", "gitleaks", "h5bp-nginx", "h5bp-apache", "crowdsec", "sigma"} {
		t.Run(tree, func(t *testing.T) {
			var out, errs bytes.Buffer
			Main(Command{Args: []string{"lint", "--format", "jsonl", "--stable", data(t, "rules", tree)}, Stdout: &out, Stderr: &errs})
			rows := 0
			for line := range bytes.Lines(out.Bytes()) {
				var row struct {
					Verdict, Rule string
					Reason        *struct{ Code, Message string }
				}
				if err := json.Unmarshal(line, &row); err != nil {
					t.Fatalf("%v: %s", err, line)
				}
				if row.Verdict == "" {
					continue
				}
				rows++
				if row.Verdict == "unknown" && row.Reason.Code != "macro" && !open[row.Rule] {
					t.Errorf("%s: %s: %s", row.Rule, row.Reason.Code, row.Reason.Message)
				}
			}
			if rows == 0 {
				t.Errorf("no pattern read: %s", errs.String())
			}
		})
	}
}
