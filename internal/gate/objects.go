package gate

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

// objects reads what git keeps: one git cat-file process answers for every
// file, in turn.
type objects struct {
	repo  *Repository
	batch *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
}

// Read is the content of the file's object.
func (o *objects) Read(f File, limit int64) ([]byte, error) {
	if o.batch == nil {
		if err := o.start(); err != nil {
			return nil, err
		}
	}
	if _, err := io.WriteString(o.in, f.oid+"\n"); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	head, err := o.out.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	fields := strings.Fields(head) // object SP type SP size
	if len(fields) != 3 || fields[1] != "blob" {
		return nil, fmt.Errorf("git cat-file: %s", strings.TrimSpace(head))
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil || size < 0 {
		return nil, fmt.Errorf("git cat-file: size %q", fields[2])
	}
	if size > limit {
		if _, err := io.CopyN(io.Discard, o.out, size+1); err != nil {
			return nil, fmt.Errorf("git cat-file: %w", err)
		}
		return nil, &TooLarge{Limit: limit}
	}
	data := make([]byte, size+1) // a newline follows the content
	if _, err := io.ReadFull(o.out, data); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	return data[:size], nil
}

func (o *objects) start() error {
	c := o.repo.command("cat-file", "--batch")
	in, err := c.StdinPipe()
	if err != nil {
		return err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return fmt.Errorf("git cat-file: %w", err)
	}
	o.batch, o.in, o.out = c, in, bufio.NewReaderSize(out, 1<<16)
	return nil
}

// Close ends the git process.
func (o *objects) Close() error {
	if o.batch == nil {
		return nil
	}
	c := o.batch
	o.batch = nil
	return errors.Join(o.in.Close(), c.Wait())
}

// A listed is one entry of a listing: three fields, and a path.
type listed struct {
	fields [3]string
	path   string
}

// parseListing reads what git ls-tree and git ls-files --stage write with -z:
// three fields with blanks between, a tab, a path, a NUL.
func parseListing(out string) ([]listed, error) {
	var all []listed
	for entry := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		head, path, ok := strings.Cut(entry, "\t")
		fields := strings.Fields(head)
		switch {
		case entry == "":
		case !ok || len(fields) != 3:
			return nil, fmt.Errorf("git: unexpected entry %q of a listing", entry)
		default:
			all = append(all, listed{[3]string(fields), path})
		}
	}
	return all, nil
}

// kindOf is what a mode of git's says.
func kindOf(mode string) Kind {
	switch mode {
	case "100644", "100755", "100664":
		return Regular
	case "120000":
		return Link
	case "160000":
		return Submodule
	}
	return Irregular
}
