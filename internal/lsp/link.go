package lsp

import (
	"context"
	"path/filepath"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// DocumentLink leads from an Include to the file it names. One that names
// several leads nowhere.
func (s *Server) DocumentLink(_ context.Context, p *protocol.DocumentLinkParams) ([]protocol.DocumentLink, error) {
	j := s.known(p.TextDocument.URI)
	if j == nil {
		return nil, nil
	}
	dir := filepath.Dir(pathOf(p.TextDocument.URI))
	var out []protocol.DocumentLink
	for _, inc := range j.includes {
		if !inc.Pos.IsValid() || strings.ContainsAny(inc.Path, "*?[${") {
			continue
		}
		path := filepath.FromSlash(inc.Path)
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		target := uri.File(path)
		out = append(out, protocol.DocumentLink{Range: j.text.span(inc.Pos.Offset, inc.Pos.Offset+len(inc.Path)), Target: &target})
	}
	return out, nil
}
