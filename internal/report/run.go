package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/internal/gate"
)

// A Run is what a file of results is the result of: with the corpus, all that
// decides its rows. It is the first line of the file.
type Run struct {
	Schema  int    `json:"schema"`
	Command string `json:"command"`
	Seed    uint64 `json:"seed"`
	Steps   uint64 `json:"steps"`
	// Static says that the static analysis took part.
	Static bool `json:"static"`
	Verify bool `json:"verify"`
	// Corpus are the files and directories as they were given.
	Corpus []string `json:"corpus"`
	// Shard is "2/5" for one of several parts, null for the whole corpus.
	Shard *string `json:"shard"`
	// Share says that attacks on one pattern were tried on the others, in a
	// second pass.
	Share bool `json:"share,omitempty"`
	// Compared are the engines whose answers were compared.
	Compared []string          `json:"compared"`
	Policy   string            `json:"policy"`
	Versions map[string]string `json:"versions"`
	// Build is what the program was built from: a version, a revision without
	// changes, or its own bytes.
	Build string `json:"build"`
}

// Whole is the head of the run that a shard is a part of.
func (r Run) Whole() Run {
	r.Shard = nil
	return r
}

// Line is the head as a line of JSON, with the single key "run".
func (r Run) Line() []byte {
	r.Schema, r.Corpus, r.Compared = SchemaVersion, list(r.Corpus), list(r.Compared)
	return line(map[string]Run{"run": r})
}

// Differs names what another run was given otherwise: "--seed 1, now 2"; ""
// where the same patterns get the same rows.
func (r Run) Differs(now Run) string {
	var out []string
	add := func(name string, was, is any) {
		if a, b := fmt.Sprint(was), fmt.Sprint(is); a != b {
			out = append(out, fmt.Sprintf("%s %s, now %s", name, a, b))
		}
	}
	add("command", r.Command, now.Command)
	add("--seed", r.Seed, now.Seed)
	add("--steps", r.Steps, now.Steps)
	add("--no-static", !r.Static, !now.Static)
	add("--verify", r.Verify, now.Verify)
	add("corpus", orWords(r.Corpus), orWords(now.Corpus))
	add("--shard", orNone(r.Shard), orNone(now.Shard))
	add("--share", r.Share, now.Share)
	add("--compare", orWords(r.Compared), orWords(now.Compared))
	add("policy", r.Policy, now.Policy)
	add("build", orWords([]string{r.Build}), orWords([]string{now.Build}))
	if !maps.Equal(r.Versions, now.Versions) {
		names := slices.Sorted(maps.Keys(now.Versions))
		for _, k := range slices.Sorted(maps.Keys(r.Versions)) {
			if !slices.Contains(names, k) {
				names = append(names, k)
			}
		}
		for _, k := range names {
			add(k, orWords([]string{r.Versions[k]}), orWords([]string{now.Versions[k]}))
		}
	}
	return strings.Join(out, "; ")
}

func orNone(s *string) string {
	if s == nil {
		return "none"
	}
	return *s
}

func orWords(s []string) string {
	if w := strings.Join(s, ","); w != "" {
		return w
	}
	return "none"
}

// identity is the part of a row that says which pattern it is of.
type identity struct {
	Seq             *int     `json:"seq"`
	ID              *string  `json:"id"`
	Pattern         string   `json:"pattern"`
	PatternEncoding Encoding `json:"pattern_encoding"`
	Dialect         string   `json:"dialect"`
	Flags           string   `json:"flags"`
	Mode            string   `json:"mode"`
	Profiles        []string `json:"profiles"`
	File            *string  `json:"file"`
	Rule            *string  `json:"rule"`
	Line            *int     `json:"line"`
	Column          *int     `json:"column"`
}

// IsOf reports whether a line of JSON is the row of r's pattern at its place,
// whatever it says of it.
func IsOf(line []byte, r gate.Row) bool {
	var x identity
	if json.Unmarshal(line, &x) != nil {
		return false
	}
	j := JSONL{}.row(r)
	return reflect.DeepEqual(x, identity{
		j.Seq, j.ID, j.Pattern, j.PatternEncoding, j.Dialect, j.Flags, j.Mode, j.Profiles, j.File, j.Rule, j.Line, j.Column,
	})
}
