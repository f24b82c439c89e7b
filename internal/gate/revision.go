package gate

import (
	"slices"
	"strings"
)

// A revision is one commit as a tree.
type revision struct {
	objects
	commit string
	files  []File
}

// Revision is the tree of a commit, given by its full name, or EmptyRevision.
func (r *Repository) Revision(commit string) Tree {
	return &revision{objects: objects{repo: r}, commit: commit}
}

func (t *revision) Name() string { return t.commit }

// Files lists the commit's whole tree, whatever folder the repository was
// opened in.
func (t *revision) Files() ([]File, error) {
	if t.commit == EmptyRevision || t.files != nil {
		return t.files, nil
	}
	out, err := t.repo.git("ls-tree", "-r", "-z", "--full-tree", t.commit)
	if err != nil {
		return nil, err
	}
	entries, err := parseListing(out)
	if err != nil {
		return nil, err
	}
	var files []File
	for _, e := range entries { // mode, type, object
		files = append(files, File{Path: e.path, Kind: kindOf(e.fields[0]), oid: e.fields[2]})
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	t.files = files
	return files, nil
}
