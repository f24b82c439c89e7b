//go:build !unix || freebsd || dragonfly

package engines

import "runtime/debug"

// limitMemory asks the garbage collector to keep below so many bytes; this
// system has no hard ceiling that a process sets for itself.
func limitMemory(bytes uint64) { debug.SetMemoryLimit(int64(bytes / 4 * 3)) }
