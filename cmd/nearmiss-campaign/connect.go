package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A client speaks to JetStream.
type client struct {
	jetstream.JetStream
	conn *nats.Conn
	own  *local // the server of the store where this process runs it
}

// reconnects is how often a connection that broke is tried again, once a
// second: a server or a member of a cluster starts again within a minute.
const reconnects = 60

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
		c, err := dial(own.at.URL, f, own.at.Token)
		if err != nil {
			own.close()
			return nil, err
		}
		c.own = own
		return c, nil
	}
	at, err := readAddress(f.store)
	if err != nil {
		return nil, err
	}
	return dial(at.URL, f, at.Token)
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

func dial(url string, f flags, token string) (*client, error) {
	o := []nats.Option{nats.Name("nearmiss-campaign"), nats.MaxReconnects(reconnects), nats.ReconnectWait(time.Second)}
	if f.creds != "" {
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
	if f.tlsCA != "" {
		o = append(o, nats.RootCAs(f.tlsCA))
	}
	conn, err := nats.Connect(url, o...)
	if errors.Is(err, nats.ErrAuthorization) {
		return nil, usagef("%s: the server refused the credentials", url)
	}
	if err != nil {
		return nil, usagef("%s: %w", url, err)
	}
	js, err := jetstream.New(conn)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &client{JetStream: js, conn: conn}, nil
}

func (c *client) close() {
	c.conn.Close()
	if c.own != nil {
		c.own.close()
	}
}
