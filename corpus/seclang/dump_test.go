package seclang

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

var update = flag.Bool("update", false, "rewrite the expected dumps in testdata")

// TestGolden reads the file "input" of each testdata/*.txtar and compares the
// dump of the result with its file "want". A line "quoting: NAME" in the
// archive's comment chooses the host, a line "crlf" turns the input's line
// ends into CRLF, and a line "escapes" has \xHH in the input stand for a byte.
func TestGolden(t *testing.T) {
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
			var rd Reader
			var input []byte
			k := -1
			for i, file := range a.Files {
				switch file.Name {
				case "input":
					input = file.Data
				case "want":
					k = i
				default:
					t.Fatalf("%s: file %q: expected input and want", f, file.Name)
				}
			}
			for _, l := range strings.Split(string(a.Comment), "\n") {
				switch {
				case l == "quoting: libmodsecurity":
					rd.Quoting = LibModSecurity
				case l == "quoting: coraza":
					rd.Quoting = Coraza
				case l == "crlf":
					input = bytes.ReplaceAll(input, []byte("\n"), []byte("\r\n"))
				case l == "no final newline":
					input = bytes.TrimRight(input, "\n")
				case l == "escapes":
					input = unhex(t, input)
				}
			}
			res := rd.Read("rules.conf", input)
			for _, p := range res.Patterns {
				checkPlaces(t, input, p)
			}
			got := dump(res)
			if *update {
				want := txtar.File{Name: "want", Data: []byte(got)}
				if k < 0 {
					a.Files = append(a.Files, want)
				} else {
					a.Files[k] = want
				}
				if err := os.WriteFile(f, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if k < 0 {
				t.Fatalf("%s: no file want: run with -update and read it", f)
			}
			if diff := cmp.Diff(string(a.Files[k].Data), got); diff != "" {
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

// dump writes a result down, one fact a line.
func dump(res corpus.Result) string {
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
		field("mode", p.Mode)
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
	return b.String()
}
