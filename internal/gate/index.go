package gate

import (
	"fmt"
	"slices"
	"strings"
)

// An index is what the next commit would hold: the files as they are staged.
type index struct {
	objects
	files []File
}

// Index is the repository's index as a tree. Where the environment names
// another (git does for a hook of a partial commit), it is that one.
func (r *Repository) Index() Tree { return &index{objects: objects{repo: r}} }

// Name is how reports call it.
func (t *index) Name() string { return "index" }

// Files lists the index. An entry that a merge left open has no content yet.
func (t *index) Files() ([]File, error) {
	if t.files != nil {
		return t.files, nil
	}
	out, err := t.repo.git("ls-files", "--stage", "-z", "--full-name", "--", ":/")
	if err != nil {
		return nil, err
	}
	entries, err := parseListing(out)
	if err != nil {
		return nil, err
	}
	var files []File
	for _, e := range entries { // mode, object, stage
		if e.fields[2] != "0" {
			return nil, fmt.Errorf("%s: a merge left it open: resolve it first", e.path)
		}
		files = append(files, File{Path: e.path, Kind: kindOf(e.fields[0]), oid: e.fields[1]})
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	t.files = files
	return files, nil
}
