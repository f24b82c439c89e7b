package policy

import (
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/transform"
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
// the order of the profiles, and those hosts' match limits, ascending, or those
// that directives set for it. Without
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
		limits = append(limits, profile.matchLimits(of)...)
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

// fields are the variables that hold values of HTTP fields, or words of the
// request line, and nothing else.
var fields = []string{
	"REQUEST_HEADERS", "REQUEST_HEADERS_NAMES", "RESPONSE_HEADERS", "RESPONSE_HEADERS_NAMES",
	"REQUEST_LINE", "REQUEST_METHOD", "REQUEST_PROTOCOL",
}

// InField reports whether a pattern is matched against values of HTTP fields
// alone, which hold no line ends and no NUL.
func InField(of corpus.Pattern) bool {
	found := false
	for _, v := range of.Context.Variables {
		name := strings.TrimSpace(v)
		selects := of.Context.Role == roleSelector
		if !selects && (strings.HasPrefix(name, "!") || strings.HasPrefix(name, "&")) {
			continue // takes one away, or counts
		}
		name, _, _ = strings.Cut(strings.TrimLeft(name, "!&"), ":")
		if !slices.Contains(fields, strings.ToUpper(name)) {
			return false
		}
		found = true
	}
	return found
}

// roleSelector is the role of patterns among a rule's variables, which are
// matched against names.
const roleSelector = "selector"

// TransformHosts are the hosts of a pattern's profiles that transform its
// rule's subjects, in the order of the profiles; none where none is known.
func TransformHosts(of corpus.Pattern) []transform.Host {
	var hosts []transform.Host
	for _, name := range of.Context.Profiles {
		if p, ok := FindProfile(name); ok && p.Host != "" {
			hosts = append(hosts, p.Host)
		}
	}
	return hosts
}
