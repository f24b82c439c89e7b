package lsp

import (
	"context"
	"path/filepath"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Note is a diagnostic of a Go file, in byte offsets of its text.
type Note struct {
	Start, End    int
	Code, Message string
	Related       []Place
	Fixes         []Suggestion
}

// A Place is another part that a Note speaks of.
type Place struct {
	File       string
	Start, End int
	Message    string
}

// A Suggestion is a proved fix: edits of the file of its Note, in the order of
// their places.
type Suggestion struct {
	Message string
	Edits   []Edit
}

// An Edit puts a text in the place of bytes.
type Edit struct {
	Start, End int
	Text       string
}

func isGo(path string) bool { return filepath.Ext(path) == ".go" }

// judgeGo asks the host for the notes of a Go file, among the other open files
// of its package as they are being edited.
func (s *Server) judgeGo(ctx context.Context, d *document) {
	s.mu.Lock()
	path, version, text := d.path, d.version, d.text
	overlay := map[string][]byte{}
	for _, o := range s.documents {
		if isGo(o.path) && filepath.Dir(o.path) == filepath.Dir(path) {
			overlay[o.path] = o.text.bytes
		}
	}
	s.mu.Unlock()
	if s.host.Go == nil {
		return
	}
	j := &judged{version: version, text: text}
	notes, err := s.host.Go(ctx, path, overlay)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		j.problems = []*corpus.Problem{{Code: "unreadable", File: path, Pos: corpus.Position{Line: 1, Column: 1}, Message: "the package was not judged: " + firstLine(err.Error())}}
	}
	j.notes = notes
	s.publish(ctx, d, j)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// note is a diagnostic of a Go file.
func (j *judged) note(u uri.URI, n Note, page func(code string) string) protocol.Diagnostic {
	d := protocol.Diagnostic{
		Range: j.text.span(n.Start, n.End), Severity: protocol.DiagnosticSeverityWarning,
		Code: protocol.String(n.Code), CodeDescription: describe(page, n.Code), Message: protocol.String(n.Message),
	}
	for _, r := range n.Related {
		if r.File != pathOf(u) { // offsets in a text that is not at hand
			continue
		}
		d.RelatedInformation = append(d.RelatedInformation, protocol.DiagnosticRelatedInformation{
			Location: protocol.Location{URI: u, Range: j.text.span(r.Start, r.End)}, Message: r.Message,
		})
	}
	return d
}

// suggested are the fixes of the notes in a range, as actions.
func (j *judged) suggested(u uri.URI, start, end int, page func(code string) string) []protocol.CommandOrCodeAction {
	var out []protocol.CommandOrCodeAction
	for _, n := range j.notes {
		if n.End < start || end < n.Start {
			continue
		}
		for _, x := range n.Fixes {
			var edits []protocol.TextEdit
			for _, e := range x.Edits {
				edits = append(edits, protocol.TextEdit{Range: j.text.span(e.Start, e.End), NewText: e.Text})
			}
			kind, yes := protocol.CodeActionKindQuickFix, true
			out = append(out, &protocol.CodeAction{
				Title: x.Message, Kind: &kind, IsPreferred: &yes, Diagnostics: []protocol.Diagnostic{j.note(u, n, page)},
				Edit: &protocol.WorkspaceEdit{Changes: map[uri.URI][]protocol.TextEdit{u: edits}},
			})
		}
	}
	return out
}
