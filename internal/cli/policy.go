package cli

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// addPolicy adds the flag that names a policy file.
func addPolicy(fs *pflag.FlagSet, file *string) {
	fs.StringVar(file, "policy", "", "policy file (default "+policy.File+" in the first directory named, else in this one)")
}

// readPolicy finds the policy file, the one named or that of the paths, and
// puts the profiles of the flags in place of its own. root is the file's
// folder.
func readPolicy(named string, paths, profiles []string) (p policy.Policy, root string, err error) {
	file := named
	if file == "" {
		file = policy.File
		for _, p := range paths {
			if st, err := os.Stat(p); err == nil && st.IsDir() {
				if _, err := os.Stat(filepath.Join(p, policy.File)); err == nil {
					file = filepath.Join(p, policy.File)
				}
				break
			}
		}
	}
	p, root = policy.Default(), filepath.Dir(file)
	h, err := os.Open(file)
	switch {
	case errors.Is(err, os.ErrNotExist) && named == "":
	case err != nil:
		return p, root, usageError{cleanPath(err)}
	default:
		data, err := gate.ReadAll(h, policy.MaxFileBytes)
		if cerr := h.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return p, root, usagef("%s: %w", file, err)
		}
		if p, err = policy.Decode(file, data); err != nil {
			return p, root, usageError{err}
		}
	}
	if len(profiles) > 0 {
		p.Profiles = profiles
	}
	return p, root, nil
}
