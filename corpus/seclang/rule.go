package seclang

import (
	"slices"
	"strconv"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// defaults are what SecDefaultAction said, by phase. They are never changed in
// place: a section keeps the pointer it has to restore.
type defaults [6]struct {
	multiMatch, capture bool
	transforms          []string
}

// A chain is the state between a rule with the action chain and the rule that
// completes it.
type chain struct {
	open  bool // the next rule belongs to it
	at    corpus.Position
	id    string // of its first rule
	phase string
	names []string // of its rules so far; only appended to, so that Parents may share it
}

// breakChain reports a chain that something other than a rule ends.
func (r *reading) breakChain(found string) {
	if r.chain.open {
		r.problem(CodeUnfinishedChain, r.chain.at, "rule %s is chained to no rule: expected a SecRule before %s", corpus.Excerpt(r.chain.names[len(r.chain.names)-1]), found)
	}
	r.chain = chain{}
}

// secRule reads SecRule TARGETS OPERATOR [ACTIONS].
func (r *reading) secRule(name word, w *words) {
	targets, ok := w.next()
	if !ok {
		r.problem(CodeMissingOperator, name.at, "SecRule without arguments: expected targets, an operator and actions")
		return
	}
	r.open(targets)
	arg, ok := w.next()
	if !ok {
		r.problem(CodeMissingOperator, w.t.pos(len(w.t.b)), "SecRule ends after its targets: expected an operator")
		// The targets may hold patterns all the same.
		r.rule(name, targets.text, nil, actionList{cut: true})
		return
	}
	r.open(arg)
	op := readOperator(arg.text)
	var list actionList
	if acts, ok := w.next(); ok {
		r.open(acts)
		r.surplus("SecRule", w, 3)
		list = r.actions(acts.text)
	}
	r.rule(name, targets.text, &op, list)
}

// secAction reads SecAction ACTIONS.
func (r *reading) secAction(name word, w *words) {
	if a := r.arguments("SecAction", name, w, 1, 1); a != nil {
		r.rule(name, text{}, nil, r.actions(a[0].text))
	}
}

// secRuleScript reads SecRuleScript PATH [ACTIONS]: a rule without patterns.
func (r *reading) secRuleScript(name word, w *words) {
	a := r.arguments("SecRuleScript", name, w, 1, 2)
	if a == nil {
		return
	}
	var list actionList
	if len(a) > 1 {
		list = r.actions(a[1].text)
	}
	r.rule(name, text{}, nil, list)
}

// secDefaultAction reads SecDefaultAction ACTIONS.
func (r *reading) secDefaultAction(d string, name word, w *words) {
	a := r.arguments(d, name, w, 1, 1)
	if a == nil {
		return
	}
	list := r.actions(a[0].text)
	if list.phase == "" {
		list.phase = defaultPhase
	}
	next := *r.defaults
	p := &next[list.phase[0]-'0']
	p.multiMatch, p.capture, p.transforms = list.multiMatch, list.capture, list.transforms
	r.defaults = &next
}

// rule adds the patterns of one rule and keeps track of chains.
func (r *reading) rule(name word, targets text, op *operator, list actionList) {
	rule, phase := list.id, list.phase
	var parents []string
	if r.chain.open {
		n := len(r.chain.names)
		rule, phase = r.chain.id+"#chain"+strconv.Itoa(n), r.chain.phase
		parents = r.chain.names[:n:n]
	} else if rule == "" && !list.cut {
		r.problem(CodeMissingID, name.at, "rule without id: expected the action id:NUMBER")
	}
	if phase == "" {
		phase = defaultPhase
	}
	base := r.defaults[phase[0]-'0']
	c := corpus.Context{Phase: phase, Parents: parents}
	n := 0
	var variables []string
	if targets.segs != nil {
		variables = r.selectors(rule, rule, targets, &n, "#selector", c)
	}
	if op != nil {
		k := c
		k.Variables = variables
		k.MultiMatch = list.multiMatch || base.multiMatch
		k.Captures = list.capture || base.capture
		k.Negated = op.negated
		k.Transformations = list.transforms
		if !list.reset && len(base.transforms) > 0 {
			k.Transformations = append(slices.Clone(base.transforms), list.transforms...)
		}
		r.operator(rule, *op, k)
	}
	r.controls(rule, rule, list.controls, c)
	r.follow(name, rule, phase, list)
}

// follow opens, carries on or ends the chain after a rule.
func (r *reading) follow(name word, rule, phase string, list actionList) {
	switch {
	case !list.chain:
		r.chain = chain{}
	case r.chain.open:
		r.chain.names = append(r.chain.names, rule)
		r.chain.at = name.at
	default:
		r.chain = chain{open: true, at: name.at, id: list.id, phase: phase, names: []string{rule}}
	}
}

// operator adds a rule's operator.
func (r *reading) operator(rule string, op operator, c corpus.Context) {
	known, ok := operators.find(op.name)
	if !ok {
		r.problem(CodeUnknownOperator, op.at, "operator @%s: expected one that ModSecurity or Coraza knows", op.name)
		return
	}
	t, mode, flags, ok := op.pattern(known)
	if !ok {
		if known == "rsub" {
			r.problem(CodeBadOperator, op.arg.pos(0), "argument of @rsub: expected s/regex/replacement/")
		}
		return
	}
	c.Role, c.Operator, c.Macro = roleOperator, known, hasMacro(t)
	r.add(rule, rule, t, mode, flags, c)
}

// selectors adds the regular expressions among targets, numbered after *n, and
// returns the targets as written.
func (r *reading) selectors(id, rule string, targets text, n *int, suffix string, c corpus.Context) []string {
	var written []string
	l := pairs{t: targets, selects: true}
	for p, ok := l.next(); ok; p, ok = l.next() {
		if p.open {
			r.problem(CodeUnterminatedQuote, p.at(), "parameter of target %s is opened with ' and not closed: expected ' before the end of the targets", corpus.Excerpt(p.name))
		}
		s := p.whole.String()
		written = append(written, s)
		t, ok := p.selector()
		if !ok {
			continue
		}
		*n++
		k := c
		k.Role, k.Variables = roleSelector, []string{s}
		r.add(id+suffix+strconv.Itoa(*n), rule, t, corpus.Search, 0, k)
	}
	return written
}

// add adds a pattern.
func (r *reading) add(id, rule string, t text, mode corpus.Mode, flags corpus.Flags, c corpus.Context) {
	r.segments += len(t.segs)
	if len(r.result.Patterns) >= MaxPatterns || r.segments > MaxSegments {
		r.dropped++
		return
	}
	r.result.Patterns = append(r.result.Patterns, corpus.Pattern{
		ID: id, Text: t.String(), Dialect: corpus.PCRE, Flags: flags, Mode: mode,
		Source: corpus.NewSource(r.file, rule, t.segs), Context: c,
	})
}
