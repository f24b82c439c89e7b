package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/corpus/list"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

type initFlags struct{ print, schema bool }

func (f *initFlags) set() *pflag.FlagSet {
	fs := newFlags("init")
	fs.SortFlags = false
	fs.BoolVar(&f.print, "print", false, "print the file instead of writing it")
	fs.BoolVar(&f.schema, "schema", false, "print the JSON Schema of policy files, and stop")
	return fs
}

// init writes a commented policy file.
func (c Command) init(args []string) (int, error) {
	var f initFlags
	fs := f.set()
	if err := c.parseFlags("init", fs, args); err != nil {
		return 0, err
	}
	names := readerNames()
	dir := "."
	switch {
	case f.schema && (fs.NArg() > 0 || f.print):
		return 0, usagef("init --schema: expected nothing beside it")
	case f.schema:
		return ExitClean, c.write(string(policy.Schema(names)))
	case fs.NArg() > 1:
		return 0, usagef("init: unexpected argument %q: expected one directory at most", fs.Arg(1))
	case fs.NArg() == 1:
		dir = fs.Arg(0)
	}
	if st, err := os.Stat(dir); err != nil {
		return 0, usageError{cleanPath(err)}
	} else if !st.IsDir() {
		return 0, usagef("%s: not a directory", dir)
	}
	text := policy.Template(names, foundRules(dir))
	if f.print {
		return ExitClean, c.write(text)
	}
	file := filepath.Join(dir, policy.File)
	h, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return 0, usagef("%s: is there already: 'nearmiss init --print' prints a fresh one to compare", file)
	}
	if err != nil {
		return 0, usageError{cleanPath(err)}
	}
	_, err = h.WriteString(text)
	if err := errors.Join(err, h.Close()); err != nil {
		return 0, usageError{cleanPath(err)}
	}
	return ExitClean, c.write(fmt.Sprintf("%s: written; every key in it is commented out and says what it does\nnext: nearmiss lint %s\n", file, dir))
}

// write writes to the standard output.
func (c Command) write(text string) error {
	if _, err := fmt.Fprint(c.Stdout, text); err != nil {
		return outputError(err)
	}
	return nil
}

// foundRules says what a directory holds, by reader.
func foundRules(dir string) []string {
	count := map[string]int{}
	cl := claims{root: dir, defaults: list.Defaults{}}
	for f := range walk([]string{dir}) {
		if f.link || f.err != nil {
			continue
		}
		if k, ok := cl.of(filepath.ToSlash(f.path)); ok {
			count[k.name]++
		}
	}
	var out []string
	for _, name := range readerNames() {
		if count[name] == 0 {
			continue
		}
		hosts := "no host: the reference matcher"
		if p := policy.DefaultProfiles(name); len(p) > 0 {
			hosts = strings.Join(p, ", ")
		}
		files := "1 file is"
		if n := count[name]; n > 1 {
			files = fmt.Sprintf("%d files are", n)
		}
		out = append(out, fmt.Sprintf("Here %s read as %s, and judged for %s.", files, name, hosts))
	}
	return slices.Clip(out)
}
