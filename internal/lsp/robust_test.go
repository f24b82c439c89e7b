package lsp

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/nearmiss-dev/nearmiss/engines/verdict"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// templates are messages of a conversation; %d is the id or the version.
var templates = []string{
	`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///r/a.conf","languageId":"x","version":%d,"text":"SecRule ARGS \"@rx ^(a+)+$\" \"id:1,phase:2,deny\"\n"}}}`,
	`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///r/a.conf","version":%d},"contentChanges":[{"range":{"start":{"line":0,"character":5},"end":{"line":0,"character":9}},"text":"\"😀"}]}}`,
	`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///r/a.conf","version":%d},"contentChanges":[{"range":{"start":{"line":900000,"character":5},"end":{"line":0,"character":4000000000}},"text":"x"}]}}`,
	`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///r/a.conf","version":%d},"contentChanges":[{"text":"SecRule ARGS \"@rx (a|b"}]}}`,
	`{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"file:///r/a.conf"}}}`,
	`{"jsonrpc":"2.0","id":%d,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///r/a.conf"},"position":{"line":0,"character":20}}}`,
	`{"jsonrpc":"2.0","id":"s%d","method":"textDocument/codeLens","params":{"textDocument":{"uri":"file:///r/a.conf"}}}`,
	`{"jsonrpc":"2.0","id":%d,"method":"textDocument/codeAction","params":{"textDocument":{"uri":"file:///r/a.conf"},"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":99}},"context":{"diagnostics":[]}}}`,
	`{"jsonrpc":"2.0","id":%d,"method":"textDocument/documentLink","params":{"textDocument":{"uri":"untitled:b.conf"}}}`,
	`{"jsonrpc":"2.0","id":%d,"method":"workspace/executeCommand","params":{"command":"nearmiss.attack","arguments":[{"uri":"file:///r/a.conf","version":1,"finding":0}]}}`,
	`{"jsonrpc":"2.0","id":%d,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}`,
	`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":%d}}`,
	`{"jsonrpc":"2.0","method":"workspace/didChangeWatchedFiles","params":{"changes":[{"uri":"file:///r/.nearmiss.yaml","type":2}]}}`,
	`{"jsonrpc":"2.0","method":"workspace/didChangeConfiguration","params":{"settings":{"codeLens":false}}}`,
	`{"jsonrpc":"2.0","id":%d,"method":"nobody/knows","params":{}}`,
	`{"jsonrpc":"2.0","id":%d,"result":null}`,
	`[{"jsonrpc":"2.0","id":%d,"method":"textDocument/hover","params":{}}]`,
}

// message is the i-th message: one of the templates, whole or damaged. id is
// the id that must be answered, "" for none.
func message(rng *rand.Rand, i int) (text, id string) {
	text = templates[rng.IntN(len(templates))]
	if strings.Contains(text, "%d") {
		text = fmt.Sprintf(text, i)
	}
	switch rng.IntN(6) {
	case 0: // cut off
		return text[:rng.IntN(len(text)+1)], ""
	case 1: // a byte changed
		b := []byte(text)
		b[rng.IntN(len(b))] = byte(rng.IntN(256))
		return string(b), ""
	case 2: // a value of another type
		return strings.Replace(text, `"file:///r/a.conf"`, []string{"7", "null", "[]", `"%%zz"`, `"file://\\u0000"`}[rng.IntN(5)], 1), ""
	}
	if at := strings.Index(text, `"id":`); at >= 0 && text[0] == '{' && !strings.Contains(text, `"result"`) && !strings.Contains(text, "cancelRequest") {
		id, _, _ = strings.Cut(text[at+len(`"id":`):], ",")
	}
	return text, id
}

// TestRobust sends ten thousand messages, in an order that no client has, a
// half of them damaged. Every whole request is answered once, every answer is
// JSON, and the server ends when it is asked to.
func TestRobust(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	h := testHost(func(p corpus.Pattern, o verdict.Options) verdict.Verdict { return verdict.Analyze(p, o) })
	ended := make(chan error, 1)
	go func() {
		_, err := Serve(context.Background(), inR, outW, h)
		ended <- err
	}()
	answers := map[string]int{}
	var mu sync.Mutex
	var reading sync.WaitGroup
	reading.Go(func() {
		r := bufio.NewReader(outR)
		for {
			header, err := textproto.NewReader(r).ReadMIMEHeader()
			if err != nil {
				return
			}
			n, err := strconv.Atoi(header.Get("Content-Length"))
			if err != nil {
				t.Errorf("header %v", header)
				return
			}
			body := make([]byte, n)
			if _, err := io.ReadFull(r, body); err != nil {
				return
			}
			var m struct {
				ID     json.RawMessage `json:"id"`
				Method string          `json:"method"`
			}
			if err := json.Unmarshal(body, &m); err != nil {
				t.Errorf("an answer is no JSON: %v: %s", err, body)
			}
			if m.Method == "" {
				mu.Lock()
				answers[string(m.ID)]++
				mu.Unlock()
			}
		}
	})
	send := func(text string) {
		if _, err := fmt.Fprintf(inW, "Content-Length: %d\r\n\r\n%s", len(text), text); err != nil {
			t.Fatalf("the server left: %v: %v", err, <-ended)
		}
	}
	send(`{"jsonrpc":"2.0","id":"first","method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}`)
	want := map[string]bool{`"first"`: true}
	for i := range 10_000 {
		text, id := message(rng, i)
		send(text)
		if id != "" {
			want[id] = true
		}
	}
	send(`{"jsonrpc":"2.0","id":"last","method":"shutdown"}`)
	want[`"last"`] = true
	send(`{"jsonrpc":"2.0","method":"exit"}`)
	if err := <-ended; err != nil {
		t.Fatalf("the server ended with %v", err)
	}
	_ = outW.Close() // the reader's end
	reading.Wait()
	missing := 0
	for id := range want {
		if answers[id] == 0 {
			missing++
			if missing < 5 {
				t.Errorf("request %s was not answered", id)
			}
		}
	}
	if missing > 0 {
		t.Errorf("%d of %d requests were not answered", missing, len(want))
	}
}
