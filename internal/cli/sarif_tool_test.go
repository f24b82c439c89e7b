package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// sarifToolEnv names the executable of the reference validator: the file
// Sarif.Multitool of the npm package @microsoft/sarif-multitool-linux.
const sarifToolEnv = "NEARMISS_SARIF_MULTITOOL"

// TestSARIFTool has the reference validator look at logs of gate and lint:
// its rules for SARIF 2.1.0 and those of GitHub's code scanning.
func TestSARIFTool(t *testing.T) {
	tool := os.Getenv(sarifToolEnv)
	if tool == "" {
		t.Skipf("%s is not set", sarifToolEnv)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a/x.conf": "",
		"b/x.conf": "# nearmiss:ignore because\nSecRule ARGS \"@rx ^(a+)+$\" \"id:1,phase:2,deny\"\n" +
			"SecRule ARGS \"@rx ^a*b?a*c$\" \"id:2,phase:2,deny\"\nSecRule ARGS \"@rx ^%{tx.a}$\" \"id:3,phase:2,deny\"\n" +
			"SecRule ARGS \"@rx (\" \"id:4,phase:2,deny\"\nSecRule ARGS \"@rx x\\\ny(b+)+$\" \"id:5,phase:2,deny\"\n" +
			"SecRule ARGS \"@rx ^caf\xe9(?:a+)+$\" \"id:6,phase:2,deny\"\nSecRule ARGS \"unterminated\n",
		"c/.nearmiss.yaml": "waivers: [{rule: 2, reason: r, owner: o, expires: 2999-01-01}]\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for _, args := range [][]string{
		{"gate", "a", "b"}, {"gate", "--trust-head", "a", "b"}, {"lint", "b"}, {"lint", "b", "--policy", "c/.nearmiss.yaml"}, {"gate", "a", "a"},
	} {
		var out bytes.Buffer
		Main(Command{Args: append(args, "--format", "sarif"), Stdout: &out, Stderr: &out, Stdin: strings.NewReader("")})
		if err := os.WriteFile("log.sarif", out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(tool, "validate", "log.sarif", "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", "--output", "said.sarif", "--log", "ForceOverwrite")
		c.Env = append(os.Environ(), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1")
		if said, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		var said struct {
			Runs []struct {
				Results []struct {
					Rule    string `json:"ruleId"`
					Level   string
					Message struct {
						ID        string
						Arguments []string
					}
				}
			}
		}
		b, err := os.ReadFile("said.sarif")
		if err == nil {
			err = json.Unmarshal(b, &said)
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(said.Runs) == 0 || len(said.Runs[0].Results) == 0 {
			t.Fatalf("%v: the validator said nothing at all, not even a note", args)
		}
		for _, r := range said.Runs[0].Results {
			// A build without a release has no numeric version.
			if r.Level != "note" && r.Rule != "SARIF2005" {
				t.Errorf("%v: %s %s %v", args, r.Rule, r.Message.ID, r.Message.Arguments)
			}
		}
	}
}
