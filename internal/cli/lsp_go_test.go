package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGoNotes: the note stands on the quantifiers inside the literal, of the
// text that is being edited, and goes when it is repaired there.
func TestGoNotes(t *testing.T) {
	file, err := filepath.Abs(filepath.Join("testdata", "lspgo", "patterns.go"))
	if err != nil {
		t.Fatal(err)
	}
	saved, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(saved), "import", "// A line more.\nimport", 1)
	notes, err := goNotes(t.Context(), file, map[string][]byte{file: []byte(edited)})
	if err != nil {
		t.Fatal(err)
	}
	if len(notes) != 1 || edited[notes[0].Start:notes[0].End] != "(a+)+" || notes[0].Code != "superlinear" || len(notes[0].Related) == 0 {
		t.Fatalf("%+v", notes)
	}
	repaired := strings.Replace(edited, "(a+)+", "a+", 1) // quadratic by restarts, and a note by its level
	if notes, err = goNotes(t.Context(), file, map[string][]byte{file: []byte(repaired)}); err != nil || len(notes) != 0 && strings.Contains(notes[0].Message, "exponential") {
		t.Errorf("after the repair: %+v, %v", notes, err)
	}
	broken := strings.Replace(edited, "regexp2.None)", "regexp2.", 1)
	if notes, err = goNotes(t.Context(), file, map[string][]byte{file: []byte(broken)}); err == nil {
		t.Errorf("a text that does not parse gave %+v and no error", notes)
	}
	if notes, err := goNotes(t.Context(), "lsp_go.go", nil); err != nil || notes != nil {
		t.Errorf("a package without patterns: %+v, %v", notes, err)
	}
}
