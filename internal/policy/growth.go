package policy

import (
	"github.com/nearmiss-dev/nearmiss/engines"
)

// A Growth names a class of growth, up to which a policy may allow.
type Growth string

// growths are the classes that can be named, by exponent. Exponential growth
// is none: a few more bytes pass every budget.
var growths = []Growth{"linear", "quadratic", "cubic"}

func growthWords() []string {
	var words []string
	for _, g := range growths {
		words = append(words, string(g))
	}
	return words
}

// Allows reports whether growth is no larger.
func (g Growth) Allows(of engines.Growth) bool {
	for i, w := range growths {
		if g == w {
			return of.Class == engines.Linear || of.Class == engines.Polynomial && of.Exponent <= i+1
		}
	}
	return false
}
