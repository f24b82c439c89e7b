package lsp

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

func isPolicy(path string) bool { return filepath.Base(path) == policy.File }

// policyOf is the policy that holds for a file: of the nearest folder around it
// that has one, up to the folder of the workspace, if any, with unsaved changes.
// A broken one is a problem, and the defaults hold. The server's lock is held.
func (s *Server) policyOf(path string) (p policy.Policy, root string, problem *corpus.Problem) {
	dir, top := filepath.Dir(path), s.folderOf(path)
	if root = top; root == "" {
		root = dir
	}
	for {
		file := filepath.Join(dir, policy.File)
		data, err := s.content(file)
		if err == nil {
			p, err = policy.Decode(file, data)
			if err == nil {
				return p, dir, nil
			}
			return policy.Default(), dir, &corpus.Problem{Code: "policy", File: path, Pos: corpus.Position{Line: 1, Column: 1},
				Message: "the policy cannot be read, its defaults hold: " + err.Error()}
		}
		parent := filepath.Dir(dir)
		if dir == top || parent == dir {
			return policy.Default(), root, nil
		}
		dir = parent
	}
}

// folderOf is the innermost folder of the workspace that holds a file, "" when
// none does.
func (s *Server) folderOf(path string) string {
	best := ""
	for _, f := range s.folders {
		if (path == f || strings.HasPrefix(path, strings.TrimSuffix(f, string(filepath.Separator))+string(filepath.Separator))) && len(f) > len(best) {
			best = f
		}
	}
	return best
}

// content is a file's text as it is being edited, or as it stands on the disk.
func (s *Server) content(path string) ([]byte, error) {
	for _, d := range s.documents {
		if d.path == path {
			return d.text.bytes, nil
		}
	}
	st, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !st.Mode().IsRegular() || st.Size() > policy.MaxFileBytes:
		return nil, errors.New("not a regular file of a policy's size")
	}
	return os.ReadFile(path)
}

// policyProblems are what is wrong with the text of a policy file.
func policyProblems(path string, data []byte) []*corpus.Problem {
	_, err := policy.Decode(path, data)
	if err == nil {
		return nil
	}
	p := &corpus.Problem{Code: "policy", File: path, Pos: corpus.Position{Line: 1, Column: 1}, Message: err.Error()}
	var at *policy.DecodeError
	if errors.As(err, &at) {
		p.Message = at.Message
		if at.Line > 0 {
			p.Pos.Line, p.Pos.Column = at.Line, at.Column
			p.Pos.Offset = offsetOf(data, at.Line, at.Column)
		}
	}
	return []*corpus.Problem{p}
}

// offsetOf is the byte offset of a line and column, both from 1 on; the YAML
// library counts columns in characters.
func offsetOf(data []byte, line, column int) int {
	offset := 0
	for _, l := range strings.SplitAfter(string(data), "\n") {
		if line--; line > 0 {
			offset += len(l)
			continue
		}
		for i := range l {
			if column--; column == 0 {
				return offset + i
			}
		}
		return offset + len(l)
	}
	return offset
}

// within is a file's slash-separated path from the root on.
func within(root, file string) string {
	rel, err := filepath.Rel(root, file)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return filepath.ToSlash(file)
	}
	return filepath.ToSlash(rel)
}
