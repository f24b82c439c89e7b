package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/nearmiss-dev/nearmiss/internal/cli"
)

// hurried runs a command that does not wait long for room.
func hurried(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	c := command{stdin: strings.NewReader(""), stdout: &o, stderr: &e, putWait: time.Millisecond}
	code = c.main(t.Context(), args)
	return o.String(), e.String(), code
}

// TestFull: a server without room is named as that, in one line, by whoever
// finds out; what is stored stays, workers that come while it is full do not
// count as tries, and with room the campaign goes on to the same rows.
func TestFull(t *testing.T) {
	file, store := list(t, 40), t.TempDir()
	want, _ := fuzzed(t, file)
	server := func(room int64) (url string, stop func()) {
		srv, err := server.NewServer(&server.Options{
			Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: store, JetStreamMaxStore: room, NoSigs: true, NoLog: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		srv.Start()
		if !srv.ReadyForConnections(startWait) {
			t.Fatal("no server")
		}
		return srv.ClientURL(), func() { srv.Shutdown(); srv.WaitForShutdown() }
	}
	const said = "the server has no room left: make some, and the same command goes on"
	there := func(url string, args ...string) []string { return append(args, "--name", "t", "--nats", url) }
	begin := []string{"start", file, "--stable", "--steps", steps, "--tries", "2", "--lost-after", "300ms", "--continue"}

	for i, room := range []int64{1 << 10, 4 << 10, 6 << 10} {
		url, stop := server(room)
		_, errs, code := hurried(t, there(url, begin...)...)
		if code == cli.ExitClean || !strings.Contains(errs, said) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%d: start with room for %d bytes: exit code %d, %s", i, room, code, errs)
		}
		stop()
	}
	url, stop := server(24 << 10)
	must(t, there(url, begin...)...)
	for i := range 5 {
		_, errs, code := hurried(t, there(url, "work", "--workers", "2")...)
		if code == cli.ExitClean || !strings.Contains(errs, said) || strings.Count(errs, "\n") != 1 {
			t.Errorf("worker %d: exit code %d, %s", i, code, errs)
		}
	}
	part, _, code := run(t, there(url, "results")...)
	if n := strings.Count(part, "\n"); code != cli.ExitUndecided || n < 2 || n > 40 {
		t.Errorf("results when full: exit code %d, %d lines", code, n)
	}
	stop()
	url, stop = server(0)
	defer stop()
	must(t, there(url, "work")...)
	same(t, "with room", must(t, there(url, "results")...), want)
}
