package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/internal/cli"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// sharing writes a corpus some of whose patterns a short search finds no attack
// on, while attacks on the others work on them.
func sharing(t *testing.T) string {
	t.Helper()
	texts := []string{
		`(.*) and (.*) as (.*)`, `( *)x`, `^(a|a)*b`, `(`, `(.*?) and (.*?) as (\w+)`, `abc`, `(\w+)\s+(\w+)\s*=`, `(.*?)([?*]|$)`,
		`(.*)=(.*)`, `^(\d|\d\d)*z`, `^\s*([A-Za-z0-9 '/-]+)\s+\(([0-9]+),([0-9A-Fa-fx]+)\)\s+([1-3])\s+.*$`, `(.*?)/(.*?)/(.*?)/(.*)$`,
		`(?P<a>.*)/x/(?P<b>.+)/(?P<c>.+?)\.js$`, `[0-9]*z`, `a+\d`, `\s+$`,
	}
	var b strings.Builder
	for _, text := range texts {
		line, err := json.Marshal(map[string]string{"pattern": text})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	b.WriteString("{\"pattern\":\n")
	file := filepath.Join(t.TempDir(), "list.jsonl")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// shared are the arguments of a start that shares attacks, by a search alone.
func shared(store, file string, more ...string) []string {
	return append([]string{"start", file, "--store", store, "--name", "t", "--share", "--stable", "--no-static", "--steps", "10000", "--compare", "none"}, more...)
}

// TestShare: with attacks shared, too, the rows are the same whatever the number
// of workers, also where these are processes that come one after the other, or
// die; and rows that changed name the attacks that did it.
func TestShare(t *testing.T) {
	file := sharing(t)
	var want string
	for _, workers := range []string{"1", "2", "3"} {
		store := filepath.Join(t.TempDir(), "store")
		got, errs, code := run(t, shared(store, file, "--wait", "--workers", workers, "--format", "jsonl", "--progress", "none")...)
		if code == cli.ExitUsage || code == cli.ExitFault {
			t.Fatalf("%s workers: exit code %d: %s", workers, code, errs)
		}
		if want == "" {
			want = got
		}
		same(t, workers+" workers", got, want)
		same(t, "results", must(t, "results", "--store", store, "--name", "t"), want)
		s := must(t, "status", "--store", store, "--name", "t")
		if !strings.HasPrefix(s, "campaign t: complete,") || !strings.Contains(s, "17 of 17 (100%) with the attacks on others, ") {
			t.Errorf("status: %s", s)
		}
	}
	changed := 0
	seqs := map[int]bool{}
	for line := range strings.Lines(want) {
		e, err := report.Decode([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		if e.Row == nil {
			continue
		}
		seqs[e.Row.Seq] = len(e.Row.Verdict.Witnesses) > 0
		if e.Row.Shared == nil {
			continue
		}
		changed++
		for _, a := range e.Row.Shared.Attacks {
			if a.Seq == e.Row.Seq || a.Witness.PumpLen() == 0 {
				t.Errorf("row %d: attack %+v", e.Row.Seq, a)
			}
		}
	}
	if changed == 0 {
		t.Error("no row changed: the test shows nothing")
	}

	// Workers one after the other, each killed once it has judged something, in
	// either pass.
	store := filepath.Join(t.TempDir(), "store")
	served(t, store)
	must(t, shared(store, file, "--lost-after", "300ms", "--tries", "99")...)
	js, err := connect(flags{store: store})
	if err != nil {
		t.Fatal(err)
	}
	defer js.close()
	for _, p := range []pass{firstPass, secondPass} {
		w := process(t, "", "work", "--store", store, "--name", "t", "--workers", "2")
		_, before, err := js.counts(t.Context(), p, "t")
		if err != nil {
			t.Fatal(err)
		}
		wait(t, "a result of the "+p.results+"s", func() bool {
			_, done, err := js.counts(t.Context(), p, "t")
			return err == nil && (done > before || done == 17)
		})
		kill(t, w)
	}
	must(t, "work", "--store", store, "--name", "t", "--workers", "3")
	same(t, "after kills", must(t, "results", "--store", store, "--name", "t"), want)

	// The bucket is bounded, and holds what the rows say.
	attacks, err := js.frozen(t.Context(), "t")
	if err != nil || len(attacks) == 0 {
		t.Fatalf("%d attacks: %v", len(attacks), err)
	}
	kv, err := js.KeyValue(t.Context(), attacksBucket("t"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := kv.Get(t.Context(), attacksKey)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := js.fittest(t.Context(), "t"); err != nil || string(again) != string(e.Value()) {
		t.Errorf("the bucket holds other attacks than the rows: %v", err)
	}
	if st, err := kv.Status(t.Context()); err != nil || st.Config().MaxBytes != 2*maxAttacksBytes {
		t.Errorf("the bucket has no bound: %v", err)
	}
}

// TestSharePoison: a pattern that ends every worker which tries the attacks on
// it keeps its first row, which says so.
func TestSharePoison(t *testing.T) {
	if !*long {
		t.Skip("needs -campaign")
	}
	file, store := sharing(t), filepath.Join(t.TempDir(), "store")
	served(t, store)
	must(t, shared(store, file, "--lost-after", "300ms", "--tries", "1")...)
	for tries := 0; ; tries++ {
		if process(t, fatalEnv+"="+fatalSecond, "work", "--store", store, "--name", "t", "--workers", "1").Wait() == nil {
			break
		}
		if tries > 17 {
			t.Fatal("workers end without end")
		}
	}
	aside := 0
	for line := range strings.Lines(must(t, "results", "--store", store, "--name", "t")) {
		e, err := report.Decode([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		if e.Row == nil || e.Row.Shared == nil {
			continue
		}
		aside++
		if s := e.Row.Shared; s.Reason == nil || !strings.Contains(s.Reason.Message, "set aside: 1 workers began it") || len(s.Attacks) > 0 {
			t.Errorf("row %d: %+v", e.Row.Seq, s)
		}
	}
	if s := must(t, "status", "--store", store, "--name", "t"); aside == 0 || !strings.Contains(s, fmt.Sprintf("set aside %d:", aside)) || !strings.Contains(s, ", 0 changed") {
		t.Errorf("%d rows set aside, status: %s", aside, s)
	}
}

// TestShareContinue: a campaign goes on as it was begun, with sharing or
// without.
func TestShareContinue(t *testing.T) {
	file, store := sharing(t), filepath.Join(t.TempDir(), "store")
	served(t, store)
	must(t, shared(store, file)...)
	args := shared(store, file, "--continue")
	args = append(args[:6:6], args[7:]...) // without --share
	if _, errs, code := run(t, args...); code == cli.ExitClean || !strings.Contains(errs, "begun with --share true, now false") {
		t.Errorf("without --share: exit code %d, %s", code, errs)
	}
	must(t, "pause", "--store", store, "--name", "t")
	must(t, "resume", "--store", store, "--name", "t")
	must(t, "work", "--store", store, "--name", "t")
	must(t, "cancel", "--purge", "--store", store, "--name", "t")
	js, err := connect(flags{store: store})
	if err != nil {
		t.Fatal(err)
	}
	defer js.close()
	left := js.StreamNames(t.Context())
	for name := range left.Name() {
		if name != "KV_"+bucket {
			t.Errorf("left behind: %s", name)
		}
	}
	if err := left.Err(); err != nil {
		t.Error(err)
	}
}
