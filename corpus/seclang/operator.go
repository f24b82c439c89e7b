package seclang

import (
	"bytes"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// An operator is the second argument of a SecRule.
type operator struct {
	negated bool
	name    string // as written; "rx" when there is none
	at      corpus.Position
	arg     text
}

// readOperator reads "[!][@name ]arg" (ModSecurity v2's msre_rule_create).
func readOperator(t text) operator {
	op := operator{name: "rx", at: t.pos(0)}
	i, n := 0, len(t.b)
	space := func() {
		for i < n && isSpace(t.b[i]) {
			i++
		}
	}
	if i < n && t.b[i] == '!' {
		op.negated = true
		i++
		space()
	}
	if i < n && t.b[i] == '@' {
		op.at = t.pos(i)
		k := i + 1
		for i = k; i < n && !isSpace(t.b[i]); i++ {
		}
		op.name = string(t.b[k:i])
		space()
	}
	op.arg = t.slice(i, n)
	return op
}

// pattern is the operator's regular expression and how it is applied; false
// for an operator that has none.
func (op operator) pattern(name string) (t text, mode corpus.Mode, flags corpus.Flags, ok bool) {
	switch name {
	case "rx", "validateHash", "gsbLookup":
		return op.arg, corpus.Search, 0, true
	case "rxGlobal", "verifyCC", "verifySSN", "verifyCPF", "verifySVNR":
		return op.arg, corpus.Global, 0, true
	case "rsub":
		t, flags, ok = readSubstitution(op.arg)
		return t, corpus.Global, flags, ok
	}
	return text{}, "", 0, false
}

// readSubstitution reads the regular expression of "s/regex/replacement/flags",
// where any character may stand for the slash, and a backslash keeps it in.
func readSubstitution(t text) (text, corpus.Flags, bool) {
	if len(t.b) < 2 || t.b[0] != 's' {
		return text{}, 0, false
	}
	delim := t.b[1]
	next := func(i int) int {
		for ; i < len(t.b) && t.b[i] != delim; i++ {
			if t.b[i] == '\\' {
				i++
			}
		}
		return i
	}
	end := next(2)
	if end >= len(t.b) {
		return text{}, 0, false
	}
	last := next(end + 1)
	if last >= len(t.b) {
		return text{}, 0, false
	}
	var f corpus.Flags
	if bytes.IndexByte(t.b[last:], 'i') >= 0 {
		f = corpus.Caseless
	}
	return t.slice(2, end), f, true
}

// hasMacro reports whether the host expands the text at run time: ModSecurity
// looks for %{ and nothing more.
func hasMacro(t text) bool { return bytes.Contains(t.b, []byte("%{")) }
