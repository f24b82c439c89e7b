package seclang

import (
	"bytes"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A pair is one name with its parameter, in a list of targets or actions.
type pair struct {
	name  string // without the ! or & of a target
	value text   // the parameter, unquoted; empty when there is none
	whole text   // as written, from the name's first byte to the parameter's last
	quote bool   // the parameter is quoted
	open  bool   // its closing quote is missing
}

func (p pair) at() corpus.Position { return p.whole.pos(0) }

// pairs cuts a list into pairs (ModSecurity v2's msre_parse_generic). Targets
// and actions share one syntax.
type pairs struct {
	t       text
	i       int
	selects bool // parameters are regular expressions in slashes: a list of targets
}

// next is the next pair; false at the end.
func (l *pairs) next() (pair, bool) {
	b := l.t.b
	for l.i < len(b) && (isSpace(b[l.i]) || b[l.i] == ',' || b[l.i] == '|') {
		l.i++
	}
	if l.i >= len(b) {
		return pair{}, false
	}
	begin := l.i
	for l.i < len(b) && b[l.i] != ':' && !separates(b[l.i]) {
		l.i++
	}
	p := pair{name: string(bytes.TrimLeft(b[begin:l.i], "!&"))}
	p.value = l.t.slice(l.i, l.i)
	if l.i < len(b) && b[l.i] == ':' {
		l.i++
		l.parameter(&p)
	}
	p.whole = l.t.slice(begin, l.i)
	return p, true
}

// parameter reads what stands behind a name's colon.
func (l *pairs) parameter(p *pair) {
	b := l.t.b
	from := l.i
	if l.i < len(b) && b[l.i] == '\'' {
		p.quote = true
		end := quotedEnd(b, l.i+1, '\'')
		p.open = end == len(b)
		p.value = l.t.slice(l.i+1, end).unescape(`\'`)
		l.i = min(end+1, len(b))
		return
	}
	for l.i < len(b) && !separates(b[l.i]) {
		l.i++
	}
	slash := from
	if !l.selects {
		// ctl:ruleRemoveTargetById=1;ARGS:/re/
		if strings.EqualFold(p.name, "ctl") {
			if k := bytes.Index(b[from:l.i], []byte(":/")); k >= 0 {
				slash = from + k + 1
			}
		}
	}
	if slash < l.i && b[slash] == '/' && (l.i-slash < 2 || b[l.i-1] != '/') && !isXPath(p.name) {
		if end := slashEnd(b, slash); end > 0 {
			l.i = end
		}
	}
	p.value = l.t.slice(from, l.i)
}

// slashEnd is the offset after the first slash that closes the one at b[i]
// and ends the parameter, or 0: the reading of Coraza, in which the separators
// of the list mean nothing between slashes.
func slashEnd(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '/':
			if i+1 == len(b) || separates(b[i+1]) {
				return i + 1
			}
			return 0
		}
	}
	return 0
}

func separates(c byte) bool { return c == ',' || c == '|' || isSpace(c) }

// isXPath reports whether a target's parameter is an XPath expression or a
// JSON path, not a selector: XML:/*, XML://@*.
func isXPath(name string) bool {
	return strings.EqualFold(name, "XML") || strings.EqualFold(name, "JSON")
}

// selector is the regular expression of a target, ARGS:/re/ or ARGS:'/re/'.
// ModSecurity takes a parameter for one when it has three bytes or more and
// slashes at both ends.
func (p pair) selector() (text, bool) {
	n := len(p.value.b)
	if n < 3 || p.value.b[0] != '/' || p.value.b[n-1] != '/' || isXPath(p.name) {
		return text{}, false
	}
	return p.value.slice(1, n-1), true
}
