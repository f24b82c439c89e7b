package cli

import (
	"context"
	"io"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/mcp"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// mcp serves an agent on the standard input and output.
func (c Command) mcp(args []string) (int, error) {
	if len(args) > 0 {
		return 0, usagef("mcp: unexpected argument %q: the agent sends what is to be judged", args[0])
	}
	in, ok := c.Stdin.(io.ReadCloser)
	if !ok {
		in = io.NopCloser(c.Stdin)
	}
	err := mcp.Serve(context.Background(), in, nopCloser{c.Stdout}, mcp.Host{
		Reader:  func(file string) (corpus.Reader, error) { return readerFor("", policy.Default(), file) },
		Analyze: c.Analyze, Version: versions()["nearmiss"],
	})
	return ExitClean, err
}
