package main

import (
	"encoding/json"
	"io"

	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// A patternRow is one judgement in the shape which readOpinion reads, so that
// the rows of one release are a peer's results to the next.
type patternRow struct {
	Row     string `json:"row"` // "pattern"
	File    string `json:"file"`
	ID      string `json:"id"`
	Dialect string `json:"dialect"`
	Verdict string `json:"verdict"`
	Growth  word   `json:"growth"`
	// Exponent is of polynomial growth.
	Exponent int    `json:"exponent"`
	Cause    string `json:"cause"`
	Reason   string `json:"reason"`
	// Shown is the worst growth that anybody's attack replayed here.
	Shown string `json:"shown"`
	// Attack is the length of our smallest attack of 10⁷ steps, -1 where none
	// is known.
	Attack int     `json:"attack_bytes_1e7"`
	Millis float64 `json:"ms"`
}

// output is a judgement in one object.
func (j *judgement) output(file string) patternRow {
	v := j.verdict
	r := patternRow{Row: "pattern", File: file, ID: j.row.id, Dialect: string(j.dialect), Verdict: string(v.Kind), Cause: v.Cause, Attack: -1, Millis: j.millis}
	r.Growth, r.Exponent = j.word()
	if v.Kind == verdict.Unknown || v.Kind == verdict.Invalid {
		r.Reason = reasonOf(v.Reason)
	}
	if t := j.truth(); t != nil {
		w, exponent := wordOf(t.growth)
		r.Shown = w.show(exponent)
	}
	for _, s := range v.Sizes {
		if s.Steps == attackSize {
			r.Attack = s.Bytes
		}
	}
	return r
}

// writeJSON prints a table as one object with "row":"table", followed by its
// findings as objects with "row":"finding", one a line.
func (t *table) writeJSON(out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if err := e.Encode(struct {
		Row string `json:"row"`
		*table
	}{"table", t}); err != nil {
		return err
	}
	for _, f := range t.rows {
		if err := e.Encode(struct {
			Row  string `json:"row"`
			File string `json:"file"`
			finding
		}{"finding", t.File, f}); err != nil {
			return err
		}
	}
	return nil
}
