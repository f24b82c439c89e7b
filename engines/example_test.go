package engines_test

import (
	"fmt"

	"github.com/nearmiss-dev/nearmiss/engines"
)

// Growth is read off exact counts of steps: a law that holds for all of them,
// not a slope.
func ExampleFit() {
	var samples []engines.Sample
	for n := 1; n <= 12; n++ {
		samples = append(samples, engines.Sample{N: n, Bytes: n, Cost: engines.Cost{Steps: uint64(3*n*n + 5*n + 2)}, State: engines.NoMatch})
	}
	growth, fit, _ := engines.Fit(samples)
	fmt.Println(growth.Class, growth.Exponent, fit)
	n, _ := engines.Extrapolate(samples, 1_000_000)
	fmt.Println(n, "pumps cost a million steps")
	// Output:
	// polynomial 2 differences
	// 577 pumps cost a million steps
}
