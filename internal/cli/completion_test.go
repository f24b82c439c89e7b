package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompletion asks each shell that is installed to read its script, and
// bash what it offers.
func TestCompletion(t *testing.T) {
	for shell, script := range map[string]string{
		"bash": `COMP_WORDS=(nearmiss ""); COMP_CWORD=1; _nearmiss; echo "${COMPREPLY[@]}"; COMP_WORDS=(nearmiss lint --fail); COMP_CWORD=2; _nearmiss; echo "${COMPREPLY[@]}"`,
		"zsh":  `whence -w _nearmiss`,
		"fish": `complete -C 'nearmiss lint --fail-o'; complete -C 'nearmiss ga'`,
	} {
		t.Run(shell, func(t *testing.T) {
			program, err := exec.LookPath(shell)
			if err != nil {
				t.Skipf("no %s here", shell)
			}
			var out, errs bytes.Buffer
			if code := Main(Command{Args: []string{"completion", shell}, Stdout: &out, Stderr: &errs}); code != ExitClean {
				t.Fatalf("exit %d: %s", code, &errs)
			}
			file := filepath.Join(t.TempDir(), "completion")
			text := out.String()
			if shell == "zsh" {
				text = "autoload -Uz compinit; compinit -D\n" + text
			}
			if err := os.WriteFile(file, []byte(text+"\n"+script+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := exec.Command(program, file).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, got)
			}
			for _, want := range map[string][]string{
				"bash": {"gate", "lint", "explain", "help", "--fail-on"}, "zsh": {"_nearmiss: function"}, "fish": {"--fail-on", "gate"},
			}[shell] {
				if !strings.Contains(string(got), want) {
					t.Errorf("%q is not offered:\n%s", want, got)
				}
			}
		})
	}
}
