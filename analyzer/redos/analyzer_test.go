package redos_test

import (
	"cmp"
	"flag"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/nearmiss-dev/nearmiss/analyzer/redos"
)

var rewrite = flag.Bool("rewrite", false, "write the expected diagnostics anew")

// Every package below testdata/src has what it expects twice: as comments on
// its lines, and, place by place, in its file diagnostics.golden.
func TestPackages(t *testing.T) {
	for _, test := range []struct {
		name     string
		packages []string
		settings redos.Settings
	}{
		{name: "default", packages: []string{"fixes", "positions", "versions", "options", "constants", "timeouts", "timeoutdefault", "sinks", "coraza", "plain"}},
		{name: "linear engines", packages: []string{"linear"}, settings: redos.Settings{LinearEngines: true}},
		{name: "notes", packages: []string{"notes"}, settings: redos.Settings{Notes: true}},
		{name: "test files", packages: []string{"testfiles"}, settings: redos.Settings{Tests: true}},
		{name: "sinks of the settings", packages: []string{"house"}, settings: redos.Settings{Sinks: []string{
			"example.com/house/re.Find,arg=1,dialect=pcre,flags=i,engine=pcre2,name=house engine,timeout=Limit",
			"example.com/house/re.Cache.Get,dialect=dotnet,engine=regexp2-v1",
		}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, r := range analysistest.Run(t, analysistest.TestData(), redos.New(&test.settings), test.packages...) {
				var got strings.Builder
				for _, d := range r.Diagnostics {
					got.WriteString(describe(t, r.Action.Package.Fset, d))
				}
				pkg, variant, _ := strings.Cut(r.Action.Package.ID, " ")
				if strings.HasSuffix(pkg, ".test") || variant == "" && pkg == "testfiles" {
					continue // the package without its tests, and the tests' main
				}
				compare(t, filepath.Join("testdata", "src", pkg, "diagnostics.golden"), got.String())
			}
		})
	}
}

// compare holds a text against a file, or writes it.
func compare(t *testing.T, golden, got string) {
	if *rewrite {
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs (-want +got); go test ./analyzer/redos -rewrite writes it anew:\n%s", golden, d)
	}
}

// What the defaults leave out.
func TestQuiet(t *testing.T) {
	for _, r := range analysistest.Run(ignored{}, analysistest.TestData(), redos.New(new(redos.Settings)), "notes", "testfiles", "linear") {
		for _, d := range r.Diagnostics {
			if d.Category != "invalid" {
				t.Errorf("%s", describe(t, r.Action.Package.Fset, d))
			}
		}
	}
}

// ignored takes the complaints about comments that other settings are for.
type ignored struct{}

func (ignored) Errorf(string, ...any) {}

// attack is what a message says of an attack: which one is found is not this
// room's.
var attack = regexp.MustCompile(`; ".* of \d+ bytes costs`)

// asides are what the parser adds in parentheses to what it expected: which it
// says is not this room's either.
var asides = regexp.MustCompile(` \((?:valid in|see offset) [^)]*\)`)

// describe is a diagnostic with its places, and the source there.
func describe(t *testing.T, fset *token.FileSet, d analysis.Diagnostic) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s\n", quoteSource(t, fset, d.Pos, d.End), d.Category, asides.ReplaceAllString(attack.ReplaceAllString(d.Message, "; an attack costs"), ""))
	related := slices.Clone(d.Related)
	slices.SortStableFunc(related, func(a, b analysis.RelatedInformation) int { return cmp.Compare(a.Pos, b.Pos) })
	for _, r := range related {
		fmt.Fprintf(&b, "\t%s: %s\n", quoteSource(t, fset, r.Pos, r.End), r.Message)
	}
	return b.String()
}

// quoteSource is "file:line:column-line:column `source`".
func quoteSource(t *testing.T, fset *token.FileSet, pos, end token.Pos) string {
	from, to := fset.Position(pos), fset.Position(end)
	data, err := os.ReadFile(from.Filename)
	if err != nil {
		t.Fatal(err)
	}
	if to.Filename != from.Filename || to.Offset < from.Offset {
		t.Fatalf("a range from %v to %v", from, to)
	}
	return fmt.Sprintf("%s:%d:%d-%d:%d %q", filepath.Base(from.Filename), from.Line, from.Column, to.Line, to.Column, data[from.Offset:to.Offset])
}

// What go vet -fix writes, held against the files *.golden.
func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), redos.New(new(redos.Settings)), "fixes")
}

// A file with carriage returns is written here: a formatter would drop them.
func TestCarriageReturns(t *testing.T) {
	stub, err := os.ReadFile("testdata/src/github.com/dlclark/regexp2/stub.go")
	if err != nil {
		t.Fatal(err)
	}
	dir, clean, err := analysistest.WriteFiles(map[string]string{
		"github.com/dlclark/regexp2/stub.go": string(stub),
		"crlf/crlf.go": "package crlf\r\n\r\nimport \"github.com/dlclark/regexp2\"\r\n\r\n" +
			"var re = regexp2.MustCompile(`^\r\n#\r\n(b+)+$`, 0) // want \"exponential time in regexp2 v1\"\r\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer clean()
	for _, r := range analysistest.Run(t, dir, redos.New(new(redos.Settings)), "crlf") {
		if len(r.Diagnostics) != 1 {
			t.Fatalf("%d diagnostics, want 1", len(r.Diagnostics))
		}
		d := r.Diagnostics[0]
		if got, want := quoteSource(t, r.Action.Package.Fset, d.Pos, d.End), `crlf.go:7:1-7:6 "(b+)+"`; got != want {
			t.Errorf("found at %s, want %s", got, want)
		}
	}
}
