package engines

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// clock is the processor time that f takes on its thread: a busy machine takes
// turns, and waiting for one is not the engine's.
func clock(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start, ok := threadTime()
	if !ok {
		return wall(f)
	}
	f()
	end, _ := threadTime()
	return end - start
}

func threadTime() (time.Duration, bool) {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil {
		return 0, false
	}
	return time.Duration(t.Nano()), true
}
