// Package pcre declares what the tests call.
package pcre

const (
	CASELESS = 0x00000001
	DOTALL   = 0x00000004
)

type Regexp struct{}

func Compile(pattern string, flags int) (Regexp, error)                 { return Regexp{}, nil }
func MustCompile(pattern string, flags int) Regexp                      { return Regexp{} }
func CompileJIT(pattern string, comFlags, jitFlags int) (Regexp, error) { return Regexp{}, nil }
func MustCompileJIT(pattern string, comFlags, jitFlags int) Regexp      { return Regexp{} }
