// Package readertest holds the tests that every reader of package corpus is
// put through: golden dumps, the place of every byte, and the closed set of
// problem codes.
package readertest

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

var update = flag.Bool("update", false, "rewrite the expected dumps in testdata")

// A Case is one golden file: the lines of its comment are options for whoever
// opens the reader.
type Case struct {
	Name    string
	Options []string
	Input   []byte
}

// Has reports whether an option line stands in the comment.
func (c Case) Has(option string) bool { return slices.Contains(c.Options, option) }

// Golden reads the first file of each testdata/*.txtar and compares the dump
// of the result with its file "want". The first file's name is the one the
// reader is given. A line "crlf" in the archive's comment turns the input's
// line ends into CRLF, "no final newline" drops the last one, and "escapes"
// has \xHH stand for a byte.
func Golden(t *testing.T, open func(Case) corpus.Reader, check func(testing.TB, []byte, corpus.Result)) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files (%v)", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Files) == 0 || len(a.Files) > 2 || len(a.Files) == 2 && a.Files[1].Name != "want" {
				t.Fatalf("%s: expected an input and want", f)
			}
			c := Case{Name: a.Files[0].Name, Options: strings.Split(string(a.Comment), "\n"), Input: a.Files[0].Data}
			if c.Has("escapes") {
				c.Input = unhex(t, c.Input)
			}
			if c.Has("crlf") {
				c.Input = bytes.ReplaceAll(c.Input, []byte("\n"), []byte("\r\n"))
			}
			if c.Has("no final newline") {
				c.Input = bytes.TrimRight(c.Input, "\r\n")
			}
			res := open(c).Read(c.Name, c.Input)
			check(t, c.Input, res)
			got := Dump(res)
			if *update {
				a.Files = append(a.Files[:1], txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(f, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(a.Files) < 2 {
				t.Fatalf("%s: no file want: run with -update and read it", f)
			}
			if diff := cmp.Diff(string(a.Files[1].Data), got); diff != "" {
				t.Errorf("%s: -want +got\n%s", f, diff)
			}
		})
	}
}

func unhex(t *testing.T, b []byte) []byte {
	var out []byte
	for i := 0; i < len(b); i++ {
		if i+3 < len(b) && b[i] == '\\' && b[i+1] == 'x' {
			var c byte
			if _, err := fmt.Sscanf(string(b[i+2:i+4]), "%02x", &c); err != nil {
				t.Fatal(err)
			}
			out = append(out, c)
			i += 3
			continue
		}
		out = append(out, b[i])
	}
	return out
}

// Dump writes a result down, one fact a line.
func Dump(res corpus.Result) string {
	var b strings.Builder
	for _, p := range res.Patterns {
		fmt.Fprintf(&b, "%v %s %q\n", p.Source.Pos, p.Context.Role, p.Text)
		field := func(name string, v any) {
			if s := fmt.Sprint(v); s != "" && s != "[]" && s != "false" {
				fmt.Fprintf(&b, "\t%s %s\n", name, s)
			}
		}
		field("id", p.ID)
		if p.Source.Rule != p.ID {
			fmt.Fprintf(&b, "\trule %q\n", p.Source.Rule)
		}
		c := p.Context
		field("dialect", p.Dialect)
		if p.Mode != corpus.Search {
			field("mode", p.Mode)
		}
		field("flags", p.Flags)
		field("operator", c.Operator)
		field("variables", strings.Join(c.Variables, "  "))
		field("transformations", strings.Join(c.Transformations, " "))
		field("phase", c.Phase)
		field("parents", strings.Join(c.Parents, " "))
		field("negated", c.Negated)
		field("macro", c.Macro)
		field("captures", c.Captures)
		field("multiMatch", c.MultiMatch)
	}
	for _, i := range res.Includes {
		fmt.Fprintf(&b, "%v include %q\n", i.Pos, i.Path)
	}
	for _, u := range res.Updates {
		fmt.Fprintf(&b, "%v update %s %q %q\n", u.Pos, u.Directive, u.Rule, u.Arguments)
	}
	for _, s := range res.Settings {
		fmt.Fprintf(&b, "%v setting %s %q\n", s.Pos, s.Name, s.Value)
	}
	for _, p := range res.Problems {
		fmt.Fprintf(&b, "%v problem %s: %s\n", p.Pos, p.Code, p.Message)
	}
	if res.Skipped > 0 {
		fmt.Fprintf(&b, "skipped %d\n", res.Skipped)
	}
	return b.String()
}

// Check holds what every result must keep: each byte of each pattern stands in
// the file at its place, or at the beginning of an escape for it, lines and
// columns are those counted from the file's start, patterns and problems come
// in the order of their places, and codes are among those documented.
func Check(t testing.TB, src []byte, res corpus.Result, codes []string, escape func(src []byte, at int) bool) {
	t.Helper()
	lines := corpus.NewLines(src)
	last := -1
	for _, p := range res.Patterns {
		for i := range len(p.Text) {
			at := p.Source.At(i)
			if at.Offset < 0 || at.Offset >= len(src) || src[at.Offset] != p.Text[i] && (escape == nil || !escape(src, at.Offset)) {
				t.Errorf("%s: byte %d of %q: place %v (offset %d) holds another byte", p.ID, i, p.Text, at, at.Offset)
				break
			}
			if len(src) < 1<<14 && at != lines.At(at.Offset) {
				t.Errorf("%s: byte %d of %q: place %+v, expected %+v", p.ID, i, p.Text, at, lines.At(at.Offset))
				break
			}
		}
		if p.Source.Pos.Offset < last {
			t.Errorf("pattern at %v after one at offset %d: expected them in the order of their places", p.Source.Pos, last)
		}
		last = p.Source.Pos.Offset
		if p.Source.Pos.Offset > len(src) || !p.Source.Pos.IsValid() {
			t.Errorf("pattern at %v of a file of %d bytes", p.Source.Pos, len(src))
		}
	}
	last = -1
	for _, p := range res.Problems {
		if !slices.Contains(codes, p.Code) {
			t.Errorf("problem code %q is none of the documented ones", p.Code)
		}
		if p.Pos.Offset < 0 || p.Pos.Offset > len(src) {
			t.Errorf("problem at offset %d of a file of %d bytes", p.Pos.Offset, len(src))
		}
		if p.Pos.IsValid() && p.Pos.Offset < last {
			t.Errorf("problem at %v after one at offset %d", p.Pos, last)
		}
		last = max(last, p.Pos.Offset)
	}
}

// DevelopmentData is the folder of the development data, or the test is
// skipped.
func DevelopmentData(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("NEARMISS_DATA")
	if dir == "" {
		root, err := filepath.Abs(".")
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			up := filepath.Dir(root)
			if up == root {
				t.Skip("no go.mod above this folder: the development data cannot be found")
			}
			root = up
		}
		dir = filepath.Join(root, "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("development data absent: set NEARMISS_DATA (%v)", err)
	}
	return dir
}

// Files are the files below a folder for which keep holds, by path.
func Files(t testing.TB, dir string, keep func(path string) bool) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !keep(path) {
			return err
		}
		out[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
