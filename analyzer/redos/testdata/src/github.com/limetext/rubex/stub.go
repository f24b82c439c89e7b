// Package rubex declares what the tests call.
package rubex

const (
	ONIG_OPTION_IGNORECASE = 1
	ONIG_OPTION_MULTILINE  = 4
)

type Regexp struct{}

func NewRegexp(pattern string, option int) (*Regexp, error)      { return nil, nil }
func NewRegexpASCII(pattern string, option int) (*Regexp, error) { return nil, nil }
func Compile(str string) (*Regexp, error)                        { return nil, nil }
func MustCompile(str string) *Regexp                             { return nil }
func MustCompileASCII(str string) *Regexp                        { return nil }
func CompileWithOption(str string, option int) (*Regexp, error)  { return nil, nil }
func MustCompileWithOption(str string, option int) *Regexp       { return nil }
func MatchString(pattern, s string) (bool, error)                { return false, nil }
func QuoteMeta(s string) string                                  { return s }
