package heap

import (
	"runtime/debug"
	"testing"
)

func TestSettle(t *testing.T) {
	gc, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(-1)
	t.Cleanup(func() {
		debug.SetGCPercent(gc)
		debug.SetMemoryLimit(limit)
	})
	now := func() (int, int64) {
		percent := debug.SetGCPercent(-1)
		debug.SetGCPercent(percent)
		return percent, debug.SetMemoryLimit(-1)
	}
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOGC", "")
			t.Setenv("GOMEMLIMIT", "")
			t.Setenv(name, "100")
			Settle()
			if percent, bytes := now(); percent != 100 || bytes != limit {
				t.Errorf("%d %%, %d bytes: the user's setting was overruled", percent, bytes)
			}
		})
	}
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	Settle()
	if percent, bytes := now(); percent != growth || bytes != roomy {
		t.Errorf("%d %%, %d bytes, expected %d and %d", percent, bytes, growth, roomy)
	}
}
