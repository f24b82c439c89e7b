// Package docs carries the pages that the command prints: `nearmiss help nested`
// shows the very file that stands beside this one.
package docs

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed causes/*.md errors.md
var pages embed.FS

// Causes are the words that have a page in causes/, in alphabetical order.
func Causes() []string {
	files, err := fs.Glob(pages, "causes/*.md")
	if err != nil {
		return nil // the pattern is well formed
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".md")
	}
	return files
}

// Cause is the page on a cause of super-linear growth.
func Cause(word string) (text string, ok bool) {
	b, err := pages.ReadFile("causes/" + word + ".md")
	return string(b), err == nil
}

// Codes are the words of errors.md, in its order.
func Codes() []string {
	var out []string
	for _, s := range sections() {
		out = append(out, s.code)
	}
	return out
}

// Code is the section of errors.md on a code: of a file that cannot be read, a
// pattern that cannot be judged, or a decision.
func Code(word string) (text string, ok bool) {
	for _, s := range sections() {
		if s.code == word {
			return s.text, true
		}
	}
	return "", false
}

// A section of errors.md begins with "### code".
type section struct{ code, text string }

func sections() []section {
	b, err := pages.ReadFile("errors.md")
	if err != nil {
		return nil // it is embedded
	}
	var out []section
	for _, part := range strings.Split("\n"+string(b), "\n### ")[1:] {
		code, rest, _ := strings.Cut(part, "\n")
		rest, _, _ = strings.Cut(rest, "\n## ")
		out = append(out, section{code: code, text: "### " + code + "\n" + strings.TrimRight(rest, "\n") + "\n"})
	}
	return out
}
