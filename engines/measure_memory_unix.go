//go:build unix && !freebsd && !dragonfly

package engines

import (
	"runtime/debug"
	"syscall"
)

// limitMemory makes the process fail when it asks for more than so many bytes
// of memory to write to.
func limitMemory(bytes uint64) {
	debug.SetMemoryLimit(int64(bytes / 4 * 3))
	limit := syscall.Rlimit{Cur: bytes, Max: bytes}
	_ = syscall.Setrlimit(syscall.RLIMIT_DATA, &limit)
}
