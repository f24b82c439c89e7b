package records

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/seclang"
)

// A Reader reads the rule files of one preset. It is a corpus.Reader, and safe
// for concurrent use.
type Reader struct{ Preset Preset }

var _ corpus.Reader = Reader{}

// Name is the preset's name.
func (rd Reader) Name() string { return rd.Preset.Name }

// Read returns the patterns of a file in the order of their places.
func (rd Reader) Read(file string, data []byte) corpus.Result {
	r := &reading{file: file, problems: corpus.Problems{Most: MaxProblems}, preset: rd.Preset, lines: corpus.NewLines(data)}
	s := &scanner{b: data, lines: r.lines}
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) { // a byte order mark
		s.i = 3
	}
	docs, err := s.parse(file)
	if err != nil {
		code := CodeSyntax
		if err.limit {
			code = CodeTooLarge
		}
		r.problem(code, r.lines.At(min(err.at, len(data))), "%s", err.message)
	}
	for _, d := range docs {
		for _, p := range rd.Preset.Paths {
			w := walk{reading: r, path: p, budget: MaxNodes}
			w.step(d, strings.Split(p.At, "."), place{})
			if w.budget <= 0 {
				r.problem(CodeTooMany, corpus.Position{}, "more than %d values, those behind aliases counted each time: expected fewer", MaxNodes)
			}
		}
	}
	r.finish()
	return r.result
}

// parse reads the documents of a file by its extension.
func (s *scanner) parse(file string) ([]*node, *syntaxError) {
	one := func(n *node, err *syntaxError) ([]*node, *syntaxError) {
		if n == nil {
			return nil, err
		}
		return []*node{n}, err
	}
	switch strings.ToLower(path.Ext(file)) {
	case ".yaml", ".yml":
		return s.yaml()
	case ".toml":
		if !bytes.HasPrefix(bytes.TrimLeft(s.b[s.i:], " \t\r\n"), []byte("{")) {
			return one(s.toml())
		}
	}
	return one(s.json())
}

// A reading is the state of one Read.
type reading struct {
	file     string
	preset   Preset
	lines    *corpus.Lines
	result   corpus.Result
	problems corpus.Problems
	dropped  int
}

// A place is where a walk stands.
type place struct {
	rule string // the name of the rule around
	key  string // the last key
	path string // the keys behind the rule
}

// A walk follows one path through a document.
type walk struct {
	*reading
	path   Path
	budget int
}

// step follows the rest of a path.
func (w *walk) step(n *node, rest []string, at place) {
	if w.budget--; w.budget <= 0 || n == nil {
		return
	}
	if n.kind == mapping {
		if id := n.get(w.preset.ID); id != nil && id.kind == str && id.text.Len() > 0 {
			at.rule, at.path = id.text.String(), ""
		}
	}
	if len(rest) == 0 {
		w.value(n, at)
		return
	}
	head, tail := rest[0], rest[1:]
	if head == "**" {
		w.step(n, tail, at)
		for _, e := range n.keys {
			w.step(e.value, rest, at.under(e.key))
		}
		for _, v := range n.items {
			w.step(v, rest, at)
		}
		return
	}
	if n.kind == sequence && head == "[]" {
		if w.path.Form == SecLang && len(tail) == 0 {
			w.joined(n)
			return
		}
		for _, v := range n.items {
			w.step(v, tail, at)
		}
	}
	for _, e := range n.keys {
		if matches(head, e.key) {
			w.step(e.value, tail, at.under(e.key))
		}
	}
}

func (p place) under(key string) place {
	p.key = key
	if p.path != "" {
		key = p.path + "." + key
	}
	p.path = key
	return p
}

// matches reports whether a key is what a part of a path asks for.
func matches(part, key string) bool {
	if part == "[]" || part == "**" {
		return false
	}
	head, rest, star := strings.Cut(part, "*")
	if !star {
		return part == key
	}
	mid, tail, second := strings.Cut(rest, "*")
	if !second {
		mid, tail = "", rest
	}
	return strings.HasPrefix(key, head) && strings.HasSuffix(key[len(head):], tail) && strings.Contains(key[len(head):len(key)-len(tail)], mid)
}

// value takes what stands at the end of a path.
func (w *walk) value(n *node, at place) {
	if n.kind == sequence || n.kind == mapping {
		return // another path is about what is in it
	}
	if n.kind != str {
		if w.path.Form == Text || w.path.Form == Modified {
			w.problem(CodeNotText, n.at, "%s is no string: expected a pattern", corpus.Excerpt(at.path))
		}
		return
	}
	if n.coarse && w.path.Form != Grok {
		w.problem(CodeCoarsePlace, n.at, "the characters of %s cannot be told apart in the file: every place in it is its beginning", corpus.Excerpt(at.path))
	}
	switch w.path.Form {
	case Grok:
		w.result.Skipped++
	case SecLang:
		w.secLang(n.text)
	case Expression:
		w.expression(n.text, at)
	case Modified:
		p := w.pattern(at)
		for m := range strings.SplitSeq(at.key, "|") {
			switch m {
			case "i":
				p.Flags |= corpus.Caseless
			case "m":
				p.Flags |= corpus.Multiline
			case "s":
				p.Flags |= corpus.DotAll
			}
		}
		p.Context.Variables = []string{at.key[:strings.IndexByte(at.key, '|')]}
		w.add(p, n.text)
	default:
		w.add(w.pattern(at), n.text)
	}
}

// pattern is a pattern of the path without its text.
func (w *walk) pattern(at place) corpus.Pattern {
	p := corpus.Pattern{ID: at.rule, Dialect: w.path.Dialect, Flags: w.path.Flags, Mode: w.path.Mode}
	p.Source.Rule = at.rule
	if at.key != w.preset.Main && at.path != "" {
		p.ID = strings.TrimPrefix(at.rule+"#"+at.path, "#")
	}
	p.Context.Role, p.Context.Operator = "operator", at.key
	return p
}

// add keeps a pattern; one that an alias leads to again is kept once.
func (r *reading) add(p corpus.Pattern, t corpus.Text) {
	if len(r.result.Patterns) >= MaxPatterns {
		r.dropped++
		return
	}
	p.Text, p.Source = t.String(), t.Source(r.file, p.Source.Rule)
	r.result.Patterns = append(r.result.Patterns, p)
}

// expression finds the strings behind the operator matches.
func (w *walk) expression(t corpus.Text, at place) {
	b := t.Bytes()
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '\'' || c == '"' || c == '`':
			i = stringEnd(b, i)
		case bytes.HasPrefix(b[i:], []byte("matches")) && (i == 0 || !isAlnum(b[i-1]) && b[i-1] != '_') &&
			(i+7 >= len(b) || !isAlnum(b[i+7]) && b[i+7] != '_'):
			k := i + 7
			for k < len(b) && strings.IndexByte(" \t\r\n(", b[k]) >= 0 {
				k++
			}
			if k >= len(b) || strings.IndexByte("'\"`", b[k]) < 0 {
				w.problem(CodeBadExpression, t.At(i), "no string behind matches: expected a pattern in quotes")
				i += 6
				continue
			}
			end := stringEnd(b, k)
			p := w.pattern(at)
			p.Context.Operator = "matches"
			w.add(p, unquote(t.Slice(k+1, end), b[k]))
			i = end
		}
	}
}

// stringEnd is the offset of the quote that closes the one at i, or len(b).
func stringEnd(b []byte, i int) int {
	quote := b[i]
	for i++; i < len(b) && b[i] != quote; i++ {
		if b[i] == '\\' && quote != '`' {
			i++
		}
	}
	return min(i, len(b))
}

// unquote undoes the escapes of a string in an expression: those of Go.
func unquote(t corpus.Text, quote byte) corpus.Text {
	if quote == '`' || bytes.IndexByte(t.Bytes(), '\\') < 0 {
		return t
	}
	var w corpus.TextBuilder
	b := t.Bytes()
	from := 0
	for i := 0; i+1 < len(b); i++ {
		if b[i] != '\\' {
			continue
		}
		w.Add(t.Slice(from, i))
		c := b[i+1]
		s, ok := escapes[c]
		switch {
		case c == quote || c == '\\':
			from = i + 1
		case ok && strings.IndexByte("abfnrtv", c) >= 0:
			w.Escape(s, t.At(i))
			from = i + 2
		default:
			from = i // kept as it stands
		}
		i++
	}
	w.Add(t.Slice(from, len(b)))
	return w.Text(t.At(0))
}

// joined reads a sequence of directives as the lines of one file: chains go
// on from one item to the next.
func (w *walk) joined(n *node) {
	var t corpus.TextBuilder
	for _, v := range n.items {
		if v.kind != str {
			continue
		}
		if t.Len() > 0 {
			t.Escape("\n", v.text.At(0))
		}
		t.Add(v.text)
	}
	w.secLang(t.Text(n.at))
}

// secLang reads directives of ModSecurity.
func (w *walk) secLang(t corpus.Text) {
	res := seclang.Reader{Quoting: seclang.Coraza}.Read(w.file, t.Bytes())
	for _, p := range res.Patterns {
		if len(w.result.Patterns) >= MaxPatterns {
			w.dropped++
			continue
		}
		p.Source = t.Through(p.Source, len(p.Text))
		w.result.Patterns = append(w.result.Patterns, p)
	}
	for _, i := range res.Includes {
		i.Pos = t.At(i.Pos.Offset)
		w.result.Includes = append(w.result.Includes, i)
	}
	for _, u := range res.Updates {
		u.Pos = t.At(u.Pos.Offset)
		w.result.Updates = append(w.result.Updates, u)
	}
	for _, s := range res.Settings {
		s.Pos = t.At(s.Pos.Offset)
		w.result.Settings = append(w.result.Settings, s)
	}
	for _, p := range res.Problems {
		if p.Pos.IsValid() {
			p.Pos = t.At(p.Pos.Offset)
		}
		w.problems.Add(&corpus.Problem{Code: p.Code, File: w.file, Pos: p.Pos, Message: p.Message, Advisory: p.Advisory})
	}
}

// finish sorts what was found.
func (r *reading) finish() {
	slices.SortStableFunc(r.result.Patterns, func(a, b corpus.Pattern) int { return a.Source.Pos.Offset - b.Source.Pos.Offset })
	r.result.Patterns = slices.CompactFunc(r.result.Patterns, func(a, b corpus.Pattern) bool {
		return a.Source.Pos == b.Source.Pos && a.ID == b.ID && a.Text == b.Text
	})
	if r.dropped > 0 {
		r.problem(CodeTooMany, corpus.Position{}, "%d patterns beyond the first %d are not read: expected at most %d patterns", r.dropped, len(r.result.Patterns), MaxPatterns)
	}
	r.result.Problems = r.problems.List(r.file, CodeTooMany)
}
