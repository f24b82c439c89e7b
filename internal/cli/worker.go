package cli

import (
	"os/exec"

	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/pcre2"
	"github.com/nearmiss-dev/nearmiss/engines/re2"
	"github.com/nearmiss-dev/nearmiss/engines/regexp2"
	"github.com/nearmiss-dev/nearmiss/engines/stdlib"
)

// liveEngines is the table of engines that a worker runs, in the order of
// reports. Each reads patterns of every dialect as its own: whoever asks for
// one that does not speak the pattern's dialect says so in the report.
func liveEngines() []engines.Engine {
	return []engines.Engine{
		pcre2.New(pcre2.ReadAsPCRE()), pcre2.NewJIT(pcre2.ReadAsPCRE()),
		regexp2.NewV1(regexp2.ReadAsDotNet()), regexp2.NewV2(regexp2.ReadAsDotNet()),
		re2.New(re2.ReadAsRE2()), stdlib.New(stdlib.ReadAsGo()),
	}
}

// liveEngineNames are the names of liveEngines.
func liveEngineNames() []string {
	var out []string
	for _, e := range liveEngines() {
		out = append(out, e.Name())
	}
	return out
}

// workerCommand is the hidden subcommand that makes this program a worker.
const workerCommand = "engine-worker"

// workerMemory is the ceiling of a worker in bytes: 1 GiB lets every engine's
// stack grow far beyond what any host grants, and spares the machine.
const workerMemory = 1 << 30

// worker runs real engines for a Measurer, in this process, until its input
// ends. It is started by the program itself and speaks JSON.
func (c Command) worker(args []string) (int, error) {
	if len(args) > 0 {
		return ExitUsage, usagef("%s: unexpected argument %q", workerCommand, args[0])
	}
	w := engines.Worker{Engines: liveEngines(), Yardstick: stdlib.New(), Memory: workerMemory, Exit: c.Exit}
	return w.Main(c.Stdin, c.Stdout), nil
}

// measurer times real engines in workers of this program. ok is false where
// the program does not know its own file, and cannot start any.
func (c Command) measurer() (m engines.Measurer, ok bool) {
	if c.Executable == "" {
		return m, false
	}
	return engines.Measurer{Command: func() *exec.Cmd { return exec.Command(c.Executable, workerCommand) }}, true
}
