package seclang_test

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/corpus/seclang"
)

// A reader finds the patterns of a file, with their places: also that of a
// character behind a quote that the file had to escape.
func Example() {
	result := seclang.Reader{}.Read("rules.conf", []byte(`SecRule ARGS "@rx \"(a+)+$" "id:7,phase:2,deny,t:lowercase"`))
	for _, p := range result.Patterns {
		fmt.Println(p.Source.Rule, p.Text, p.Context.Transformations, p.Source.At(1))
	}
	// Output:
	// 7 "(a+)+$ [lowercase] 1:21
}
