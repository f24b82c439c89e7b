package seclang

import (
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// directive reads one directive; w stands behind its name.
func (r *reading) directive(name word, w *words) {
	written := name.String()
	d, ok := directives.find(written)
	if !ok {
		r.foreign(name, written, w)
		return
	}
	r.open(name)
	switch d {
	case "SecRule":
		r.secRule(name, w)
	case "SecAction":
		r.secAction(name, w)
	case "SecRuleScript":
		r.secRuleScript(name, w)
	case "SecDefaultAction":
		r.secDefaultAction(d, name, w)
	case "SecMarker":
		r.breakChain("SecMarker")
	case "SecRuleUpdateTargetById", "SecRuleUpdateTargetByTag", "SecRuleUpdateTargetByMsg":
		r.updateTarget(d, name, w)
	case "SecRuleUpdateActionById":
		r.updateAction(d, name, w)
	case "SecRuleRemoveById":
		var ids []string
		for v, ok := w.next(); ok; v, ok = w.next() {
			r.open(v)
			ids = append(ids, v.String())
		}
		r.update(d, "", ids, name.at)
	case "SecRuleRemoveByTag", "SecRuleRemoveByMsg":
		if a := r.arguments(d, name, w, 1, 1); a != nil {
			r.update(d, "", []string{a[0].String()}, name.at)
			r.directivePattern(d, a[0].text)
		}
	case "SecAuditLogRelevantStatus":
		if a := r.arguments(d, name, w, 1, 1); a != nil {
			r.directivePattern(d, a[0].text)
		}
	case "SecHashMethodRx", "SecEncryptionMethodRx":
		if a := r.arguments(d, name, w, 2, 2); a != nil {
			r.directivePattern(d, a[1].text)
		}
	case "SecRemoteRules":
		if a := r.arguments(d, name, w, 2, 2); a != nil {
			r.include(a[1])
		}
	case "SecPcreMatchLimit", "SecPcreMatchLimitRecursion", "SecRequestBodyLimit", "SecRequestBodyNoFilesLimit",
		"SecRequestBodyInMemoryLimit", "SecRequestBodyAccess", "SecResponseBodyLimit", "SecResponseBodyAccess",
		"SecArgumentsLimit", "SecRuleEngine", "SecRxPreFilter":
		if a := r.arguments(d, name, w, 1, 1); a != nil {
			r.result.Settings = append(r.result.Settings, corpus.Setting{Name: d, Value: a[0].String(), File: r.file, Pos: a[0].at})
		}
	}
}

// foreign takes a line whose first word is no directive of ModSecurity's.
func (r *reading) foreign(name word, written string, w *words) {
	switch {
	case strings.EqualFold(written, "Include"), strings.EqualFold(written, "IncludeOptional"):
		if a := r.arguments(written, name, w, 1, 1); a != nil {
			r.include(a[0])
		}
	case len(written) >= 3 && strings.EqualFold(written[:3], "Sec"):
		r.problem(CodeUnknownDirective, name.at, "directive %s: expected one that ModSecurity or Coraza knows", corpus.Excerpt(written))
	case name.quote != 0 || !isDirectiveName(written):
		r.problem(CodeUnknownDirective, name.at,
			"line begins with %s: expected a directive; the line above may lack the backslash that continues it", corpus.Excerpt(written))
	}
}

// isDirectiveName reports whether another module's directive may be called so.
func isDirectiveName(s string) bool {
	switch s {
	case "{", "}", "};": // nginx
		return true
	}
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		letter := 'a' <= c && c <= 'z'
		if !letter && (i == 0 || !('0' <= s[i] && s[i] <= '9' || s[i] == '_' || s[i] == '-' || s[i] == ';')) {
			return false
		}
	}
	return s != ""
}

// arguments reads a directive's arguments, at least least and at most most; nil
// and a problem when there are fewer.
func (r *reading) arguments(d string, name word, w *words, least, most int) []word {
	var a []word
	for len(a) < most {
		v, ok := w.next()
		if !ok {
			break
		}
		r.open(v)
		a = append(a, v)
	}
	if len(a) < least {
		r.problem(CodeMissingArgument, name.at, "%s has %d arguments: expected %d", d, len(a), least)
		return nil
	}
	r.surplus(d, w, most)
	return a
}

// surplus reports an argument beyond the last that a directive takes.
func (r *reading) surplus(d string, w *words, most int) {
	if v, ok := w.next(); ok {
		r.problem(CodeExtraArgument, v.at, "%s has a further argument %s: expected at most %d; a quote before it may lack its backslash",
			d, corpus.Excerpt(v.String()), most)
	}
}

func (r *reading) include(v word) {
	r.result.Includes = append(r.result.Includes, corpus.Include{Path: v.String(), Pos: v.at})
}

func (r *reading) update(d, rule string, arguments []string, at corpus.Position) {
	r.result.Updates = append(r.result.Updates, corpus.Update{Directive: d, Rule: rule, Arguments: arguments, Pos: at})
}

// directivePattern adds a pattern that is the argument of a directive which is
// no rule.
func (r *reading) directivePattern(d string, t text) {
	r.add(d, "", t, corpus.Search, 0, corpus.Context{Role: roleDirective, Operator: d})
}

// updateTarget reads SecRuleUpdateTargetById ID TARGETS [REPLACED] and its
// kin, where ById's first argument is an id or range of ids and the others'
// a pattern.
func (r *reading) updateTarget(d string, name word, w *words) {
	a := r.arguments(d, name, w, 2, 3)
	if a == nil {
		return
	}
	rule := ""
	if d == "SecRuleUpdateTargetById" {
		rule = a[0].String()
	} else {
		r.directivePattern(d, a[0].text)
	}
	strs := make([]string, len(a))
	for i, v := range a {
		strs[i] = v.String()
	}
	r.update(d, rule, strs[min(len(rule), 1):], name.at)
	id := rule
	if id == "" {
		id = d
	}
	n := 0
	for _, v := range a[1:] {
		r.selectors(id, rule, v.text, &n, "#selector", corpus.Context{})
	}
}

// updateAction reads SecRuleUpdateActionById ID ACTIONS.
func (r *reading) updateAction(d string, name word, w *words) {
	a := r.arguments(d, name, w, 2, 2)
	if a == nil {
		return
	}
	rule := a[0].String()
	r.update(d, rule, []string{a[1].String()}, name.at)
	list := r.actions(a[1].text)
	r.controls(rule, rule, list.controls, corpus.Context{Phase: list.phase})
}
