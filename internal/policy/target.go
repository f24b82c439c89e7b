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

// EngineNames are the engines that profiles and dialects name.
func EngineNames() []string {
	var names []string
	for _, p := range Profiles() {
		names = append(names, p.Engines...)
	}
	for _, d := range corpus.Dialects {
		names = append(names, dialectEngines[d]...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Targets are the engines that the hosts of a pattern's profiles may run, in
// the order of the profiles, and those hosts' match limits, ascending. Without
// profiles they are the engines of its dialect. The policy's own engines take
// their place.
func (p Policy) Targets(of corpus.Pattern) (engines []string, limits []uint64) {
	for _, name := range of.Context.Profiles {
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
	limits = slices.Compact(limits)
	switch {
	case len(p.Engines) > 0:
		engines = p.Engines
	case len(of.Context.Profiles) == 0:
		engines = dialectEngines[of.Dialect]
	}
	return engines, limits
}
