package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/nearmiss-dev/nearmiss/internal/cli"
)

// long asks for the campaigns that take minutes.
var long = flag.Bool("campaign", false, "kill workers, servers and members of a cluster in the middle of larger campaigns")

// memberEnv makes the test binary a member of a cluster.
const memberEnv = "NEARMISS_TEST_MEMBER"

// A member is a server of a cluster on loopback.
type member struct {
	Name          string
	Client, Route int
	Routes        []int
	Store         string
}

// serveMember is the process of a member.
func serveMember(text string) int {
	var m member
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return cli.ExitUsage
	}
	o := &server.Options{
		ServerName: m.Name, Host: "127.0.0.1", Port: m.Client, JetStream: true, StoreDir: m.Store, NoLog: true,
		MaxPayload: maxPayload, MaxPending: 4 * maxPayload,
		Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: m.Route},
	}
	for _, port := range m.Routes {
		o.Routes = append(o.Routes, &url.URL{Scheme: "nats-route", Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))})
	}
	srv, err := server.NewServer(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return cli.ExitFault
	}
	srv.Start()
	srv.WaitForShutdown()
	return cli.ExitClean
}

// ports are so many that are free.
func ports(t *testing.T, n int) (out []int) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }() // held until all are known
		out = append(out, l.Addr().(*net.TCPAddr).Port)
	}
	return out
}

func (m member) start(t *testing.T) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), memberEnv+"="+string(text))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// TestCluster: three servers on loopback with three copies, of which one after
// the other is killed under two workers: the rows are those of one process.
func TestCluster(t *testing.T) {
	if !*long {
		t.Skip("needs -campaign")
	}
	dir := t.TempDir()
	const size = 3
	p := ports(t, 2*size)
	members := make([]member, size)
	processes := make([]*exec.Cmd, size)
	var urls []string
	for i := range members {
		members[i] = member{fmt.Sprintf("n%d", i), p[i], p[size+i], p[size:], filepath.Join(dir, fmt.Sprint(i))}
		urls = append(urls, fmt.Sprintf("nats://127.0.0.1:%d", p[i]))
	}
	for i, m := range members {
		processes[i] = m.start(t)
		t.Cleanup(func() {
			_ = processes[i].Process.Kill() // it may have been killed already
			_ = processes[i].Wait()
		})
	}
	file := list(t, 400)
	want, _ := fuzzed(t, file)
	there := func(args ...string) []string {
		return append(args, "--name", "t", "--nats", strings.Join(urls, ","))
	}
	var begun string
	wait(t, "the cluster", func() bool {
		_, errs, code := run(t, there("start", file, "--stable", "--steps", steps, "--replicas", "3", "--lost-after", "2s", "--tries", "99", "--continue")...)
		begun = errs
		return code == cli.ExitClean
	})
	if !strings.Contains(begun, "401 tasks queued") {
		t.Fatal(begun)
	}
	workers := []*exec.Cmd{process(t, "", there("work", "--workers", "1")...), process(t, "", there("work", "--workers", "1")...)}
	js, err := dial(strings.Join(urls, ","), flags{nats: strings.Join(urls, ",")}, "")
	if err != nil {
		t.Fatal(err)
	}
	defer js.close()
	past := func(n uint64) {
		wait(t, fmt.Sprintf("%d results", n), func() bool {
			_, done, err := js.counts(t.Context(), firstPass, "t")
			return err == nil && done >= n
		})
	}
	past(20)
	for i := range members {
		kill(t, processes[i])
		past(uint64(100 + 60*i)) // without that member
		processes[i] = members[i].start(t)
		past(uint64(130 + 60*i))
	}
	for i, w := range workers {
		if err := w.Wait(); err != nil {
			t.Errorf("worker %d: %v", i, err)
		}
	}
	wait(t, "the last leader", func() bool {
		got, _, code := run(t, there("results")...)
		if code == cli.ExitClean {
			same(t, "from the cluster", got, want)
		}
		return code == cli.ExitClean
	})
}

// TestKills kills a worker ten times, and the process with the embedded server
// three times, in one campaign: nothing is lost, and nothing is there twice.
func TestKills(t *testing.T) {
	if !*long {
		t.Skip("needs -campaign")
	}
	file, store := list(t, 300), filepath.Join(t.TempDir(), "store")
	want, code := fuzzed(t, file)
	serve := func() *exec.Cmd {
		cmd := process(t, "", "serve", "--store", store)
		wait(t, "the server", func() bool {
			a, err := readAddress(store)
			if err != nil {
				return false
			}
			js, err := dial(a.URL, flags{store: store}, a.Token)
			if err != nil {
				return false
			}
			js.close()
			return true
		})
		return cmd
	}
	at := serve()
	must(t, started(store, file, "--lost-after", "500ms", "--tries", "999")...)
	done := func() uint64 {
		js, err := connect(flags{store: store})
		if err != nil {
			return 0
		}
		defer js.close()
		_, n, err := js.counts(t.Context(), firstPass, "t")
		if err != nil {
			return 0
		}
		return n
	}
	var had uint64
	for i := range 10 {
		w := process(t, "", "work", "--store", store, "--name", "t", "--workers", "2")
		wait(t, fmt.Sprintf("a result of worker %d", i), func() bool { return done() > had+10 })
		if i%3 == 2 { // the server goes first, under the worker
			kill(t, at)
			time.Sleep(50 * time.Millisecond)
			kill(t, w)
			at = serve()
		} else {
			kill(t, w)
		}
		had = done()
	}
	if had >= 301 {
		t.Fatal("all was judged before the last kill: the test shows nothing")
	}
	must(t, "work", "--store", store, "--name", "t", "--workers", "2")
	same(t, "after all", must(t, "results", "--store", store, "--name", "t"), want)
	kill(t, at)
	got, errs, c := run(t, started(store, file, "--wait", "--continue", "--format", "jsonl", "--progress", "none")...)
	if c != code {
		t.Errorf("exit code %d, want %d: %s", c, code, errs)
	}
	same(t, "start --continue at the end", got, want)
}

// TestMissing: results that a server lost are no reason to wait for ever.
func TestMissing(t *testing.T) {
	if !*long {
		t.Skip("needs -campaign")
	}
	file, store := list(t, 4), filepath.Join(t.TempDir(), "store")
	served(t, store)
	must(t, started(store, file)...)
	js, err := connect(flags{store: store})
	if err != nil {
		t.Fatal(err)
	}
	defer js.close()
	cons, err := js.Consumer(t.Context(), tasksStream("t"), firstPass.reader)
	if err != nil {
		t.Fatal(err)
	}
	m, err := cons.Next()
	if err != nil {
		t.Fatal(err)
	}
	if err := m.DoubleAck(t.Context()); err != nil { // as if its result had been there
		t.Fatal(err)
	}
	if _, errs, code := run(t, "work", "--store", store, "--name", "t"); code != cli.ExitFault || !strings.Contains(errs, "results are missing that the server had stored") {
		t.Errorf("exit code %d, %s", code, errs)
	}
}
