package main

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/nearmiss-dev/nearmiss/internal/cli"
)

// TestFullDisk is TestFull on a file system that is full indeed, which takes
// the right to mount one.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=300k"); err != nil {
		t.Skipf("no file system could be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	file, store := list(t, 200), filepath.Join(disk, "store")
	want, code := fuzzed(t, file)
	args := started(store, file, "--wait", "--workers", "2", "--lost-after", "300ms", "--tries", "2", "--continue", "--progress", "none", "--format", "jsonl")
	for range 2 {
		_, errs, code := hurried(t, args...)
		if code == cli.ExitClean || !strings.Contains(errs, "the server has no room left") && !strings.Contains(errs, "no space left on device") || strings.Count(errs, "\n") != 1 {
			t.Fatalf("a full disk: exit code %d, %s", code, errs)
		}
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, "size=20m"); err != nil {
		t.Fatal(err)
	}
	got, errs, c := run(t, args...)
	if c != code {
		t.Fatalf("with room: exit code %d, want %d: %s", c, code, errs)
	}
	same(t, "with room", got, want)
}
