package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/cli"
)

// programEnv makes the test binary the program itself, for tests that kill it.
const programEnv = "NEARMISS_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(programEnv) != "" {
		os.Exit(program(deadly))
	}
	if text := os.Getenv(memberEnv); text != "" {
		os.Exit(serveMember(text))
	}
	os.Exit(m.Run())
}

// fatalEnv names a pattern that ends the worker which begins it, as one does
// that takes all memory.
const fatalEnv = "NEARMISS_TEST_FATAL_PATTERN"

// fatalSecond stands for every pattern that a second pass judges again.
const fatalSecond = "those of the second pass"

func deadly(p corpus.Pattern, o verdict.Options) verdict.Verdict {
	second := o.Search != nil && len(o.Search.Shared) > 0
	if f := os.Getenv(fatalEnv); f != "" && f == p.Text || f == fatalSecond && second {
		os.Exit(cli.ExitFault)
	}
	return verdict.Analyze(p, o)
}

// steps keeps a pattern's search to some milliseconds.
const steps = "20000"

// list writes a corpus of n patterns, each fourth of them super-linear, with a
// line that is none.
func list(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "{\"id\":\"%d\",\"pattern\":\"^(?:a|a)*b{%d}$\"}\n", i, i)
		case 1:
			fmt.Fprintf(&b, "{\"id\":\"%d\",\"pattern\":\"x{%d}\",\"dialect\":\"ecmascript\"}\n", i, i)
		default:
			fmt.Fprintf(&b, "{\"id\":\"%d\",\"pattern\":\"word%d\"}\n", i, i)
		}
		if i == n/2 {
			b.WriteString("{\"pattern\":\n")
		}
	}
	file := filepath.Join(t.TempDir(), "list.jsonl")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// run runs a command of the program in this process.
func run(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = command{stdin: strings.NewReader(""), stdout: &o, stderr: &e}.main(t.Context(), args)
	return o.String(), e.String(), code
}

// must is run for a command that ends well.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, code := run(t, args...)
	if code != cli.ExitClean {
		t.Fatalf("%q: exit code %d: %s", args, code, errs)
	}
	return out
}

// fuzzed is what nearmiss fuzz writes.
func fuzzed(t *testing.T, file string) (string, int) {
	t.Helper()
	var out, errs bytes.Buffer
	code := cli.Main(cli.Command{Args: []string{"fuzz", file, "--stable", "--steps", steps, "--format", "jsonl"}, Stdout: &out, Stderr: &errs})
	if strings.Count(out.String(), "\n") < 3 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	return out.String(), code
}

// started are the arguments of start.
func started(store, file string, more ...string) []string {
	return append([]string{"start", file, "--store", store, "--name", "t", "--stable", "--steps", steps}, more...)
}

// same fails where results are not those of fuzz.
func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("%s: line %d of %d and %d:\n%s\nwant\n%s", what, i+1, len(g), len(w), g[i], w[i])
		}
	}
	t.Fatalf("%s: %d lines, want %d", what, len(g), len(w))
}

// TestWait: whatever the number of workers, the rows, their order, the output
// and the exit code are those of nearmiss fuzz; so are those that results
// writes later.
func TestWait(t *testing.T) {
	file := list(t, 40)
	want, code := fuzzed(t, file)
	for _, workers := range []string{"1", "2", "7"} {
		store := filepath.Join(t.TempDir(), "store")
		got, errs, c := run(t, started(store, file, "--wait", "--workers", workers, "--format", "jsonl", "--progress", "none")...)
		if c != code {
			t.Fatalf("%s workers: exit code %d, want %d: %s", workers, c, code, errs)
		}
		same(t, workers+" workers", got, want)
		same(t, "results", must(t, "results", "--store", store, "--name", "t"), want)
		if s := must(t, "status", "--store", store, "--name", "t", "--watch"); !strings.HasPrefix(s, "campaign t: complete, begun ") || !strings.Contains(s, "\n  judged    41 of 41 (100%)\n") {
			t.Errorf("status: %s", s)
		}
	}
}

// TestSteps queues, pauses, goes on, works and reports, each by a process of
// its own, as far as the store can tell.
func TestSteps(t *testing.T) {
	file, store := list(t, 12), filepath.Join(t.TempDir(), "store")
	at := func(name string, more ...string) []string {
		return append([]string{name, "--store", store, "--name", "t"}, more...)
	}
	want, _ := fuzzed(t, file)
	must(t, started(store, file)...)
	if _, errs, code := run(t, started(store, file)...); code == cli.ExitClean || !strings.Contains(errs, "campaign t exists: expected a new name, or --continue") {
		t.Errorf("a second start: exit code %d, %s", code, errs)
	}
	if _, errs, code := run(t, started(store, file, "--continue", "--seed", "2")...); code == cli.ExitClean || !strings.Contains(errs, "cannot go on: begun with --seed 1, now 2") {
		t.Errorf("another seed: exit code %d, %s", code, errs)
	}
	must(t, started(store, file, "--continue")...)
	must(t, at("pause")...)
	if s := must(t, at("status")...); !strings.HasPrefix(s, "campaign t: paused, begun ") || !strings.Contains(s, "\n  judged    0 of 13 (0%), 0.0 a second\n") {
		t.Errorf("status: %s", s)
	}
	part, _, code := run(t, at("results")...)
	if code != cli.ExitUndecided || strings.Count(part, "\n") != 1 {
		t.Errorf("results of nothing: exit code %d, %q", code, part)
	}
	must(t, at("resume")...)
	must(t, at("work", "--workers", "2")...)
	same(t, "results", must(t, at("results")...), want)
	if r, errs, _ := run(t, at("report", "--format", "text")...); !strings.Contains(r, "12 patterns judged") {
		t.Errorf("report: %s%s", r, errs)
	}
	must(t, at("cancel")...)
	if _, errs, code := run(t, at("work")...); code != cli.ExitUsage || !strings.Contains(errs, "the campaign was cancelled") {
		t.Errorf("work after cancel: exit code %d, %s", code, errs)
	}
	must(t, at("cancel", "--purge")...)
	if _, errs, code := run(t, at("status")...); code != cli.ExitUsage || !strings.Contains(errs, `no campaign "t" there`) {
		t.Errorf("status after a purge: exit code %d, %s", code, errs)
	}
}

// process starts the program in a process of its own.
func process(t *testing.T, env string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), programEnv+"=1", env)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// wait waits until something is so.
func wait(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// kill ends a process as no process can help.
func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
}

// served runs a server on a store for the length of a test.
func served(t *testing.T, store string) {
	t.Helper()
	l, err := serveStore(flags{store: store})
	if err != nil || l == nil {
		t.Fatalf("no server: %v", err)
	}
	t.Cleanup(l.close)
}

// TestKill kills workers in the middle, and at last lets one end: nothing is
// lost, and nothing is there twice.
func TestKill(t *testing.T) {
	const kills = 3
	file, store := list(t, 60), filepath.Join(t.TempDir(), "store")
	want, _ := fuzzed(t, file)
	served(t, store)
	must(t, started(store, file, "--lost-after", "500ms", "--tries", "50")...)
	js, err := connect(flags{store: store})
	if err != nil {
		t.Fatal(err)
	}
	defer js.close()
	for i := range kills {
		w := process(t, "", "work", "--store", store, "--name", "t", "--workers", "2")
		wait(t, fmt.Sprintf("a result of worker %d", i), func() bool {
			_, done, err := js.counts(t.Context(), firstPass, "t")
			return err == nil && done > uint64(i*10)
		})
		kill(t, w)
	}
	must(t, "work", "--store", store, "--name", "t", "--workers", "2")
	same(t, "results", must(t, "results", "--store", store, "--name", "t"), want)
}

// TestPoison: a pattern that ends every worker is set aside after so many
// tries, with its reason; all others are judged.
func TestPoison(t *testing.T) {
	const tries = 2
	file, store := list(t, 8), filepath.Join(t.TempDir(), "store")
	served(t, store)
	must(t, started(store, file, "--lost-after", "300ms", "--tries", strconv.Itoa(tries))...)
	for i := range tries + 1 {
		err := process(t, fatalEnv+"=word6", "work", "--store", store, "--name", "t", "--workers", "1").Wait()
		if died := err != nil; died != (i < tries) {
			t.Fatalf("worker %d: %v", i+1, err)
		}
	}
	got := must(t, "results", "--store", store, "--name", "t")
	if n := strings.Count(got, "set aside: 2 workers began it"); n != 1 {
		t.Errorf("set aside %d times, want once:\n%s", n, got)
	}
	want, _ := fuzzed(t, file)
	for i, line := range strings.Split(want, "\n") {
		if g := strings.Split(got, "\n"); !strings.Contains(line, `"word6"`) && !strings.HasPrefix(line, `{"summary"`) && g[i] != line {
			t.Errorf("line %d:\n%s\nwant\n%s", i+1, g[i], line)
		}
	}
}

// TestMismatch: a worker of another version takes no part.
func TestMismatch(t *testing.T) {
	file, store := list(t, 2), filepath.Join(t.TempDir(), "store")
	served(t, store)
	must(t, started(store, file)...)
	js, err := connect(flags{store: store})
	if err != nil {
		t.Fatal(err)
	}
	defer js.close()
	was, _, err := js.read(t.Context(), "t")
	if err != nil {
		t.Fatal(err)
	}
	version := was.Head.Versions["nearmiss"]
	for want, how := range map[string]func(*record){
		"this worker cannot take part: begun with nearmiss v0.0.1, now ": func(r *record) { r.Wire, r.Head.Versions["nearmiss"] = wire, "v0.0.1" },
		"this worker cannot take part: begun by a program built from revision abc, this one is from sha256:": func(r *record) {
			r.Wire, r.Build, r.Head.Versions["nearmiss"] = wire, "revision abc", version
		},
		"this worker cannot take part: its messages have version 99, this program's 2": func(r *record) { r.Wire = 99 },
	} {
		if err := js.change(t.Context(), "t", how); err != nil {
			t.Fatal(err)
		}
		if _, errs, code := run(t, "work", "--store", store, "--name", "t"); code != cli.ExitUsage || !strings.Contains(errs, want) {
			t.Errorf("exit code %d, %swant %s", code, errs, want)
		}
	}
}

// TestCredentials: no server but on loopback without them, and none of a
// server's answers to whoever has others.
func TestCredentials(t *testing.T) {
	dir := t.TempDir()
	store := filepath.Join(dir, "store")
	token := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	short, right, wrong := token("short", "abc\n"), token("right", "0123456789abcdef\n"), token("wrong", "0123456789abcdeg\n")
	for want, args := range map[string][]string{
		"expected --token-file: a server that others reach needs credentials": {"--listen", "127.0.0.1:0"},
		"expected at least 16 bytes":                                          {"--listen", "127.0.0.1:0", "--token-file", short},
		"expected an address and a port":                                      {"--listen", "127.0.0.1", "--token-file", right},
	} {
		if _, errs, code := run(t, append([]string{"serve", "--store", store}, args...)...); code != cli.ExitUsage || !strings.Contains(errs, want) {
			t.Errorf("serve %q: exit code %d, %s", args, code, errs)
		}
	}
	l, err := serveStore(flags{store: store, listen: "127.0.0.1:-1", tokenFile: right})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	for file, want := range map[string]string{"": "the server refused the credentials", wrong: "the server refused the credentials", right: `no campaign "t" there`} {
		_, errs, code := run(t, "status", "--name", "t", "--nats", l.at.URL, "--token-file", file)
		if code != cli.ExitUsage || !strings.Contains(errs, want) {
			t.Errorf("token of %q: exit code %d, %s", file, code, errs)
		}
	}
	if st, err := os.Stat(filepath.Join(store, addressFile)); err != nil || st.Mode().Perm()&0o077 != 0 {
		t.Errorf("the address may be read by others: %v %v", st, err)
	}
}

// TestInterrupt: start --wait that is told to end keeps what was judged, and
// goes on with --continue.
func TestInterrupt(t *testing.T) {
	file, store := list(t, 30), filepath.Join(t.TempDir(), "store")
	want, code := fuzzed(t, file)
	first := process(t, "", started(store, file, "--wait", "--workers", "1", "--lost-after", "500ms", "--progress", "none")...)
	wait(t, "the store of the first start", func() bool {
		_, err := os.Stat(filepath.Join(store, "jetstream"))
		return err == nil
	})
	kill(t, first) // server and all
	got, errs, c := run(t, started(store, file, "--wait", "--continue", "--lost-after", "500ms", "--format", "jsonl", "--progress", "none")...)
	if c != code {
		t.Fatalf("exit code %d, want %d: %s", c, code, errs)
	}
	same(t, "after a kill", got, want)
}

// TestParts: parts of a corpus may be campaigns of servers of their own, whose
// results nearmiss report puts together.
func TestParts(t *testing.T) {
	file := list(t, 24)
	want, _ := fuzzed(t, file)
	var paths []string
	for _, part := range []string{"2/2", "1/2"} {
		store := filepath.Join(t.TempDir(), "store")
		must(t, started(store, file, "--shard", part)...)
		must(t, "work", "--store", store, "--name", "t")
		path := filepath.Join(t.TempDir(), "rows.jsonl")
		if err := os.WriteFile(path, []byte(must(t, "results", "--store", store, "--name", "t")), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	var out, errs bytes.Buffer
	cli.Main(cli.Command{Args: append([]string{"report", "--format", "jsonl"}, paths...), Stdout: &out, Stderr: &errs})
	rows := func(text string) (rows []string) { // a summary counts the warnings of a merge as well
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "{\"summary\"") {
				rows = append(rows, line)
			}
		}
		return rows
	}
	if errs.Len() > 0 {
		t.Fatal(errs.String())
	}
	same(t, "two parts", strings.Join(rows(out.String()), ""), strings.Join(rows(want), ""))
}
