package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/internal/cli"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
)

const usage = `nearmiss-campaign searches a corpus for attacks, on one machine or on many.

  nearmiss campaign start CORPUS… --name N          queue the patterns
  nearmiss campaign start CORPUS… --name N --wait   … judge them here, and write the rows
  nearmiss campaign work --name N                   judge, on any machine, until nothing is left
  nearmiss campaign status --name N                 how far it is; --watch keeps looking, --format jsonl is for programs
  nearmiss campaign results --name N                the rows so far, in the order of the corpus
  nearmiss campaign report --name N                 … as nearmiss report shows them; takes its flags
  nearmiss campaign pause, resume, cancel --name N
  nearmiss campaign serve                           keep the server up, for workers that come and go

start takes the flags of nearmiss fuzz as well. Without --nats, the commands share
a server of their own, on the loopback interface, with its files in --store.

flags:
`

// A command is one invocation; its streams are fields, so that it runs in a
// test.
type command struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            []string
	// analyze stands in for the analysis, nil for itself.
	analyze gate.Analyze
	// now is the clock of this machine, nil for itself. It decides which
	// certificates are valid, and what a waiver's day is: no row rests on it.
	now func() time.Time
	// putWait is the time between two tries to store a message, 0 for putWait.
	putWait time.Duration
}

func (c command) clock() time.Time {
	if c.now == nil {
		return time.Now()
	}
	return c.now()
}

func main() {
	os.Exit(program(nil))
}

// program is the process: its arguments, streams and signals.
func program(analyze gate.Analyze) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	c := command{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.Environ(), analyze: analyze}
	return c.main(ctx, os.Args[1:])
}

// A usageError is a mistake on the command line, or else something that ends a
// command before it began.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// main runs a command and returns its exit code, one of those of nearmiss.
func (c command) main(ctx context.Context, args []string) int {
	code, err := c.dispatch(ctx, args)
	if err == nil {
		return code
	}
	said := strings.Join(strings.Fields(err.Error()), " ")        // one line, whatever a server or a library said
	_, _ = fmt.Fprintf(c.stderr, "nearmiss-campaign: %s\n", said) // there is nowhere left to report to
	if u := (usageError{}); errors.As(err, &u) {
		return cli.ExitUsage
	}
	return cli.ExitFault
}

// commands are the words that follow the program's name.
var commands = map[string]func(command, context.Context, flags) (int, error){
	"start": command.start, "work": command.work, "status": command.status, "results": command.results,
	"report": command.report, "pause": command.pause, "resume": command.resume, "cancel": command.cancel, "serve": command.serve,
}

func (c command) dispatch(ctx context.Context, args []string) (int, error) {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		_, err := io.WriteString(c.stdout, usage+new(flags).set("").FlagUsages())
		return cli.ExitClean, err
	}
	run, ok := commands[args[0]]
	if !ok {
		return 0, usagef("unknown command %q: expected start, work, status, results, report, pause, resume, cancel or serve", args[0])
	}
	f, err := parse(args[0], args[1:])
	if errors.Is(err, pflag.ErrHelp) {
		return c.dispatch(ctx, []string{"help"})
	}
	if err != nil {
		return 0, err
	}
	f.now, f.putWait = c.clock, cmp.Or(c.putWait, putWait)
	return run(c, ctx, f)
}

// nearmiss runs a command of nearmiss in this process.
func (c command) nearmiss(args []string) cli.Command {
	return cli.Command{Args: args, Stdin: c.stdin, Stdout: c.stdout, Stderr: c.stderr, Env: c.env, Now: c.clock, Analyze: c.analyze}
}
