package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/internal/campaign"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// TestElsewhere hands a run over, as a campaign does: the unit made of its head
// and policy alone gives the same rows, and one of other versions none.
func TestElsewhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "list.jsonl")
	if err := os.WriteFile(file, []byte("{\"pattern\":\"^(a+)+$\"}\n{\"pattern\":\"ab\"}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"fuzz", file, "--stable", "--steps", "50000", "--compare", "stdlib", "--format", "jsonl", "--progress", "none"}
	run := func(elsewhere campaign.Elsewhere) (string, string, int) {
		var out, errs bytes.Buffer
		code := Main(Command{Args: args, Stdout: &out, Stderr: &errs, Elsewhere: elsewhere})
		return out.String(), errs.String(), code
	}
	want, errs, code := run(nil)
	if code != ExitClean {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	var head report.Run
	var pol policy.Policy
	got, errs, code := run(func(ctx context.Context, j campaign.Job) (bool, error) {
		head, pol = j.Head, j.Unit.Policy
		u, err := Command{}.Unit(j.Head, j.Unit.Policy)
		if err != nil {
			return false, err
		}
		j.Unit = u
		return j.Do(ctx, j.Tasks)
	})
	if code != ExitClean || got != want {
		t.Errorf("elsewhere: exit code %d, %s\n%s\nhere:\n%s", code, errs, got, want)
	}
	head.Versions = map[string]string{"nearmiss": "v0.0.1"}
	if _, err := (Command{}).Unit(head, pol); err == nil || !strings.Contains(err.Error(), "nearmiss v0.0.1, now ") {
		t.Errorf("other versions: %v", err)
	}
	queued, errs, code := run(func(context.Context, campaign.Job) (bool, error) { return false, campaign.ErrQueued })
	if code != ExitClean || strings.Count(queued, "\n") != 1 || errs != "" {
		t.Errorf("queued: exit code %d, %q, %q", code, queued, errs)
	}
	_, errs, code = run(func(context.Context, campaign.Job) (bool, error) { return false, nil })
	if code != ExitUndecided || !strings.Contains(errs, "interrupted after 0 patterns: the campaign keeps what was judged") {
		t.Errorf("interrupted: exit code %d, %q", code, errs)
	}
}
