// Package assembly reads the files that rule sets generate patterns from: one
// alternative a line, with definitions, includes and nested blocks, as the
// OWASP CRS keeps them in regex-assembly/ (*.ra). It does not assemble: it says
// which texts stand on which lines, so that a part of a generated pattern can
// be led back to the line it came from.
//
// # What is read
//
// A line that begins with ##! is for the assembler: ##!> define NAME VALUE and
// ##!> include FILE are followed, the texts of ##!^ (prefix) and ##!$ (suffix)
// are fragments, everything else is passed over. All other lines that are not
// empty are fragments. {{NAME}} stands for a definition's value.
package assembly

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// Folder is the name of the folder that holds the files, and Ext their
// extension.
const (
	Folder = "regex-assembly"
	Ext    = ".ra"
)

// FileFor is the name of the file that a rule's pattern is generated from:
// "942310.ra" for the rule 942310, "942310-chain1.ra" for the first behind it
// in its chain.
func FileFor(rule string) string { return strings.ReplaceAll(rule, "#", "-") + Ext }

// A Fragment is one line's part of a pattern.
type Fragment struct {
	// File and Pos are where Text begins.
	File string
	Pos  corpus.Position
	// Text is the line's pattern, definitions in place of their names.
	Text string
	// Literal says that Text stands in the file as it is, so that places in it
	// are places in the line.
	Literal bool
}

// Limits of one file and what it includes.
const (
	// MaxFragments bounds the lines: the largest files in use have 2,000.
	MaxFragments = 50_000
	// maxDepth bounds includes within each other, and definitions.
	maxDepth = 8
	// maxText bounds a line with its definitions, in bytes.
	maxText = 64 << 10
)

// Read returns the fragments of a file in the order of their lines, those of
// an included file in its place. open returns an included file by its path,
// beside which is the file itself or its folder include.
func Read(file string, data []byte, open func(path string) ([]byte, bool)) []Fragment {
	r := reading{open: open, defined: map[string]string{}}
	r.file(file, data, 0)
	return r.out
}

type reading struct {
	open    func(string) ([]byte, bool)
	defined map[string]string
	out     []Fragment
}

func (r *reading) file(file string, data []byte, depth int) {
	lines := corpus.NewLines(data)
	// Definitions hold for the whole file, whatever their place.
	for line := range strings.Lines(string(data)) {
		if name, value, ok := definition(line); ok {
			r.defined[name] = value
		}
	}
	off := 0
	for line := range strings.Lines(string(data)) {
		begin := off
		off += len(line)
		text := strings.TrimSpace(line)
		at := begin + strings.Index(line, text)
		command, ok := strings.CutPrefix(text, "##!")
		switch {
		case text == "" || len(r.out) >= MaxFragments:
		case !ok:
			r.add(file, lines.At(at), text)
		case strings.HasPrefix(command, "^") || strings.HasPrefix(command, "$"):
			body := strings.TrimSpace(command[1:])
			r.add(file, lines.At(at+len(text)-len(body)), body)
		case strings.HasPrefix(command, ">"):
			r.command(file, lines.At(at), strings.TrimSpace(command[1:]), text, depth)
		}
	}
}

// command follows a definition or an include.
func (r *reading) command(file string, at corpus.Position, command, text string, depth int) {
	if _, value, ok := definition(text); ok {
		skipped := len(text) - len(value)
		at.Column += skipped
		at.Offset += skipped
		r.add(file, at, value)
		return
	}
	words := strings.Fields(command)
	if len(words) < 2 || words[0] != "include" && words[0] != "include-except" || depth >= maxDepth {
		return
	}
	name := words[1]
	if path.Ext(name) == "" {
		name += Ext
	}
	for _, p := range []string{path.Join(path.Dir(file), "include", name), path.Join(path.Dir(file), name)} {
		if data, ok := r.open(p); ok {
			r.file(p, data, depth+1)
			return
		}
	}
}

// definition reads "##!> define NAME VALUE".
func definition(line string) (name, value string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), "##!>")
	if !ok {
		return "", "", false
	}
	rest, ok = strings.CutPrefix(strings.TrimSpace(rest), "define")
	if !ok {
		return "", "", false
	}
	name, value, ok = strings.Cut(strings.TrimSpace(rest), " ")
	return name, strings.TrimSpace(value), ok
}

func (r *reading) add(file string, at corpus.Position, text string) {
	if text == "" {
		return
	}
	full := text
	for range maxDepth {
		if !strings.Contains(full, "{{") || len(full) > maxText {
			break
		}
		for _, name := range slices.Sorted(maps.Keys(r.defined)) {
			full = strings.ReplaceAll(full, "{{"+name+"}}", r.defined[name])
		}
	}
	if len(full) > maxText {
		full = text
	}
	r.out = append(r.out, Fragment{File: file, Pos: at, Text: full, Literal: full == text})
}
