package records

import (
	"bytes"
	"errors"
	"fmt"

	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A yamlReader turns a parsed file into nodes.
type yamlReader struct {
	b       []byte
	lines   *corpus.Lines
	starts  []int // where each line begins
	anchors map[string]*node
	nodes   int
}

// yaml reads the documents of a file.
func (s *scanner) yaml() (docs []*node, err *syntaxError) {
	if len(s.b) > MaxYAML {
		return nil, &syntaxError{message: fmt.Sprintf("%d bytes of YAML: expected at most %d", len(s.b), MaxYAML), limit: true}
	}
	keys := 0
	for _, end := range []string{": ", ":\n", ":\r", ":\t"} {
		keys += bytes.Count(s.b, []byte(end))
	}
	if keys > MaxKeys {
		return nil, &syntaxError{message: fmt.Sprintf("%d keys in YAML: expected at most %d", keys, MaxKeys), limit: true}
	}
	if at, deep := tooDeep(s.b); deep {
		return nil, tooDeepAt(at)
	}
	defer func() {
		if p := recover(); p != nil { // of the parser: a file is foreign input
			docs, err = nil, syntaxf(0, "cannot be parsed as YAML: %v", p)
		}
	}()
	// The parser loses count of lines that end in CRLF; lines and columns are
	// the same without.
	f, perr := parser.ParseBytes(bytes.ReplaceAll(s.b, []byte("\r\n"), []byte("\n")), 0, parser.AllowDuplicateMapKey())
	y := &yamlReader{b: s.b, lines: s.lines, starts: []int{0}, anchors: map[string]*node{}}
	for k, c := range s.b {
		if c == '\n' {
			y.starts = append(y.starts, k+1)
		}
	}
	if perr != nil {
		at, message := 0, perr.Error()
		var se *yaml.SyntaxError
		if errors.As(perr, &se) {
			message = se.Message
			if se.Token != nil {
				at = y.offset(se.Token)
			}
		}
		return nil, syntaxf(at, "is no YAML: %s", message)
	}
	for _, d := range f.Docs {
		if d.Body != nil {
			docs = append(docs, y.node(d.Body, 0))
		}
	}
	return docs, nil
}

// tooDeep looks for what would make a parser recurse: flow collections within
// each other, and block collections begun within one line.
func tooDeep(b []byte) (int, bool) {
	flow, run := 0, 0
	for k, c := range b {
		switch c {
		case '[', '{':
			flow++
		case ']', '}':
			flow = max(flow-1, 0)
		case '\n':
			run = 0
			if k+1 < len(b) && b[k+1] != ' ' && b[k+1] != '\n' && b[k+1] != '\r' {
				flow = 0 // brackets of a text, not of a collection
			}
		case ' ', '\t':
			if k > 0 && (b[k-1] == '-' || b[k-1] == '?' || b[k-1] == ':') {
				run++
			}
		case '!', '&':
			run++
		}
		if flow > MaxDepth || run > MaxDepth {
			return k, true
		}
	}
	return 0, false
}

// offset is where a token begins in the file: its line, and its column, which
// counts characters.
func (y *yamlReader) offset(t *token.Token) int {
	if t == nil || t.Position == nil || t.Position.Line < 1 || t.Position.Line > len(y.starts) {
		return 0
	}
	i := y.starts[t.Position.Line-1]
	for range t.Position.Column - 1 {
		if i >= len(y.b) || y.b[i] == '\n' {
			break
		}
		_, n := utf8.DecodeRune(y.b[i:])
		i += n
	}
	return i
}

// node turns a value into a node; a null where it is none of those that count.
func (y *yamlReader) node(v ast.Node, depth int) *node {
	n := &node{}
	if t := tokenOf(v); t != nil {
		n.at = y.lines.At(min(y.offset(t), len(y.b)))
	}
	if y.nodes++; y.nodes > MaxNodes || depth > MaxDepth {
		return n
	}
	switch v := v.(type) {
	case *ast.MappingNode:
		n.kind = mapping
		for _, e := range v.Values {
			n.add(keyOf(e.Key), y.node(e.Value, depth+1))
		}
	case *ast.MappingValueNode:
		n.kind = mapping
		n.add(keyOf(v.Key), y.node(v.Value, depth+1))
	case *ast.SequenceNode:
		n.kind = sequence
		for _, e := range v.Values {
			n.items = append(n.items, y.node(e, depth+1))
		}
	case *ast.AnchorNode:
		n = y.node(v.Value, depth+1)
		if v.Name != nil && v.Name.GetToken() != nil {
			y.anchors[v.Name.GetToken().Value] = n
		}
	case *ast.AliasNode:
		if v.Value != nil && v.Value.GetToken() != nil {
			if a := y.anchors[v.Value.GetToken().Value]; a != nil {
				return a
			}
		}
	case *ast.TagNode:
		return y.node(v.Value, depth+1)
	case *ast.StringNode:
		n.kind = str
		y.text(n, v.Token, v.Value)
	case *ast.LiteralNode:
		n.kind = str
		if v.Value != nil {
			y.text(n, v.Start, v.Value.Value)
		}
	}
	return n
}

func tokenOf(v ast.Node) *token.Token {
	if v == nil {
		return nil
	}
	return v.GetToken()
}

// keyOf is the text of a key.
func keyOf(k ast.MapKeyNode) string {
	if s, ok := k.(*ast.StringNode); ok {
		return s.Value
	}
	if k == nil || k.GetToken() == nil {
		return ""
	}
	return k.GetToken().Value
}

// text aligns a scalar's value with the file. The parser's column is off by
// one behind some blanks, so the places beside it are tried, too: what aligns
// to its last byte is the scalar.
func (y *yamlReader) text(n *node, t *token.Token, value string) {
	at := y.offset(t)
	for _, d := range []int{0, -1, 1} {
		a := aligner{b: y.b, lines: y.lines, i: at + d, value: value}
		if a.i >= 0 && a.i < len(y.b) && a.scalar(t.Type) {
			n.text = a.w.Text(y.lines.At(min(a.i, len(y.b))))
			return
		}
	}
	var w corpus.TextBuilder
	w.Escape(value, n.at)
	n.text, n.coarse = w.Text(n.at), true
}

// An aligner finds each byte of a scalar's value in the file: the value says
// what the parser made of it, the file where that stands.
type aligner struct {
	b     []byte
	lines *corpus.Lines
	i     int // in the file
	value string
	w     corpus.TextBuilder
}

// scalar aligns a scalar of any style.
func (a *aligner) scalar(style token.Type) bool {
	switch c := a.b[a.i]; {
	case style == token.DoubleQuoteType:
		return c == '"' && a.double()
	case style == token.SingleQuoteType:
		a.i++
		return c == '\'' && a.flow(true)
	case style == token.LiteralType || style == token.FoldedType:
		return (c == '|' || c == '>') && a.block()
	}
	return a.flow(false)
}

// flow aligns a plain or single-quoted scalar, whose lines are folded.
func (a *aligner) flow(quoted bool) bool {
	v := a.value
	for k := 0; k < len(v); {
		switch {
		case a.i < len(a.b) && a.b[a.i] == v[k] && v[k] != '\n' && (v[k] != ' ' || !a.lineEnds()):
			from := a.i
			for k < len(v) && a.i < len(a.b) && a.b[a.i] == v[k] && v[k] != '\n' && (!quoted || v[k] != '\'') && (v[k] != ' ' || !a.lineEnds()) {
				a.i++
				k++
			}
			if from == a.i { // '' is one quote
				if a.i+1 >= len(a.b) || a.b[a.i+1] != '\'' {
					return false
				}
				a.w.Add(a.lines.Text(a.i, a.i+1))
				a.i += 2
				k++
				continue
			}
			a.w.Add(a.lines.Text(from, a.i))
		case v[k] == ' ' || v[k] == '\n':
			n, ok := a.fold(v[k:])
			if !ok {
				return false
			}
			k += n
		default:
			return false
		}
	}
	return true
}

// lineEnds reports whether only blanks stand between here and the line's end.
func (a *aligner) lineEnds() bool {
	k := a.i
	for k < len(a.b) && (a.b[k] == ' ' || a.b[k] == '\t' || a.b[k] == '\r') {
		k++
	}
	return k >= len(a.b) || a.b[k] == '\n'
}

// fold passes over line ends and what is blank around them: one is a space of
// the value, n+1 are n newlines. It returns how many bytes of the value that
// is.
func (a *aligner) fold(v string) (int, bool) {
	at, newlines := a.i, 0
	for k := a.i; k < len(a.b) && bytes.IndexByte([]byte(" \t\r\n"), a.b[k]) >= 0; k++ {
		if a.b[k] == '\n' {
			newlines++
		}
		a.i = k + 1
	}
	want := " "
	switch {
	case newlines == 0:
		return 0, false
	case newlines > 1:
		want = string(bytes.Repeat([]byte("\n"), newlines-1))
	}
	if len(v) < len(want) || v[:len(want)] != want {
		return 0, false
	}
	a.w.Escape(want, a.lines.At(at))
	return len(want), true
}

// escapes of double-quoted scalars.
var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b", ' ': " ",
	'"': "\"", '/': "/", '\\': "\\", 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// double aligns a double-quoted scalar.
func (a *aligner) double() bool {
	a.i++
	v := a.value
	for v != "" {
		if a.i >= len(a.b) {
			return false
		}
		switch c := a.b[a.i]; {
		case c == '\\':
			at := a.lines.At(a.i)
			s, ok := a.escape()
			if !ok || len(v) < len(s) || v[:len(s)] != s {
				return false
			}
			a.w.Escape(s, at)
			v = v[len(s):]
		case (c == ' ' || c == '\t' || c == '\r' || c == '\n') && a.lineEnds():
			n, ok := a.fold(v)
			if !ok {
				return false
			}
			v = v[n:]
		case c == v[0]:
			a.w.Add(a.lines.Text(a.i, a.i+1))
			a.i++
			v = v[1:]
		default:
			return false
		}
	}
	return true
}

// escape reads one escape; a backslash at a line's end stands for nothing.
func (a *aligner) escape() (string, bool) {
	if a.i+1 >= len(a.b) {
		return "", false
	}
	c := a.b[a.i+1]
	if c == '\n' || c == '\r' {
		a.i++
		for a.i < len(a.b) && bytes.IndexByte([]byte(" \t\r\n"), a.b[a.i]) >= 0 {
			a.i++
		}
		return "", true
	}
	if s, ok := escapes[c]; ok {
		a.i += 2
		return s, true
	}
	s := scanner{b: a.b, i: a.i + 2}
	r, ok := s.hex(map[byte]int{'x': 2, 'u': 4, 'U': 8}[c])
	if !ok {
		return "", false
	}
	a.i = s.i
	return string(r), true
}

// block aligns a literal or folded scalar.
func (a *aligner) block() bool {
	folded := a.b[a.i] == '>'
	indent := 0
	end := bytes.IndexByte(a.b[a.i:], '\n')
	if end < 0 {
		return a.value == ""
	}
	explicit := false
	for _, c := range a.b[a.i : a.i+end] {
		if c == '#' {
			break
		}
		if '1' <= c && c <= '9' {
			explicit = true
		}
	}
	a.i += end + 1
	if explicit {
		return false // counted from the parent's indent, which is not known here
	}
	for k := a.i; k < len(a.b); {
		n := 0
		for k+n < len(a.b) && a.b[k+n] == ' ' {
			n++
		}
		if k+n < len(a.b) && (a.b[k+n] == '\n' || a.b[k+n] == '\r') {
			k += n + 1
			continue
		}
		indent = n
		break
	}
	v := a.value
	for begin := true; v != ""; {
		if begin {
			for n := 0; n < indent && a.i < len(a.b) && a.b[a.i] == ' '; n++ {
				a.i++
			}
			begin = false
		}
		if a.i >= len(a.b) {
			return v == "\n"
		}
		c := a.b[a.i]
		switch {
		case c == '\r' && v[0] == '\n' && a.i+1 < len(a.b) && a.b[a.i+1] == '\n':
			a.i++
		case c == v[0]:
			from := a.i
			for v != "" && a.i < len(a.b) && a.b[a.i] == v[0] {
				a.i++
				v = v[1:]
				if a.b[a.i-1] == '\n' {
					begin = true
					break
				}
			}
			a.w.Add(a.lines.Text(from, a.i))
		case folded && (c == '\n' || c == '\r'):
			if n, ok := a.fold(v); ok {
				v = v[n:]
				continue
			}
			return false
		default:
			return false
		}
	}
	return true
}
