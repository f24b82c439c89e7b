package cli

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var rewrite = flag.Bool("rewrite-docs", false, "write the output of the commands in README.md into it")

// outputBlock is a marker with a command, and the fenced block under it.
var outputBlock = regexp.MustCompile("(?s)<!-- output: go run ./cmd/nearmiss ([^\n]*) -->\n```\n(.*?)```\n")

// TestReadme runs the commands whose output the README shows, from the
// repository's root, and compares.
func TestReadme(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "README.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	blocks := 0
	got := outputBlock.ReplaceAllFunc(text, func(block []byte) []byte {
		blocks++
		m := outputBlock.FindSubmatch(block)
		var out, errs bytes.Buffer
		Main(Command{Args: strings.Fields(string(m[1])), Stdout: &out, Stderr: &errs, Stdin: strings.NewReader("")})
		return []byte("<!-- output: go run ./cmd/nearmiss " + string(m[1]) + " -->\n```\n" + out.String() + errs.String() + "```\n")
	})
	if blocks == 0 {
		t.Fatal("README.md shows no output")
	}
	if *rewrite {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(text, got) {
		t.Errorf("README.md shows other output than the command gives; run go test ./internal/cli -run TestReadme -rewrite-docs\n%s", got)
	}
}
