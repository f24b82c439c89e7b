package policy

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// dialectEngines are the engines that own a dialect, for patterns of which no
// host is known. Java and Ruby have no model: their patterns are judged on the
// reference.
var dialectEngines = map[corpus.Dialect][]string{
	corpus.PCRE:       {"pcre2", "pcre2-jit"},
	corpus.DotNet:     {"regexp2-v1", "regexp2-v2"},
	corpus.Go:         {"stdlib", "re2"},
	corpus.ECMAScript: {"v8"},
	corpus.Python:     {"cpython"},
}

// Targets are the engines that the hosts of a pattern's profiles may run, in
// the order of the profiles, and those hosts' match limits, ascending. Without
// profiles they are the engines of its dialect.
func Targets(p corpus.Pattern) (engines []string, limits []uint64) {
	if len(p.Context.Profiles) == 0 {
		return dialectEngines[p.Dialect], nil
	}
	for _, name := range p.Context.Profiles {
		profile, ok := FindProfile(name)
		if !ok {
			continue
		}
		for _, e := range profile.Engines {
			if !slices.Contains(engines, e) {
				engines = append(engines, e)
			}
		}
		limits = append(limits, profile.MatchLimits...)
	}
	slices.Sort(limits)
	return engines, slices.Compact(limits)
}
