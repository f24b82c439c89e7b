package gate

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// The words of a row's "changed", in their order.
const (
	ChangedPattern         = "pattern"
	ChangedFlags           = "flags"
	ChangedDialect         = "dialect"
	ChangedMode            = "mode"
	ChangedNegation        = "negation"
	ChangedVariables       = "variables"
	ChangedTransformations = "transformations"
	ChangedLimits          = "limits"
	ChangedProfiles        = "profiles"
)

// changes says what differs between two rows, of base and of head, as far as
// it can change what a pattern costs or what reaches it. Dropping
// t:compressWhitespace exposes a pattern whose text stayed the same. from and
// to are the occurrences the rows belong to.
func changes(base, head corpus.Pattern, from, to *occurrence) []string {
	out := []string{}
	add := func(differs bool, word string) {
		if differs {
			out = append(out, word)
		}
	}
	b, h := base.Context, head.Context
	add(base.Text != head.Text || b.Macro != h.Macro, ChangedPattern)
	add(base.Flags != head.Flags, ChangedFlags)
	add(base.Dialect != head.Dialect, ChangedDialect)
	add(mode(base) != mode(head), ChangedMode)
	add(b.Negated != h.Negated, ChangedNegation)
	add(!slices.Equal(b.Variables, h.Variables) || from.targets != to.targets, ChangedVariables)
	add(!slices.Equal(b.Transformations, h.Transformations) || b.MultiMatch != h.MultiMatch || from.actions != to.actions, ChangedTransformations)
	add(b.ByteLimit != h.ByteLimit || !slices.Equal(b.MatchLimits, h.MatchLimits), ChangedLimits)
	add(!slices.Equal(b.Profiles, h.Profiles), ChangedProfiles)
	return out
}

func mode(p corpus.Pattern) corpus.Mode {
	if p.Mode == "" {
		return corpus.Search
	}
	return p.Mode
}

// counterpart is the row of base that a row of head is compared with: the one
// with the same flags, dialect and mode, else the first that shares a profile, else
// the first; nil without any.
func counterpart(base []corpus.Pattern, head corpus.Pattern) *corpus.Pattern {
	at := slices.IndexFunc(base, func(b corpus.Pattern) bool {
		return b.Flags == head.Flags && b.Dialect == head.Dialect && b.Mode == head.Mode
	})
	if at < 0 {
		at = slices.IndexFunc(base, func(b corpus.Pattern) bool {
			return slices.ContainsFunc(b.Context.Profiles, func(p string) bool { return slices.Contains(head.Context.Profiles, p) })
		})
	}
	switch {
	case at >= 0:
		return &base[at]
	case len(base) > 0:
		return &base[0]
	}
	return nil
}
