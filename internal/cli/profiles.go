package cli

import (
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// profilesTopic is the table of hosts as help shows it.
func profilesTopic() string {
	var b strings.Builder
	b.WriteString("Hosts that run patterns, for --profile and the policy's \"profiles\".\n")
	for _, p := range policy.Profiles() {
		fmt.Fprintf(&b, "\n  %s: %s\n", p.Name, p.Doc)
		fmt.Fprintf(&b, "    dialect %s, flags %s\n", p.Dialect, flagSets(p.Variants))
		fmt.Fprintf(&b, "    engines %s\n", commaList(p.Engines))
		if len(p.MatchLimits) > 0 {
			var limits []string
			for _, l := range p.MatchLimits {
				limits = append(limits, fmt.Sprint(l))
			}
			fmt.Fprintf(&b, "    match limits in the field %s\n", commaList(limits))
		}
	}
	return b.String()
}

// flagSets are the sets of flags that a host compiles patterns with.
func flagSets(sets []corpus.Flags) string {
	var words []string
	for _, f := range sets {
		if f == 0 {
			words = append(words, "none of its own")
		} else {
			words = append(words, f.String())
		}
	}
	return strings.Join(words, " or ")
}
