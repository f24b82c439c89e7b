package lsp

import (
	"context"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// Hover says of a pattern what explain says: verdict, growth, attack, engines
// and limits.
func (s *Server) Hover(_ context.Context, p *protocol.HoverParams) (*protocol.Hover, error) {
	j := s.known(p.TextDocument.URI)
	if j == nil {
		return nil, nil
	}
	offset := j.text.offset(p.Position)
	for _, f := range j.at(offset, offset) {
		if f.pending {
			continue
		}
		said := string((&report.Text{Style: report.Explain}).Row(f.row))
		area := j.text.span(f.start, f.end)
		return &protocol.Hover{
			Contents: &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: fenced(said)},
			Range:    &area,
		}, nil
	}
	return nil, nil
}

// fenced is a text as a block of code, behind a fence longer than any in it.
func fenced(text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + "text\n" + strings.TrimRight(text, "\n") + "\n" + fence
}
