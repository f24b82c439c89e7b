package campaign

import (
	"runtime/debug"
	"strings"
	"testing"
)

// TestSource: programs of one version or revision are the same; one with
// changes, or of which nothing is known, goes by its bytes.
func TestSource(t *testing.T) {
	built := func(version string, settings ...string) *debug.BuildInfo {
		b := &debug.BuildInfo{Main: debug.Module{Version: version}}
		for i := 0; i < len(settings); i += 2 {
			b.Settings = append(b.Settings, debug.BuildSetting{Key: settings[i], Value: settings[i+1]})
		}
		return b
	}
	for _, c := range []struct {
		info *debug.BuildInfo
		want string
	}{
		{nil, ""},
		{built(""), ""},
		{built("(devel)"), ""},
		{built("v1.2.3"), "v1.2.3"},
		{built("v1.2.3+dirty", "vcs.revision", "abc", "vcs.modified", "true"), ""},
		{built("(devel)", "vcs.revision", "abc", "vcs.modified", "true"), ""},
		{built("(devel)", "vcs.revision", "abc"), ""},
		{built("(devel)", "vcs.revision", "abc", "vcs.modified", "false"), "revision abc"},
	} {
		if got := source(c.info); got != c.want {
			t.Errorf("%+v: %q, want %q", c.info, got, c.want)
		}
	}
	a, err := Build()
	if b, _ := Build(); err != nil || a != b || !strings.HasPrefix(a, "sha256:") && source(debugInfo()) == "" {
		t.Errorf("this program: %q and %q, %v", a, b, err)
	}
}

func debugInfo() *debug.BuildInfo {
	info, _ := debug.ReadBuildInfo()
	return info
}
