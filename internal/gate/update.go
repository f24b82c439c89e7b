package gate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// updates are the directives of one version that change rules which stand
// elsewhere, by the rules they name. They are compared, not applied: when
// those that name a rule differ between two versions, the rule has changed.
// So a rule that a deleted SecRuleRemoveById wakes up is judged again.
type updates struct {
	byID   map[string]*effect
	ranges []span
	// unread choose their rules by tag or message, and are only counted.
	unread int
}

// effect is what is said about a rule, in the order of files and places.
type effect struct{ targets, actions strings.Builder }

type span struct {
	from, to int
	effect   *effect
}

// maxRanges bounds the ranges of ids that are compared: every rule looks at
// each, and rule sets in the field have a few.
const maxRanges = 2000

// add takes the directives of one file.
func (u *updates) add(file string, all []corpus.Update) []*corpus.Problem {
	var problems []*corpus.Problem
	for _, d := range all {
		ids, said := rulesOf(d)
		if ids == nil {
			u.unread++
			continue
		}
		for _, id := range ids {
			e, ok := u.effect(id)
			if !ok {
				problems = append(problems, &corpus.Problem{
					Code: "budget", File: file, Pos: d.Pos,
					Message: fmt.Sprintf("%s %s: not compared: more than %d ranges of rules", d.Directive, id, maxRanges),
				})
				continue
			}
			b := &e.targets
			if strings.Contains(strings.ToLower(d.Directive), "action") {
				b = &e.actions
			}
			b.WriteString(join(append([]string{strings.ToLower(d.Directive)}, said...)...))
		}
	}
	return problems
}

// rulesOf are the ids and ranges that a directive names, nil when it chooses
// rules by something else, and what it says about them.
func rulesOf(d corpus.Update) (ids, said []string) {
	switch {
	case d.Rule != "":
		return []string{d.Rule}, d.Arguments
	case strings.EqualFold(d.Directive, "SecRuleRemoveById"):
		return d.Arguments, nil
	}
	return nil, nil
}

// Unnamed counts the directives that choose rules by tag or message.
func Unnamed(all []corpus.Update) int {
	n := 0
	for _, d := range all {
		if ids, _ := rulesOf(d); ids == nil {
			n++
		}
	}
	return n
}

// ActionsUpdated reports, for the name of a rule, whether one of the directives
// changes the rule's actions.
func ActionsUpdated(all []corpus.Update) func(rule string) bool {
	var u updates
	u.add("", all) // what is not compared is said when the file is read
	return func(rule string) bool {
		_, actions := u.of(rule)
		return actions != ""
	}
}

// effect is where to write what is said about an id or a range of ids.
func (u *updates) effect(id string) (*effect, bool) {
	if from, to, ok := strings.Cut(id, "-"); ok {
		a, errA := strconv.Atoi(strings.TrimSpace(from))
		b, errB := strconv.Atoi(strings.TrimSpace(to))
		if errA == nil && errB == nil {
			if len(u.ranges) == maxRanges {
				return nil, false
			}
			e := new(effect)
			u.ranges = append(u.ranges, span{a, b, e})
			return e, true
		}
	}
	id, _, _ = strings.Cut(id, ":") // ID:n names the n-th rule of a chain
	if u.byID == nil {
		u.byID = map[string]*effect{}
	}
	if u.byID[id] == nil {
		u.byID[id] = new(effect)
	}
	return u.byID[id], true
}

// of is everything that is said about a rule, chained rules included.
func (u *updates) of(rule string) (targets, actions string) {
	id, _, _ := strings.Cut(rule, "#")
	if id == "" {
		return "", ""
	}
	if e := u.byID[id]; e != nil {
		targets, actions = e.targets.String(), e.actions.String()
	}
	n, err := strconv.Atoi(id)
	if err != nil {
		return targets, actions
	}
	for _, r := range u.ranges {
		if r.from <= n && n <= r.to {
			targets += r.effect.targets.String()
			actions += r.effect.actions.String()
		}
	}
	return targets, actions
}
