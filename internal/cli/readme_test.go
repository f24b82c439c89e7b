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

var rewrite = flag.Bool("rewrite-docs", false, "write the output of the commands in README.md and docs into them")

// outputBlock is a marker with a command, and the fenced block under it.
var outputBlock = regexp.MustCompile("(?s)<!-- output: go run ./cmd/nearmiss ([^\n]*) -->\n```\n(.*?)```\n")

// TestReadme runs the commands whose output the README and the pages of docs
// show, from the repository's root, and compares.
func TestReadme(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := 0
	for _, file := range append(pages, "README.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := outputBlock.ReplaceAllFunc(text, func(block []byte) []byte {
			blocks++
			m := outputBlock.FindSubmatch(block)
			var out, errs bytes.Buffer
			Main(Command{Args: strings.Fields(string(m[1])), Stdout: &out, Stderr: &errs, Stdin: strings.NewReader("")})
			return []byte("<!-- output: go run ./cmd/nearmiss " + string(m[1]) + " -->\n```\n" + out.String() + errs.String() + "```\n")
		})
		switch {
		case *rewrite:
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		case !bytes.Equal(text, got):
			t.Errorf("%s shows other output than the command gives; run go test ./internal/cli -run TestReadme -rewrite-docs\n%s", file, got)
		}
	}
	if blocks < 2 {
		t.Fatal("README.md or docs/policy.md show no output")
	}
}
