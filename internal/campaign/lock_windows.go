package campaign

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockAt is the offset of the one byte that is locked, behind every file: a
// lock keeps others from reading what it covers, and a report may read a file
// that is being written.
const lockAt = 1 << 30

// lock takes the file for this process alone until it is closed; a process that
// is killed lets it go. It fails with errInUse where another process has it.
func lock(f *os.File) error {
	at := windows.Overlapped{OffsetHigh: lockAt}
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errInUse
	}
	return err
}
