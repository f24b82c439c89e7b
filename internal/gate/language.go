package gate

import (
	"fmt"
	"strconv"

	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// comparePairs and compareWork bound the comparison of one changed pattern
// (language.Budget): about a quarter of a second, so that a release that
// changes a hundred rules is compared in half a minute.
const (
	comparePairs = 20_000
	compareWork  = 15_000_000
)

// Compare says how the subjects that a pattern matches relate to those of
// another, each read with its own flags. A nil budget gives it the limits of a
// comparison by itself.
func Compare(old, next corpus.Pattern, budget *language.Budget) language.Difference {
	undecided := func(which string, err error) language.Difference {
		return language.Difference{Relation: language.Undecided, Reason: &language.Reason{Message: "the " + which + " pattern does not parse: " + err.Error()}}
	}
	a, err := syntax.Parse(old)
	if err != nil {
		return undecided("old", err)
	}
	b, err := syntax.Parse(next)
	if err != nil {
		return undecided("new", err)
	}
	return language.Compare(a, b, budget)
}

// decidesLanguage reports whether a changed thing can change what matches.
func decidesLanguage(changed string) bool {
	switch changed {
	case ChangedPattern, ChangedFlags, ChangedDialect, ChangedMode:
		return true
	}
	return false
}

// DescribeLanguage says a difference in a sentence, with its shortest
// examples.
func DescribeLanguage(d language.Difference) string {
	gained := func() string { return "newly matched, for example " + strconv.QuoteToASCII(string(d.Gained)) }
	lost := func() string { return "no longer matched, for example " + strconv.QuoteToASCII(string(d.Lost)) }
	switch d.Relation {
	case language.Same:
		return "the same subjects as before"
	case language.Wider:
		return "wider: " + gained()
	case language.Narrower:
		return "narrower: " + lost()
	case language.Other:
		return fmt.Sprintf("other: %s; %s", gained(), lost())
	}
	s := "undecided: " + d.Reason.Message
	if d.Gained != nil {
		s += "; " + gained()
	}
	if d.Lost != nil {
		s += "; " + lost()
	}
	return s
}
