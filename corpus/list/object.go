package list

import (
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// fields are the values of one object by key, as far as they are ours: where
// each begins in the row. A value is read when every key is known, since
// "pattern_encoding" decides how "pattern" is.
type fields map[string]int

var ours = []string{"pattern", "id", "dialect", "flags", "mode", "pattern_encoding", "summary"}

// object reads a row of JSONL; false for one that holds no pattern.
func (s *Stream) object(row []byte, at corpus.Position) (corpus.Pattern, *corpus.Problem, bool) {
	p, f, ok := s.pattern(row, at)
	if f != nil {
		return corpus.Pattern{}, s.problem(f.code, advance(at, f.at), "%s", f.msg), true
	}
	return p, nil, ok
}

func (s *Stream) pattern(row []byte, at corpus.Position) (corpus.Pattern, *fault, bool) {
	sc := &scanner{b: row}
	values, f := sc.object()
	if f != nil {
		return corpus.Pattern{}, f, true
	}
	v, ok := values["pattern"]
	if !ok {
		if _, ok := values["summary"]; ok {
			return corpus.Pattern{}, nil, false
		}
		return corpus.Pattern{}, faultf(CodeMissingPattern, 0, `row without a pattern: expected the key "pattern"`), true
	}
	p := corpus.Pattern{Dialect: s.defaults.Dialect, Flags: s.defaults.Flags, Mode: s.defaults.Mode}
	bytes, f := sc.context(values, &p)
	if f != nil {
		return corpus.Pattern{}, f, true
	}
	if p.Dialect == "" {
		return corpus.Pattern{}, &fault{code: CodeMissingDialect, msg: s.missingDialect(at).Message}, true
	}
	sc.i = v
	text, f := sc.str(bytes)
	if f != nil {
		if f.code == CodeSyntax {
			f = faultf(CodeBadValue, v, `"pattern" is no string: expected one`)
		}
		return corpus.Pattern{}, f, true
	}
	p.Text = string(text.text)
	p.Source = corpus.NewSource(s.file, "", text.segments(at))
	return p, nil, true
}

// object reads the whole row as an object.
func (s *scanner) object() (fields, *fault) {
	values := fields{}
	if f := s.expect('{', "a JSON object"); f != nil {
		return nil, f
	}
	s.space()
	if s.i < len(s.b) && s.b[s.i] == '}' {
		s.i++
		return values, s.end()
	}
	for {
		s.space()
		at := s.i
		key, f := s.str(false)
		if f != nil {
			return nil, f
		}
		if f := s.expect(':', ":"); f != nil {
			return nil, f
		}
		s.space()
		if name := string(key.text); slices.Contains(ours, name) {
			if _, twice := values[name]; twice {
				return nil, faultf(CodeDuplicateKey, at, "key %q stands twice: expected it once", name)
			}
			values[name] = s.i
		}
		if f := s.skip(); f != nil {
			return nil, f
		}
		s.space()
		if s.i < len(s.b) && s.b[s.i] == '}' {
			s.i++
			return values, s.end()
		}
		if f := s.expect(',', ", or }"); f != nil {
			return nil, f
		}
	}
}

// end expects the row's end.
func (s *scanner) end() *fault {
	s.space()
	if s.i < len(s.b) {
		return faultf(CodeSyntax, s.i, "%s after the object: expected the end of the row", s.found())
	}
	return nil
}

// context reads everything but the pattern's text, and whether that is bytes.
func (s *scanner) context(values fields, p *corpus.Pattern) (bytes bool, f *fault) {
	word := func(key string) (v str, at int, ok bool) {
		at, ok = values[key]
		if !ok || f != nil {
			return v, at, false
		}
		s.i = at
		if s.b[at] == 'n' { // null
			return v, at, false
		}
		if v, f = s.str(false); f != nil {
			if f.code == CodeSyntax {
				f = faultf(CodeBadValue, at, "%q is no string: expected one", key)
			}
			return v, at, false
		}
		return v, at, true
	}
	if at, ok := values["id"]; ok && s.b[at] != '"' {
		s.i = at
		id, g := s.scalar()
		if g != nil || id == "true" || id == "false" {
			return false, faultf(CodeBadValue, at, `"id" is no string and no number: expected one`)
		}
		if id != "null" {
			p.ID = id
		}
	} else if v, _, ok := word("id"); ok {
		p.ID = string(v.text)
	}
	if v, at, ok := word("dialect"); ok {
		d, known := corpus.ParseDialect(string(v.text))
		if !known {
			f = faultf(CodeBadValue, at, "dialect %.40q: expected one of %v", v.text, corpus.Dialects)
		}
		p.Dialect = d
	}
	if v, at, ok := word("mode"); ok {
		m, known := corpus.ParseMode(string(v.text))
		if !known {
			f = faultf(CodeBadValue, at, "mode %.40q: expected search, match, full or global", v.text)
		}
		p.Mode = m
	}
	if v, _, ok := word("flags"); ok {
		flags, err := corpus.ParseFlags(string(v.text))
		if err != nil {
			f = faultf(CodeBadFlags, v.badFlag(), "%v", err)
		}
		p.Flags = flags
	}
	if v, at, ok := word("pattern_encoding"); ok {
		switch string(v.text) {
		case "utf-8":
		case "bytes":
			bytes = true
		default:
			f = faultf(CodeBadValue, at, "pattern_encoding %.40q: expected utf-8 or bytes", v.text)
		}
	}
	return bytes, f
}

// badFlag is the offset in the row of the first letter that is no flag.
func (v str) badFlag() int {
	k := strings.IndexFunc(string(v.text), func(r rune) bool {
		_, err := corpus.ParseFlags(string(r))
		return err != nil
	})
	row := 0
	for _, s := range v.segs {
		if s.text <= k {
			row = s.row + k - s.text
		}
	}
	return row
}
