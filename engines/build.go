package engines

import (
	"fmt"
	"runtime/debug"
)

// ModuleVersion is the version of a module that this program was built with,
// as its build information has it ("v1.12.0"). It fails with ErrUnavailable
// where the program carries no such information, or was built without the
// module.
func ModuleVersion(path string) (string, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", fmt.Errorf("version of %s: %w: the program carries no build information", path, ErrUnavailable)
	}
	for _, dep := range info.Deps {
		if dep.Path != path {
			continue
		}
		if dep.Replace != nil {
			return dep.Replace.Version, nil
		}
		return dep.Version, nil
	}
	return "", fmt.Errorf("version of %s: %w: not in the program's build information", path, ErrUnavailable)
}
