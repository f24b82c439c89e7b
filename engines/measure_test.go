package engines_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/pcre2"
	"github.com/nearmiss-dev/nearmiss/engines/re2"
	"github.com/nearmiss-dev/nearmiss/engines/regexp2"
	"github.com/nearmiss-dev/nearmiss/engines/stdlib"
)

// workerVariable makes the test binary a worker.
const workerVariable = "NEARMISS_TEST_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(workerVariable) != "" {
		w := engines.Worker{
			Engines: []engines.Engine{pcre2.New(), pcre2.NewJIT(), regexp2.NewV1(), regexp2.NewV2(), re2.New(), stdlib.New(),
				bad("hang"), bad("crash"), bad("greedy")},
			Yardstick: stdlib.New(),
			Memory:    256 << 20,
			Exit:      os.Exit,
		}
		if raced {
			w.Memory = 0
		}
		os.Exit(w.Main(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// A bad engine misbehaves as its name says.
type bad string

func (b bad) Name() string                                    { return string(b) }
func (bad) Version() (string, error)                          { return "0", nil }
func (bad) Backtracking() bool                                { return true }
func (b bad) Compile(corpus.Pattern) (engines.Matcher, error) { return b, nil }
func (bad) Close()                                            {}

var sink []byte

func (b bad) Match([]byte, engines.Limits) engines.Outcome {
	switch b {
	case "hang":
		select {}
	case "crash":
		go panic("a bad day")
		select {}
	case "greedy":
		for n := 1 << 20; ; n *= 2 {
			sink = make([]byte, n)
			for i := 0; i < len(sink); i += 4096 {
				sink[i] = 1
			}
		}
	}
	return engines.Outcome{}
}

// commands counts and remembers the workers it makes.
type commands struct{ made []*exec.Cmd }

func (c *commands) make() *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), workerVariable+"=1")
	c.made = append(c.made, cmd)
	return cmd
}

// ended fails the test when a worker is still there.
func (c *commands) ended(t *testing.T) {
	t.Helper()
	for _, cmd := range c.made {
		if cmd.ProcessState == nil {
			t.Errorf("worker %d was left behind", cmd.Process.Pid)
		}
	}
}

func pump(prefix, pump, suffix string) attack.Witness {
	return attack.Witness{Pumps: []attack.Pump{{Prefix: []byte(prefix), Pump: []byte(pump)}}, Suffix: []byte(suffix)}
}

func TestMeasure(t *testing.T) {
	var c commands
	m := engines.Measurer{Command: c.make}
	p := corpus.Pattern{Text: `\s+$`, Dialect: corpus.PCRE}
	for _, r := range m.Measure(context.Background(), p, pump("", " ", "x"), []string{"pcre2", "pcre2-jit", "regexp2-v1"}) {
		t.Logf("%s %s: %s %s %v %s, 1 s at %d bytes, %d samples, calls %v", r.Engine, r.Version, r.Outcome, r.Detail, r.Curve.Growth, r.Curve.Fit, r.Second, len(r.Curve.Samples), r.Calls)
		if r.Outcome == engines.Unavailable {
			continue
		}
		want := map[string]engines.Class{"pcre2": engines.Polynomial, "pcre2-jit": engines.Linear}
		switch {
		case r.Engine == "regexp2-v1":
			if r.Outcome != engines.Unsupported {
				t.Errorf("regexp2-v1 took a PCRE pattern: %q", r.Outcome)
			}
		case r.Outcome == engines.TooNoisy || r.Outcome == engines.TooFast:
			t.Logf("%s: the machine is busy: %q", r.Engine, r.Outcome)
		case r.Outcome != engines.Complete || r.Curve.Growth.Class != want[r.Engine]:
			t.Errorf("%s: %q, growth %v, want class %v", r.Engine, r.Outcome, r.Curve.Growth, want[r.Engine])
		}
	}
	c.ended(t)
}

func TestMeasureExponential(t *testing.T) {
	var c commands
	m := engines.Measurer{Command: c.make}
	p := corpus.Pattern{Text: `^(?:a|aa)*$`, Dialect: corpus.DotNet}
	for _, r := range m.Measure(context.Background(), p, pump("", "a", "!"), []string{"regexp2-v1"}) {
		t.Logf("%s: %q %v %s, %d samples", r.Engine, r.Outcome, r.Curve.Growth, r.Curve.Fit, len(r.Curve.Samples))
		if r.Outcome == engines.Complete && r.Curve.Growth.Class != engines.Exponential {
			t.Errorf("%s: growth %v, want exponential", r.Engine, r.Curve.Growth)
		}
	}
	c.ended(t)
}

func TestMeasureBadWorkers(t *testing.T) {
	for name, want := range map[string]engines.Measured{
		"hang": engines.Killed, "crash": engines.Crashed, "greedy": engines.OutOfMemory, "absent": engines.Unavailable,
	} {
		if raced && name == "greedy" {
			continue // without a ceiling it would take all there is
		}
		var c commands
		m := engines.Measurer{Command: c.make, Ceiling: 3 * time.Second, Runs: 1}
		start := time.Now()
		r := m.Measure(context.Background(), corpus.Pattern{Text: "a"}, pump("", "a", ""), []string{name})[0]
		if name == "greedy" && r.Outcome == engines.Crashed && strings.Contains(r.Detail, "SIGSEGV") {
			t.Log("the C library died of the last mapping that was refused, and did not say so")
			continue
		}
		if r.Outcome != want || len(r.Curve.Samples) > 0 {
			t.Errorf("%s: %q (%s), want %q", name, r.Outcome, r.Detail, want)
		}
		if took := time.Since(start); took > 12*time.Second {
			t.Errorf("%s took %v, the ceiling is three seconds", name, took)
		}
		if want == engines.Crashed && !strings.Contains(r.Detail, "bad day") {
			t.Errorf("crash: %q does not say why", r.Detail)
		}
		c.ended(t)
	}
}

// TestWorkerWithoutParent: a worker in the middle of a match ends when its
// parent is gone.
func TestWorkerWithoutParent(t *testing.T) {
	var c commands
	cmd := c.make()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Write([]byte(`{"Engine":"hang","Runs":1}` + "\n")); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	in.Close()
	done := make(chan error)
	go func() { done <- cmd.Wait() }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		_ = cmd.Process.Kill()
		t.Error("the worker outlives its parent")
	}
}
