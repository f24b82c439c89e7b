package main

import (
	"encoding/json"
	"io"
)

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
