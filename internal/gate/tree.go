// Package gate compares two versions of a rule repository, gives every new or
// changed pattern a verdict, and decides what may merge.
//
// Stages, one file each: tree and git list files; rules reads them; pair finds
// each pattern's predecessor; change says what differs; judge runs the
// verdicts; decide decides; canary proves on every run that all of it works.
package gate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// A Kind is what a tree holds under a path.
type Kind uint8

// The kinds. Only regular files are read.
const (
	Regular   Kind = iota
	Link           // a symbolic link that is not followed
	Submodule      // another repository
	Irregular      // a device, a socket, a pipe
)

// A File is one entry of a tree: its slash-separated path from the tree's
// root.
type File struct {
	Path string
	Kind Kind

	oid       string // in a git tree
	untracked bool   // in a working tree: git does not know it
}

// A Tree is one version of a rule repository.
type Tree interface {
	// Name is how reports call the version: a directory, a commit.
	Name() string
	// Files lists the tree in order of paths.
	Files() ([]File, error)
	// Read is a file's content; it fails with a *TooLarge past limit bytes.
	Read(f File, limit int64) ([]byte, error)
	// Close ends what the tree holds open.
	Close() error
}

// TooLarge says that a file is longer than the budget for one file.
type TooLarge struct{ Limit int64 }

func (e *TooLarge) Error() string {
	return fmt.Sprintf("larger than the budget of %d bytes for one file", e.Limit)
}

// A Dir is a directory as a tree. Symbolic links are listed and not followed,
// as in a git tree: what a change may point outside of itself is not rules.
// Folders named .git are left out.
type Dir struct{ root, real string }

// OpenDir opens a directory.
func OpenDir(path string) (*Dir, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, cleanPathError(err)
	}
	if !st.IsDir() {
		return nil, fmt.Errorf("%s: not a directory", path)
	}
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err != nil {
		return nil, cleanPathError(err)
	}
	return &Dir{root: path, real: real}, nil
}

// cleanPathError drops the system call's name: "rules: no such file or
// directory".
func cleanPathError(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s: %w", pe.Path, pe.Err)
	}
	return err
}

// Name is the path the directory was opened with.
func (d *Dir) Name() string { return d.root }

// Close does nothing.
func (d *Dir) Close() error { return nil }

// Files walks the directory. A folder that cannot be listed is an Irregular
// entry.
func (d *Dir) Files() ([]File, error) {
	var files []File
	walk := func(path string, e fs.DirEntry, err error) error {
		rel, rerr := filepath.Rel(d.real, path)
		if rerr != nil {
			return rerr
		}
		rel = filepath.ToSlash(rel)
		switch {
		case err != nil:
			if rel == "." {
				return cleanPathError(err)
			}
			files = append(files, File{Path: rel, Kind: Irregular})
			if e != nil && e.IsDir() {
				return fs.SkipDir
			}
		case e.IsDir():
			if e.Name() == ".git" {
				return fs.SkipDir
			}
		case e.Type().IsRegular():
			files = append(files, File{Path: rel})
		case e.Type()&fs.ModeSymlink != 0:
			files = append(files, File{Path: rel, Kind: Link})
		default:
			files = append(files, File{Path: rel, Kind: Irregular})
		}
		return nil
	}
	if err := filepath.WalkDir(d.real, walk); err != nil {
		return nil, err
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

// Read reads a file of the directory.
func (d *Dir) Read(f File, limit int64) ([]byte, error) {
	h, err := os.Open(filepath.Join(d.real, filepath.FromSlash(f.Path)))
	if err != nil {
		return nil, bare(err)
	}
	return readFile(h, limit)
}

// bare is an error about a path without the path.
func bare(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// readFile reads an open file to its end, and closes it.
func readFile(h *os.File, limit int64) ([]byte, error) {
	defer func() { _ = h.Close() }() // opened for reading: nothing can be lost
	if st, err := h.Stat(); err == nil && st.Size() > limit {
		return nil, &TooLarge{Limit: limit}
	}
	return ReadAll(h, limit)
}

// ReadAll reads r to its end; it fails with a *TooLarge past limit bytes.
func ReadAll(r io.Reader, limit int64) ([]byte, error) {
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if n > limit {
		return nil, &TooLarge{Limit: limit}
	}
	return b.Bytes(), nil
}

// ReadPolicy reads the policy file of a tree. found is false, and the policy
// the default, when it has none.
func ReadPolicy(t Tree) (p policy.Policy, found bool, err error) {
	files, err := t.Files()
	if err != nil {
		return policy.Default(), false, err
	}
	for _, f := range files {
		if f.Path != policy.File {
			continue
		}
		if f.Kind != Regular {
			return policy.Default(), true, fmt.Errorf("%s: expected a regular file", f.Path)
		}
		data, err := t.Read(f, policy.MaxFileBytes)
		if err != nil {
			return policy.Default(), true, fmt.Errorf("%s: %w", f.Path, err)
		}
		p, err := policy.Decode(f.Path, data)
		return p, true, err
	}
	return policy.Default(), false, nil
}
