package syntax

import "strings"

// A verbForm is a backtracking verb by its name in (*NAME).
type verbForm struct {
	verb Verb
	// fail: (*FAIL), which is no Verb.
	fail bool
	// argument: one is required.
	argument bool
}

var verbs = map[string]verbForm{
	"ACCEPT": {verb: VerbAccept}, "COMMIT": {verb: VerbCommit}, "F": {fail: true}, "FAIL": {fail: true},
	"PRUNE": {verb: VerbPrune}, "SKIP": {verb: VerbSkip}, "THEN": {verb: VerbThen},
	"MARK": {verb: VerbMark, argument: true}, "": {verb: VerbMark, argument: true},
}

// alphaGroups are the groups spelled with letters: (*atomic:…).
var alphaGroups = map[string]groupKind{
	"pla": groupAhead, "positive_lookahead": groupAhead, "nla": groupNotAhead, "negative_lookahead": groupNotAhead,
	"plb": groupBehind, "positive_lookbehind": groupBehind, "nlb": groupNotBehind, "negative_lookbehind": groupNotBehind,
	"napla": groupAheadNonAtomic, "non_atomic_positive_lookahead": groupAheadNonAtomic,
	"naplb": groupBehindNonAtomic, "non_atomic_positive_lookbehind": groupBehindNonAtomic,
	"atomic": groupAtomic,
}

// scriptRuns are the names of script runs; true for the atomic ones.
var scriptRuns = map[string]bool{"sr": false, "script_run": false, "asr": true, "atomic_script_run": true}

// maxVerbName is PCRE2's longest argument of a verb, in bytes.
const maxVerbName = 255

// verb reads what follows (* : a verb, or a group spelled with letters.
func (p *parser) verb(s *sequence, open int) {
	start := p.pos
	for !p.eof() && isWord(p.peek()) {
		p.pos++
	}
	name := p.src[start:p.pos]
	if name == "" && p.peek() != ':' {
		p.fail(ErrBadRepeat, open+1, open+2, "nothing to repeat", "something that can be repeated before *")
		return
	}
	if form, ok := verbs[name]; ok {
		p.finishVerb(s, open, name, form)
		return
	}
	if p.peek() == ':' {
		if kind, ok := alphaGroups[name]; ok {
			p.pos++
			p.openGroup(s, kind, open)
			return
		}
		if atomic, ok := scriptRuns[name]; ok {
			p.pos++
			s.add(p.scriptRun(open, atomic), targetPlain)
			return
		}
	}
	expected := "a verb such as (*COMMIT)"
	if form := strings.ToUpper(name); name != form {
		if _, ok := verbs[form]; ok {
			expected = "(*" + form + ")"
		}
	}
	p.fail(ErrBadVerb, open, p.pos+1, "unknown verb "+quoted(name), expected)
}

// finishVerb reads the argument and makes the node.
func (p *parser) finishVerb(s *sequence, open int, name string, form verbForm) {
	argument := ""
	if p.eat(":") {
		end := p.index(')')
		if end < 0 {
			p.failAt(ErrBadVerb, len(p.src), len(p.src), Span{open, open + 2}, "unfinished verb", "a closing parenthesis")
			return
		}
		argument = p.src[p.pos : p.pos+end]
		p.pos += end
		if len(argument) > maxVerbName {
			p.fail(ErrLimit, p.pos-end, p.pos, "argument of a verb too long", "at most 255 bytes")
			return
		}
	}
	if p.peek() != ')' || p.eof() {
		p.fail(ErrBadVerb, open, p.pos+1, "unfinished verb (*"+name, "a closing parenthesis")
		return
	}
	if form.argument && argument == "" {
		p.fail(ErrBadVerb, open, p.pos+1, "verb without an argument", "(*MARK:name)")
		return
	}
	p.pos++
	span := Span{open, p.pos}
	switch {
	case form.fail && argument == "":
		s.add(&Node{Op: OpFail, Span: span}, targetNone)
	case form.fail:
		mark := &Node{Op: OpVerb, Verb: VerbMark, Name: argument, Span: span}
		s.add(&Node{Op: OpConcat, Sub: []*Node{mark, {Op: OpFail, Span: span}}, Span: span}, targetNone)
	case form.verb == VerbAccept:
		s.add(&Node{Op: OpVerb, Verb: VerbAccept, Name: argument, Span: span}, targetAccept)
	default:
		s.add(&Node{Op: OpVerb, Verb: form.verb, Name: argument, Span: span}, targetNone)
	}
}

// scriptRun reads (*sr:…); without code points every match is one.
func (p *parser) scriptRun(open int, atomic bool) *Node {
	op := OpScriptRun
	if p.re.Unit == Byte {
		op = OpGroup
	}
	if !atomic {
		return p.body(op, open, nil)
	}
	inner := p.body(OpAtomic, open, nil)
	return &Node{Op: op, Sub: []*Node{inner}, Span: inner.Span}
}
