package verdict_test

import (
	"errors"
	"fmt"

	"github.com/dlclark/regexp2"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// A program that compiles its users' patterns asks first. Steps bounds the
// work of the check, so that a pattern cannot attack the check itself.
func Example() {
	compile := func(pattern string) (*regexp2.Regexp, error) {
		p := corpus.Pattern{Text: pattern, Dialect: corpus.DotNet}
		v := verdict.Analyze(p, verdict.Options{Steps: 1_000_000, Engines: []string{"regexp2-v1"}})
		if v.Kind != verdict.Linear {
			return nil, errors.New(string(v.Kind) + " matching time: " + pattern)
		}
		return regexp2.Compile(pattern, 0)
	}
	for _, pattern := range []string{`^\w+@\w+\.com$`, `^(\w+\s?)*$`, `(`} {
		_, err := compile(pattern)
		fmt.Println(err)
	}
	// Output:
	// <nil>
	// superlinear matching time: ^(\w+\s?)*$
	// invalid matching time: (
}

func ExampleAnalyze() {
	v := verdict.Analyze(corpus.Pattern{Text: `^(a+)+$`, Dialect: corpus.PCRE}, verdict.Options{Engines: []string{"pcre2"}})
	fmt.Println(v.Kind, v.Growth.Class, v.Cause)
	fmt.Printf("%q\n", v.Witnesses[0].Bytes(5))
	for _, size := range v.Sizes {
		fmt.Println(size.Bytes, "bytes cost", size.Steps, "steps")
	}
	fmt.Println(v.Targets[0].Engine, v.Targets[0].Model)
	// Output:
	// superlinear exponential nested
	// "aaaaaab"
	// 9 bytes cost 1000 steps
	// 15 bytes cost 100000 steps
	// 22 bytes cost 10000000 steps
	// 25 bytes cost 100000000 steps
	// pcre2 superlinear
}
