package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestRepeatedRuns runs the same gate over and over, half of the runs with
// every core kept busy, with any number of workers: each must write the same
// bytes in every format and end with the same code.
func TestRepeatedRuns(t *testing.T) {
	runs := 4
	if *campaigns {
		runs = 200
	}
	base, head := t.TempDir(), t.TempDir()
	var rules strings.Builder
	for i, p := range []string{
		`^(a+)+$`, `^a*b?a*c`, `^x*x*;y*y*z`, `(?=.*x)b`, `^[a-z]+$`, `%{tx.a}`, `(`,
	} {
		fmt.Fprintf(&rules, "SecRule ARGS \"@rx %s\" \"id:%d,phase:2,deny\"\n", p, i+1)
	}
	for dir, text := range map[string]string{base: "", head: rules.String()} {
		if err := os.WriteFile(filepath.Join(dir, "a.conf"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	once := func(jobs int) string {
		out := t.TempDir()
		var text, errs bytes.Buffer
		args := []string{"gate", base, head, "--format", "text", "--jobs", fmt.Sprint(jobs)}
		for _, f := range formatNames[1:] {
			args = append(args, "--format", f+"="+filepath.Join(out, f))
		}
		code := Main(Command{Args: args, Stdin: strings.NewReader(""), Stdout: &text, Stderr: &errs, Now: func() time.Time { return now }})
		all := fmt.Sprintln(code, errs.String(), text.String())
		for _, f := range formatNames[1:] {
			b, err := os.ReadFile(filepath.Join(out, f))
			if err != nil {
				t.Fatal(err)
			}
			all += string(b)
		}
		return all
	}
	want := once(1)
	if !strings.HasPrefix(want, "1 ") || !strings.Contains(want, "canary: rejected") {
		t.Fatalf("%.2000s", want)
	}
	stop := make(chan struct{})
	for run := range runs {
		if run == runs/2 {
			for range 2 * runtime.NumCPU() {
				go func() {
					for n := 0; ; n++ {
						select {
						case <-stop:
							return
						default:
						}
					}
				}()
			}
		}
		if got := once(run%5 + 1); got != want {
			close(stop)
			t.Fatalf("run %d differs", run)
		}
	}
	close(stop)
}

// A hostile change is decided within its budgets: what lies beyond is named,
// and everything else is judged.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("judges thousands of rules")
	}
	base, head := t.TempDir(), t.TempDir()
	file := func(dir, name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	rules := 2_000
	if *campaigns {
		rules = 10_000
	}
	for dir, c := range map[string]string{base: "a", head: "b"} {
		var b strings.Builder
		for i := range rules {
			fmt.Fprintf(&b, "SecRule ARGS \"@rx ^%s%d[a-z]+x\" \"id:%d,phase:2,deny\"\n", c, i, i+1)
		}
		file(dir, "many.conf", b.String())
	}
	// A file of 100 MB, a pattern that multiplies itself, and deep nesting.
	if err := os.Truncate(file(head, "large.conf", ""), 100<<20); err != nil {
		t.Fatal(err)
	}
	bomb := "a"
	for range 12 {
		bomb = "(?:" + bomb + "){100}"
	}
	file(head, "bomb.conf", "SecRule ARGS \"@rx ^"+bomb+"$\" \"id:900001,phase:2,deny\"\n"+
		"SecRule ARGS \"@rx "+strings.Repeat("(", 20_000)+strings.Repeat(")", 20_000)+"\" \"id:900002,phase:2,deny\"\n"+
		"SecRule ARGS \"@rx ^(?:"+strings.Repeat("a?", 3_000)+")+$\" \"id:900003,phase:2,deny\"\n")
	rows, code := gateRows(t, "--profile", "modsecurity2", base, head)
	if code != ExitUndecided && code != ExitFindings {
		t.Errorf("exit %d", code)
	}
	decisions := map[string]int{}
	for _, r := range rows {
		decisions[r.Decision]++
		if r.Decision != "accept" && !strings.HasPrefix(r.Rule, "90000") {
			t.Errorf("rule %s: %s", r.Rule, r.Decision)
		}
		if r.Rule == "900001" && r.Decision != "error" && r.Decision != "reject" {
			t.Errorf("the bomb: %s, %+v", r.Decision, r.Reason)
		}
	}
	if decisions["accept"] < rules || len(rows) != rules+3 {
		t.Errorf("%d rows, %v", len(rows), decisions)
	}
	var out bytes.Buffer
	Main(Command{Args: []string{"gate", base, head, "--max-patterns", "1", "--format", "text"}, Stdout: &out, Stderr: &out, Stdin: strings.NewReader("")})
	if !strings.Contains(out.String(), "large.conf: error: not read: larger than the budget of 33554432 bytes for one file") {
		t.Errorf("the large file is not named: %.500s", out.String())
	}
}
