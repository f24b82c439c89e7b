package cli

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer"
	"github.com/nearmiss-dev/nearmiss/docs"
)

// TestEveryCauseHasAPage: help prints the page of each cause, which says what a
// reader of a finding asks.
func TestEveryCauseHasAPage(t *testing.T) {
	causes := []analyzer.Cause{analyzer.Nested, analyzer.Adjacent, analyzer.Rescan, analyzer.Assertion, analyzer.Backreference, analyzer.Counter}
	if got := docs.Causes(); len(got) != len(causes) {
		t.Errorf("pages of %v, want one for each of %v", got, causes)
	}
	for _, c := range causes {
		var out bytes.Buffer
		Main(Command{Args: []string{"help", string(c)}, Stdout: &out, Stderr: &out})
		for _, want := range []string{"# " + string(c), "What it is", "Why it hurts", "It happened", "How to fix", "How to waive"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("help %s does not say %q:\n%s", c, want, &out)
			}
		}
	}
}

var codeWord = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// TestEveryCodeHasASection collects the codes that the sources name: constants
// that begin with Code or Reason, and the Code of a literal.
func TestEveryCodeHasASection(t *testing.T) {
	known := docs.Codes()
	found := map[string]bool{}
	note := func(e ast.Expr) {
		lit, ok := e.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return
		}
		if s, err := strconv.Unquote(lit.Value); err == nil && codeWord.MatchString(s) {
			found[s] = true
		}
	}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata" || d.Name() == "scoreboard"):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if i < len(n.Values) && (strings.HasPrefix(name.Name, "Code") || strings.HasPrefix(name.Name, "Reason")) {
						note(n.Values[i])
					}
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Code" {
					note(n.Value)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 40 {
		t.Fatalf("only %d codes found in the sources", len(found))
	}
	for code := range found {
		if !slices.Contains(known, code) {
			t.Errorf("docs/errors.md has no section on %q", code)
		}
	}
	for _, code := range known {
		if !found[code] && !slices.Contains(passedOn, code) {
			t.Errorf("docs/errors.md has a section on %q, which no source names as a code", code)
		}
		if text, ok := docs.Code(code); !ok || len(strings.Fields(text)) < 8 {
			t.Errorf("docs/errors.md says too little on %q: %s", code, text)
		}
	}
}

// passedOn are codes that reach a problem through an argument.
var passedOn = []string{"unreadable", "unclaimed"}
