// Package compat declares what the tests call.
package compat

import "github.com/dlclark/regexp2/v2"

type Regexp struct{ re *regexp2.Regexp }

func Compile(expr string, options ...regexp2.CompileOption) (*Regexp, error) {
	return new(Regexp), nil
}
func MustCompile(str string, options ...regexp2.CompileOption) *Regexp { return new(Regexp) }
func Wrap(re *regexp2.Regexp) *Regexp                                  { return &Regexp{re} }
func (re *Regexp) Unwrap() *regexp2.Regexp                             { return re.re }
func (re *Regexp) MatchString(s string) bool                           { return false }
