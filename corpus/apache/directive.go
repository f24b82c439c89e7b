package apache

import (
	"bytes"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// directives that this reader knows.
var directives = strings.Fields(`RewriteRule RewriteCond SetEnvIf SetEnvIfNoCase SetEnvIfExpr BrowserMatch BrowserMatchNoCase
	AliasMatch ScriptAliasMatch RedirectMatch ProxyPassMatch ProxyRemoteMatch Header RequestHeader Substitute Require SSLRequire
	CustomLog Include IncludeOptional LimitRequestLine LimitRequestFieldSize LimitRequestBody RegexDefaultOptions SecRule SecRemoteRules SecAction SecRuleScript`)

// directive reads a line that is no section.
func (r *reading) directive(l corpus.Text) {
	b := l.Bytes()
	end := 0
	for end < len(b) && end < 64 && !isSpace(b[end]) {
		end++
	}
	name := canonical(string(b[:end]), directives)
	if name == "" {
		return
	}
	words := r.words(l)
	args := words[1:]
	u := use{operator: name}
	missing := func(n int) bool {
		if len(args) >= n {
			return false
		}
		r.problem(CodeMissingArgument, l.At(0), "%s with %d arguments: expected at least %d", name, len(args), n)
		return true
	}
	switch name {
	case "RewriteRule":
		if missing(2) {
			return
		}
		u.variable = "REQUEST_URI"
		u.captures = hasCapture(args[1].Bytes())
		r.negatable(args[0].Text, u, flagged(args[2:], "NC", "nocase"))
	case "RewriteCond":
		if !missing(2) {
			r.rewriteCond(args, u)
		}
	case "SetEnvIf", "SetEnvIfNoCase":
		if missing(3) {
			return
		}
		u.variable = args[0].String()
		u.rule = name + " " + u.variable
		if name == "SetEnvIfNoCase" {
			u.flags = corpus.Caseless
		}
		if isPattern(args[0].Bytes()) {
			h := u
			h.variable = "REQUEST_HEADERS_NAMES"
			r.add(args[0].Text, h)
			u.variable = "REQUEST_HEADERS"
		}
		r.add(args[1].Text, u)
	case "BrowserMatch", "BrowserMatchNoCase":
		if missing(2) {
			return
		}
		u.variable = "User-Agent"
		if name == "BrowserMatchNoCase" {
			u.flags = corpus.Caseless
		}
		r.add(args[0].Text, u)
	case "AliasMatch", "ScriptAliasMatch", "ProxyRemoteMatch":
		if missing(2) {
			return
		}
		u.variable = "REQUEST_URI"
		u.captures = hasCapture(args[1].Bytes())
		r.add(args[0].Text, u)
	case "ProxyPassMatch":
		// Within a section it has no pattern of its own.
		if len(args) > 1 && !bytes.Contains(args[1].Bytes(), []byte("=")) || len(args) > 1 && bytes.Contains(args[1].Bytes(), []byte("://")) {
			u.variable = "REQUEST_URI"
			u.captures = hasCapture(args[1].Bytes())
			r.add(args[0].Text, u)
		}
	case "RedirectMatch":
		if missing(1) {
			return
		}
		if isStatus(args[0].String()) && len(args) > 1 {
			args = args[1:]
		}
		u.variable = "REQUEST_URI"
		u.captures = len(args) > 1 && hasCapture(args[1].Bytes())
		r.add(args[0].Text, u)
	case "Header", "RequestHeader":
		r.header(args, u)
	case "SetEnvIfExpr", "CustomLog", "Require", "SSLRequire":
		r.expressions(l, words, u)
	case "Substitute":
		if !missing(1) {
			r.substitute(args[0].Text, u)
		}
	case "Include", "IncludeOptional":
		if len(args) > 0 {
			r.result.Includes = append(r.result.Includes, corpus.Include{Path: args[0].String(), Pos: args[0].At(0)})
		}
	case "LimitRequestLine", "LimitRequestFieldSize", "LimitRequestBody":
		if len(args) > 0 {
			r.set(name, args[:1])
		}
	case "RegexDefaultOptions":
		if !missing(1) {
			r.set(name, args)
		}
	default: // of ModSecurity
		if !r.embedded {
			r.embedded = true
			r.problem(CodeEmbeddedRules, l.At(0), "rules of ModSecurity in this file are not read: expected them in a file of their own, or the reader seclang")
		}
	}
}

// set keeps a directive that says how the server reads what else is there, its
// words one space apart.
func (r *reading) set(name string, args []word) {
	var values []string
	for _, w := range args {
		values = append(values, w.String())
	}
	r.result.Settings = append(r.result.Settings, corpus.Setting{Name: name, Value: strings.Join(values, " "), File: r.file, Pos: args[0].At(0)})
}

// negatable adds a pattern that may have ! before it.
func (r *reading) negatable(t corpus.Text, u use, caseless bool) {
	if caseless {
		u.flags = corpus.Caseless
	}
	if b := t.Bytes(); len(b) > 0 && b[0] == '!' {
		u.negated = true
		t = t.Slice(1, t.Len())
	}
	r.add(t, u)
}

// rewriteCond reads a condition: a pattern unless it compares or asks for
// files (mod_rewrite's cmd_rewritecond).
func (r *reading) rewriteCond(args []word, u use) {
	u.variable = args[0].String()
	u.rule = u.operator + " " + u.variable
	if strings.EqualFold(u.variable, "expr") {
		u.variable = ""
		r.expression(args[1].Text, u)
		return
	}
	t := args[1].Text
	b := t.Bytes()
	if len(b) > 0 && b[0] == '!' {
		b = b[1:]
	}
	switch {
	case len(b) > 0 && (b[0] == '<' || b[0] == '>' || b[0] == '='):
		return
	case len(b) == 2 && b[0] == '-' && bytes.IndexByte([]byte("fslLhHdxUF"), b[1]) >= 0:
		return
	case len(b) >= 3 && b[0] == '-':
		switch string(b[1:3]) {
		case "eq", "ne", "lt", "le", "gt", "ge":
			return
		}
	}
	u.captures = true // %1 to %9 in what follows
	r.negatable(t, u, flagged(args[2:], "NC", "nocase"))
}

// flagged reports whether [flag,…] holds one of the names.
func flagged(args []word, names ...string) bool {
	if len(args) == 0 {
		return false
	}
	for f := range strings.SplitSeq(strings.Trim(args[0].String(), "[] \t"), ",") {
		for _, n := range names {
			if strings.EqualFold(strings.TrimSpace(f), n) {
				return true
			}
		}
	}
	return false
}

// header reads "[always] edit NAME PATTERN TEXT" and "expr=…".
func (r *reading) header(args []word, u use) {
	all := args
	if len(args) > 0 && (strings.EqualFold(args[0].String(), "always") || strings.EqualFold(args[0].String(), "onsuccess") || strings.EqualFold(args[0].String(), "early")) {
		args = args[1:]
	}
	if len(args) > 3 {
		edit := strings.EqualFold(args[0].String(), "edit*")
		if edit || strings.EqualFold(args[0].String(), "edit") {
			e := u
			e.variable = args[1].String()
			e.rule = u.operator + " " + args[0].String() + " " + e.variable
			e.captures = hasCapture(args[3].Bytes())
			if edit {
				e.mode = corpus.Global
			}
			r.add(args[2].Text, e)
		}
	}
	for _, w := range all {
		if b := w.Bytes(); len(b) > 5 && string(b[:5]) == "expr=" {
			r.expression(w.Slice(5, w.Len()), u)
		}
	}
}

// lineBytes is SubstituteMaxLineLength's default: the longest line of a
// response that mod_substitute looks at.
const lineBytes = 1 << 20

// substitute reads s/PATTERN/TEXT/flags with any delimiter.
func (r *reading) substitute(t corpus.Text, u use) {
	b := t.Bytes()
	if len(b) < 2 || b[0] != 's' && b[0] != 'S' {
		r.problem(CodeBadExpression, t.At(0), "%s: expected s/PATTERN/TEXT/", corpus.Excerpt(t.String()))
		return
	}
	end := delimited(b, 2, b[1])
	if end < 0 {
		r.problem(CodeBadExpression, t.At(0), "%s: expected s/PATTERN/TEXT/", corpus.Excerpt(t.String()))
		return
	}
	flags := ""
	if next := delimited(b, end+1, b[1]); next >= 0 {
		flags = string(b[next+1:])
		u.captures = hasCapture(b[end+1 : next])
	}
	if strings.Contains(flags, "n") {
		return // a fixed string
	}
	if strings.Contains(flags, "i") {
		u.flags = corpus.Caseless
	}
	u.mode, u.variable, u.limit = corpus.Global, "RESPONSE_BODY", lineBytes
	r.add(t.Slice(2, end), u)
}

// delimited is the offset of the next delimiter that no backslash escapes.
func delimited(b []byte, i int, delimiter byte) int {
	for ; i < len(b); i++ {
		switch b[i] {
		case delimiter:
			return i
		case '\\':
			i++
		}
	}
	return -1
}

// hasCapture reports whether a text refers to $1 to $9.
func hasCapture(b []byte) bool {
	for i := range len(b) - 1 {
		if b[i] == '$' && '1' <= b[i+1] && b[i+1] <= '9' {
			return true
		}
	}
	return false
}

// isPattern reports whether SetEnvIf takes the name of a header for a pattern:
// it holds anything but letters, digits, - and _.
func isPattern(b []byte) bool {
	for _, c := range b {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return !bytes.HasPrefix(b, []byte("OID("))
		}
	}
	return false
}

func isStatus(s string) bool {
	switch strings.ToLower(s) {
	case "permanent", "temp", "seeother", "gone":
		return true
	}
	return len(s) == 3 && '1' <= s[0] && s[0] <= '5' && '0' <= s[1] && s[1] <= '9' && '0' <= s[2] && s[2] <= '9'
}
