package cli

import (
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/nearmiss-dev/nearmiss/analyzer/redos"
	"github.com/nearmiss-dev/nearmiss/internal/lsp"
)

// goNotes runs the pass of go vet on the package of a Go file, as it is being
// edited, and returns what stands in that file. A package that imports nothing
// that takes patterns is not even loaded.
func goNotes(ctx context.Context, file string, overlay map[string][]byte) ([]lsp.Note, error) {
	if !takesPatterns(filepath.Dir(file), overlay) {
		return nil, nil
	}
	pkgs, err := packages.Load(&packages.Config{
		Context: ctx, Dir: filepath.Dir(file), Overlay: overlay, Tests: true,
		Mode: packages.LoadSyntax | packages.NeedModule,
	}, "file="+file)
	if err != nil {
		return nil, err
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{over(overlay)}, pkgs, nil)
	if err != nil {
		return nil, err
	}
	var notes []lsp.Note
	seen := map[string]bool{} // a file is in its package and in that of its tests
	for _, root := range graph.Roots {
		if root.Err != nil && len(root.Package.Errors) > 0 {
			return nil, root.Package.Errors[0] // it does not build, as happens while it is typed
		}
		for _, d := range root.Diagnostics {
			n, ok := goNote(root.Package.Fset, file, d)
			if key := fmt.Sprint(n.Start, n.End, n.Message); ok && !seen[key] {
				seen[key] = true
				notes = append(notes, n)
			}
		}
	}
	if len(graph.Roots) == 0 {
		return nil, errors.New("no package holds this file")
	}
	return notes, nil
}

// over is the pass, reading files as they are being edited: it looks at the
// literals' own bytes, and the checker knows the disk alone.
func over(overlay map[string][]byte) *analysis.Analyzer {
	a := *redos.Analyzer
	a.Run = func(p *analysis.Pass) (any, error) {
		onDisk := p.ReadFile
		p.ReadFile = func(name string) ([]byte, error) {
			if b, ok := overlay[name]; ok {
				return b, nil
			}
			return onDisk(name)
		}
		return redos.Analyzer.Run(p)
	}
	return &a
}

// goNote is a diagnostic in offsets; ok is false for one of another file.
func goNote(fset *token.FileSet, file string, d analysis.Diagnostic) (n lsp.Note, ok bool) {
	at := fset.Position(d.Pos)
	if at.Filename != file {
		return n, false
	}
	n = lsp.Note{Start: at.Offset, End: fset.Position(d.End).Offset, Code: d.Category, Message: d.Message}
	for _, r := range d.Related {
		from, to := fset.Position(r.Pos), fset.Position(r.End)
		if !r.End.IsValid() {
			to = from
		}
		n.Related = append(n.Related, lsp.Place{File: from.Filename, Start: from.Offset, End: to.Offset, Message: r.Message})
	}
	for _, x := range d.SuggestedFixes {
		s := lsp.Suggestion{Message: x.Message}
		for _, e := range x.TextEdits {
			from, to := fset.Position(e.Pos), fset.Position(e.Pos)
			if e.End.IsValid() {
				to = fset.Position(e.End)
			}
			if from.Filename != file {
				s.Edits = nil
				break
			}
			s.Edits = append(s.Edits, lsp.Edit{Start: from.Offset, End: to.Offset, Text: string(e.NewText)})
		}
		if len(s.Edits) > 0 {
			n.Fixes = append(n.Fixes, s)
		}
	}
	return n, true
}

// takesPatterns reports whether a Go file of a folder imports a package of the
// pass's table.
func takesPatterns(dir string, overlay map[string][]byte) bool {
	var paths []string
	for _, l := range redos.Libraries() {
		paths = append(paths, l.Paths...)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return true // a folder whose name is a pattern: let the loader look
	}
	for name := range overlay {
		names = append(names, name)
	}
	for _, name := range names {
		src, open := overlay[name]
		if !open {
			if src, err = os.ReadFile(name); err != nil {
				continue
			}
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
		if f == nil || err != nil && len(f.Imports) == 0 {
			continue
		}
		for _, i := range f.Imports {
			if path, err := strconv.Unquote(i.Path.Value); err == nil && slices.Contains(paths, path) {
				return true
			}
		}
	}
	return false
}
