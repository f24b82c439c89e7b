package campaign

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"sync"
)

// Build names what this program was built from, so that two with the same name
// judge alike: a version, else a revision without changes, else the program's
// own bytes. The error is one of reading those.
var Build = sync.OnceValues(func() (string, error) {
	info, _ := debug.ReadBuildInfo()
	if s := source(info); s != "" {
		return s, nil
	}
	file, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // opened for reading
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return fmt.Sprintf("sha256:%x", h.Sum(nil)[:16]), nil
})

// source is the version or the revision that a program was built from, "" where
// there were changes beside, or nothing is known.
func source(info *debug.BuildInfo) string {
	if info == nil {
		return ""
	}
	if v := info.Main.Version; v != "" && v != "(devel)" && !strings.Contains(v, "+dirty") {
		return v
	}
	vcs := map[string]string{}
	for _, s := range info.Settings {
		vcs[s.Key] = s.Value
	}
	if r := vcs["vcs.revision"]; r != "" && vcs["vcs.modified"] == "false" {
		return "revision " + r
	}
	return ""
}
