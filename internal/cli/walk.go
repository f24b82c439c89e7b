package cli

import (
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus/incidents"
)

// A found is one file of a walk, or what stands in its place.
type found struct {
	path string
	// named says that the user gave the path himself.
	named bool
	// err says why the path cannot be read; nil otherwise.
	err error
	// link says that a symbolic link was not followed: it leads to what the
	// walk has seen already.
	link bool
}

// walk lists the files under the paths, a directory's in order of names,
// links followed, each real file once. Folders named .git are left out.
// "-" and the embedded incidents stand for themselves.
func walk(paths []string) iter.Seq[found] {
	return func(yield func(found) bool) {
		w := walker{seen: map[string]bool{}, yield: yield}
		for _, p := range paths {
			if p == "-" || p == incidents.Name {
				if !yield(found{path: p, named: true}) {
					return
				}
				continue
			}
			if !w.path(p, true) {
				return
			}
		}
	}
}

type walker struct {
	seen  map[string]bool // real paths
	yield func(found) bool
}

// path walks one path; it is false once the caller wants no more.
func (w *walker) path(p string, named bool) bool {
	st, err := os.Stat(p)
	if err != nil {
		return w.yield(found{path: p, named: named, err: reason(err)})
	}
	if named && !st.IsDir() && !st.Mode().IsRegular() {
		return w.yield(found{path: p, named: true}) // a pipe of the shell's has no real path
	}
	real, err := filepath.EvalSymlinks(p)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err != nil {
		return w.yield(found{path: p, named: named, err: reason(err)})
	}
	if w.seen[real] {
		return w.yield(found{path: p, named: named, link: true})
	}
	w.seen[real] = true
	if !st.IsDir() {
		if !st.Mode().IsRegular() {
			return w.yield(found{path: p, err: errIrregular})
		}
		return w.yield(found{path: p, named: named})
	}
	entries, err := os.ReadDir(p)
	if err != nil {
		return w.yield(found{path: p, named: named, err: reason(err)})
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	for _, e := range entries {
		if e.Name() == ".git" {
			continue
		}
		if !w.path(filepath.Join(p, e.Name()), false) {
			return false
		}
	}
	return true
}
