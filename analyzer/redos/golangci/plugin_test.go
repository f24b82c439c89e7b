package golangci

import (
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/nearmiss-dev/nearmiss/analyzer/redos"
)

func TestPlugin(t *testing.T) {
	build, err := register.GetPlugin(Name)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name     string
		settings any
		want     string // the error
	}{
		{name: "none"},
		{name: "all", settings: map[string]any{"notes": true, "linear-engines": true, "tests": true, "sinks": []any{"example.com/re.Compile,arg=0"}}},
		{name: "unknown", settings: map[string]any{"note": true}, want: `nearmiss: decoding settings: json: unknown field "note"`},
		{name: "sink", settings: map[string]any{"sinks": []any{"x"}}, want: `nearmiss: sink "x": expected IMPORTPATH.Function, then key=value pairs after commas`},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := build(test.settings)
			if test.want != "" {
				if err == nil || err.Error() != test.want {
					t.Fatalf("error %v, want %s", err, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			as, err := p.BuildAnalyzers()
			if err != nil || len(as) != 1 || as[0].Name != redos.Analyzer.Name || p.GetLoadMode() != register.LoadModeTypesInfo {
				t.Fatalf("analyzers %v (%v), mode %q", as, err, p.GetLoadMode())
			}
			if err := analysis.Validate(as); err != nil {
				t.Error(err)
			}
		})
	}
}
