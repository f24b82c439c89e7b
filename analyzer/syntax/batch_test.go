package syntax

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// batch asks another program which patterns it compiles: "ok", or why not.
func batch(t testing.TB, patterns []corpus.Pattern, program string, args ...string) []string {
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%s is not installed: nothing to compare with", program)
	}
	var in bytes.Buffer
	for _, p := range patterns {
		fmt.Fprintf(&in, "%s\t%x\n", p.Flags, p.Text)
	}
	cmd := exec.Command(path, args...)
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("%s does not run: %v", program, err)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(patterns) {
		t.Fatalf("%s answered %d of %d patterns", program, len(lines), len(patterns))
	}
	return lines
}

// patternsFor are the development data's patterns in a dialect, with the
// flags it knows.
func patternsFor(t testing.TB, d *dialect) []corpus.Pattern {
	var out []corpus.Pattern
	seen := map[string]bool{}
	for _, row := range dataRows(t, allLists...) {
		p := corpus.Pattern{ID: row.File + " " + row.ID, Text: row.Pattern, Dialect: d.name, Flags: knownFlags(d, row.Flags)}
		key := p.Text + "\x00" + p.Flags.String()
		if seen[key] || strings.Contains(p.Text, "\uFFFD") {
			continue
		}
		seen[key] = true
		out = append(out, p)
	}
	return out
}

// compare counts how often an engine and Parse agree on accepting.
func compare(t *testing.T, engine string, patterns []corpus.Pattern, answers []string) {
	differ, accepted := 0, 0
	known := map[string]int{}
	for i, p := range patterns {
		_, err := parse(p)
		ok := answers[i] == "ok"
		if ok {
			accepted++
		}
		if ok == (err == nil) {
			continue
		}
		if reason := deviationOf(p, answers[i]); reason != "" {
			known[reason]++
			continue
		}
		if differ++; differ <= 40 {
			t.Logf("%s /%.200q/%v: %s says %.150s; here %v", p.ID, p.Text, p.Flags, engine, answers[i], err)
		}
	}
	t.Logf("%s: %d patterns, %d accepted, %d differ; known deviations %v", engine, len(patterns), accepted, differ, known)
	if differ > 0 {
		t.Errorf("%s: %d patterns differ without a known reason", engine, differ)
	}
}
