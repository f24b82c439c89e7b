package cli

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// TestWorker measures on every engine through the hidden subcommand: each
// gives a curve or a named reason, whatever the dialect, and no worker stays.
func TestWorker(t *testing.T) {
	file, err := exec.LookPath("nearmiss") // the test binary under the command's name
	if err != nil {
		t.Fatal(err)
	}
	m, ok := Command{Executable: file}.measurer()
	if !ok {
		t.Fatal("no measurer")
	}
	var made []*exec.Cmd
	start := m.Command
	m.Command = func() *exec.Cmd {
		made = append(made, start())
		return made[len(made)-1]
	}
	p := corpus.Pattern{Text: `^a+b`, Dialect: corpus.PCRE}
	w := attack.Witness{Pumps: []attack.Pump{{Pump: []byte("a")}}}
	for _, r := range m.Measure(context.Background(), p, w, liveEngineNames()) {
		t.Logf("%s %s: %q %s, %v %s", r.Engine, r.Version, r.Outcome, r.Detail, r.Curve.Growth, r.Curve.Fit)
		if r.Outcome == engines.Unavailable && slices.Contains([]string{"pcre2", "pcre2-jit"}, r.Engine) {
			continue // the library is absent
		}
		if r.Outcome == engines.TooNoisy || r.Outcome == engines.TooFast {
			continue // a busy machine
		}
		if r.Outcome != engines.Complete || r.Curve.Growth.Class != engines.Linear {
			t.Errorf("%s: %q (%s), growth %v, want linear", r.Engine, r.Outcome, r.Detail, r.Curve.Growth)
		}
	}
	if len(made) != len(liveEngineNames()) {
		t.Errorf("%d workers for %d engines", len(made), len(liveEngineNames()))
	}
	for _, cmd := range made {
		if cmd.ProcessState == nil {
			t.Errorf("worker %d was left behind", cmd.Process.Pid)
		}
	}
	if _, ok := (Command{}).measurer(); ok {
		t.Error("a program without a file made a measurer")
	}
}

// TestWorkerArguments: the subcommand is hidden, and takes no argument.
func TestWorkerArguments(t *testing.T) {
	if slices.Contains(names(), workerCommand) {
		t.Errorf("%s is offered to people", workerCommand)
	}
	c := Command{Args: []string{workerCommand, "x"}, Stderr: os.Stderr}
	if code := Main(c); code != ExitUsage {
		t.Errorf("exit %d, want %d", code, ExitUsage)
	}
}
