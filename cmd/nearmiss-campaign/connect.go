package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A client speaks to JetStream.
type client struct {
	jetstream.JetStream
	conn *nats.Conn
	own  *local // the server of the store where this process runs it
	// store is the directory of the own server, "" for others'.
	store string
	// as names this process among the workers.
	as string
	// putWait is the time between two tries to store a message.
	putWait time.Duration
}

// reconnects is how often a connection that broke is tried again, once a
// second: a server or a member of a cluster starts again within a minute.
const reconnects = 60

// publishTimeout is how long the server's word on a task is waited for before
// the task is sent again.
const publishTimeout = 5 * time.Second

// connect finds the servers: those of --nats, the one that runs on the store,
// or one that it starts there.
func connect(f flags) (*client, error) {
	if f.nats != "" {
		return dial(f.nats, f, "")
	}
	own, err := serveStore(f)
	if err != nil {
		return nil, err
	}
	if own != nil {
		c, err := dial(own.at.URL, f, own.at.Token, nats.InProcessServer(own.srv))
		if err != nil {
			own.close()
			return nil, err
		}
		c.own, c.store = own, f.store
		return c, nil
	}
	at, err := readAddress(f.store)
	if err != nil {
		return nil, err
	}
	c, err := dial(at.URL, f, at.Token)
	if err == nil {
		c.store = f.store
	}
	return c, err
}

// readAddress waits for the process that has the lock to say where it serves.
func readAddress(store string) (a address, err error) {
	file := filepath.Join(store, addressFile)
	for range 50 {
		b, err := os.ReadFile(file)
		if err == nil {
			if err := json.Unmarshal(b, &a); err != nil {
				return a, fmt.Errorf("%s: %w", file, err)
			}
			return a, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return a, err
		}
		time.Sleep(100 * time.Millisecond)
	}
	return a, fmt.Errorf("%s: another process holds the store, but does not say where it serves", store)
}

func dial(url string, f flags, token string, more ...nats.Option) (*client, error) {
	o := []nats.Option{nats.Name("nearmiss-campaign"), nats.MaxReconnects(reconnects), nats.ReconnectWait(time.Second)}
	if f.creds != "" {
		if _, err := os.ReadFile(f.creds); err != nil {
			return nil, usagef("--creds: %w", err)
		}
		o = append(o, nats.UserCredentials(f.creds))
	}
	if f.nats != "" && f.tokenFile != "" {
		var err error
		if token, err = readToken(f.tokenFile); err != nil {
			return nil, err
		}
	}
	if token != "" {
		o = append(o, nats.Token(token))
	}
	o = append(o, more...)
	if f.tlsCA != "" {
		pool, err := authorities(f.tlsCA)
		if err != nil {
			return nil, err
		}
		o = append(o, nats.Secure(&tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12, Time: f.now}))
	}
	conn, err := nats.Connect(url, o...)
	if err != nil {
		return nil, usagef("%s: %w", url, refused(err, f))
	}
	js, err := jetstream.New(conn, jetstream.WithPublishAsyncMaxPending(ahead), jetstream.WithPublishAsyncTimeout(publishTimeout))
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &client{JetStream: js, conn: conn, as: workerName(), putWait: f.putWait}, nil
}

func authorities(file string) (*x509.CertPool, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, usagef("--tls-ca: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(b) {
		return nil, usagef("--tls-ca %s: expected a certificate as PEM", file)
	}
	return pool, nil
}

// refused says what to do about a connection that was not made.
func refused(err error, f flags) error {
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired):
		given := "none were given"
		switch {
		case f.creds != "":
			given = "those of --creds " + f.creds
		case f.nats != "" && f.tokenFile != "":
			given = "the token of --token-file " + f.tokenFile
		case f.nats == "":
			given = "the token of --store " + f.store
		}
		return fmt.Errorf("the server refused the credentials (%s)", given)
	case errors.As(err, &unknown):
		return fmt.Errorf("%w: expected --tls-ca with the authority of the servers", err)
	case errors.Is(err, nats.ErrNoServers):
		return errors.New("no server answers there")
	}
	return err
}

// lost says why a connection that broke was given up.
func (c *client) lost(err error) error {
	if last := c.conn.LastError(); last != nil {
		err = last
	}
	if errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) || errors.Is(err, nats.ErrAuthRevoked) {
		return fmt.Errorf("the server does not take the credentials any more: %w", err)
	}
	return fmt.Errorf("the connection to the server was lost: %w", err)
}

// workerName is this process's, as the host's name and the number of the
// process; in a container, whose processes all have the number 1, the host has
// a name of its own.
func workerName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	host = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return '_'
		}
		return r
	}, host)
	return fmt.Sprintf("%s-%d", host, os.Getpid())
}

func (c *client) close() {
	c.conn.Close()
	if c.own != nil {
		c.own.close()
	}
}
