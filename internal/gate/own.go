package gate

import (
	"bytes"
	"encoding/json"
)

// CodeOwnReport is the code of a file that is left out of a working tree because
// nearmiss wrote it.
const CodeOwnReport = "own-report"

// isReport reports whether data are lines that nearmiss wrote: the first one is
// a row with a verdict, a problem, the head of a run or a summary. A list of
// patterns, which has the same shape without them, is none.
//
// It is asked of files alone that are in nobody's version of the rules: one that
// is committed is a list, whatever its rows say, so that no change can hide
// patterns in it.
func isReport(data []byte) bool {
	line, _, _ := bytes.Cut(bytes.TrimLeft(data, " \t\r\n"), []byte("\n"))
	var row struct {
		Schema  int
		Verdict string
		Run     *struct{ Command string }
		Error   *struct{ Code, Message string }
		Summary *struct{ Files, Verdicts map[string]int }
	}
	if json.Unmarshal(line, &row) != nil {
		return false
	}
	return row.Schema > 0 && row.Verdict != "" ||
		row.Run != nil && row.Run.Command != "" ||
		row.Error != nil && row.Error.Code != "" && row.Error.Message != "" ||
		row.Summary != nil && row.Summary.Files != nil && row.Summary.Verdicts != nil
}
