package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A row is one line of a list: a pattern and what others say of it.
type row struct {
	line    int
	id      string
	pattern string
	flags   string
	dialect corpus.Dialect // "" when the row has none
	mode    corpus.Mode
	// label is what the list expects, in its own words.
	label string
	// listed are the attacks of the list itself.
	listed []family
	// peers are what peers say, by the peer's name.
	peers map[string]opinion
}

// dialectNames are the names that lists use, where they differ from ours. Perl
// has no dialect of its own: PCRE is the nearest.
var dialectNames = map[string]corpus.Dialect{
	"js": corpus.ECMAScript, "javascript": corpus.ECMAScript, "perl": corpus.PCRE, "pcre2": corpus.PCRE, "re2": corpus.Go,
}

// labelColumns are the columns that hold an expectation, in order.
var labelColumns = []string{"expected", "complexity", "status"}

// readRow reads line number n of a list. The columns named in peers hold a
// peer's results, as an object.
func readRow(line []byte, n int, peers []string) (row, error) {
	var columns map[string]json.RawMessage
	if err := json.Unmarshal(line, &columns); err != nil {
		return row{}, fmt.Errorf("line %d: %w", n, err)
	}
	r := row{line: n, id: text(columns["id"]), pattern: text(columns["pattern"]), flags: text(columns["flags"]), peers: map[string]opinion{}}
	if r.id == "" {
		r.id = fmt.Sprintf("line-%d", n)
	}
	if _, ok := columns["pattern"]; !ok {
		return row{}, fmt.Errorf("line %d: no pattern", n)
	}
	if text(columns["pattern_encoding"]) == "bytes" {
		r.pattern = string(encode(r.pattern, "bytes"))
	}
	var ok bool
	if r.mode, ok = corpus.ParseMode(text(columns["mode"])); !ok {
		return row{}, fmt.Errorf("line %d: unknown mode %s", n, columns["mode"])
	}
	if name := text(columns["dialect"]); name != "" {
		if r.dialect, ok = parseDialect(name); !ok {
			return row{}, fmt.Errorf("line %d: unknown dialect %q", n, name)
		}
	}
	for _, name := range labelColumns {
		if r.label == "" {
			r.label = text(columns[name])
		}
	}
	for _, name := range []string{"attack", "attacks", "attack_verified"} {
		listed, err := families(columns[name])
		if err != nil {
			return row{}, fmt.Errorf("line %d: column %s: %w", n, name, err)
		}
		r.listed = append(r.listed, listed...)
	}
	for _, name := range peers {
		if data, ok := columns[name]; ok {
			o, err := readOpinion(data)
			if err != nil {
				return row{}, fmt.Errorf("line %d: column %s: %w", n, name, err)
			}
			r.peers[name] = o
		}
	}
	return r, nil
}

// parseDialect reads a dialect by our name or another.
func parseDialect(name string) (corpus.Dialect, bool) {
	name = strings.ToLower(name)
	if d, ok := dialectNames[name]; ok {
		return d, true
	}
	return corpus.ParseDialect(name)
}

// text is a JSON string, and "" for anything else.
func text(data json.RawMessage) string {
	var s string
	if json.Unmarshal(data, &s) != nil {
		return ""
	}
	return s
}

// in is the row's pattern in a dialect.
func (r row) in(d corpus.Dialect) (corpus.Pattern, error) {
	f, err := corpus.ParseFlags(r.flags)
	if err != nil {
		return corpus.Pattern{}, err
	}
	return corpus.Pattern{ID: r.id, Text: r.pattern, Dialect: d, Flags: f, Mode: r.mode}, nil
}
