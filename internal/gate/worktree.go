package gate

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A worktree is what stands in the working tree: tracked files and new ones,
// but those that git is told to ignore.
type worktree struct {
	repo  *Repository
	root  *os.Root
	files []File
}

// Worktree is the repository's working tree as a tree.
func (r *Repository) Worktree() (Tree, error) {
	top, err := r.git("rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(filepath.FromSlash(strings.TrimRight(top, "\r\n")))
	if err != nil {
		return nil, cleanPathError(err)
	}
	return &worktree{repo: r, root: root}, nil
}

// Name is how reports call it.
func (t *worktree) Name() string { return "worktree" }

// Files lists it. What is tracked and was deleted from the disk is not there.
func (t *worktree) Files() ([]File, error) {
	if t.files != nil {
		return t.files, nil
	}
	out, err := t.repo.git("ls-files", "--cached", "--others", "--exclude-standard", "-z", "--full-name", "--", ":/")
	if err != nil {
		return nil, err
	}
	others, err := t.repo.git("ls-files", "--others", "--exclude-standard", "-z", "--full-name", "--", ":/")
	if err != nil {
		return nil, err
	}
	untracked := map[string]bool{}
	for path := range strings.SplitSeq(others, "\x00") {
		untracked[path] = true
	}
	var files []File
	for path := range strings.SplitSeq(out, "\x00") {
		path, folder := strings.CutSuffix(path, "/") // a repository within this one
		if path == "" {
			continue
		}
		st, err := t.root.Lstat(filepath.FromSlash(path))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		f := File{Path: path, Kind: Irregular, untracked: untracked[path]}
		switch {
		case err != nil: // said when it is read
		case folder || st.IsDir():
			f.Kind = Submodule
		case st.Mode()&fs.ModeSymlink != 0:
			f.Kind = Link
		case st.Mode().IsRegular():
			f.Kind = Regular
		}
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	files = slices.CompactFunc(files, func(a, b File) bool { return a.Path == b.Path }) // a merge lists a path thrice
	t.files = files
	return files, nil
}

// Read reads a file from the disk; a link on its way that leads out of the
// working tree is not followed.
func (t *worktree) Read(f File, limit int64) ([]byte, error) {
	h, err := t.root.Open(filepath.FromSlash(f.Path))
	if err != nil {
		return nil, bare(err)
	}
	return readFile(h, limit)
}

// Close closes the folder.
func (t *worktree) Close() error { return t.root.Close() }
