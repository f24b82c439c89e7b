// Package pcre declares what the tests call.
package pcre

type CompileOption uint32

const (
	Anchored = CompileOption(0x80000000)
	Caseless = CompileOption(0x00000008)
	DotAll   = CompileOption(0x00000020)
)

type Regexp struct{}

func Compile(pattern string) (*Regexp, error)                            { return new(Regexp), nil }
func CompileOpts(pattern string, options CompileOption) (*Regexp, error) { return new(Regexp), nil }
func MustCompile(pattern string) *Regexp                                 { return new(Regexp) }
func MustCompileOpts(pattern string, options CompileOption) *Regexp      { return new(Regexp) }
