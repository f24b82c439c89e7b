package cli

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/nearmiss-dev/nearmiss/analyzer/redos"
)

// A go command asks a vet tool three things: -V=full, for its cache; -flags,
// for its command line; and then, for every package, a file of settings whose
// name ends in .cfg.
const (
	vetVersion = "-V=full"
	vetAsked   = "-flags"
	vetConfig  = ".cfg"
)

// asked reports whether the arguments are a go command's to a vet tool.
func asked(args []string) bool {
	if len(args) == 1 && (args[0] == vetVersion || args[0] == vetAsked) {
		return true
	}
	last := len(args) - 1
	return last >= 0 && strings.HasSuffix(args[last], vetConfig) &&
		!slices.ContainsFunc(args[:last], func(a string) bool { return !strings.HasPrefix(a, "-") })
}

// vettool answers a go command. Its protocol is unitchecker's, which reads the
// process's own arguments and ends the process.
func (c Command) vettool() (int, error) {
	aliases(redos.Analyzer.Name, &redos.Analyzer.Flags)
	unitchecker.Main(redos.Analyzer)
	return ExitFault, errors.New("vet: the checker came back: expected it to end the process")
}

// aliases lets the pass's flags be given without its name: -notes is
// -redos.notes.
func aliases(name string, fs *flag.FlagSet) {
	fs.VisitAll(func(f *flag.Flag) {
		if flag.Lookup(f.Name) == nil {
			flag.Var(f.Value, f.Name, f.Usage+" (also -"+name+"."+f.Name+")")
		}
	})
}

// vetFlagSet are the flags of the pass, for help and completion.
func vetFlagSet() *pflag.FlagSet {
	fs := newFlags("vet")
	fs.AddGoFlagSet(&redos.Analyzer.Flags)
	return fs
}

// vet runs go vet with this program as its tool. Its arguments are go vet's:
// flags of go vet, flags of the pass, packages.
func (c Command) vet(args []string) (int, error) {
	if slices.ContainsFunc(args, func(a string) bool { return a == "-h" || a == "-help" || a == "--help" }) {
		return c.help([]string{"vet"})
	}
	if err := checkSinks(args); err != nil {
		return ExitUsage, err
	}
	self, err := os.Executable()
	if err != nil {
		return ExitFault, fmt.Errorf("vet: %w", err)
	}
	gocmd, err := exec.LookPath("go")
	if err != nil {
		return ExitUsage, usagef("vet: the go command is needed to load packages: %w", err)
	}
	cmd := exec.Command(gocmd, append([]string{"vet", "-vettool=" + self}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = c.Stdin, c.Stdout, c.Stderr, c.Env
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return ExitClean, nil
	case !errors.As(err, &exit):
		return ExitFault, fmt.Errorf("vet: %w", err)
	case exit.ExitCode() == 1:
		return ExitFindings, nil
	}
	return ExitUsage, nil // go vet has said what is wrong with the command line
}

// checkSinks reads the values of -sink: go vet would complain of a wrong one
// once for every package.
func checkSinks(args []string) error {
	for i, a := range args {
		name, value, given := strings.Cut(strings.TrimLeft(a, "-"), "=")
		if !strings.HasPrefix(a, "-") || name != "sink" && name != redos.Analyzer.Name+".sink" {
			continue
		}
		if !given && i+1 < len(args) {
			value = args[i+1]
		}
		if _, err := redos.ParseSink(value); err != nil {
			return usagef("vet: -sink: %w", err)
		}
	}
	return nil
}
