package cli

import (
	"encoding/json"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/list"
	"github.com/nearmiss-dev/nearmiss/corpus/records"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// declared is the reader of records whose patterns stand where the policy
// says.
func declared(f policy.FileRule) entry {
	return entry{
		name: policy.ReaderRecords, declared: true, indented: true, keys: strings.Join(f.Keys, "\x00") + "\x00" + f.ID,
		open: func(d list.Defaults) corpus.Reader {
			p := records.Preset{Name: policy.ReaderRecords, ID: f.ID}
			for _, k := range f.Keys {
				p.Paths = append(p.Paths, records.Path{At: k, Dialect: d.Dialect, Flags: d.Flags, Mode: mode(d.Mode)})
			}
			return records.Reader{Preset: p}
		},
		canary: func(rule, pattern string) []byte {
			b, err := json.Marshal(document(strings.Split(f.Keys[0], "."), f.ID, rule, pattern))
			if err != nil { // maps of strings have a JSON form
				return nil
			}
			return append(b, '\n')
		},
	}
}

func mode(m corpus.Mode) corpus.Mode {
	if m == "" {
		return corpus.Search
	}
	return m
}

// document is a document with one pattern at the end of a way, and the rule's
// name in every mapping on it.
func document(way []string, id, rule, pattern string) any {
	if len(way) == 0 {
		return pattern
	}
	inner := document(way[1:], id, rule, pattern)
	switch way[0] {
	case "**":
		return inner
	case "[]":
		return []any{inner}
	}
	m := map[string]any{strings.ReplaceAll(way[0], "*", "x"): inner}
	if id != "" && m[id] == nil {
		m[id] = rule
	}
	return m
}
