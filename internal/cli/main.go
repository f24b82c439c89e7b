// Package cli is the command: flags, subcommands, paths, today's date, and the
// only tables of readers and formats.
package cli

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/campaign"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// The exit codes.
const (
	ExitClean     = 0 // nothing at or above --fail-on; debt included
	ExitFindings  = 1 // a finding or a reject, even if something else is undecided
	ExitUsage     = 2 // nothing was judged: flags, unknown revision, broken policy
	ExitUndecided = 3 // nothing rejected, but something could not be judged
	ExitFault     = 4 // the canary was missed, or nearmiss itself failed
)

// A Command is one invocation. Streams, clock and environment are fields, so
// that the whole program runs inside a test.
type Command struct {
	// Args are the arguments without the program's name.
	Args           []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Now is the clock; nil stands still at the zero time.
	Now func() time.Time
	// Env are the environment's "KEY=value" pairs.
	Env []string
	// Executable is the program's own file, of which workers that run real
	// engines are started; "" for none.
	Executable string
	// Exit ends the process at once: a worker's way out of a match that does
	// not end. nil lets it run.
	Exit func(code int)

	// Elsewhere runs the corpus of fuzz in place of this process, nil for itself.
	Elsewhere campaign.Elsewhere
	// Share says that it tries attacks on one pattern on the others.
	Share bool

	// Analyze stands in for verdict.Analyze, nil for itself.
	Analyze gate.Analyze
	// Replay runs old witnesses on new patterns, nil for verdict's own.
	Replay gate.Replay
}

// usageError is a mistake on the command line, or anything else that ends a
// run before the first verdict.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// Main runs the command and returns its exit code.
func Main(c Command) int {
	c = c.whole()
	code, err := c.dispatch()
	switch u := (usageError{}); {
	case err == nil:
		return code
	case errors.Is(err, pflag.ErrHelp):
		return ExitClean
	case errors.As(err, &u):
		c.complain(err)
		return ExitUsage
	}
	c.complain(err)
	return ExitFault
}

// whole fills in what the zero value stands for.
func (c Command) whole() Command {
	if c.Now == nil {
		c.Now = func() time.Time { return time.Time{} }
	}
	if c.Analyze == nil {
		c.Analyze = verdict.Analyze
		if c.Replay == nil {
			c.Replay = verdict.Replay
		}
	}
	return c
}

// complain writes one line to the error stream.
func (c Command) complain(err error) {
	_, _ = fmt.Fprintf(c.Stderr, "nearmiss: %s\n", err) // there is nowhere left to report to
}

// dispatch finds the subcommand.
func (c Command) dispatch() (int, error) {
	if len(c.Args) == 0 {
		_, _ = io.WriteString(c.Stderr, overview())
		return ExitUsage, nil
	}
	if asked(c.Args) {
		return c.vettool()
	}
	name, rest := c.Args[0], c.Args[1:]
	switch name {
	case "-h", "--help":
		name = "help"
	case "--version":
		name = "version"
	}
	for _, s := range subcommands() {
		if s.name == name {
			return s.run(c, rest)
		}
	}
	return ExitUsage, usagef("unknown command %q: expected one of %s%s", name, commaList(names()), policy.DidYouMean(name, names()))
}

// A subcommand is one word after the program's name.
type subcommand struct {
	name string
	run  func(Command, []string) (int, error)
	// flags are its flags, as help and completion show them; nil for a command
	// without. usages holds its worked invocations.
	flags func() *pflag.FlagSet
	// hidden commands are the program's own: no help names them.
	hidden bool
}

func subcommands() []subcommand {
	return []subcommand{
		{name: "gate", run: Command.gate, flags: func() *pflag.FlagSet { return new(gateFlags).set() }},
		{name: "lint", run: Command.lint, flags: func() *pflag.FlagSet { return new(lintFlags).set() }},
		{name: "explain", run: Command.explain, flags: func() *pflag.FlagSet { return new(explainFlags).set() }},
		{name: "fix", run: Command.fix, flags: func() *pflag.FlagSet { return new(fixFlags).set() }},
		{name: "compare", run: Command.compare, flags: func() *pflag.FlagSet { return new(compareFlags).set() }},
		{name: "fuzz", run: Command.fuzz, flags: func() *pflag.FlagSet { return new(fuzzFlags).set() }},
		{name: "campaign", run: Command.campaign},
		{name: "report", run: Command.report, flags: func() *pflag.FlagSet { return new(reportFlags).set() }},
		{name: "vet", run: Command.vet, flags: vetFlagSet},
		{name: "attack", run: Command.attack, flags: func() *pflag.FlagSet { return new(attackFlags).set() }},
		{name: "init", run: Command.init, flags: func() *pflag.FlagSet { return new(initFlags).set() }},
		{name: "lsp", run: Command.lsp, flags: func() *pflag.FlagSet { return new(lspFlags).set() }},
		{name: "mcp", run: Command.mcp},
		{name: "version", run: Command.version},
		{name: "completion", run: Command.completion},
		{name: "help", run: Command.help},
		{name: workerCommand, run: Command.worker, hidden: true},
	}
}

// names are the commands that people type.
func names() []string {
	var out []string
	for _, s := range subcommands() {
		if !s.hidden {
			out = append(out, s.name)
		}
	}
	return out
}
