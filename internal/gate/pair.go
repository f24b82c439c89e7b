package gate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// An occurrence is one pattern of one version, with the profiles it is judged
// under.
type occurrence struct {
	corpus.Pattern
	reader   string
	profiles []string
	host     policy.Host
	// targets and actions are what other directives say about its rule.
	targets, actions string
}

// A pairing is a pattern of head with its predecessor in base, nil when it is
// new.
type pairing struct{ base, head *occurrence }

// pair finds the predecessor of every pattern of head, by rule first, then by
// content. It returns the pairs in the order of head, and the patterns of base
// that have no successor. Every pattern of base is used once at most, so of a
// copied rule one is new.
//
// Within one rule name (which may occur several times: duplicates, chains,
// several regexes among the variables) pairs are made in rounds from the
// narrowest likeness to the widest, each in the order of places.
func pair(base, head []*occurrence) (pairs []pairing, removed []*occurrence) {
	rounds := []func(*occurrence) string{
		// The same rule with the same content, where it stood.
		func(o *occurrence) string { return named(o, o.Source.File, content(o)) },
		// … moved to another file.
		func(o *occurrence) string { return named(o, "", content(o)) },
		// The same rule and text, its surroundings changed.
		func(o *occurrence) string { return named(o, o.Source.File, o.Text) },
		func(o *occurrence) string { return named(o, "", o.Text) },
		// The same rule, its text changed.
		func(o *occurrence) string { return named(o, o.Source.File) },
		func(o *occurrence) string { return named(o, "") },
		// Another name, or none, and the same content.
		func(o *occurrence) string { return join("f", o.Source.File, o.Context.Role, content(o)) },
		func(o *occurrence) string { return join("c", o.Context.Role, content(o)) },
		func(o *occurrence) string { return join("t", o.Context.Role, o.Text) },
	}
	used := make(map[*occurrence]bool, len(base))
	pairs = make([]pairing, len(head))
	for i, h := range head {
		pairs[i].head = h
	}
	for _, key := range rounds {
		free := map[string][]*occurrence{}
		for _, b := range base {
			if k := key(b); !used[b] && k != "" {
				free[k] = append(free[k], b)
			}
		}
		for i := range pairs {
			p := &pairs[i]
			if p.base != nil {
				continue
			}
			k := key(p.head)
			if q := free[k]; k != "" && len(q) > 0 {
				p.base, free[k] = q[0], q[1:]
				used[p.base] = true
			}
		}
	}
	for _, b := range base {
		if !used[b] {
			removed = append(removed, b)
		}
	}
	return pairs, removed
}

// named is a key for patterns of rules that have a name; "" for others.
func named(o *occurrence, parts ...string) string {
	name := o.Source.Rule
	if name == "" {
		name = o.ID // of a row of a list
	}
	if name == "" {
		return ""
	}
	return join(append([]string{"r", o.reader, name, o.Context.Role}, parts...)...)
}

// content is the pattern and everything that decides its cost.
func content(o *occurrence) string {
	c := o.Context
	return join(o.Text, string(o.Dialect), o.Flags.String(), string(o.Mode), strconv.FormatBool(c.Negated),
		strconv.FormatBool(c.MultiMatch), strconv.Itoa(c.ByteLimit), fmt.Sprint(c.MatchLimits), join(c.Variables...), join(c.Transformations...))
}

// join is an injective concatenation.
func join(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(strconv.Itoa(len(p)))
		b.WriteByte(':')
		b.WriteString(p)
	}
	return b.String()
}
