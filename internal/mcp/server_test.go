package mcp

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/list"
	"github.com/nearmiss-dev/nearmiss/corpus/seclang"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// client connects the SDK's own client to a server.
func client(t *testing.T) *mcp.ClientSession {
	t.Helper()
	ours, theirs := mcp.NewInMemoryTransports()
	h := Host{
		Reader: func(file string) (corpus.Reader, error) {
			switch {
			case strings.HasSuffix(file, ".conf"):
				return seclang.Reader{}, nil
			case strings.HasSuffix(file, ".txt"):
				return list.Reader{Defaults: list.Defaults{Dialect: corpus.PCRE}}, nil
			}
			return nil, nil
		},
		Analyze: verdict.Analyze, Version: "test",
	}
	session, err := server(h).Connect(t.Context(), ours, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := mcp.NewClient(&mcp.Implementation{Name: "test"}, nil).Connect(t.Context(), theirs, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Close()
		_ = session.Wait()
	})
	return c
}

// call runs a tool and returns its rows, or what it complains of.
func call(t *testing.T, c *mcp.ClientSession, tool string, args map[string]any) (rows []map[string]any, errs int, complaint string) {
	t.Helper()
	res, err := c.CallTool(context.Background(), &mcp.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		return nil, 0, err.Error()
	}
	text := ""
	for _, part := range res.Content {
		if p, ok := part.(*mcp.TextContent); ok {
			text += p.Text
		}
	}
	if res.IsError {
		return nil, 0, text
	}
	var out struct {
		Rows   []map[string]any
		Errors []map[string]any
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return out.Rows, len(out.Errors), ""
}

func TestTools(t *testing.T) {
	c := client(t)
	tools, err := c.ListTools(t.Context(), nil)
	if err != nil || len(tools.Tools) != 2 {
		t.Fatalf("%v, %v", tools, err)
	}
	rows, _, complaint := call(t, c, "check", map[string]any{"pattern": `^(a+)+$`})
	if len(rows) != 1 || rows[0]["verdict"] != "superlinear" || rows[0]["growth"] != "exponential" || rows[0]["schema"] != 1.0 {
		t.Errorf("check of a pattern: %v %s", rows, complaint)
	}
	rows, errs, complaint := call(t, c, "check", map[string]any{
		"file": "a.conf", "content": "SecRule ARGS \"@rx ^(a+)+$\" \"id:1,phase:2,deny\"\nSecRule ARGS \"@rx ^b$\" \"id:2,phase:2,deny\"\nSecRul x\n",
	})
	if len(rows) != 4 || rows[0]["rule"] != "1" || errs != 1 {
		t.Errorf("check of a file: %d rows, %d errors, %s: %v", len(rows), errs, complaint, rows)
	}
	rows, _, complaint = call(t, c, "fix", map[string]any{"pattern": `^(?:a+)+$`, "dialect": "dotnet"})
	if len(rows) != 1 {
		t.Fatalf("fix: %s", complaint)
	}
	fixes, _ := rows[0]["fixes"].([]any)
	if len(fixes) == 0 {
		t.Fatalf("no fix in %v", rows[0])
	}
	if f, _ := fixes[0].(map[string]any); f["safety"] != "proved" || f["growth"] != "linear" {
		t.Errorf("the fix is %v", f)
	}
	for tool, args := range map[string]map[string]any{
		"expected one":                  {},
		`dialect "perl"`:                {"pattern": "a", "dialect": "perl"},
		`mode "find"`:                   {"pattern": "a", "mode": "find"},
		"flags: ":                       {"pattern": "a", "flags": "!"},
		"no reader takes a file of":     {"file": "a.bin", "content": ""},
		"a pattern and a file":          {"file": "a.conf", "pattern": "a"},
		"unexpected additional propert": {"pattern": "a", "colour": "red"},
	} {
		if _, _, complaint := call(t, c, "check", args); !strings.Contains(complaint, tool) {
			t.Errorf("check %v: %q, want %q in it", args, complaint, tool)
		}
	}
	if _, _, complaint := call(t, c, "fix", map[string]any{"pattern": "a", "use": "all"}); !strings.Contains(complaint, "expected match, span or captures") {
		t.Errorf("fix for an unknown use: %q", complaint)
	}
	if _, _, complaint := call(t, c, "fix", map[string]any{"pattern": "a", "target": "java"}); !strings.Contains(complaint, "expected re2 or pcre2") {
		t.Errorf("fix for an unknown target: %q", complaint)
	}
	if _, _, complaint := call(t, c, "fix", map[string]any{"pattern": "a", "flags": "!"}); !strings.Contains(complaint, "flags: ") {
		t.Errorf("fix with unknown flags: %q", complaint)
	}
	// A file that is too long is judged as far as it goes.
	rows, _, complaint = call(t, c, "check", map[string]any{"file": "a.txt", "content": strings.Repeat("a\n", maxPatterns+3)})
	if len(rows) != maxPatterns {
		t.Errorf("%d rows of %d: %s", len(rows), maxPatterns+3, complaint)
	}
	// Bytes that are no text, and a pattern that does not parse, are verdicts.
	rows, _, complaint = call(t, c, "check", map[string]any{"pattern": "(\x00\u2028"})
	if len(rows) != 1 || rows[0]["verdict"] != "invalid" {
		t.Errorf("a pattern that does not parse: %v %s", rows, complaint)
	}
}
