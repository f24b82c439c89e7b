//go:build !linux

package engines

import "time"

// clock is the time that f takes.
func clock(f func()) time.Duration { return wall(f) }
