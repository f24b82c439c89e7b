package lsp

import (
	"context"
	"fmt"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// source names the server in the client's lists.
const source = "nearmiss"

// maxDiagnostics is how many are published for one document: an editor draws
// no more in any useful way. The last one says how many are left out.
const maxDiagnostics = 1000

// publish sends what is known of a document, and keeps it for questions. It is
// false, and nothing is sent, where the document has changed meanwhile.
func (s *Server) publish(ctx context.Context, d *document, j *judged) bool {
	s.mu.Lock()
	current := ctx.Err() == nil && d.version == j.version
	if current {
		d.judged = j
	}
	s.mu.Unlock()
	if !current {
		return false
	}
	err := s.client.PublishDiagnostics(ctx, &protocol.PublishDiagnosticsParams{
		URI: d.uri, Version: protocol.NewOptional(j.version), Diagnostics: j.diagnostics(d.uri, s.host.Page),
	})
	if err == nil && s.lenses.Load() && s.refreshes {
		go func() { _ = s.client.CodeLensRefresh(ctx) }() // a client that declines shows them at the next change
	}
	return err == nil
}

// diagnostics are the problems and the findings, in the order of their places
// within each kind.
func (j *judged) diagnostics(u uri.URI, page func(code string) string) []protocol.Diagnostic {
	out := []protocol.Diagnostic{} // none is an empty list, which clears what was there
	add := func(d protocol.Diagnostic) {
		d.Source = protocol.NewOptional(source)
		out = append(out, d)
	}
	for _, p := range j.problems {
		add(protocol.Diagnostic{
			Range: j.text.span(j.lineOf(p.Pos)), Severity: protocol.DiagnosticSeverityWarning,
			Code: protocol.String(p.Code), CodeDescription: describe(page, p.Code), Message: protocol.String(p.Message),
		})
	}
	for _, n := range j.notes {
		add(j.note(u, n, page))
	}
	for _, f := range j.findings {
		switch {
		case f.pending:
			add(protocol.Diagnostic{Range: j.text.span(f.start, f.end), Severity: protocol.DiagnosticSeverityHint, Message: protocol.String("analysing")})
		case f.said.Severity != policy.None:
			add(j.diagnostic(u, f, page))
		}
	}
	if over := len(out) - maxDiagnostics; over > 0 {
		out = out[:maxDiagnostics]
		last := &out[maxDiagnostics-1]
		*last = protocol.Diagnostic{Range: last.Range, Severity: protocol.DiagnosticSeverityInformation, Source: protocol.NewOptional(source),
			Message: protocol.String(fmt.Sprintf("%d more findings and problems are not shown here: nearmiss lint lists all", over+1))}
	}
	return out
}

// diagnostic is one finding: on the part that competes most, with the others
// as related places.
func (j *judged) diagnostic(u uri.URI, f finding, page func(code string) string) protocol.Diagnostic {
	code := f.row.Verdict.Cause
	if r := f.row.Verdict.Reason; r != nil {
		code = r.Code
	}
	message := f.said.Title
	if f.said.Cause != "" {
		message += "\n" + f.said.Cause
	}
	if f.said.Attack != "" {
		message += "\nattack: " + f.said.Attack
	}
	d := protocol.Diagnostic{
		Range: j.text.span(f.start, f.end), Severity: severity(f.said.Severity),
		Code: protocol.String(code), CodeDescription: describe(page, code), Message: protocol.String(message),
	}
	src := f.row.Verdict.Pattern.Source
	for i, span := range f.said.Spans {
		start := src.At(span.Start).Offset
		end := start
		if span.End > span.Start {
			end = src.At(span.End-1).Offset + 1
		}
		if end == start || end > f.end {
			end = max(start, min(end, f.end))
		}
		if i == 0 {
			d.Range = j.text.span(start, end)
			continue
		}
		d.RelatedInformation = append(d.RelatedInformation, protocol.DiagnosticRelatedInformation{
			Location: protocol.Location{URI: u, Range: j.text.span(start, end)}, Message: "competes with it",
		})
	}
	return d
}

// lineOf is the stretch from a problem's place to the end of its line; the
// first line where the place is not known.
func (j *judged) lineOf(p corpus.Position) (start, end int) {
	if !p.IsValid() {
		return j.text.line(0)
	}
	start = min(p.Offset, len(j.text.bytes))
	_, end = j.text.line(int(j.text.position(start).Line))
	return start, max(start, end)
}

func severity(l policy.Level) protocol.DiagnosticSeverity {
	switch l {
	case policy.Error:
		return protocol.DiagnosticSeverityError
	case policy.Warning:
		return protocol.DiagnosticSeverityWarning
	}
	return protocol.DiagnosticSeverityInformation
}

// describe is the page on a code, where there is one.
func describe(page func(code string) string, code string) protocol.CodeDescription {
	if at := page(code); strings.HasPrefix(at, "https://") {
		return protocol.CodeDescription{Href: uri.URI(at)}
	}
	return protocol.CodeDescription{}
}
