package lsp

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/seclang"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// An editor is the other end of a conversation: the library's own client.
type editor struct {
	protocol.UnimplementedClient
	t      testing.TB
	server protocol.Server
	ended  chan bool // whether the end was orderly

	mu        sync.Mutex
	published map[uri.URI]protocol.PublishDiagnosticsParams
	arrived   chan struct{}
	shown     []string
}

func (e *editor) PublishDiagnostics(_ context.Context, p *protocol.PublishDiagnosticsParams) error {
	e.mu.Lock()
	e.published[p.URI] = *p
	e.mu.Unlock()
	e.arrive()
	return nil
}

func (e *editor) ShowMessage(_ context.Context, p *protocol.ShowMessageParams) error {
	e.mu.Lock()
	e.shown = append(e.shown, p.Message)
	e.mu.Unlock()
	e.arrive()
	return nil
}

func (e *editor) ShowDocument(_ context.Context, p *protocol.ShowDocumentParams) (*protocol.ShowDocumentResult, error) {
	text, err := os.ReadFile(pathOf(p.URI))
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	e.shown = append(e.shown, pathOf(p.URI), string(text))
	e.mu.Unlock()
	return &protocol.ShowDocumentResult{Success: true}, nil
}

func (e *editor) arrive() {
	select {
	case e.arrived <- struct{}{}:
	default:
	}
}

func testHost(analyze gate.Analyze) Host {
	if analyze == nil {
		analyze = verdict.Analyze
	}
	return Host{
		Reader: func(_ string, _ policy.Policy, file string) (corpus.Reader, error) {
			if strings.HasSuffix(file, ".conf") {
				return seclang.Reader{}, nil
			}
			return nil, nil
		},
		Analyze: analyze, Jobs: 2, Version: "test", Page: func(code string) string { return "https://example.org/" + code },
		Now: func() time.Time { return time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC) },
	}
}

// start connects an editor to a server of its own.
func start(t testing.TB, h Host, capabilities string) *editor {
	t.Helper()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	e := &editor{t: t, ended: make(chan bool, 1), published: map[uri.URI]protocol.PublishDiagnosticsParams{}, arrived: make(chan struct{}, 1)}
	go func() {
		orderly, err := Serve(context.Background(), inR, outW, h)
		if err != nil {
			t.Errorf("the server ended with %v", err)
		}
		e.ended <- orderly
	}()
	_, conn, server := protocol.NewClient(context.Background(), e, jsonrpc2.NewHeaderStream(stream{outR, inW, inW.Close}))
	e.server = server
	t.Cleanup(func() { _ = conn.Close() })
	var p protocol.InitializeParams
	if err := protocol.Unmarshal([]byte(`{"processId":null,"rootUri":null,"capabilities":`+capabilities+`}`), &p); err != nil {
		t.Fatal(err)
	}
	if _, err := server.Initialize(t.Context(), &p); err != nil {
		t.Fatal(err)
	}
	if err := server.Initialized(t.Context(), &protocol.InitializedParams{}); err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *editor) open(u uri.URI, version int32, text string) {
	e.t.Helper()
	if err := e.server.DidOpen(e.t.Context(), &protocol.DidOpenTextDocumentParams{
		TextDocument: protocol.TextDocumentItem{URI: u, LanguageID: "modsec", Version: version, Text: text},
	}); err != nil {
		e.t.Fatal(err)
	}
}

// settled waits for the last word on a version of a document.
func (e *editor) settled(u uri.URI, version int32) []protocol.Diagnostic {
	e.t.Helper()
	deadline := time.After(time.Minute)
	for {
		e.mu.Lock()
		p, ok := e.published[u]
		e.mu.Unlock()
		if v, _ := p.Version.Get(); ok && v == version && !pending(p.Diagnostics) {
			return p.Diagnostics
		}
		select {
		case <-e.arrived:
		case <-deadline:
			e.t.Fatalf("no diagnostics of version %d of %s", version, u)
		}
	}
}

func pending(ds []protocol.Diagnostic) bool {
	for _, d := range ds {
		if d.Message == protocol.String("analysing") {
			return true
		}
	}
	return false
}

func (e *editor) leave() {
	e.t.Helper()
	if err := e.server.Shutdown(e.t.Context()); err != nil {
		e.t.Fatal(err)
	}
	if err := e.server.Exit(e.t.Context()); err != nil {
		e.t.Fatal(err)
	}
	if !<-e.ended {
		e.t.Error("the end was not orderly")
	}
}

const twoRules = `# é 𝄞
SecRule ARGS "@rx ^[a-z]+$" "id:1,phase:2,deny"
SecRule ARGS "@rx 𝄞\"(a+)+$" "id:2,phase:2,deny,t:none"
`

// TestDiagnostics: the range stands on the competing parts, in the client's
// units, through the rule's quoting.
func TestDiagnostics(t *testing.T) {
	for capabilities, column := range map[string]uint32{
		`{}`: 22, // 𝄞 counts two UTF-16 units
		`{"general":{"positionEncodings":["utf-8","utf-16"]}}`: 24,
	} {
		e := start(t, testHost(nil), capabilities)
		u := uri.File(filepath.Join(t.TempDir(), "rules.conf"))
		e.open(u, 7, twoRules)
		ds := e.settled(u, 7)
		if len(ds) != 1 {
			t.Fatalf("%d diagnostics, want 1: %v", len(ds), ds)
		}
		d := ds[0]
		want := protocol.Range{Start: protocol.Position{Line: 2, Character: column}, End: protocol.Position{Line: 2, Character: column + 5}}
		if d.Range != want || d.Severity != protocol.DiagnosticSeverityError || d.Code != protocol.String("nested") || d.CodeDescription.Href != "https://example.org/nested" {
			t.Errorf("%s: %+v, want %v", capabilities, d, want)
		}
		if len(d.RelatedInformation) != 1 || d.RelatedInformation[0].Location.Range.Start.Character != column+1 {
			t.Errorf("%s: related places %+v, want the inner loop", capabilities, d.RelatedInformation)
		}
		if m, _ := d.Message.(protocol.String); !strings.Contains(string(m), "attack: ") || !strings.Contains(string(m), "exponential") {
			t.Errorf("the message is %q", m)
		}
		e.leave()
	}
}

// TestEdits: only the pattern that is edited is analysed again, in the order of
// the changes, and the diagnostics are those of the last.
func TestEdits(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	e := start(t, testHost(func(p corpus.Pattern, o verdict.Options) verdict.Verdict {
		mu.Lock()
		asked[p.Text]++
		mu.Unlock()
		return verdict.Analyze(p, o)
	}), `{}`)
	u := uri.File(filepath.Join(t.TempDir(), "rules.conf"))
	e.open(u, 1, "SecRule ARGS \"@rx ^a+b$\" \"id:1,phase:2,deny\"\nSecRule ARGS \"@rx ^c$\" \"id:2,phase:2,deny\"\n")
	if ds := e.settled(u, 1); len(ds) != 0 {
		t.Fatalf("%v", ds)
	}
	at := protocol.Position{Line: 0, Character: 19} // behind ^
	changes := []string{"(", "?:", "x*)*"}
	for i, text := range changes {
		if err := e.server.DidChange(t.Context(), &protocol.DidChangeTextDocumentParams{
			TextDocument: protocol.VersionedTextDocumentIdentifier{TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: u}, Version: int32(i + 2)},
			ContentChanges: []protocol.TextDocumentContentChangeEvent{
				&protocol.TextDocumentContentChangePartial{Range: protocol.Range{Start: at, End: at}, Text: text},
			},
		}); err != nil {
			t.Fatal(err)
		}
		at.Character += uint32(len(text))
	}
	ds := e.settled(u, 4)
	if len(ds) != 1 || ds[0].Code != protocol.String("nested") {
		t.Fatalf("after the edits: %v", ds)
	}
	mu.Lock()
	defer mu.Unlock()
	if asked["^c$"] != 2 { // once for each set of flags
		t.Errorf("the pattern that nobody touched was analysed %d times, want 2", asked["^c$"])
	}
	if asked["^(?:x*)*a+b$"] != 2 {
		t.Errorf("analysed: %v", asked)
	}
	e.leave()
}

// TestActions: the fix is applied through the quoting and clears the finding,
// the waiver names the rule, and the attack and the explanation are shown.
func TestActions(t *testing.T) {
	e := start(t, testHost(nil), `{"workspace":{"workspaceEdit":{"documentChanges":true,"resourceOperations":["create"]}}}`)
	dir := t.TempDir()
	u := uri.File(filepath.Join(dir, "rules.conf"))
	e.open(u, 1, twoRules)
	d := e.settled(u, 1)[0]
	actions, err := e.server.CodeAction(t.Context(), &protocol.CodeActionParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: u}, Range: d.Range, Context: protocol.CodeActionContext{Diagnostics: []protocol.Diagnostic{d}},
	})
	if err != nil {
		t.Fatal(err)
	}
	byTitle := map[string]*protocol.CodeAction{}
	for _, a := range actions {
		if a, ok := a.(*protocol.CodeAction); ok {
			title, _, _ := strings.Cut(a.Title, ":")
			byTitle[title] = a
		}
	}
	fixed := byTitle["Apply the proved fix"]
	if fixed == nil || fixed.Edit == nil || len(fixed.Edit.Changes[u]) == 0 {
		t.Fatalf("no fix among %v", byTitle)
	}
	text := newText([]byte(twoRules), true)
	edits := fixed.Edit.Changes[u]
	for i := len(edits) - 1; i >= 0; i-- {
		start, end := text.offset(edits[i].Range.Start), text.offset(edits[i].Range.End)
		text = newText([]byte(string(text.bytes[:start])+edits[i].NewText+string(text.bytes[end:])), true)
	}
	if err := e.server.DidChange(t.Context(), &protocol.DidChangeTextDocumentParams{
		TextDocument:   protocol.VersionedTextDocumentIdentifier{TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: u}, Version: 2},
		ContentChanges: []protocol.TextDocumentContentChangeEvent{&protocol.TextDocumentContentChangeWholeDocument{Text: string(text.bytes)}},
	}); err != nil {
		t.Fatal(err)
	}
	for _, left := range e.settled(u, 2) {
		if left.Severity == protocol.DiagnosticSeverityError {
			t.Errorf("after the fix %s: %+v", text.bytes, left)
		}
	}

	waiver := byTitle["Waive rule 2 for 90 days"]
	if waiver == nil || len(waiver.Edit.DocumentChanges) != 2 {
		t.Fatalf("no waiver in a new file among %v", byTitle)
	}
	edit, _ := waiver.Edit.DocumentChanges[1].(*protocol.TextDocumentEdit)
	add, _ := edit.Edits[0].(*protocol.TextEdit)
	for _, want := range []string{"waivers:\n", `rule: "2"`, `file: "rules.conf"`, "expires: 2026-04-02"} {
		if !strings.Contains(add.NewText, want) {
			t.Errorf("the waiver lacks %q:\n%s", want, add.NewText)
		}
	}
	if _, err := policy.Decode("p", []byte(strings.NewReplacer(`reason: ""`, `reason: r`, `owner: ""`, `owner: o`).Replace(add.NewText))); err != nil {
		t.Errorf("a filled waiver is refused: %v", err)
	}

	// Of the old version nothing is shown; of this one it is.
	if _, err := e.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{Command: commandAttack, Arguments: byTitle["Show the attack"].Command.Arguments}); err == nil {
		t.Error("a command on an old version was run")
	}
	e.open(u, 3, twoRules)
	e.settled(u, 3)
	for _, name := range commands {
		raw, err := e.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{Command: name, Arguments: arguments(u, 3, 1)})
		var said string
		if err != nil || json.Unmarshal(raw, &said) != nil || !strings.Contains(said, "printf 'a") {
			t.Errorf("%s: %q, %v", name, said, err)
		}
	}
	// A message that shows something may come after the answer.
	deadline := time.After(time.Minute)
	for shown := []string(nil); len(shown) != len(commands); {
		e.mu.Lock()
		shown = slices.Clone(e.shown)
		e.mu.Unlock()
		if len(shown) == len(commands) {
			break
		}
		select {
		case <-e.arrived:
		case <-deadline:
			t.Fatalf("shown: %q", shown)
		}
	}
	e.leave()
}

// TestPolicy: the policy of the workspace holds, is followed while it is
// edited, and its faults stand in it.
func TestPolicy(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, policy.File)
	waived := "waivers:\n- {rule: \"2\", reason: r, owner: o, expires: 2999-01-01}\n"
	if err := os.WriteFile(file, []byte(waived), 0o600); err != nil {
		t.Fatal(err)
	}
	e := start(t, testHost(nil), `{}`)
	u, p := uri.File(filepath.Join(dir, "sub", "rules.conf")), uri.File(file)
	e.open(u, 1, twoRules)
	if ds := e.settled(u, 1); len(ds) != 1 || ds[0].Severity != protocol.DiagnosticSeverityInformation {
		t.Fatalf("a waived rule: %+v", ds)
	}
	e.open(p, 1, waived+"levles: {}\n")
	ds := e.settled(p, 1)
	if len(ds) != 1 || ds[0].Range.Start != (protocol.Position{Line: 2}) || !strings.Contains(string(ds[0].Message.(protocol.String)), `did you mean "levels"`) {
		t.Errorf("a policy with a fault: %+v", ds)
	}
	// The open, broken policy is the one that counts: the defaults hold.
	deadline := time.Now().Add(time.Minute)
	for {
		if ds := e.settled(u, 1); len(ds) == 2 && ds[1].Severity == protocol.DiagnosticSeverityError {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("under a broken policy: %+v", e.settled(u, 1))
		}
		<-e.arrived
	}
	e.leave()
}

// TestHoverLensLinks: what explain says; one lens, until it is turned off; a
// link from an Include.
func TestHoverLensLinks(t *testing.T) {
	e := start(t, testHost(nil), `{}`)
	u := uri.File(filepath.Join(t.TempDir(), "rules.conf"))
	e.open(u, 1, twoRules+"Include more/rules.conf\nInclude all/*.conf\n")
	e.settled(u, 1)
	doc := protocol.TextDocumentIdentifier{URI: u}
	at := protocol.TextDocumentPositionParams{TextDocument: doc, Position: protocol.Position{Line: 2, Character: 25}}
	h, err := e.server.Hover(t.Context(), &protocol.HoverParams{TextDocumentPositionParams: at})
	if err != nil || h == nil {
		t.Fatalf("no hover: %v", err)
	}
	if m, ok := h.Contents.(*protocol.MarkupContent); !ok || !strings.Contains(m.Value, "growth") && !strings.Contains(m.Value, "attack:") || !strings.Contains(m.Value, "pcre2") {
		t.Errorf("hover says %+v", h.Contents)
	}
	at.Position = protocol.Position{}
	if h, err := e.server.Hover(t.Context(), &protocol.HoverParams{TextDocumentPositionParams: at}); err != nil || h != nil {
		t.Errorf("hover over a comment: %+v, %v", h, err)
	}
	lenses := func() []protocol.CodeLens {
		l, err := e.server.CodeLens(t.Context(), &protocol.CodeLensParams{TextDocument: doc})
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	if l := lenses(); len(l) != 1 || !strings.HasPrefix(l[0].Command.Title, "exponential") {
		t.Errorf("lenses %+v", l)
	}
	if err := e.server.DidChangeConfiguration(t.Context(), &protocol.DidChangeConfigurationParams{Settings: []byte(`{"nearmiss":{"codeLens":false}}`)}); err != nil {
		t.Fatal(err)
	}
	if l := lenses(); len(l) != 0 {
		t.Errorf("lenses after they were turned off: %+v", l)
	}
	links, err := e.server.DocumentLink(t.Context(), &protocol.DocumentLinkParams{TextDocument: doc})
	if err != nil || len(links) != 1 || !strings.HasSuffix(string(*links[0].Target), "/more/rules.conf") || links[0].Range.Start != (protocol.Position{Line: 3, Character: 8}) {
		t.Errorf("links %+v, %v", links, err)
	}
	e.leave()
}

// TestShowDocument: an attack opens as a file in a folder of the server's own,
// which goes with the server.
func TestShowDocument(t *testing.T) {
	e := start(t, testHost(nil), `{"window":{"showDocument":{"support":true}}}`)
	u := uri.File(filepath.Join(t.TempDir(), "rules.conf"))
	e.open(u, 1, twoRules)
	e.settled(u, 1)
	for range 2 {
		if _, err := e.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{Command: commandAttack, Arguments: arguments(u, 1, 1)}); err != nil {
			t.Fatal(err)
		}
	}
	e.mu.Lock()
	shown := slices.Clone(e.shown)
	e.mu.Unlock()
	if len(shown) != 4 || shown[0] != shown[2] || !strings.Contains(shown[1], "printf '") {
		t.Fatalf("shown: %q", shown)
	}
	for _, c := range []string{"nearmiss.nothing", commandExplain} {
		if _, err := e.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{Command: c, Arguments: nil}); err == nil {
			t.Errorf("%s without a subject: no error", c)
		}
	}
	if _, err := e.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{Command: "nearmiss.nothing", Arguments: arguments(u, 1, 1)}); err == nil {
		t.Error("a command that is unknown: no error")
	}
	e.leave()
	if _, err := os.Stat(filepath.Dir(shown[0])); !os.IsNotExist(err) {
		t.Errorf("the folder is left behind: %v", err)
	}
}
