package records

import (
	"bytes"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// toml reads a TOML document (toml.io, 1.0). What was read before an error is
// returned with it. Redefinitions are not looked for: every value counts.
func (s *scanner) toml() (*node, *syntaxError) {
	root := &node{kind: mapping, at: s.lines.At(0)}
	table := root
	for {
		s.tomlSpace(true)
		if s.i >= len(s.b) {
			return root, nil
		}
		if s.is('[') {
			array := s.is('[')
			path, err := s.tomlKey()
			if err != nil {
				return root, err
			}
			if !s.is(']') || array && !s.is(']') {
				return root, syntaxf(s.i, "%s: expected ] behind the name of a table", s.found())
			}
			if table = s.enter(root, path, array); table == nil {
				return root, syntaxf(s.i, "table %s stands in what is no table", corpus.Excerpt(strings.Join(path, ".")))
			}
		} else if err := s.tomlPair(table); err != nil {
			return root, err
		}
		s.tomlSpace(false)
		if s.i < len(s.b) && s.b[s.i] != '\n' && s.b[s.i] != '\r' {
			return root, syntaxf(s.i, "%s: expected the end of the line", s.found())
		}
	}
}

// tomlSpace skips blanks and comments, and line ends if those are white space
// here.
func (s *scanner) tomlSpace(lines bool) {
	for s.i < len(s.b) {
		switch c := s.b[s.i]; {
		case c == ' ' || c == '\t' || lines && (c == '\n' || c == '\r'):
			s.i++
		case c == '#':
			if k := bytes.IndexByte(s.b[s.i:], '\n'); k >= 0 {
				s.i += k
			} else {
				s.i = len(s.b)
			}
		default:
			return
		}
	}
}

// enter is the table at a path, made where it is not there; of arrays of
// tables the last. nil where something else stands there.
func (s *scanner) enter(n *node, path []string, array bool) *node {
	at := s.lines.At(s.i)
	for k, key := range path {
		v := n.get(key)
		last := k == len(path)-1
		switch {
		case v == nil && last && array:
			v = &node{kind: sequence, at: at}
			n.add(key, v)
		case v == nil:
			v = &node{kind: mapping, at: at}
			n.add(key, v)
		}
		if last && array {
			if v.kind != sequence {
				return nil
			}
			v.items = append(v.items, &node{kind: mapping, at: at})
		}
		if v.kind == sequence && len(v.items) > 0 {
			v = v.items[len(v.items)-1]
		}
		if v.kind != mapping {
			return nil
		}
		n = v
	}
	return n
}

// tomlKey reads a dotted key.
func (s *scanner) tomlKey() ([]string, *syntaxError) {
	var path []string
	for {
		s.tomlSpace(false)
		begin := s.i
		switch {
		case s.i < len(s.b) && (s.b[s.i] == '"' || s.b[s.i] == '\''):
			t, err := s.tomlString()
			if err != nil {
				return nil, err
			}
			path = append(path, t.String())
		default:
			for s.i < len(s.b) && (s.b[s.i] == '-' || s.b[s.i] == '_' || isAlnum(s.b[s.i])) {
				s.i++
			}
			if s.i == begin {
				return nil, syntaxf(s.i, "%s: expected a key", s.found())
			}
			path = append(path, string(s.b[begin:s.i]))
		}
		if len(path) > MaxDepth {
			return nil, syntaxf(begin, "key with more than %d parts: expected fewer", MaxDepth)
		}
		if s.tomlSpace(false); !s.is('.') {
			return path, nil
		}
	}
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// tomlPair reads KEY = VALUE into a table.
func (s *scanner) tomlPair(table *node) *syntaxError {
	path, err := s.tomlKey()
	if err != nil {
		return err
	}
	if !s.is('=') {
		return syntaxf(s.i, "%s: expected = behind a key", s.found())
	}
	into := table
	if len(path) > 1 {
		if into = s.enter(table, path[:len(path)-1], false); into == nil {
			return syntaxf(s.i, "key %s stands in what is no table", corpus.Excerpt(strings.Join(path, ".")))
		}
	}
	v, err := s.tomlValue()
	if err != nil {
		return err
	}
	into.add(path[len(path)-1], v)
	return nil
}

func (s *scanner) tomlValue() (*node, *syntaxError) {
	s.tomlSpace(false)
	n := &node{at: s.lines.At(s.i)}
	if s.depth++; s.depth > MaxDepth {
		return nil, tooDeepAt(s.i)
	}
	defer func() { s.depth-- }()
	switch {
	case s.i < len(s.b) && (s.b[s.i] == '"' || s.b[s.i] == '\''):
		t, err := s.tomlString()
		n.kind, n.text = str, t
		return n, err
	case s.is('['):
		n.kind = sequence
		for {
			if s.tomlSpace(true); s.is(']') {
				return n, nil
			}
			v, err := s.tomlValue()
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, v)
			if s.tomlSpace(true); !s.is(',') && (s.i >= len(s.b) || s.b[s.i] != ']') {
				return nil, syntaxf(s.i, "%s: expected , or ] in an array", s.found())
			}
		}
	case s.is('{'):
		n.kind = mapping
		for {
			if s.tomlSpace(true); s.is('}') {
				return n, nil
			}
			if err := s.tomlPair(n); err != nil {
				return nil, err
			}
			if s.tomlSpace(true); !s.is(',') && (s.i >= len(s.b) || s.b[s.i] != '}') {
				return nil, syntaxf(s.i, "%s: expected , or } in an inline table", s.found())
			}
		}
	}
	begin := s.i
	for s.i < len(s.b) && (isAlnum(s.b[s.i]) || strings.IndexByte("+-_.:", s.b[s.i]) >= 0) {
		s.i++
	}
	if s.i == begin {
		return nil, syntaxf(s.i, "%s: expected a value", s.found())
	}
	return n, nil
}

// tomlString reads a string of any of the four kinds.
func (s *scanner) tomlString() (corpus.Text, *syntaxError) {
	begin, quote := s.i, s.b[s.i]
	long := bytes.HasPrefix(s.b[s.i:], bytes.Repeat([]byte{quote}, 3))
	s.i++
	if long {
		s.i += 2
		s.is('\r')
		s.is('\n') // right behind the quotes: no part of the string
	}
	first := s.i
	var w corpus.TextBuilder
	for {
		from := s.i
		for s.i < len(s.b) && s.b[s.i] != quote && (s.b[s.i] != '\\' || quote == '\'') && (long || s.b[s.i] != '\n') {
			s.i++
		}
		w.Add(s.lines.Text(from, s.i))
		switch {
		case s.i >= len(s.b) || s.b[s.i] == '\n':
			return corpus.Text{}, syntaxf(begin, "string is not closed: expected its closing quote")
		case s.b[s.i] == '\\':
			if long && s.lineEnding() {
				continue
			}
			if err := s.escape(&w, `"\befnrt`, "\"\\\b\x1b\f\n\r\t"); err != nil {
				return corpus.Text{}, err
			}
		case !long:
			s.i++
			return w.Text(s.lines.At(first)), nil
		default:
			k := s.i
			for k < len(s.b) && s.b[k] == quote {
				k++
			}
			// Of more than three quotes the last three close the string.
			n := min(k-s.i, 5)
			if n < 3 {
				w.Add(s.lines.Text(s.i, s.i+n))
				s.i += n
				continue
			}
			w.Add(s.lines.Text(s.i, s.i+n-3))
			s.i += n
			return w.Text(s.lines.At(first)), nil
		}
	}
}

// lineEnding passes over a backslash that ends a line, and the white space
// behind it.
func (s *scanner) lineEnding() bool {
	k := s.i + 1
	for k < len(s.b) && strings.IndexByte(" \t\r", s.b[k]) >= 0 {
		k++
	}
	if k >= len(s.b) || s.b[k] != '\n' {
		return false
	}
	s.i = k
	s.space()
	return true
}
