package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts of testdata/vet run the program as it is shipped: the go command
// runs it again for each package, so that the test's own binary does not do.
func TestVet(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	bin := t.TempDir()
	nearmiss := filepath.Join(bin, "nearmiss")
	if out, err := exec.Command("go", "build", "-o", nearmiss, "../../cmd/nearmiss").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	env, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	dirs := strings.Fields(string(env))
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/vet",
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			e.Setenv("NEARMISS", nearmiss)
			e.Setenv("GOCACHE", dirs[0])
			e.Setenv("GOMODCACHE", dirs[1])
			e.Setenv("GOPROXY", "off")
			e.Setenv("GOFLAGS", "-mod=mod")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}
