package gate

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// repository makes a git repository and returns a function that runs git in
// it.
func repository(t *testing.T) (dir string, git func(args ...string) string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("the git command is not installed")
	}
	dir = t.TempDir()
	for k, v := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
		"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
	} {
		t.Setenv(k, v)
	}
	git = func(args ...string) string {
		c := exec.Command("git", append([]string{"-C", dir}, args...)...)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q", "-b", "main")
	return dir, git
}

func write(t *testing.T, dir, path, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What git keeps is what is read: odd names, line ends and bytes as they are,
// large files refused, links and submodules not followed.
func TestRevision(t *testing.T) {
	dir, git := repository(t)
	want := map[string]string{
		"a.conf": "one\r\ntwo\r\n", "b/latin1.conf": "caf\xe9\x00\n", "empty.conf": "", "large.conf": strings.Repeat("x", 5000), "last.conf": "no line end",
	}
	if runtime.GOOS == "linux" {
		want["n\new line \xff.conf"] = "odd name"
		want["-dash.conf"] = "dash"
	}
	for path, text := range want {
		write(t, dir, path, text)
	}
	if runtime.GOOS != "windows" {
		if err := os.Symlink("a.conf", filepath.Join(dir, "link.conf")); err != nil {
			t.Fatal(err)
		}
	}
	git("add", ".")
	git("update-index", "--add", "--cacheinfo", "160000,1111111111111111111111111111111111111111,module")
	git("commit", "-q", "-m", "x")
	repo, err := OpenRepository(context.Background(), filepath.Join(dir, "b"), nil)
	if err != nil {
		t.Fatal(err)
	}
	commit, err := repo.Commit("HEAD")
	if err != nil || commit != git("rev-parse", "HEAD") {
		t.Fatal(commit, err)
	}
	tree := repo.Revision(commit)
	files, err := tree.Files()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) }) {
		t.Error("not in order")
	}
	kinds := map[string]Kind{}
	for _, f := range files {
		kinds[f.Path] = f.Kind
		if f.Kind != Regular {
			continue
		}
		text, ok := want[f.Path]
		if !ok {
			t.Errorf("%q is not in the tree", f.Path)
		}
		delete(want, f.Path)
		got, err := tree.Read(f, 4999)
		var large *TooLarge
		switch {
		case len(text) > 4999:
			if !errors.As(err, &large) {
				t.Errorf("%q: %v", f.Path, err)
			}
			if got, err = tree.Read(f, 5000); err != nil || string(got) != text {
				t.Errorf("%q once more: %v", f.Path, err)
			}
		case err != nil || string(got) != text:
			t.Errorf("%q: %q %v", f.Path, got, err)
		}
	}
	if len(want) > 0 || kinds["module"] != Submodule || runtime.GOOS != "windows" && kinds["link.conf"] != Link {
		t.Errorf("left %v, kinds %v", want, kinds)
	}
	if _, err := tree.Read(File{Path: "gone", oid: strings.Repeat("2", 40)}, 10); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("a missing object: %v", err)
	}
	if got, err := tree.Read(files[0], 1<<20); err != nil || len(got) == 0 && files[0].Path != "empty.conf" {
		t.Errorf("after a failure: %v", err)
	}
	if err := tree.Close(); err != nil {
		t.Error(err)
	}
	if fs, err := repo.Revision(EmptyRevision).Files(); err != nil || len(fs) != 0 {
		t.Error(fs, err)
	}
}

func TestMergeBase(t *testing.T) {
	dir, git := repository(t)
	at := func(text string) string {
		write(t, dir, "f", text)
		git("add", ".")
		git("commit", "-q", "-m", text)
		return git("rev-parse", "HEAD")
	}
	root := at("root")
	main := at("main")
	git("checkout", "-q", "-b", "work", root)
	work := at("work")
	repo, err := OpenRepository(context.Background(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{{main, work, root}, {root, work, root}, {work, root, work}, {main, main, main}} {
		if got, err := repo.MergeBase(c[0], c[1]); err != nil || got != c[2] {
			t.Errorf("%v: %s %v", c, got, err)
		}
	}
	for _, rev := range []string{"", "-x", "nope", "a\nb", "HEAD:f", "\x00"} {
		if got, err := repo.Commit(rev); err == nil {
			t.Errorf("%q: %s", rev, got)
		}
	}
}

func TestDir(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "b/c.conf", "x")
	write(t, dir, "b.conf", "y")
	write(t, dir, ".git/config", "z")
	write(t, dir, "large.conf", "0123456789")
	if runtime.GOOS != "windows" {
		for name, to := range map[string]string{"loop": ".", "gone": "nowhere", "out": "/"} {
			if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	d, err := OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files, err := d.Files()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		if f.Kind == Regular {
			got = append(got, f.Path)
		} else if f.Kind != Link {
			t.Errorf("%+v", f)
		}
	}
	if strings.Join(got, " ") != "b.conf b/c.conf large.conf" {
		t.Error(got)
	}
	if b, err := d.Read(File{Path: "b/c.conf"}, 10); err != nil || !bytes.Equal(b, []byte("x")) {
		t.Error(b, err)
	}
	var large *TooLarge
	if _, err := d.Read(File{Path: "large.conf"}, 9); !errors.As(err, &large) {
		t.Error(err)
	}
	if _, err := ReadAll(strings.NewReader("0123456789"), 9); !errors.As(err, &large) {
		t.Error(err)
	}
	if _, err := OpenDir(filepath.Join(dir, "b.conf")); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Error(err)
	}
}
