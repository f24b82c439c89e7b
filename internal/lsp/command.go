package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// The commands that actions and lenses offer. Each opens a text in the editor,
// from where it can be copied, and returns it.
const (
	commandExplain = "nearmiss.explain"
	commandAttack  = "nearmiss.attack"
)

var commands = []string{commandExplain, commandAttack}

// A subject is what a command is about: a finding of one version of a document.
type subject struct {
	URI     uri.URI `json:"uri"`
	Version int32   `json:"version"`
	Finding int     `json:"finding"`
}

func arguments(u uri.URI, version int32, finding int) []protocol.LSPAny {
	b, err := json.Marshal(subject{u, version, finding})
	if err != nil {
		return nil // a string and two numbers have a JSON form
	}
	return []protocol.LSPAny{b}
}

// ExecuteCommand runs one of the commands.
func (s *Server) ExecuteCommand(ctx context.Context, p *protocol.ExecuteCommandParams) (protocol.LSPAny, error) {
	f, err := s.subject(p.Arguments)
	if err != nil {
		return nil, jsonrpc2.NewError(jsonrpc2.InvalidParams, err.Error())
	}
	var file, text string
	switch p.Command {
	case commandExplain:
		file, text = "nearmiss-explain.txt", string((&report.Text{Style: report.Explain}).Row(f.row))
	case commandAttack:
		file, text = "nearmiss-attack.sh", f.said.Shell+"\n"
	default:
		return nil, jsonrpc2.NewError(jsonrpc2.InvalidParams, "unknown command "+p.Command)
	}
	if err := s.show(ctx, file, text); err != nil {
		return nil, err
	}
	return json.Marshal(text)
}

// subject is the finding that a command's argument names.
func (s *Server) subject(raw []protocol.LSPAny) (finding, error) {
	var at subject
	if len(raw) != 1 || json.Unmarshal(raw[0], &at) != nil {
		return finding{}, errors.New("expected one argument, as the action or lens gave it")
	}
	j := s.known(at.URI)
	if j == nil || j.version != at.Version || at.Finding < 0 || at.Finding >= len(j.findings) {
		return finding{}, errors.New("the document has changed: ask again")
	}
	return j.findings[at.Finding], nil
}

// show opens a text in the editor, as a file of its own that is overwritten
// the next time; where the client cannot, it shows a message.
func (s *Server) show(ctx context.Context, name, text string) error {
	if !s.shows {
		return s.client.ShowMessage(ctx, &protocol.ShowMessageParams{Type: protocol.MessageTypeInfo, Message: text})
	}
	dir, err := s.own()
	if err != nil {
		return err
	}
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return err
	}
	_, err = s.client.ShowDocument(ctx, &protocol.ShowDocumentParams{URI: uri.File(file)})
	return err
}

// own is the folder of texts to show. Its name cannot be foretold: others may
// write where temporary files are.
func (s *Server) own() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.scratch == "" {
		dir, err := os.MkdirTemp("", "nearmiss-")
		if err != nil {
			return "", err
		}
		s.scratch = dir
	}
	return s.scratch, nil
}

// tidy takes away what own made.
func (s *Server) tidy() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.scratch != "" {
		_ = os.RemoveAll(s.scratch) // texts of this server, which nobody needs
	}
}
