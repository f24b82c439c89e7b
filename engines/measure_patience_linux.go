package engines

import (
	"bytes"
	"fmt"
	"os"
	"time"
)

// tick is the unit of a process's times on every Linux: USER_HZ is 100.
const tick = 10 * time.Millisecond

// processTime is the processor time that a process has used so far.
func processTime(pid int) (used time.Duration, ok bool) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, false
	}
	// proc(5): the second field is a name in parentheses; utime and stime are
	// the 14th and 15th.
	var user, system int64
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	const before = 2
	if len(fields) < 15-before {
		return 0, false
	}
	if _, err := fmt.Sscan(string(fields[13-before])+" "+string(fields[14-before]), &user, &system); err != nil {
		return 0, false
	}
	return time.Duration(user+system) * tick, true
}
