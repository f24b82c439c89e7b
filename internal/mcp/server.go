// Package mcp serves coding agents by the Model Context Protocol: one tool
// judges a pattern or the content of a file, one proposes proved fixes. What
// they return are the objects of the jsonl output.
package mcp

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/nearmiss-dev/nearmiss/analyzer/fix"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/campaign"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// A Host is what the program around the server knows.
type Host struct {
	// Reader is the reader that takes a file of this name; nil when none does.
	Reader func(file string) (corpus.Reader, error)
	// Analyze gives verdicts.
	Analyze gate.Analyze
	// Version is the program's own.
	Version string
}

// Serve answers a client on in and out until it leaves.
func Serve(ctx context.Context, in io.ReadCloser, out io.WriteCloser, h Host) error {
	return server(h).Run(ctx, &mcp.IOTransport{Reader: in, Writer: out})
}

// server is the server with its tools.
func server(h Host) *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "nearmiss", Version: h.Version}, nil)
	closed := false
	readOnly := &mcp.ToolAnnotations{ReadOnlyHint: true, IdempotentHint: true, OpenWorldHint: &closed}
	mcp.AddTool(s, &mcp.Tool{
		Name: "check",
		Description: "Judge the matching time of a regular expression, or of every pattern in the content of a rule file: " +
			"proved linear, super-linear with a replayed attack, unknown, or invalid. Call it before writing a pattern that a backtracking engine will run.",
		Annotations: readOnly,
	}, h.check)
	mcp.AddTool(s, &mcp.Tool{
		Name:        "fix",
		Description: "Propose rewrites of a super-linear pattern that provably match the same and cost less. Only those of safety \"proved\" may be applied without a look.",
		Annotations: readOnly,
	}, h.fix)
	return s
}

// An Expression is how one pattern is given.
type Expression struct {
	Pattern string `json:"pattern,omitempty" jsonschema:"the regular expression, without delimiters"`
	Dialect string `json:"dialect,omitempty" jsonschema:"pcre (the default), dotnet, go, ecmascript, python, java or ruby"`
	Flags   string `json:"flags,omitempty" jsonschema:"letters such as i, m, s, x, u"`
	Mode    string `json:"mode,omitempty" jsonschema:"search (the default), match, full or global"`
}

// read is the pattern with its defaults.
func (e Expression) read() (p corpus.Pattern, err error) {
	if e.Pattern == "" {
		return p, errors.New("pattern: expected one")
	}
	p.Text, p.Dialect = e.Pattern, corpus.PCRE
	var ok bool
	if e.Dialect != "" {
		if p.Dialect, ok = corpus.ParseDialect(e.Dialect); !ok {
			return p, fmt.Errorf("dialect %q: expected one of %v", e.Dialect, corpus.Dialects)
		}
	}
	if p.Flags, err = corpus.ParseFlags(e.Flags); err != nil {
		return p, fmt.Errorf("flags: %w", err)
	}
	if p.Mode, ok = corpus.ParseMode(e.Mode); !ok {
		return p, fmt.Errorf("mode %q: expected search, match, full or global", e.Mode)
	}
	return p, nil
}

// A Check is the argument of the tool check: a pattern, or a file.
type Check struct {
	Expression
	File    string `json:"file,omitempty" jsonschema:"instead of a pattern: the name of a rule file, which says how its content is read, such as rules.conf, local.rules, nginx.conf, list.jsonl"`
	Content string `json:"content,omitempty" jsonschema:"the content of the file"`
}

// Rows are what the tools return.
type Rows struct {
	// Rows are objects of the jsonl output, one for each pattern and distinct
	// flags, in the order of their places.
	Rows []json.RawMessage `json:"rows"`
	// Errors are parts of the file that could not be read.
	Errors []json.RawMessage `json:"errors"`
	// Left is the number of patterns that were not judged, for there were too
	// many.
	Left int `json:"left"`
}

// maxPatterns is how many patterns of one file are judged in an answer.
const maxPatterns = 200

// stable are rows without times.
var stable = report.JSONL{Stable: true}

func (h Host) check(ctx context.Context, _ *mcp.CallToolRequest, c Check) (*mcp.CallToolResult, any, error) {
	out := Rows{Rows: []json.RawMessage{}, Errors: []json.RawMessage{}}
	var patterns []corpus.Pattern
	if c.File == "" {
		p, err := c.read()
		if err != nil {
			return nil, nil, err
		}
		patterns = policy.Expand(p, nil, policy.Host{})
	} else {
		if c.Pattern != "" {
			return nil, nil, errors.New("a pattern and a file: expected one of them")
		}
		reader, err := h.Reader(c.File)
		if err != nil {
			return nil, nil, err
		}
		if reader == nil {
			return nil, nil, fmt.Errorf("file %q: no reader takes a file of this name: expected *.conf, *.rules, *.jsonl, *.txt or the like", c.File)
		}
		res := reader.Read(c.File, []byte(c.Content))
		for _, p := range res.Problems {
			out.Errors = append(out.Errors, stable.Fault(p))
		}
		for _, p := range res.Patterns {
			patterns = append(patterns, policy.Expand(p, policy.DefaultProfiles(reader.Name()), policy.HostOf(res.Settings))...)
		}
	}
	if len(patterns) > maxPatterns {
		out.Left, patterns = len(patterns)-maxPatterns, patterns[:maxPatterns]
	}
	unit := campaign.Unit{Analyze: h.Analyze, Policy: policy.Default()}
	for _, p := range patterns {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		out.Rows = append(out.Rows, stable.Row(unit.Row(p)))
	}
	return nil, out, nil
}

// A Mend is the argument of the tool fix.
type Mend struct {
	Expression
	Use    string `json:"use,omitempty" jsonschema:"what must stay the same: match (the default), span or captures"`
	Target string `json:"target,omitempty" jsonschema:"re2 (the default: what every engine reads) or pcre2 (atomic groups, possessive quantifiers and lookaround, too)"`
}

func (h Host) fix(_ context.Context, _ *mcp.CallToolRequest, m Mend) (*mcp.CallToolResult, any, error) {
	p, err := m.read()
	if err != nil {
		return nil, nil, err
	}
	var o verdict.FixOptions
	var ok bool
	if o.Use, ok = fix.ParseUse(cmp.Or(m.Use, fix.Match.String())); !ok {
		return nil, nil, fmt.Errorf("use %q: expected match, span or captures", m.Use)
	}
	if o.Target, ok = fix.ParseTarget(cmp.Or(m.Target, string(fix.RE2))); !ok {
		return nil, nil, fmt.Errorf("target %q: expected re2 or pcre2", m.Target)
	}
	q := policy.Expand(p, nil, policy.Host{})[0]
	row := campaign.Unit{Analyze: h.Analyze, Policy: policy.Default()}.Row(q)
	o.InputLimit = q.Context.ByteLimit
	row.Verdict.Fixes = verdict.Fixes(row.Verdict, o)
	return nil, Rows{Rows: []json.RawMessage{stable.Row(row)}, Errors: []json.RawMessage{}}, nil
}
