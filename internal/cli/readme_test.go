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

var rewrite = flag.Bool("rewrite-docs", false, "write the output of the commands in README.md and docs/ into them")

// outputBlock is a marker with a command, and the fenced block under it.
var outputBlock = regexp.MustCompile("(?s)<!-- output: go run ./cmd/nearmiss ([^\n]*) -->\n```\n(.*?)```\n")

// TestDocs runs the commands whose output README.md and the pages of docs/
// show, from the repository's root, and compares.
func TestDocs(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	files := []string{"README.md"}
	for _, pattern := range []string{"docs/*.md", "docs/*/*.md"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	blocks := 0
	for _, file := range files {
		t.Run(file, func(t *testing.T) { blocks += shown(t, file) })
	}
	if blocks < 7 {
		t.Errorf("%d blocks of output in README.md and docs/: expected the README's and one for each cause", blocks)
	}
}

// shown compares the blocks of one page, and returns their number.
func shown(t *testing.T, file string) (blocks int) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got := outputBlock.ReplaceAllFunc(text, func(block []byte) []byte {
		blocks++
		m := outputBlock.FindSubmatch(block)
		var out, errs bytes.Buffer
		Main(Command{Args: shellWords(t, string(m[1])), Stdout: &out, Stderr: &errs, Stdin: strings.NewReader("")})
		return []byte("<!-- output: go run ./cmd/nearmiss " + string(m[1]) + " -->\n```\n" + out.String() + errs.String() + "```\n")
	})
	switch {
	case *rewrite:
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	case !bytes.Equal(text, got):
		t.Errorf("other output than the command gives; run go test ./internal/cli -run TestDocs -rewrite-docs\n%s", got)
	}
	return blocks
}

// shellWords splits a command line as a shell does that knows single quotes
// alone.
func shellWords(t *testing.T, line string) []string {
	var words []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			words = append(words, part)
			continue
		}
		if strings.ContainsAny(part, "\"\\$`") {
			t.Fatalf("%s: expected single quotes and plain words", line)
		}
		words = append(words, strings.Fields(part)...)
	}
	return words
}
