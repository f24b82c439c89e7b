package cli

import (
	"context"
	"io"
	"runtime"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/list"
	"github.com/nearmiss-dev/nearmiss/docs"
	"github.com/nearmiss-dev/nearmiss/internal/lsp"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

type lspFlags struct{ jobs int }

func (f *lspFlags) set() *pflag.FlagSet {
	fs := newFlags("lsp")
	fs.IntVar(&f.jobs, "jobs", runtime.GOMAXPROCS(0), "patterns analysed at a time")
	fs.Bool("stdio", true, "speak on the standard input and output: the only way there is")
	return fs
}

// lsp is the language server on the standard input and output.
func (c Command) lsp(args []string) (int, error) {
	var f lspFlags
	fs := f.set()
	if err := c.parseFlags("lsp", fs, args); err != nil {
		return 0, err
	}
	switch {
	case fs.NArg() > 0:
		return 0, usagef("lsp: unexpected argument %q: the editor names the files", fs.Arg(0))
	case f.jobs < 1:
		return 0, usagef("--jobs %d: expected at least 1", f.jobs)
	}
	in, ok := c.Stdin.(io.ReadCloser)
	if !ok {
		in = io.NopCloser(c.Stdin)
	}
	orderly, err := lsp.Serve(context.Background(), in, nopCloser{c.Stdout}, lsp.Host{
		Reader: readerFor, Analyze: c.Analyze, Now: c.Now, Go: goNotes, Jobs: f.jobs, Version: versions()["nearmiss"], Page: page,
	})
	if err != nil {
		return 0, err
	}
	if !orderly {
		return 1, nil // the client left without a shutdown: what the protocol asks for
	}
	return ExitClean, nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// readerFor is the reader that takes a file under a policy.
func readerFor(root string, pol policy.Policy, file string) (corpus.Reader, error) {
	cl, err := newClaims("", pol.Files, list.Defaults{Dialect: corpus.PCRE, Mode: corpus.Search})
	if err != nil {
		return nil, err
	}
	cl.root = root
	return cl.pick(file), nil
}

// page is the address of the page on a cause or a code.
func page(code string) string {
	const pages = "https://github.com/nearmiss-dev/nearmiss/blob/main/docs/"
	if _, ok := docs.Cause(code); ok {
		return pages + "causes/" + code + ".md"
	}
	if _, ok := docs.Code(code); ok {
		return pages + "errors.md#" + code
	}
	return ""
}
