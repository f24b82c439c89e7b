//go:build !linux

package engines

import "time"

// processTime is not known here.
func processTime(int) (time.Duration, bool) { return 0, false }
