package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/nearmiss-dev/nearmiss/internal/cli"
)

// An address says how to reach the server of a store. Its file is readable to
// its owner alone: who can read it may speak to the server.
type address struct {
	URL   string `json:"url"`
	Token string `json:"token"`
}

const (
	lockFile    = "lock"
	addressFile = "server.json"
	// tokenBytes is the shortest token that --listen takes: 16 bytes, what a
	// guess over a network does not find.
	tokenBytes = 16
	// startWait bounds the start of the server: a store of some gigabytes is
	// read in seconds.
	startWait = 60 * time.Second
)

// A local is the server of a store, in this process.
type local struct {
	srv  *server.Server
	lock *flock.Flock
	file string
	at   address
}

// serveStore starts the server of a store; nil where another process runs it.
func serveStore(f flags) (*local, error) {
	if err := os.MkdirAll(f.store, 0o700); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(f.store, lockFile))
	if ok, err := lock.TryLock(); err != nil || !ok {
		return nil, err
	}
	l, err := startServer(f)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	l.lock, l.file = lock, filepath.Join(f.store, addressFile)
	if err := l.tell(); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func startServer(f flags) (*local, error) {
	o := &server.Options{
		ServerName: "nearmiss-campaign", Host: "127.0.0.1", Port: server.RANDOM_PORT, Authorization: rand.Text(),
		JetStream: true, StoreDir: f.store, NoSigs: true, NoLog: true, DisableJetStreamBanner: true,
		MaxPayload: maxPayload, MaxPending: 4 * maxPayload,
	}
	if err := listening(o, f); err != nil {
		return nil, err
	}
	srv, err := server.NewServer(o)
	if err != nil {
		return nil, err
	}
	srv.Start()
	if !srv.ReadyForConnections(startWait) {
		srv.Shutdown()
		return nil, fmt.Errorf("the server of %s could not start listening on %s", f.store, net.JoinHostPort(o.Host, strconv.Itoa(o.Port)))
	}
	return &local{srv: srv, at: address{srv.ClientURL(), o.Authorization}}, nil
}

// listening sets what --listen asks for. Whoever reaches the port can read and
// write results: none without a token.
func listening(o *server.Options, f flags) error {
	if f.listen == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(f.listen)
	if err == nil {
		o.Port, err = strconv.Atoi(port)
	}
	if err != nil {
		return usagef("--listen %q: expected an address and a port, as 10.0.0.1:4222", f.listen)
	}
	if f.tokenFile == "" {
		return usagef("--listen %s: expected --token-file: a server that others reach needs credentials", f.listen)
	}
	token, err := readToken(f.tokenFile)
	if err != nil {
		return err
	}
	if len(token) < tokenBytes {
		return usagef("--token-file %s: expected at least %d bytes", f.tokenFile, tokenBytes)
	}
	o.Host, o.Authorization = host, token
	if f.tlsCert == "" && f.tlsKey == "" {
		return nil
	}
	cert, err := tls.LoadX509KeyPair(f.tlsCert, f.tlsKey)
	if err != nil {
		return usagef("--tls-cert %s, --tls-key %s: %w", f.tlsCert, f.tlsKey, err)
	}
	o.TLS, o.TLSConfig, o.TLSTimeout = true, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}, 5
	return nil
}

func readToken(file string) (string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return "", usagef("--token-file: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// tell writes down how the server is reached, all at once.
func (l *local) tell() error {
	b, err := json.Marshal(l.at)
	if err != nil {
		return err
	}
	next := l.file + ".new"
	if err := os.WriteFile(next, b, 0o600); err != nil {
		return err
	}
	return os.Rename(next, l.file)
}

func (l *local) close() {
	_ = os.Remove(l.file) // whoever reads it later finds nobody there
	l.srv.Shutdown()
	l.srv.WaitForShutdown()
	_ = l.lock.Unlock() // the end of the process lets it go as well
}

// serve keeps the server of a store up until it is told to end.
func (c command) serve(ctx context.Context, f flags) (int, error) {
	l, err := serveStore(f)
	if err != nil {
		return 0, err
	}
	if l == nil {
		return 0, usagef("serve: another process runs the server of %s", f.store)
	}
	defer l.close()
	if _, err := fmt.Fprintf(c.stderr, "nearmiss-campaign: serving %s on %s\n", f.store, l.at.URL); err != nil {
		return 0, err
	}
	<-ctx.Done()
	return cli.ExitClean, nil
}
