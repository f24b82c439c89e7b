package analyzer_test

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// The analyzer claims, or proves; it measures nothing. Claims are confirmed by
// engines/verdict.
func ExampleAnalyze() {
	for _, text := range []string{`^a+b+$`, `^.*.*=.*`} {
		re, err := syntax.Parse(corpus.Pattern{Text: text, Dialect: corpus.PCRE})
		if err != nil {
			fmt.Println(err)
			continue
		}
		r := analyzer.Analyze(re)
		if r.Proof != "" {
			fmt.Println(text, "is linear:", r.Proof)
			continue
		}
		c := r.Claims[0]
		fmt.Println(text, "may be", c.Growth.Class, "of exponent", c.Growth.Exponent, "by", c.Cause)
		fmt.Printf("%q\n", c.Witnesses[0].Bytes(5))
	}
	// Output:
	// ^a+b+$ is linear: no EDA and no IDA: the number of runs is bounded
	// ^.*.*=.* may be polynomial of exponent 3 by adjacent
	// "aaaaaa"
}
