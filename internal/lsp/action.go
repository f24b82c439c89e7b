package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// CodeAction offers what can be done about the findings in a range: the proved
// fix, a waiver, the attack, the explanation.
func (s *Server) CodeAction(_ context.Context, p *protocol.CodeActionParams) ([]protocol.CommandOrCodeAction, error) {
	u, area := p.TextDocument.URI, p.Range
	if only := p.Context.Only; len(only) > 0 && !slices.Contains(only, protocol.CodeActionKindQuickFix) && !slices.Contains(only, "") {
		return nil, nil
	}
	j := s.known(u)
	if j == nil {
		return nil, nil
	}
	start, end := j.text.offset(area.Start), j.text.offset(area.End)
	out := j.suggested(u, start, end, s.host.Page)
	for i, f := range j.findings {
		if f.pending || f.end < start || end < f.start || f.said.Severity == policy.None {
			continue
		}
		about := []protocol.Diagnostic{j.diagnostic(u, f, s.host.Page)}
		if f.row.Verdict.Kind == verdict.Superlinear {
			if a := s.mend(j, u, f); a != nil {
				a.Diagnostics = about
				out = append(out, a)
			}
			out = append(out,
				command("Show the attack", commandAttack, arguments(u, j.version, i)),
				command("Explain", commandExplain, arguments(u, j.version, i)))
		}
		if a := s.waive(j, f); a != nil {
			a.Diagnostics = about
			out = append(out, a)
		}
	}
	return out, nil
}

func command(title, name string, args []protocol.LSPAny) *protocol.CodeAction {
	kind := protocol.CodeActionKindQuickFix
	return &protocol.CodeAction{Title: title, Kind: &kind, Command: protocol.Command{Title: title, Command: name, Arguments: args}}
}

// mend is the proved fix as an edit of the document; nil where there is none.
func (s *Server) mend(j *judged, u uri.URI, f finding) *protocol.CodeAction {
	fixes := s.mended.of(f.row.Verdict)
	if len(fixes) == 0 || fixes[0].Safety != verdict.Proved {
		return nil
	}
	edits := s.written(j, f, fixes[0])
	if edits == nil {
		return nil
	}
	kind, yes := protocol.CodeActionKindQuickFix, true
	return &protocol.CodeAction{
		Title: "Apply the proved fix: " + short(fixes[0].Pattern), Kind: &kind, IsPreferred: &yes,
		Edit: &protocol.WorkspaceEdit{Changes: map[uri.URI][]protocol.TextEdit{u: edits}},
	}
}

// short is a pattern as a title has room for it.
func short(pattern string) string {
	const most = 60
	if r := []rune(pattern); len(r) > most {
		return string(r[:most]) + "…"
	}
	return pattern
}

// quotings are the ways in which the formats write a text: as it is, with
// quotes escaped, and as JSON does.
var quotings = []func(string) string{
	func(s string) string { return s },
	func(s string) string { return strings.ReplaceAll(s, `"`, `\"`) },
	func(s string) string {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if e.Encode(s) != nil {
			return s // no JSON form: the reader will not read it as meant
		}
		return strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(b.String(), `"`), "\n"), `"`)
	},
}

// written turns a fix of a pattern into edits of the document. The reader
// decides: only edits after which it reads the fixed pattern at that place,
// and nothing else differently, count. nil when there are none.
func (s *Server) written(j *judged, f finding, x verdict.Fix) []protocol.TextEdit {
	p := f.row.Verdict.Pattern
	reader, err := s.host.Reader(j.root, j.policy, p.Source.File)
	if err != nil || reader == nil {
		return nil
	}
	before := reader.Read(p.Source.File, j.text.bytes).Patterns
	for _, quote := range quotings {
		var edits []protocol.TextEdit
		var next []byte
		at := 0
		for _, e := range x.Edits {
			start := p.Source.At(e.Start).Offset
			end := start
			if e.End > e.Start {
				end = p.Source.At(e.End-1).Offset + 1
				if e.End < len(p.Text) {
					end = max(end, p.Source.At(e.End).Offset)
				}
			}
			if start < at || end > len(j.text.bytes) {
				return nil
			}
			next = append(append(next, j.text.bytes[at:start]...), quote(e.Text)...)
			at = end
			edits = append(edits, protocol.TextEdit{Range: j.text.span(start, end), NewText: quote(e.Text)})
		}
		next = append(next, j.text.bytes[at:]...)
		if sameBut(before, reader.Read(p.Source.File, next).Patterns, p, x.Pattern) {
			return edits
		}
	}
	return nil
}

// sameBut reports whether after holds the patterns of before, with want in the
// place of p.
func sameBut(before, after []corpus.Pattern, p corpus.Pattern, want string) bool {
	if len(before) != len(after) {
		return false
	}
	for i, b := range before {
		text := b.Text
		if b.Source.Pos == p.Source.Pos {
			text = want
		}
		if after[i].Text != text || after[i].Source.Rule != b.Source.Rule {
			return false
		}
	}
	return true
}

// waive adds a waiver for the rule to the policy of the document: to its list
// of waivers, at its end where it has none, in a file of its own where there
// is no policy. The reason is left for the user to write: without one the
// policy is refused, and says so.
func (s *Server) waive(j *judged, f finding) *protocol.CodeAction {
	src := f.row.Verdict.Pattern.Source
	if src.Rule == "" || f.row.Excused() || f.row.Level == policy.None {
		return nil
	}
	file := policyFile(j.root)
	s.mu.Lock()
	data, err := s.content(file)
	s.mu.Unlock()
	exists := err == nil
	if !exists && !s.creates {
		return nil
	}
	const days = 90 // long enough for a repair, short enough to be asked again
	until := s.host.Now().AddDate(0, 0, days)
	offset, text, ok := addWaiver(data, policy.Waiver{Rule: src.Rule, File: within(j.root, src.File), Expires: until.Format("2006-01-02")})
	if !ok {
		return nil
	}
	t := newText(data, s.units)
	place := t.span(offset, offset)
	edit := &protocol.TextDocumentEdit{
		TextDocument: protocol.OptionalVersionedTextDocumentIdentifier{TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: uri.File(file)}},
	}
	edit.Edits = []protocol.TextDocumentEditElement{&protocol.TextEdit{Range: place, NewText: text}}
	kind := protocol.CodeActionKindQuickFix
	a := &protocol.CodeAction{Title: fmt.Sprintf("Waive rule %s for %d days", src.Rule, days), Kind: &kind, Edit: &protocol.WorkspaceEdit{}}
	if !exists {
		a.Edit.DocumentChanges = append(a.Edit.DocumentChanges, &protocol.CreateFile{Kind: "create", URI: uri.File(file)})
	}
	a.Edit.DocumentChanges = append(a.Edit.DocumentChanges, edit)
	return a
}
