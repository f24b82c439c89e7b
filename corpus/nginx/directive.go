package nginx

import (
	"bytes"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A use is how a directive applies its pattern.
type use struct {
	operator, rule string
	variable       string
	caseless       bool
	negated        bool
	captures       bool
}

// add keeps a pattern.
func (r *reading) add(t corpus.Text, u use) {
	if len(r.result.Patterns) >= MaxPatterns {
		r.dropped++
		return
	}
	p := corpus.Pattern{
		ID: u.rule, Text: t.String(), Dialect: corpus.PCRE, Mode: corpus.Search, Source: t.Source(r.file, u.rule),
		Context: corpus.Context{Role: "directive", Operator: u.operator, Negated: u.negated, Captures: u.captures},
	}
	if u.caseless {
		p.Flags = corpus.Caseless
	}
	if u.variable != "" {
		p.Context.Variables = []string{u.variable}
	}
	r.result.Patterns = append(r.result.Patterns, p)
}

// judge finds the patterns among a directive's words.
func (r *reading) judge(words []token) {
	if len(words) == 0 {
		return
	}
	name, args := words[0].String(), words[1:]
	if n := len(r.blocks); n > 0 && len(r.blocks[n-1].words) == 3 && r.blocks[n-1].words[0] == "map" {
		r.mapEntry(r.blocks[n-1], words)
		return
	}
	u := use{operator: name, rule: name}
	for _, w := range args {
		if w.glued && w.Len() > 0 && bytes.ContainsAny(w.Bytes(), `^$\[(`) && slices.Contains(patterned, name) {
			r.problem(CodeCutWord, w.At(w.Len()), "%s is cut off by a brace: expected quotes around a pattern that holds one", corpus.Excerpt(w.String()))
		}
	}
	switch name {
	case "location":
		r.location(words, u)
	case "rewrite":
		if len(args) == 0 {
			r.missing(words)
			return
		}
		u.variable = "$uri"
		u.captures = len(args) > 1 && hasCapture(args[1].Bytes())
		r.add(args[0].Text, u)
	case "if":
		r.condition(words, u)
	case "server_name":
		for _, w := range args {
			if b := w.Bytes(); len(b) > 1 && b[0] == '~' {
				u.variable = "$host"
				u.caseless = bytes.ContainsFunc(b, func(c rune) bool { return 'A' <= c && c <= 'Z' })
				r.add(w.Slice(1, w.Len()), u)
			}
		}
	case "valid_referers", "proxy_cookie_domain", "proxy_cookie_path", "proxy_cookie_flags", "proxy_redirect":
		u.variable = map[string]string{"valid_referers": "$http_referer", "proxy_redirect": "$upstream_http_location"}[name]
		if u.variable == "" {
			u.variable = "$upstream_http_set_cookie"
		}
		if name != "valid_referers" {
			args = args[:min(len(args), 1)]
		}
		for _, w := range args {
			t, star, ok := tilde(w.Text)
			if ok {
				u.caseless = star || name != "proxy_redirect"
				r.add(t, u)
			}
		}
	case "gzip_disable":
		u.variable, u.caseless = "$http_user_agent", true
		for _, w := range args {
			if w.String() != "msie6" { // a word of nginx's own
				r.add(w.Text, u)
			}
		}
	case "fastcgi_split_path_info":
		if len(args) == 0 {
			r.missing(words)
			return
		}
		u.variable, u.captures = "$fastcgi_script_name", true
		r.add(args[0].Text, u)
	case "include":
		if len(args) > 0 {
			r.result.Includes = append(r.result.Includes, corpus.Include{Path: args[0].String(), Pos: args[0].At(0)})
		}
	case "client_header_buffer_size", "client_max_body_size", "large_client_header_buffers", "pcre_jit":
		r.set(name, args)
	case "modsecurity_rules":
		r.problem(CodeEmbeddedRules, r.lines.At(words[0].at), "rules of ModSecurity in quotes are not read: expected them in a file of their own and modsecurity_rules_file")
	}
}

// set keeps a directive that sets one of the server's limits, its words as they
// are written.
func (r *reading) set(name string, args []token) {
	if len(args) == 0 {
		return
	}
	var values []string
	for _, w := range args {
		values = append(values, w.String())
	}
	r.result.Settings = append(r.result.Settings, corpus.Setting{Name: name, Value: strings.Join(values, " "), File: r.file, Pos: args[0].At(0)})
}

// patterned are the directives whose words are patterns.
var patterned = strings.Fields("location rewrite if server_name valid_referers proxy_redirect proxy_cookie_domain proxy_cookie_path proxy_cookie_flags gzip_disable fastcgi_split_path_info")

func (r *reading) missing(words []token) {
	r.problem(CodeMissingArgument, r.lines.At(words[0].at), "%s without a pattern: expected one behind it", corpus.Excerpt(words[0].String()))
}

// tilde is a word without the ~ or ~* before a pattern; ok is false where
// there is none.
func tilde(t corpus.Text) (pattern corpus.Text, star, ok bool) {
	b := t.Bytes()
	if len(b) == 0 || b[0] != '~' {
		return t, false, false
	}
	if len(b) > 1 && b[1] == '*' {
		return t.Slice(2, t.Len()), true, true
	}
	return t.Slice(1, t.Len()), false, true
}

// location reads "~ PATTERN", "~* PATTERN" and the same in one word.
func (r *reading) location(words []token, u use) {
	args := words[1:]
	u.variable = "$uri"
	if len(args) == 0 {
		r.missing(words)
		return
	}
	t, star, ok := tilde(args[0].Text)
	if !ok {
		return
	}
	u.caseless = star
	switch {
	case t.Len() > 0:
		r.add(t, u)
	case len(args) > 1:
		r.add(args[1].Text, u)
	default:
		r.missing(words)
	}
}

// condition reads if ($variable ~ PATTERN).
func (r *reading) condition(words []token, u use) {
	args := slices.Clone(words[1:])
	if len(args) == 0 || args[0].Len() == 0 || args[0].Bytes()[0] != '(' {
		return
	}
	if args[0].Len() == 1 {
		args = args[1:]
	} else {
		args[0].Text = args[0].Slice(1, args[0].Len())
	}
	if n := len(args); n > 0 {
		last := args[n-1]
		if b := last.Bytes(); len(b) > 0 && b[len(b)-1] == ')' {
			if last.Len() == 1 {
				args = args[:n-1]
			} else {
				args[n-1].Text = last.Slice(0, last.Len()-1)
			}
		}
	}
	if len(args) < 2 {
		return
	}
	op := args[1].String()
	u.negated = strings.HasPrefix(op, "!")
	switch strings.TrimPrefix(op, "!") {
	case "~":
	case "~*":
		u.caseless = true
	default:
		return
	}
	if len(args) < 3 {
		r.missing(words)
		return
	}
	u.variable = args[0].String()
	u.rule = "if " + u.variable
	r.add(args[len(args)-1].Text, u)
}

// mapEntry reads an entry of a map's block.
func (r *reading) mapEntry(b block, words []token) {
	if len(words) > 1 && words[0].String() == "include" {
		r.result.Includes = append(r.result.Includes, corpus.Include{Path: words[1].String(), Pos: words[1].At(0)})
		return
	}
	t, star, ok := tilde(words[0].Text)
	if !ok {
		return
	}
	if words[0].glued {
		r.problem(CodeCutWord, t.At(t.Len()), "%s is cut off by a brace: expected quotes around a pattern that holds one", corpus.Excerpt(t.String()))
	}
	r.add(t, use{
		operator: "map", rule: strings.Join(b.words, " "), variable: b.words[1], caseless: star,
		captures: len(words) > 1 && hasCapture(words[1].Bytes()),
	})
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
