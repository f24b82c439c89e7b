package cli

import (
	"bufio"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// mute is a format that has lost its rows.
type mute struct{ report.JSONL }

func (mute) Row(gate.Row) []byte    { return nil }
func (f mute) Fresh() report.Format { return f }

// One output that would not show a rejected rule is enough to miss the canary.
func TestCanaryInReport(t *testing.T) {
	r := gate.Row{
		Verdict:   verdict.Verdict{Kind: verdict.Superlinear, Pattern: corpus.Pattern{Source: corpus.Source{File: "canary.conf", Rule: "1"}}},
		Judgement: &gate.Judgement{Decision: gate.Reject},
	}
	to := func(f report.Format) sink { return sink{format: f, out: bufio.NewWriter(io.Discard)} }
	good := sinks{to(report.JSONL{Style: report.Gate}), to(&report.Text{Style: report.Gate}), to(&report.Text{Style: report.Gate, Colour: true})}
	if !good.shows(r) {
		t.Error("a rejected row is not seen")
	}
	if append(good, to(mute{})).shows(r) {
		t.Error("a format without rows passes")
	}
	if (sinks{}).shows(r) {
		t.Error("no output at all passes")
	}
	r.Judgement.Decision = gate.Accept
	if good.shows(r) {
		t.Error("an accepted canary passes")
	}
}

func TestColour(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for _, c := range []Command{
		{Stdout: &strings.Builder{}}, {Stdout: f}, {Stdout: os.Stderr, Env: []string{"NO_COLOR=1"}}, {Stdout: os.Stderr, Env: []string{"TERM=dumb"}},
	} {
		if c.colour() {
			t.Errorf("%+v: colour", c)
		}
	}
}

// No argument list at all makes the command panic or leave its exit codes.
func FuzzArgs(f *testing.F) {
	for _, s := range []string{"explain\na", "lint\n--nope", "gate\na..b", "help\nlint", "explain\n--flags\nis\n(a", "gate\n--base\n-x", "lint\n--format\njsonl=", "explain\n--profile\nphp,coraza\na|b"} {
		f.Add(s)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, s string) {
		args := strings.Split(s, "\n")
		for i, a := range args {
			// Writing files and walking the machine are not what is tested.
			if strings.Contains(a, "=") || i > 0 && !strings.HasPrefix(a, "-") && args[0] != "explain" {
				args[i] = dir
			}
		}
		code := Main(Command{
			Args: args, Stdin: strings.NewReader(s), Stdout: io.Discard, Stderr: io.Discard,
			Analyze: func(p corpus.Pattern, _ verdict.Options) verdict.Verdict {
				return verdict.Verdict{Pattern: p, Kind: verdict.Linear}
			},
		})
		if code < ExitClean || code > ExitFault {
			t.Errorf("%q: exit %d", args, code)
		}
	})
}
