package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// A Host is what the program around the server knows.
type Host struct {
	// Reader is the reader that takes a file under a policy, whose paths begin
	// at root; nil when none does.
	Reader func(root string, pol policy.Policy, file string) (corpus.Reader, error)
	// Analyze gives verdicts.
	Analyze gate.Analyze
	// Go judges the patterns of a Go file; overlay holds the open files of its
	// package. nil leaves Go files alone.
	Go func(ctx context.Context, file string, overlay map[string][]byte) ([]Note, error)
	// Now is the clock, for waivers.
	Now func() time.Time
	// Jobs is the number of patterns analysed at a time.
	Jobs int
	// Version is the program's own.
	Version string
	// Page is the address of the page on a cause or a code, "" for none.
	Page func(code string) string
}

// A Server answers one client.
type Server struct {
	protocol.UnimplementedServer
	host   Host
	cache  *cache
	mended *mended
	client protocol.Client

	lenses atomic.Bool // the code lenses are on
	// refreshes says that the client can be asked to ask again for lenses, and
	// shows that it opens a document that the server names, creates that an
	// edit may create a file, watches that it reports changes of files.
	refreshes, shows, creates, watches bool
	units                              bool

	mu        sync.Mutex
	folders   []string
	documents map[uri.URI]*document
	down      bool // shutdown was asked for

	// scratch is a folder of this server alone, for texts to show, "" before the
	// first; it goes with the server.
	scratch string

	work sync.WaitGroup // one for each open document
	life context.Context
	end  context.CancelFunc
}

// stream joins the two ends of a conversation.
type stream struct {
	io.Reader
	io.Writer
	close func() error
}

func (s stream) Close() error { return s.close() }

// codec carries the protocol's unions through JSON.
type codec struct{ jsonrpc2.JSONCodec }

func (c codec) Marshal(v any) ([]byte, error) {
	switch v.(type) {
	case jsonrpc2.RawMessage, *jsonrpc2.RawMessage:
		return c.JSONCodec.Marshal(v)
	}
	return protocol.Marshal(v)
}

func (c codec) Unmarshal(data []byte, v any) error {
	if _, raw := v.(*jsonrpc2.RawMessage); raw {
		return c.JSONCodec.Unmarshal(data, v)
	}
	return protocol.Unmarshal(data, v)
}

// Serve answers a client until it leaves, or ctx ends. in and out are closed.
// It reports whether the client asked for the end, as the protocol wants it.
func Serve(ctx context.Context, in io.ReadCloser, out io.WriteCloser, h Host) (orderly bool, err error) {
	life, end := context.WithCancel(ctx)
	s := &Server{
		host: h, cache: newCache(), mended: newMended(),
		documents: map[uri.URI]*document{}, life: life, end: end, units: true,
	}
	s.lenses.Store(true)
	defer s.tidy()
	defer s.work.Wait()
	defer end()
	answers := &shared{WriteCloser: out}
	sifted, good := io.Pipe()
	go func() { good.CloseWithError(sift(in, good, answers)) }()
	conn := jsonrpc2.NewConn(jsonrpc2.NewHeaderStream(stream{sifted, answers, func() error {
		err := in.Close()
		if cerr := out.Close(); err == nil {
			err = cerr
		}
		return errors.Join(err, sifted.Close())
	}}), jsonrpc2.WithCodec(codec{}))
	s.client = protocol.ClientDispatcher(conn)
	// Requests are answered in the order they come: a change is applied before
	// the question behind it.
	conn.Go(life, s.served(protocol.ServerHandler(s, jsonrpc2.MethodNotFoundHandler)))
	select {
	case <-conn.Done():
	case <-life.Done(): // the client said exit, or ctx ended
		// The reader may be stuck in an input that closing does not wake, such
		// as a terminal; the end of the process ends it.
		go func() { _ = conn.Close() }()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := conn.Err(); err != nil && !s.down && ctx.Err() == nil {
		return false, err
	}
	return s.down, nil
}

// Initialize tells the client what the server can do.
func (s *Server) Initialize(_ context.Context, p *protocol.InitializeParams) (*protocol.InitializeResult, error) {
	s.learn(p)
	encoding := protocol.PositionEncodingKindUTF16
	if !s.units {
		encoding = protocol.PositionEncodingKindUTF8
	}
	yes := true
	changes := protocol.TextDocumentSyncKindIncremental
	return &protocol.InitializeResult{
		ServerInfo: protocol.ServerInfo{Name: "nearmiss", Version: protocol.NewOptional(s.host.Version)},
		Capabilities: protocol.ServerCapabilities{
			PositionEncoding:       encoding,
			TextDocumentSync:       &protocol.TextDocumentSyncOptions{OpenClose: &yes, Change: &changes},
			HoverProvider:          protocol.Boolean(true),
			CodeActionProvider:     &protocol.CodeActionOptions{CodeActionKinds: []protocol.CodeActionKind{protocol.CodeActionKindQuickFix}},
			CodeLensProvider:       &protocol.CodeLensOptions{},
			DocumentLinkProvider:   &protocol.DocumentLinkOptions{},
			ExecuteCommandProvider: protocol.ExecuteCommandOptions{Commands: commands},
			Workspace: &protocol.WorkspaceOptions{
				WorkspaceFolders: &protocol.WorkspaceFoldersServerCapabilities{Supported: &yes, ChangeNotifications: protocol.Boolean(true)},
			},
		},
	}, nil
}

// learn keeps what the client says of itself.
func (s *Server) learn(p *protocol.InitializeParams) {
	c := p.Capabilities
	if c.General != nil && slices.Contains(c.General.PositionEncodings, protocol.PositionEncodingKindUTF8) {
		s.units = false
	}
	is := func(b *bool) bool { return b != nil && *b }
	if w := c.Window; w != nil && w.ShowDocument != nil {
		s.shows = w.ShowDocument.Support
	}
	if w := c.Workspace; w != nil {
		if w.CodeLens != nil {
			s.refreshes = is(w.CodeLens.RefreshSupport)
		}
		if w.WorkspaceEdit != nil {
			s.creates = is(w.WorkspaceEdit.DocumentChanges) && slices.Contains(w.WorkspaceEdit.ResourceOperations, protocol.ResourceOperationKindCreate)
		}
		if w.DidChangeWatchedFiles != nil {
			s.watches = is(w.DidChangeWatchedFiles.DynamicRegistration)
		}
	}
	if folders, ok := p.WorkspaceFolders.Get(); ok {
		for _, f := range folders {
			s.folders = append(s.folders, pathOf(f.URI))
		}
	} else if root := p.RootURI; root != nil { //nolint:staticcheck // clients before 3.6 send nothing else
		s.folders = append(s.folders, pathOf(*root))
	}
	s.configure(p.InitializationOptions)
}

// settings are what a user can turn.
type settings struct {
	CodeLens *bool     `json:"codeLens"`
	NearMiss *settings `json:"nearmiss"` // editors often send the section with its name
}

// configure takes settings; what is not there, or no settings at all, is left
// as it was.
func (s *Server) configure(raw protocol.LSPAny) {
	var set settings
	if len(raw) == 0 || json.Unmarshal(raw, &set) != nil {
		return
	}
	for set.NearMiss != nil {
		set = *set.NearMiss
	}
	if set.CodeLens != nil {
		s.lenses.Store(*set.CodeLens)
	}
}

// Initialized asks the client to watch the policy files.
func (s *Server) Initialized(context.Context, *protocol.InitializedParams) error {
	if !s.watches {
		return nil
	}
	options, err := protocol.Marshal(protocol.DidChangeWatchedFilesRegistrationOptions{
		Watchers: []protocol.FileSystemWatcher{{GlobPattern: protocol.Pattern("**/" + policy.File)}},
	})
	if err != nil {
		return err
	}
	s.later(func(ctx context.Context) {
		// A client that declines reports changes of open documents all the same.
		_ = s.client.RegisterCapability(ctx, &protocol.RegistrationParams{Registrations: []protocol.Registration{{
			ID: "policy", Method: protocol.MethodWorkspaceDidChangeWatchedFiles, RegisterOptions: options,
		}}})
	})
	return nil
}

// later runs f beside the conversation: it may ask the client something.
func (s *Server) later(f func(ctx context.Context)) {
	s.work.Go(func() { f(s.life) })
}

// Shutdown ends the work, and Exit the conversation.
func (s *Server) Shutdown(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = true
	for _, d := range s.documents {
		d.stop()
	}
	return nil
}

// Exit ends the conversation.
func (s *Server) Exit(context.Context) error {
	s.end()
	return nil
}

// DidOpen begins to judge a document.
func (s *Server) DidOpen(_ context.Context, p *protocol.DidOpenTextDocumentParams) error {
	life, stop := context.WithCancel(s.life)
	d := &document{
		uri: p.TextDocument.URI, path: pathOf(p.TextDocument.URI), version: p.TextDocument.Version,
		text: newText([]byte(p.TextDocument.Text), s.units), wake: make(chan struct{}, 1), stop: stop,
	}
	s.mu.Lock()
	old := s.documents[d.uri]
	s.documents[d.uri] = d
	s.mu.Unlock()
	if old != nil {
		old.stop() // opened twice: the newer one counts
	}
	d.rouse()
	s.work.Go(func() {
		defer stop()
		for {
			select {
			case <-life.Done():
				return
			case <-d.wake:
				s.judge(life, d)
			}
		}
	})
	s.policyChanged(d.path)
	return nil
}

// DidChange applies a change.
func (s *Server) DidChange(_ context.Context, p *protocol.DidChangeTextDocumentParams) error {
	s.mu.Lock()
	d := s.documents[p.TextDocument.URI]
	if d == nil {
		s.mu.Unlock()
		return nil // of a document that is not open
	}
	err := d.change(p.ContentChanges)
	d.version = p.TextDocument.Version
	s.mu.Unlock()
	d.rouse()
	s.policyChanged(d.path)
	return err
}

// DidClose forgets a document, and its diagnostics.
func (s *Server) DidClose(ctx context.Context, p *protocol.DidCloseTextDocumentParams) error {
	s.mu.Lock()
	d := s.documents[p.TextDocument.URI]
	delete(s.documents, p.TextDocument.URI)
	if d != nil {
		d.version++ // nothing more is published for it
		d.stop()
	}
	s.mu.Unlock()
	if d == nil {
		return nil
	}
	s.policyChanged(d.path)
	return s.client.PublishDiagnostics(ctx, &protocol.PublishDiagnosticsParams{URI: d.uri, Diagnostics: []protocol.Diagnostic{}})
}

// policyChanged judges everything again after a change of a policy file.
func (s *Server) policyChanged(path string) {
	if !isPolicy(path) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.documents {
		if d.path != path {
			d.rouse()
		}
	}
}

// DidChangeWatchedFiles follows policy files on the disk.
func (s *Server) DidChangeWatchedFiles(_ context.Context, p *protocol.DidChangeWatchedFilesParams) error {
	for _, c := range p.Changes {
		s.policyChanged(pathOf(c.URI))
	}
	return nil
}

// DidChangeConfiguration takes settings.
func (s *Server) DidChangeConfiguration(_ context.Context, p *protocol.DidChangeConfigurationParams) error {
	s.configure(p.Settings)
	return nil
}

// DidChangeWorkspaceFolders follows the folders of the workspace.
func (s *Server) DidChangeWorkspaceFolders(_ context.Context, p *protocol.DidChangeWorkspaceFoldersParams) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range p.Event.Removed {
		s.folders = slices.DeleteFunc(s.folders, func(have string) bool { return have == pathOf(f.URI) })
	}
	for _, f := range p.Event.Added {
		s.folders = append(s.folders, pathOf(f.URI))
	}
	for _, d := range s.documents {
		d.rouse()
	}
	return nil
}

// known is a document's published state, nil where there is none yet.
func (s *Server) known(u uri.URI) *judged {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.documents[u]; d != nil && d.judged != nil && d.judged.version == d.version {
		return d.judged
	}
	return nil
}

// pathOf is the path of a document; what is no file keeps its last element, by
// which a reader is chosen.
func pathOf(u uri.URI) string {
	parsed, err := uri.Parse(string(u))
	if err != nil {
		return filepath.Base(string(u))
	}
	return parsed.FsPath()
}
