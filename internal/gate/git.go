package gate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
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

// Born reports whether the branch that is checked out has a commit.
func (r *Repository) Born() bool {
	_, err := r.git("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	return err == nil
}

// shallow reports whether the clone lacks part of its history.
func (r *Repository) shallow() bool {
	out, err := r.git("rev-parse", "--is-shallow-repository")
	return err == nil && strings.TrimSpace(out) == "true"
}

// Fork is the commit where head left base's line: what a change set out from,
// whatever has been merged into base since.
func (r *Repository) Fork(base, head string) (string, error) {
	out, err := r.git("merge-base", base, head)
	if err != nil {
		hint := "they share no history: compare two directories"
		if r.shallow() {
			hint = "this clone is shallow: fetch it with its history (fetch-depth: 0)"
		}
		return "", fmt.Errorf("no common ancestor of %.12s and %.12s: %s", base, head, hint)
	}
	return strings.TrimSpace(out), nil
}

// MergeBase is Fork, but where head is itself an ancestor of base, going back
// is the change, and base is compared as it is.
func (r *Repository) MergeBase(base, head string) (string, error) {
	at, err := r.Fork(base, head)
	if at == head {
		return base, err
	}
	return at, err
}
