// Package coraza declares what the tests call.
package coraza

type WAFConfig interface {
	WithDirectives(directives string) WAFConfig
	WithDirectivesFromFile(path string) WAFConfig
}

func NewWAFConfig() WAFConfig { return nil }
