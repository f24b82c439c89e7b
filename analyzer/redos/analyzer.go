package redos

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Settings are what a user may choose; the zero value is the default.
type Settings struct {
	// Notes reports also what takes an attack of more than 128 KiB to hurt, and
	// patterns that could not be judged.
	Notes bool `json:"notes"`
	// LinearEngines reports patterns given to linear engines such as Go's own
	// regexp that would be super-linear on a backtracking one.
	LinearEngines bool `json:"linear-engines"`
	// Tests reports findings in _test.go files.
	Tests bool `json:"tests"`
	// Sinks are further functions that take patterns, as ParseSink reads them.
	Sinks []string `json:"sinks"`
}

// Analyzer is the pass as go vet runs it: its settings are flags.
var Analyzer = func() *analysis.Analyzer {
	s := new(Settings)
	a := New(s)
	a.Flags.BoolVar(&s.Notes, "notes", false, "report notes too: what takes more than 128 KiB to cost a second, and what could not be judged")
	a.Flags.BoolVar(&s.LinearEngines, "linear-engines", false, "report patterns of linear engines that a backtracking one could not bear")
	a.Flags.BoolVar(&s.Tests, "tests", false, "report findings in _test.go files")
	a.Flags.Func("sink", "a `function` that takes a pattern, such as example.com/re.Compile,arg=0,dialect=pcre,engine=pcre2; may be given several times", func(v string) error {
		if _, err := ParseSink(v); err != nil {
			return err
		}
		s.Sinks = append(s.Sinks, v)
		return nil
	})
	return a
}()

// New makes the pass with settings of its own, which are read when it runs.
func New(s *Settings) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: "redos",
		Doc:  "report regular expressions whose matching time grows faster than their input\n\n" + summary,
		URL:  "https://github.com/nearmiss-dev/nearmiss",
		Run:  func(p *analysis.Pass) (any, error) { return nil, run(p, s) },
	}
}

const summary = `The pass reports a constant pattern that is super-linear on the very
backtracking engine it is handed to, one that does not compile there, and a
pattern from outside the program that is compiled without a time limit.`

// run is the pass over one package.
func run(p *analysis.Pass, s *Settings) error {
	table, err := newTable(s)
	if err != nil || !table.imported(p.Pkg) {
		return err
	}
	c := &checker{pass: p, settings: s, judge: newJudge(), index: newIndex(p), shown: map[string]bool{}}
	for _, call := range table.calls(p) {
		if !c.silent(call.expr.Pos()) {
			c.check(call)
		}
	}
	slices.SortStableFunc(c.found, func(a, b analysis.Diagnostic) int { return cmp.Compare(a.Pos, b.Pos) })
	for _, d := range c.found {
		p.Report(d)
	}
	return nil
}

// A checker is the state of one run.
type checker struct {
	pass     *analysis.Pass
	settings *Settings
	judge    *judge
	index    *index
	found    []analysis.Diagnostic
	shown    map[string]bool
}

// silent reports whether the place is in a test file that is not asked for.
func (c *checker) silent(pos token.Pos) bool {
	f := c.pass.Fset.File(pos)
	return f == nil || !c.settings.Tests && strings.HasSuffix(f.Name(), "_test.go")
}

// check looks at one call of a sink.
func (c *checker) check(call call) {
	c.timeout(call)
	values := c.index.values(call.pattern())
	for _, text := range values.texts {
		for _, p := range call.patterns(c.pass, text) {
			c.pattern(call, p)
		}
	}
}

// importPath is a package's path without the vendor directory it stands in.
func importPath(p *types.Package) string {
	path := p.Path()
	if k := strings.LastIndex(path, "/vendor/"); k >= 0 {
		return path[k+len("/vendor/"):]
	}
	return strings.TrimPrefix(path, "vendor/")
}
