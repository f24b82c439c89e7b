package apache

import (
	"bytes"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

var sections = strings.Fields("LocationMatch FilesMatch DirectoryMatch ProxyMatch Location Files Directory Proxy If ElseIf Macro")

// section reads <Name …> or </Name>.
func (r *reading) section(l corpus.Text) {
	b := l.Bytes()
	end := 1
	for end < len(b) && end < 64 && !isSpace(b[end]) && b[end] != '>' {
		end++
	}
	if strings.EqualFold(string(b[:end]), "</Macro") {
		r.macro = nil
		return
	}
	name := canonical(string(b[1:end]), sections)
	if name == "" {
		return
	}
	last := bytes.LastIndexByte(b, '>')
	if last < end {
		r.problem(CodeBadSection, l.At(0), "section <%s is not closed: expected > at the end of the line", name)
		last = len(b)
	}
	rest := l.Slice(end, last)
	words := r.words(rest)
	u := use{operator: name}
	switch name {
	case "If", "ElseIf":
		r.expressions(rest, words, u)
		return
	case "Macro":
		for _, w := range words[min(len(words), 1):] {
			if p := w.String(); len(r.macro) < 100 && p != "" {
				r.macro = append(r.macro, p)
			}
		}
		return
	case "Location", "Files", "Directory", "Proxy":
		if len(words) == 0 || words[0].String() != "~" {
			return
		}
		words = words[1:]
		u.operator, u.rule = name+" ~", name+" ~"
	}
	if len(words) == 0 {
		r.problem(CodeMissingArgument, l.At(0), "section <%s> without a pattern: expected one", u.operator)
		return
	}
	u.variable = map[string]string{"Location": "REQUEST_URI", "Proxy": "REQUEST_URI"}[strings.TrimSuffix(name, "Match")]
	if u.variable == "" {
		u.variable = "REQUEST_FILENAME"
	}
	r.add(words[0].Text, u)
}

// expressions reads the expressions of a line: those in quotes, or, where none
// is, the line.
func (r *reading) expressions(l corpus.Text, words []word, u use) {
	quoted := false
	for _, w := range words {
		if w.quote != 0 && (bytes.Contains(w.Bytes(), []byte("=~")) || bytes.Contains(w.Bytes(), []byte("!~"))) {
			quoted = true
			r.expression(w.Text, u)
		}
	}
	if !quoted {
		r.expression(l, u)
	}
}

// expression finds the patterns of an expression (httpd's
// server/util_expr_scan.l).
func (r *reading) expression(t corpus.Text, u use) {
	b := t.Bytes()
	for i := 0; i+1 < len(b); i++ {
		switch c := b[i]; {
		case c == '\\':
			i++
		case c == '\'' || c == '"':
			if k := delimited(b, i+1, c); k >= 0 {
				i = k
			}
		case (c == '=' || c == '!') && b[i+1] == '~':
			k := i + 2
			for k < len(b) && isSpace(b[k]) {
				k++
			}
			end := r.operand(t, k, c == '!', u)
			if end < 0 {
				r.problem(CodeBadExpression, t.At(i), "no pattern behind %c~: expected /…/ or m#…#", c)
				i++
				continue
			}
			i = end
		}
	}
}

// operand reads the pattern at k and its flags; it is the offset of its last
// byte, or -1.
func (r *reading) operand(t corpus.Text, k int, negated bool, u use) int {
	b := t.Bytes()
	switch {
	case k+1 < len(b) && b[k] == 'm' && bytes.IndexByte([]byte(`/#$%^|?!'",;:._-`), b[k+1]) >= 0:
		k++
	case k >= len(b) || b[k] != '/':
		return -1
	}
	end := delimited(b, k+1, b[k])
	if end < 0 {
		return -1
	}
	u.negated, u.captures = negated, true
	last := end
	for j := end + 1; j < len(b) && bytes.IndexByte([]byte("ismg"), b[j]) >= 0; j++ {
		last = j
		switch b[j] {
		case 'i':
			u.flags |= corpus.Caseless
		case 's':
			u.flags |= corpus.DotAll
		case 'm':
			u.flags |= corpus.Multiline
		}
	}
	r.add(t.Slice(k+1, end), u)
	return last
}
