package verdict

import (
	"context"
	"os/exec"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
)

// TestAsk: each engine reads the pattern in a dialect of its own, and is sent
// what grows on its model, or comes furthest.
func TestAsk(t *testing.T) {
	names := []string{"pcre2", "pcre2-jit", "regexp2-v1", "regexp2-v2", "re2", "stdlib"}
	for _, test := range []struct {
		text    string
		dialect corpus.Dialect
		want    []string // dialect read as, model, attack
	}{
		{`\s+x`, corpus.PCRE, []string{
			` superlinear " " × n + "\x00x"`, ` latent " " × n + "\x00x"`, `dotnet superlinear " " × n`,
			`dotnet latent " " × n`, `go linear " " × n`, `go linear " " × n`,
		}},
		{`^(?:a|aa)*$`, corpus.ECMAScript, []string{
			`pcre superlinear "a" + "a" × n + "b"`, `pcre superlinear "a" + "a" × n + "b"`, ` superlinear "a" + "a" × n + "b"`,
			` superlinear "a" + "a" × n + "b"`, `go linear "a" + "a" × n + "b"`, `go linear "a" + "a" × n + "b"`,
		}},
		{`(?<a>x+x+)+(?&a)y`, corpus.PCRE, []string{
			` superlinear`, ` superlinear`, `dotnet unsupported`, `dotnet unsupported`, `go unsupported`, `go unsupported`,
		}},
	} {
		v := Analyze(corpus.Pattern{Text: test.text, Dialect: test.dialect}, Options{})
		if v.Kind != Superlinear {
			t.Fatalf("%s: %s", test.text, v.Kind)
		}
		for i, l := range v.Ask(names, Options{MatchLimits: []uint64{1000}}) {
			got := string(l.ReadAs) + " " + l.Target.Model
			if len(test.want[i]) > len(got) {
				got += " " + l.Witness.String()
			}
			if got != test.want[i] || l.Engine != names[i] || l.Measured {
				t.Errorf("%s on %s: %s, want %s", test.text, names[i], got, test.want[i])
			}
		}
	}
}

// TestMeasureWithoutWorker: an engine that cannot be started is unavailable,
// and says why.
func TestMeasureWithoutWorker(t *testing.T) {
	v := Analyze(corpus.Pattern{Text: `^(a+)+$`, Dialect: corpus.PCRE}, Options{})
	asked := v.Ask([]string{"pcre2"}, Options{})
	m := engines.Measurer{Command: func() *exec.Cmd { return exec.Command("/nonexistent/nearmiss") }}
	v.Measure(context.Background(), m, asked)
	if l := asked[0]; !l.Measured || l.Outcome != engines.Unavailable || l.Detail == "" || l.Fault != nil {
		t.Errorf("%+v", l)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	asked = v.Ask([]string{"pcre2"}, Options{})
	if v.Measure(gone, m, asked); asked[0].Measured {
		t.Error("measured after the end")
	}
}

// TestFault: a total that is above the model's steps is a fault, one below is
// not.
func TestFault(t *testing.T) {
	p := corpus.Pattern{Text: `\s+$`, Dialect: corpus.PCRE}
	v := Analyze(p, Options{})
	l := v.Ask([]string{"pcre2"}, Options{})[0]
	for _, test := range []struct {
		total uint64
		fault bool
	}{{0, false}, {100, false}, {1_000_000, true}} {
		l.Totals = []uint64{test.total}
		l.Curve.Samples = []engines.Sample{{N: 50, Bytes: 51}}
		f := fault(p, &l)
		if (f != nil) != test.fault || f != nil && (f.Counted != test.total || f.Modelled >= test.total || f.Modelled < 1000 || f.Bytes != 51 || f.ModelVersion != "10.42") {
			t.Errorf("total %d: %+v", test.total, f)
		}
	}
}
