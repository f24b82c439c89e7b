package cli

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// shellBlock is a fenced block of shell in a page.
var shellBlock = regexp.MustCompile("(?s)```(?:sh|console|bash)\n(.*?)```")

// indented is a line of help that shows an invocation.
var indented = regexp.MustCompile(`(?m)^  .*$`)

// pageLink is a link from one page to another file of the repository.
var pageLink = regexp.MustCompile(`\]\(([^)#:\s]+)(?:#[^)]*)?\)`)

// TestDocCommands: every invocation of nearmiss in a page, or in its help, has a
// subcommand and flags that exist, and every link leads to a file.
func TestDocCommands(t *testing.T) {
	texts := map[string]string{"help": introduction}
	for name, text := range usages {
		texts["help "+name] = text
	}
	for name, text := range texts {
		texts[name] = strings.Join(indented.FindAllString(text, -1), "\n")
	}
	root := filepath.Join("..", "..")
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range shellBlock.FindAllStringSubmatch(string(b), -1) {
				texts[f] += m[1]
			}
			for _, m := range pageLink.FindAllStringSubmatch(string(b), -1) {
				if _, err := os.Stat(filepath.Join(filepath.Dir(f), m[1])); err != nil {
					t.Errorf("%s links to %s, which is not there", f, m[1])
				}
			}
		}
	}
	seen := 0
	for where, text := range texts {
		for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
			for _, args := range invocations(line) {
				seen++
				if why := understood(args); why != "" {
					t.Errorf("%s: nearmiss %s: %s", where, strings.Join(args, " "), why)
				}
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d invocations found", seen)
	}
}

// word is one of a command line: quoted or plain.
var word = regexp.MustCompile(`'[^']*'|"[^"]*"|[^\s'"]+`)

// invocations are the arguments of each call of nearmiss in a line of shell.
func invocations(line string) (out [][]string) {
	line, _, _ = strings.Cut(line, " # ")
	line, _, _ = strings.Cut(line, "   ") // what help says of it
	words := word.FindAllString(line, -1)
	for i := 0; i < len(words); i++ {
		if words[i] != "nearmiss" && !strings.HasSuffix(words[i], "cmd/nearmiss") || i > 0 && (words[i-1] == "which" || words[i-1] == "-n") {
			continue
		}
		var args []string
		for i++; i < len(words) && !strings.ContainsAny(words[i][:1], "|>&;)<"); i++ {
			args = append(args, strings.Trim(words[i], `'"`))
		}
		if len(args) > 0 {
			out = append(out, args)
		}
	}
	return out
}

// understood says what is wrong with an invocation, "" for nothing.
func understood(args []string) string {
	for _, s := range subcommands() {
		if s.name != args[0] || s.hidden {
			continue
		}
		if s.flags == nil || s.name == "vet" { // vet's own flags are go vet's
			return ""
		}
		fs := s.flags()
		fs.Usage = func() {}
		if err := fs.Parse(args[1:]); err != nil && !errors.Is(err, pflag.ErrHelp) {
			return err.Error()
		}
		return ""
	}
	return "no such command"
}
