// Package regexp2 declares what the tests call.
package regexp2

import "time"

type RegexOptions int32

const (
	None       RegexOptions = 0x0
	IgnoreCase RegexOptions = 0x0001
	Multiline  RegexOptions = 0x0002
	Singleline RegexOptions = 0x0010
	ECMAScript RegexOptions = 0x0100
	RE2        RegexOptions = 0x0200
	Unicode    RegexOptions = 0x0400
)

type CompileOption interface{ apply() }

func (RegexOptions) apply() {}

type size int

func (size) apply() {}

func OptionMaxBacktrackingStackSize(n int) CompileOption { return size(n) }

var DefaultMatchTimeout time.Duration

type Regexp struct{ MatchTimeout time.Duration }

func Compile(expr string, options ...CompileOption) (*Regexp, error) { return new(Regexp), nil }
func MustCompile(str string, options ...CompileOption) *Regexp       { return new(Regexp) }
func Escape(s string) string                                         { return s }
func (re *Regexp) MatchString(s string) (bool, error)                { return false, nil }
