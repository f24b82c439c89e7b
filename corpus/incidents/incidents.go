// Package incidents is a collection of patterns that are publicly known to
// have stopped something, or could have: each with who had it, when it was
// fixed, how, and where that is written.
//
// Only facts are kept: the pattern, its fixed form, and a reference. Attacks
// are not among them: what nearmiss says of an incident it finds itself, and a
// test of engines/verdict replays every one on the reference matcher.
//
// The collection is a list in the JSONL format of corpus/list, and is read as
// the file "incidents:" wherever the command takes a file.
package incidents

import (
	"bytes"
	_ "embed" // for the list
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/list"
)

// Name is the collection's name where a file is expected, and File the file
// that its patterns stand in.
const (
	Name = "incidents:"
	File = "incidents"
)

//go:embed incidents.jsonl
var rows []byte

// List is the collection as it is written: one JSON object a line, with the
// keys of a list ("id", "pattern", "dialect", "flags") and those of an
// Incident. The caller may keep it and must not change it.
func List() []byte { return rows }

// An Incident is one known pattern.
type Incident struct {
	// Pattern is the pattern in its own dialect, placed in the collection.
	Pattern corpus.Pattern `json:"-"`
	// Growth is "polynomial" or "exponential", and Cause one of the analyzer's
	// causes: what the reference matcher shows.
	Growth, Cause string
	// Engine is what ran it, in words.
	Engine string
	// Project had it; CVE is its number, "" for none.
	Project, CVE string
	// Date of the fix, or of the event, as YYYY-MM-DD or YYYY-MM; "" where the
	// source has none.
	Date string
	// Fixed is what the project put in its place, "" where that is no pattern.
	// It is not always linear.
	Fixed string
	// Source is the address of the fix, the advisory or the report.
	Source string
}

var all = sync.OnceValue(func() (out []Incident) {
	patterns := list.Rows(bytes.NewReader(rows), File, list.Defaults{Format: list.JSONL})
	lines := bytes.Split(rows, []byte("\n"))
	for p, problem := range patterns {
		var i Incident
		if problem != nil || json.Unmarshal(lines[p.Source.Pos.Line-1], &i) != nil {
			continue // a test holds the list against that
		}
		i.Pattern = p
		out = append(out, i)
	}
	return out
})

// All are the incidents, the best known first.
func All() []Incident { return slices.Clone(all()) }

// Canaries are one incident for each cause, in the order of causes by name:
// the one whose pattern is shortest.
func Canaries() []Incident {
	best := map[string]Incident{}
	for _, i := range all() {
		if b, ok := best[i.Cause]; !ok || len(i.Pattern.Text) < len(b.Pattern.Text) {
			best[i.Cause] = i
		}
	}
	var out []Incident
	for _, i := range best {
		out = append(out, i)
	}
	slices.SortFunc(out, func(a, b Incident) int { return strings.Compare(a.Cause, b.Cause) })
	return out
}
