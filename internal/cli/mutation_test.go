package cli

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMutations breaks each stage that the canary passes, one line of source
// at a time, builds the command, and runs a gate: it must end with exit 4.
func TestMutations(t *testing.T) {
	if !*campaigns {
		t.Skip("builds the command six times: run with -campaign")
	}
	root := repositoryRoot(t)
	for stage, m := range map[string]struct{ file, old, new string }{
		"reader":         {"corpus/seclang/rule.go", "r.result.Patterns = append(r.result.Patterns, corpus.Pattern{", "_ = append(r.result.Patterns, corpus.Pattern{"},
		"pairing":        {"internal/gate/pair.go", "pairs[i].head = h", "pairs[i] = pairing{h, h}"},
		"verdict":        {"engines/verdict/analyze.go", "v.Kind = Superlinear", "v.Kind = Linear"},
		"policy":         {"internal/gate/decide.go", "return Reject, CodeNew, ", "return Accept, CodeLinear, "},
		"policy, waiver": {"internal/policy/waiver.go", "return rule != \"\" && w.Rule == rule && ", "return "},
		"report":         {"internal/report/text.go", "word = string(r.Judgement.Decision)", "word = string(gate.Accept)"},
	} {
		t.Run(stage, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(m.file)))
			if err != nil {
				t.Fatal(err)
			}
			if strings.Count(string(text), m.old) != 1 {
				t.Fatalf("%s: %q stands there %d times", m.file, m.old, strings.Count(string(text), m.old))
			}
			dir := t.TempDir()
			mutant := filepath.Join(dir, "mutant.go")
			if err := os.WriteFile(mutant, []byte(strings.Replace(string(text), m.old, m.new, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			overlay, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(root, filepath.FromSlash(m.file)): mutant}})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o600); err != nil {
				t.Fatal(err)
			}
			binary := filepath.Join(dir, "nearmiss")
			build := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", binary, "./cmd/nearmiss")
			build.Dir = root
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			// The base waives another rule: a waiver that covers too much does harm.
			for name, text := range map[string]string{
				"a/.nearmiss.yaml": "waivers: [{rule: other, reason: r, owner: o, expires: 2999-01-01}]\n", "a/x.conf": "",
				"b/.nearmiss.yaml": "", "b/x.conf": "SecRule ARGS \"@rx ^a$\" \"id:1,phase:2,deny\"\n",
			} {
				file := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			run := exec.Command(binary, "gate", "a", "b")
			run.Dir = dir
			out, _ := run.CombinedOutput()
			if code := run.ProcessState.ExitCode(); code != ExitFault || !strings.Contains(string(out), "canary: MISSED") {
				t.Errorf("exit %d\n%s", code, out)
			}
		})
	}
}
