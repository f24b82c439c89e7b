package seclang

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// An actionList is what the actions of a rule say, as far as it matters here.
type actionList struct {
	id         string
	phase      string // "1" to "5", "" when not said
	chain      bool
	capture    bool
	multiMatch bool
	reset      bool     // t:none was among the transformations
	transforms []string // those after the last t:none
	controls   []pair   // the ctl actions
	cut        bool     // the directive ended before its actions, which was reported
}

// actions reads a list of actions.
func (r *reading) actions(t text) actionList {
	var list actionList
	l := pairs{t: t}
	for p, ok := l.next(); ok; p, ok = l.next() {
		if p.open {
			r.problem(CodeUnterminatedQuote, p.at(), "parameter of action %s is opened with ' and not closed: expected ' before the end of the actions", corpus.Excerpt(p.name))
		}
		name, ok := actions.find(p.name)
		if !ok {
			r.problem(CodeBadAction, p.at(), "action %s: expected one that ModSecurity or Coraza knows", corpus.Excerpt(p.name))
			continue
		}
		switch name {
		case "id":
			list.id = strings.TrimSpace(p.value.String())
		case "phase":
			phase, ok := phases[strings.ToLower(p.value.String())]
			if !ok {
				r.problem(CodeBadAction, p.at(), "phase %s: expected 1 to 5, request, response or logging", corpus.Excerpt(p.value.String()))
				continue
			}
			list.phase = phase
		case "chain":
			list.chain = true
		case "capture":
			list.capture = true
		case "multiMatch":
			list.multiMatch = true
		case "t":
			list.transform(r, p)
		case "ctl":
			list.controls = append(list.controls, p)
		}
	}
	return list
}

// transform reads a t action.
func (list *actionList) transform(r *reading, p pair) {
	written := p.value.String()
	t, ok := findTransformation(written)
	if !ok {
		r.problem(CodeBadAction, p.at(), "transformation %s: expected one that ModSecurity or Coraza knows", corpus.Excerpt(written))
		t = written
	}
	if t == "none" {
		list.reset, list.transforms = true, nil
		return
	}
	list.transforms = append(list.transforms, t)
}

// Roles of a pattern in its rule.
const (
	roleOperator  = "operator"
	roleSelector  = "selector"
	roleDirective = "directive"
)

// controls adds the patterns of ctl actions: the selectors among the targets
// of ruleRemoveTarget…, and what ruleRemove…ByTag and …ByMsg compare with.
func (r *reading) controls(id, rule string, list []pair, c corpus.Context) {
	n := 0
	for _, p := range list {
		eq := bytes.IndexByte(p.value.b, '=')
		if eq < 0 {
			continue
		}
		name := strings.ToLower(strings.TrimSpace(string(p.value.b[:eq])))
		arg := p.value.slice(eq+1, len(p.value.b))
		var targets text
		if semi := bytes.IndexByte(arg.b, ';'); semi >= 0 {
			targets, arg = arg.slice(semi+1, len(arg.b)), arg.slice(0, semi)
		}
		switch name {
		case "ruleremovebytag", "ruleremovebymsg", "ruleremovetargetbytag", "ruleremovetargetbymsg":
			n++
			k := c
			k.Role, k.Operator = roleDirective, "ctl:"+controlNames[name]
			r.add(id+"#ctl"+strconv.Itoa(n), rule, arg, corpus.Search, 0, k)
			fallthrough
		case "ruleremovetargetbyid":
			if targets.segs != nil {
				r.selectors(id, rule, targets, &n, "#ctl", c)
			}
		}
	}
}

var controlNames = nameSet("ruleRemoveByTag ruleRemoveByMsg ruleRemoveTargetByTag ruleRemoveTargetByMsg ruleRemoveTargetById")
