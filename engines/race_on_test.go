//go:build race

package engines_test

// raced says that the race detector is on: it needs more memory than a worker
// has.
const raced = true
