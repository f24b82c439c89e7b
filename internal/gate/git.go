package gate

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// A Repository is a git repository, read through the git command, so that
// worktrees, partial clones and safe.directory mean what they mean there.
type Repository struct {
	ctx context.Context
	dir string
	env []string
}

// OpenRepository is the repository that holds dir. env is the environment of
// the git commands, nil for the process's own.
func OpenRepository(ctx context.Context, dir string, env []string) (*Repository, error) {
	r := &Repository{ctx: ctx, dir: dir, env: env}
	if _, err := r.git("rev-parse", "--git-dir"); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return r, nil
}

// command is a git command in the repository. Nothing it does may ask a
// person or write.
func (r *Repository) command(args ...string) *exec.Cmd {
	c := exec.CommandContext(r.ctx, "git", append([]string{"-C", r.dir, "--no-optional-locks"}, args...)...)
	if r.env == nil {
		c.Env = c.Environ()
	} else {
		c.Env = slices.Clone(r.env)
	}
	c.Env = append(c.Env, "GIT_TERMINAL_PROMPT=0", "LC_ALL=C", "GIT_PAGER=cat")
	return c
}

// git runs a git command to its end; the error is git's own first line.
func (r *Repository) git(args ...string) (string, error) {
	c := r.command(args...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return "", errors.New("the git command is not installed: compare two directories instead")
		}
		line, _, _ := strings.Cut(strings.TrimSpace(errs.String()), "\n")
		line = strings.TrimPrefix(line, "fatal: ")
		if line == "" {
			line = err.Error()
		}
		return "", fmt.Errorf("git %s: %s", args[0], line)
	}
	return out.String(), nil
}

// EmptyRevision is what hooks and webhooks send as the base of a branch that
// is new: forty zeros. It is a tree without files.
const EmptyRevision = "0000000000000000000000000000000000000000"

// Commit is the full name of the commit that a revision means.
func (r *Repository) Commit(rev string) (string, error) {
	if rev == "" || strings.HasPrefix(rev, "-") || strings.ContainsAny(rev, "\x00\n") {
		return "", fmt.Errorf("revision %q: expected a branch, a tag or a commit", rev)
	}
	out, err := r.git("rev-parse", "--verify", "--quiet", rev+"^{commit}")
	if err != nil {
		hint := ""
		if r.shallow() {
			hint = ", and this clone is shallow: fetch it with its history"
		}
		return "", fmt.Errorf("revision %q: git knows no such commit in %s%s", rev, r.dir, hint)
	}
	return strings.TrimSpace(out), nil
}

// shallow reports whether the clone lacks part of its history.
func (r *Repository) shallow() bool {
	out, err := r.git("rev-parse", "--is-shallow-repository")
	return err == nil && strings.TrimSpace(out) == "true"
}

// MergeBase is the commit where head left base's line: what a change set
// out from, whatever has been merged into base since. Where head is itself an
// ancestor of base, going back is the change, and base is compared as it is.
func (r *Repository) MergeBase(base, head string) (string, error) {
	out, err := r.git("merge-base", base, head)
	if err != nil {
		hint := "they share no history: compare two directories"
		if r.shallow() {
			hint = "this clone is shallow: fetch it with its history (fetch-depth: 0)"
		}
		return "", fmt.Errorf("no common ancestor of %.12s and %.12s: %s", base, head, hint)
	}
	at := strings.TrimSpace(out)
	if at == head {
		return base, nil
	}
	return at, nil
}

// A revision is one commit as a tree.
type revision struct {
	repo   *Repository
	commit string

	files []File
	batch *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
}

// Revision is the tree of a commit, given by its full name, or EmptyRevision.
func (r *Repository) Revision(commit string) Tree { return &revision{repo: r, commit: commit} }

func (t *revision) Name() string { return t.commit }

// Files lists the commit's whole tree, whatever folder the repository was
// opened in.
func (t *revision) Files() ([]File, error) {
	if t.commit == EmptyRevision || t.files != nil {
		return t.files, nil
	}
	out, err := t.repo.git("ls-tree", "-r", "-z", "--full-tree", t.commit)
	if err != nil {
		return nil, err
	}
	for entry := range strings.SplitSeq(out, "\x00") {
		if entry == "" {
			continue
		}
		// mode SP type SP object TAB path
		head, path, ok := strings.Cut(entry, "\t")
		fields := strings.Fields(head)
		if !ok || len(fields) != 3 {
			return nil, fmt.Errorf("git ls-tree: unexpected entry %q", entry)
		}
		f := File{Path: path, oid: fields[2]}
		switch fields[0] {
		case "100644", "100755", "100664":
		case "120000":
			f.Kind = Link
		case "160000":
			f.Kind = Submodule
		default:
			f.Kind = Irregular
		}
		t.files = append(t.files, f)
	}
	slices.SortFunc(t.files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return t.files, nil
}

// Read asks one git cat-file process for every file, in turn.
func (t *revision) Read(f File, limit int64) ([]byte, error) {
	if t.batch == nil {
		if err := t.start(); err != nil {
			return nil, err
		}
	}
	if _, err := io.WriteString(t.in, f.oid+"\n"); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	head, err := t.out.ReadString('\n')
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
		if _, err := io.CopyN(io.Discard, t.out, size+1); err != nil {
			return nil, fmt.Errorf("git cat-file: %w", err)
		}
		return nil, &TooLarge{Limit: limit}
	}
	data := make([]byte, size+1) // a newline follows the content
	if _, err := io.ReadFull(t.out, data); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	return data[:size], nil
}

func (t *revision) start() error {
	c := t.repo.command("cat-file", "--batch")
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
	t.batch, t.in, t.out = c, in, bufio.NewReaderSize(out, 1<<16)
	return nil
}

// Close ends the git process.
func (t *revision) Close() error {
	if t.batch == nil {
		return nil
	}
	c := t.batch
	t.batch = nil
	return errors.Join(t.in.Close(), c.Wait())
}
