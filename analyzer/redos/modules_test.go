package redos

import (
	"flag"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
	driver "golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/regexp2"
)

var download = flag.Bool("modules", false, "vet public modules that use regexp2, downloaded from the module proxy, and replay what is found on the real engine")

// modules are public users of regexp2, with the packages that call it.
var modules = []struct{ module, version, packages string }{
	{"github.com/alecthomas/chroma/v2", "v2.27.0", "./..."},
	{"github.com/alecthomas/chroma", "v0.10.0", "./..."},
	{"github.com/dop251/goja", "v0.0.0-20260917113740-793a2a65c13b", "."},
	{"github.com/grafana/sobek", "v0.0.0-20260429085637-a66d4790012b", "."},
	{"github.com/pkoukk/tiktoken-go", "v0.1.8", "."},
	{"github.com/weaviate/tiktoken-go", "v0.0.3", "."},
	{"github.com/tiktoken-go/tokenizer", "v0.10.0", "./codec"},
	{"github.com/pb33f/libopenapi-validator", "v0.16.3", "./arazzo ./cmd/validate"},
	{"github.com/ollama/ollama", "v0.17.4", "./tokenizer"},
	{"github.com/nlpodyssey/gotokenizers", "v0.2.0", "./pretokenizers/... ./splitpattern"},
	{"github.com/cohere-ai/tokenizer", "v1.1.2", "."},
}

// TestModules lists what is found in public modules, notes included, and holds
// every super-linear finding against the engine itself: its time must grow as
// said. Run with -modules -v; the clock measures here, and decides nothing
// elsewhere.
func TestModules(t *testing.T) {
	if !*download {
		t.Skip("needs the module proxy: run with -modules")
	}
	for _, m := range modules {
		t.Run(m.module, func(t *testing.T) {
			loaded := load(t, m.module, m.version, strings.Fields(m.packages))
			replays := 0
			a := New(&Settings{Notes: true})
			a.Run = func(p *analysis.Pass) (any, error) {
				for _, ans := range grown(t, p) {
					replays++
					replayLive(t, ans)
				}
				return nil, run(p, &Settings{Notes: true})
			}
			g, err := driver.Analyze([]*analysis.Analyzer{a}, loaded, nil)
			if err != nil {
				t.Fatal(err)
			}
			findings := 0
			for act := range g.All() {
				if act.Err != nil {
					t.Errorf("%s: %v", act.Package, act.Err)
				}
				for _, d := range act.Diagnostics {
					findings++
					at := act.Package.Fset.Position(d.Pos)
					t.Logf("%s:%d:%d: %s: %s", filepath.Base(at.Filename), at.Line, at.Column, d.Category, d.Message)
				}
			}
			t.Logf("%d packages, %d findings, %d replayed", len(loaded), findings, replays)
		})
	}
}

// load downloads a module as a dependency of an empty one, and loads packages
// of it.
func load(t *testing.T, module, version string, patterns []string) []*packages.Package {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module x\n\ngo 1.26\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	get := exec.Command("go", "get", module+"@"+version)
	get.Dir = dir
	if out, err := get.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for i, p := range patterns {
		patterns[i] = strings.TrimSuffix(module+"/"+strings.TrimPrefix(p, "."), "/")
		patterns[i] = strings.Replace(patterns[i], "//", "/", 1)
	}
	loaded, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: dir, Env: append(os.Environ(), "GOFLAGS=-mod=mod")}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// grown are the answers on constant patterns of a package that grow.
func grown(t *testing.T, p *analysis.Pass) (out []answer) {
	table, err := newTable(new(Settings))
	if err != nil {
		t.Fatal(err)
	}
	x, j := newIndex(p), newJudge()
	judged := 0
	for _, c := range table.calls(p) {
		for _, text := range x.values(c.pattern()).texts {
			for _, k := range c.patterns(p, text) {
				judged++
				if a := j.ask(k.readings[0], c.engine()); a.grows {
					out = append(out, a)
				}
			}
		}
	}
	if judged > 0 {
		t.Logf("%s: %d constant patterns judged", p.Pkg.Path(), judged)
	}
	return out
}

// replayLive runs the attack on the real engine until it takes long enough to
// be told from noise, and compares the slope of the last doubling.
func replayLive(t *testing.T, a answer) {
	e := regexp2.NewV1()
	if len(a.Targets) > 0 && a.Targets[0].Engine == "regexp2-v2" {
		e = regexp2.NewV2()
	}
	m, err := e.Compile(a.Pattern)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	t.Logf("%q on %s: said to be %v", a.Pattern.Text, e.Name(), a.growth)
	const enough, most = 40 * time.Millisecond, 1 << 20
	before := time.Duration(0)
	for n := 8; a.witness.Len(n) < most; n *= 2 {
		took := fastest(m, a.witness.Bytes(n))
		t.Logf("  n = %d, %d bytes: %v", n, a.witness.Len(n), took)
		if took > enough {
			slope := math.Log2(float64(took) / float64(max(before, 1)))
			if slope < 1.5 {
				t.Errorf("%q: doubling the attack to %d bytes costs 2^%.2f times as much: expected quadratic or worse", a.Pattern.Text, a.witness.Len(n), slope)
			}
			return
		}
		before = took
	}
	t.Errorf("%q: no attack up to %d bytes takes %v on %s", a.Pattern.Text, most, enough, e.Name())
}

// fastest is the least time of three runs.
func fastest(m engines.Matcher, subject []byte) time.Duration {
	least := time.Duration(math.MaxInt64)
	for range 3 {
		start := time.Now()
		m.Match(subject, engines.Limits{Timeout: 20 * time.Second})
		least = min(least, time.Since(start))
	}
	return least
}
