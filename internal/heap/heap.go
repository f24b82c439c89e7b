// Package heap trades memory for time: analysing a pattern leaves much garbage
// and little else, so that collecting it as rarely as the memory target allows
// saves a quarter of the processor time.
package heap

import (
	"os"
	"runtime/debug"
)

const (
	// growth is how much garbage there may be for each byte in use, in percent:
	// the runtime's default is 100. Beyond 400 nothing more was gained.
	growth = 400
	// roomy is the size in bytes from which on the collector runs more often
	// again: it keeps a run over large files below 300 MB.
	roomy = 250 << 20
)

// Settle sets the collector for this process, unless its user did (GOGC,
// GOMEMLIMIT).
func Settle() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(growth)
	debug.SetMemoryLimit(roomy)
}
