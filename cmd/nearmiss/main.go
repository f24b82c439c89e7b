// Command nearmiss finds regular expressions whose matching time grows faster
// than their input. See 'nearmiss help'.
package main

import (
	"os"
	"time"

	"github.com/nearmiss-dev/nearmiss/internal/cli"
	"github.com/nearmiss-dev/nearmiss/internal/heap"
)

func main() {
	heap.Settle()
	file, err := os.Executable()
	if err != nil {
		file = "" // no worker can be started: live engines are reported as unavailable
	}
	os.Exit(cli.Main(cli.Command{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Now: time.Now, Env: os.Environ(), Executable: file, Exit: os.Exit,
	}))
}
