// Package policy holds every threshold by which a verdict is judged: host
// profiles with their flags, engines and limits, the lines between levels,
// the budgets of a run, and the waivers a rule set grants itself.
package policy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/transform"
)

// A Profile is one kind of host that runs patterns: the dialect and flags it
// compiles them with, every engine its installations may run, and the match
// limits those installations set.
type Profile struct {
	Name string
	// Doc says in half a sentence what the host is.
	Doc     string
	Dialect corpus.Dialect
	// Variants are the sets of flags the host adds to a pattern's own; a host
	// whose versions or settings differ has several.
	Variants []corpus.Flags
	// Engines are those its installations may run: growth above linear on any
	// of them counts.
	Engines []string
	// MatchLimits are the limits found in the field, in the engine's own
	// unit, ascending; empty when the host has none.
	MatchLimits []uint64
	// LimitDirective is the directive by which a rule set sets that limit for
	// the patterns of its operators, "" where the host has none; Unheeding is the
	// limit of those installations that read it and do not heed it, 0 where all
	// heed it.
	LimitDirective string
	Unheeding      uint64
	// OptionDirective is the directive by which the files read set the flags that
	// the host adds, "" where the host has none.
	OptionDirective string
	// SelectorFlags are added to regexes among a rule's variables, and
	// SelectorMode, unless empty, is how the host applies those.
	SelectorFlags corpus.Flags
	SelectorMode  corpus.Mode
	// Host is whose transformations the rules' subjects go through; "" where
	// the host has none.
	Host transform.Host
	// Bytes are the sizes of the subjects the host hands over.
	Bytes ByteLimits
}

// Match limits found in the field, in PCRE2's unit.
const (
	limitRecommended = 1_000      // SecPcreMatchLimit of modsecurity.conf-recommended
	limitSnort3      = 1_500      // Snort 3's pcre_match_limit; ModSecurity v2's built-in default is the same
	limitSuricata    = 3_500      // Suricata's pcre.match-limit
	limitCRSImage    = 100_000    // SecPcreMatchLimit of the CRS container images
	limitPHP         = 1_000_000  // pcre.backtrack_limit
	limitPCRE2       = 10_000_000 // PCRE2's own default
)

// A MatchLimit is one limit found in the field, and who sets it.
type MatchLimit struct {
	Limit uint64
	Hosts string
}

// MatchLimits are the limits found in the field, and those that directives set
// for a pattern, ascending.
func MatchLimits(of corpus.Pattern) []MatchLimit {
	all := []MatchLimit{
		{limitRecommended, "modsecurity.conf-recommended"},
		{limitSnort3, "Snort 3, ModSecurity 2 as built"},
		{limitSuricata, "Suricata"},
		{limitCRSImage, "container images of CRS"},
		{limitPHP, "PHP"},
		{limitPCRE2, "PCRE2 as built: nginx, Apache"},
	}
	for _, limit := range of.Context.MatchLimits {
		here := MatchLimit{limit, matchLimitDirective + " here"}
		at, found := slices.BinarySearchFunc(all, limit, func(l MatchLimit, n uint64) int { return cmp.Compare(l.Limit, n) })
		if found {
			all[at].Hosts = here.Hosts + ", " + all[at].Hosts
			continue
		}
		all = slices.Insert(all, at, here)
	}
	return all
}

// Profiles is the table of hosts, in the order documentation uses. Sources:
// the hosts' own compile calls and default configurations.
func Profiles() []Profile {
	return []Profile{
		{
			Name: "modsecurity2", Doc: "ModSecurity 2 in Apache, IIS or nginx", Dialect: corpus.PCRE,
			Variants:      []corpus.Flags{corpus.DotAll | corpus.DollarEndOnly},
			Engines:       []string{"pcre2", "pcre2-jit"},
			SelectorFlags: corpus.Caseless,
			MatchLimits:   []uint64{limitRecommended, limitSnort3, limitCRSImage}, Bytes: webLimits(),
			LimitDirective: matchLimitDirective,
			Host:           transform.ModSecurity2,
		},
		{
			Name: "modsecurity3", Doc: "libmodsecurity 3", Dialect: corpus.PCRE,
			Variants:      []corpus.Flags{corpus.DotAll | corpus.Multiline},
			Engines:       []string{"pcre2-jit+fallback", "pcre2"},
			SelectorFlags: corpus.Caseless, SelectorMode: corpus.Global,
			MatchLimits: []uint64{limitRecommended, limitCRSImage, limitPCRE2}, Bytes: webLimits(),
			LimitDirective: matchLimitDirective, Unheeding: limitPCRE2, // before 3.0.10
			Host: transform.ModSecurity3,
		},
		{
			Name: "coraza", Doc: "Coraza with Go's regexp or RE2", Dialect: corpus.Go,
			Variants: []corpus.Flags{corpus.DotAll | corpus.Multiline, corpus.DotAll},
			Engines:  []string{"stdlib", "re2"}, Bytes: webLimits(),
			Host: transform.Coraza,
		},
		{
			Name: "suricata", Doc: "Suricata's pcre keyword", Dialect: corpus.PCRE,
			Variants: []corpus.Flags{0}, Engines: []string{"pcre2-jit", "pcre2"},
			MatchLimits: []uint64{limitSuricata}, Bytes: plainLimits(),
		},
		{
			Name: "snort3", Doc: "Snort 3's pcre option", Dialect: corpus.PCRE,
			Variants: []corpus.Flags{0}, Engines: []string{"pcre2-jit", "pcre2"},
			MatchLimits: []uint64{limitSnort3}, Bytes: plainLimits(),
		},
		{
			Name: "nginx", Doc: "nginx locations, rewrites and maps", Dialect: corpus.PCRE,
			Variants: []corpus.Flags{0}, Engines: []string{"pcre2", "pcre2-jit"},
			MatchLimits: []uint64{limitPCRE2}, Bytes: headLimits(),
		},
		{
			Name: "apache", Doc: "Apache httpd from 2.4.30 on", Dialect: corpus.PCRE,
			Variants: []corpus.Flags{httpdFlags}, Engines: []string{"pcre2"},
			MatchLimits: []uint64{limitPCRE2}, Bytes: headLimits(), OptionDirective: optionDirective,
		},
		{
			Name: "php", Doc: "PHP's preg functions", Dialect: corpus.PCRE,
			Variants: []corpus.Flags{0}, Engines: []string{"pcre2-jit", "pcre2"},
			MatchLimits: []uint64{limitPHP}, Bytes: plainLimits(),
		},
		{
			Name: "regexp2", Doc: "Go programs using dlclark/regexp2", Dialect: corpus.DotNet,
			Variants: []corpus.Flags{0}, Engines: []string{"regexp2-v1", "regexp2-v2"}, Bytes: plainLimits(),
		},
		{
			Name: "go", Doc: "Go programs using regexp", Dialect: corpus.Go,
			Variants: []corpus.Flags{0}, Engines: []string{"stdlib"}, Bytes: plainLimits(),
		},
	}
}

// ProfileNames are the names of the table, in its order.
func ProfileNames() []string {
	var names []string
	for _, p := range Profiles() {
		names = append(names, p.Name)
	}
	return names
}

// FindProfile is the profile of that name.
func FindProfile(name string) (Profile, bool) {
	for _, p := range Profiles() {
		if p.Name == name {
			return p, true
		}
	}
	return Profile{}, false
}

// DefaultProfiles are the profiles a reader's patterns are judged under when
// neither a policy nor a flag names any: the hosts that read that format. A
// format without a host of its own (a plain list) has none; its patterns are
// judged as they stand.
func DefaultProfiles(reader string) []string {
	switch reader {
	case "seclang":
		return []string{"modsecurity2", "modsecurity3"}
	case "suricata":
		return []string{"suricata", "snort3"}
	case "nginx":
		return []string{"nginx"}
	case "apache":
		return []string{"apache"}
	case "coraza":
		return []string{"coraza"}
	case "gitleaks", "nuclei", "crowdsec":
		return []string{"go"}
	}
	return nil
}

// linearEngines run in time linear in the subject whatever the pattern:
// growth on the reference matcher does not reach them.
var linearEngines = []string{"stdlib", "re2"}

// Backtracks reports whether any host of the named profiles may run the
// pattern on a backtracking engine. Without profiles the answer is yes: the
// reference matcher stands for the unknown host.
func Backtracks(profiles []string) bool {
	if len(profiles) == 0 {
		return true
	}
	for _, name := range profiles {
		p, ok := FindProfile(name)
		if !ok {
			return true
		}
		for _, e := range p.Engines {
			if !slices.Contains(linearEngines, e) {
				return true
			}
		}
	}
	return false
}

// LinearEngine reports whether the named engine is linear by construction.
func LinearEngine(name string) bool { return slices.Contains(linearEngines, name) }

// expandOne sets the byte limit where it is unknown.
func (l ByteLimits) expandOne(p corpus.Pattern) corpus.Pattern {
	if p.Context.ByteLimit == 0 {
		variables := p.Context.Variables
		if p.Context.Role == roleSelector {
			variables = slices.Clone(variables)
			for i, v := range variables {
				variables[i] = strings.TrimLeft(v, "!&") // matched against names, whatever becomes of the values
			}
		}
		p.Context.ByteLimit = l.Of(variables)
	}
	return p
}

// Expand turns one occurrence of a pattern into one pattern for each distinct
// (dialect, flags, mode) that the named profiles compile it with, each naming its
// profiles in Context.Profiles and carrying the byte limit of its variables.
// Unknown names are left out: check them first. Without names the pattern is
// returned as it stands, its byte limit set where it was unknown.
//
// What directives say of the host takes the place of what its profile comes
// with.
func Expand(p corpus.Pattern, profiles []string, host Host) []corpus.Pattern {
	if len(profiles) == 0 {
		return []corpus.Pattern{plainLimits().With(host.Bytes).expandOne(p)}
	}
	var out []corpus.Pattern
	for _, name := range profiles {
		prof, ok := FindProfile(name)
		if !ok {
			continue
		}
		for _, v := range host.flags(prof, p) {
			q := p
			q.Dialect = prof.Dialect
			q.Flags |= v
			if p.Context.Role == roleSelector {
				q.Flags |= prof.SelectorFlags
				if prof.SelectorMode != "" {
					q.Mode = prof.SelectorMode
				}
			}
			q = prof.limits(host.Bytes).expandOne(q)
			q.Context.MatchLimits = host.matchLimits(prof, p)
			q.Context.Profiles = []string{name}
			at := slices.IndexFunc(out, func(o corpus.Pattern) bool { return o.Dialect == q.Dialect && o.Flags == q.Flags && o.Mode == q.Mode })
			if at < 0 {
				out = append(out, q)
				continue
			}
			o := &out[at].Context
			if !slices.Contains(o.Profiles, name) {
				o.Profiles = append(o.Profiles, name)
			}
			o.ByteLimit = max(o.ByteLimit, q.Context.ByteLimit)
			if len(o.MatchLimits) == 0 {
				o.MatchLimits = q.Context.MatchLimits
			}
		}
	}
	for i := range out {
		for j, o := range out {
			if j != i && o.Dialect == out[i].Dialect && o.Mode == out[i].Mode {
				out[i].Context.OtherFlags = append(out[i].Context.OtherFlags, o.Flags)
			}
		}
	}
	return out
}
