package syntax

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// dataDir finds the development data: NEARMISS_DATA, else shared/data beside
// the repository.
func dataDir(t testing.TB) string {
	dir := os.Getenv("NEARMISS_DATA")
	if dir == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			up := filepath.Dir(root)
			if up == root {
				t.Skip("no go.mod above the test: the development data cannot be found")
			}
			root = up
		}
		dir = filepath.Join(root, "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the development data is not here: set NEARMISS_DATA")
	}
	return dir
}

type dataRow struct {
	ID, Pattern, Flags, Dialect string
	File                        string `json:"-"`
}

// dataRows reads the rows of JSONL files; a missing file gives none.
// Without -campaign it takes one row in twelve, always the same ones.
func dataRows(t testing.TB, names ...string) []dataRow {
	dir := dataDir(t)
	var rows []dataRow
	line := 0
	for _, name := range names {
		f, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Logf("skipped: %s is not among the development data", name)
			continue
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			if line++; line%12 != 0 && !*campaign {
				continue
			}
			var row dataRow
			if json.Unmarshal(lines.Bytes(), &row) == nil {
				row.File = name
				rows = append(rows, row)
			}
		}
		f.Close()
	}
	return rows
}

var allLists = []string{
	"labelled/sok-exponential.jsonl", "labelled/sok-polynomial.jsonl", "labelled/npm-vulnerable-packages.jsonl",
	"benchmarks/corpus.jsonl", "benchmarks/snort.jsonl", "incidents.jsonl", "chroma-regexp2.jsonl",
}
