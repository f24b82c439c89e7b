//go:build unix

package main

import (
	"syscall"
	"time"
)

// hasCPUClock says whether cpuClock works here.
const hasCPUClock = true

// cpuClock is the processor time this process has used, as a point in time:
// on a busy machine the difference of two is what the work itself took. It
// counts every thread, and is meant for one worker.
func cpuClock() time.Time {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return time.Time{}
	}
	return time.Unix(0, u.Utime.Nano()+u.Stime.Nano())
}
