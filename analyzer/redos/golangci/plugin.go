// Package golangci is the pass as a module plugin of golangci-lint v2. The file
// .custom-gcl.yml beside it builds a golangci-lint that holds the plugin;
// docs/editors.md says how.
package golangci

import (
	"fmt"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/nearmiss-dev/nearmiss/analyzer/redos"
)

// Name is the linter's name in a configuration.
const Name = "nearmiss"

// golangci-lint finds its plugins in a registry that is filled while the
// program starts.
func init() { //nolint:gochecknoinits // the host asks for it
	register.Plugin(Name, New)
}

// New makes the plugin of its settings, which are those of redos.Settings.
func New(settings any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[redos.Settings](settings)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Name, err)
	}
	for _, sink := range s.Sinks {
		if _, err := redos.ParseSink(sink); err != nil {
			return nil, fmt.Errorf("%s: %w", Name, err)
		}
	}
	return plugin{s}, nil
}

type plugin struct{ settings redos.Settings }

func (p plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	return []*analysis.Analyzer{redos.New(&p.settings)}, nil
}

func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
