package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"github.com/nearmiss-dev/nearmiss/internal/cli"
)

// certified writes an authority's certificate, and one for loopback that it
// signed, with the key.
func certified(t *testing.T, dir string) (ca, cert, key string) {
	t.Helper()
	write := func(name, kind string, der []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	sign := func(c, by *x509.Certificate, public, private *ecdsa.PrivateKey) []byte {
		der, err := x509.CreateCertificate(rand.Reader, c, by, &public.PublicKey, private)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	newKey := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	from, to := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: from, NotAfter: to,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	rootKey, leafKey := newKey(), newKey()
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "server"}, NotBefore: from, NotAfter: to,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.MarshalECPrivateKey(leafKey)
	if err != nil {
		t.Fatal(err)
	}
	return write("ca.pem", "CERTIFICATE", sign(root, root, rootKey, rootKey)),
		write("cert.pem", "CERTIFICATE", sign(leaf, root, leafKey, rootKey)), write("key.pem", "EC PRIVATE KEY", der)
}

// An authority makes accounts and users as an operator of NATS does.
type authority struct {
	t        *testing.T
	operator nkeys.KeyPair
	account  nkeys.KeyPair
}

func (a authority) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

func (a authority) public(k nkeys.KeyPair) string {
	p, err := k.PublicKey()
	a.must(err)
	return p
}

// creds writes the credentials file of a user of the account.
func (a authority) creds(file string, by nkeys.KeyPair, expires time.Time) string {
	user, err := nkeys.CreateUser()
	a.must(err)
	claims := jwt.NewUserClaims(a.public(user))
	claims.IssuerAccount = ""
	if !expires.IsZero() {
		claims.Expires = expires.Unix()
	}
	token, err := claims.Encode(by)
	a.must(err)
	seed, err := user.Seed()
	a.must(err)
	text, err := jwt.FormatUserConfig(token, seed)
	a.must(err)
	a.must(os.WriteFile(file, text, 0o600))
	return file
}

// trusting runs a server that speaks TLS and takes the users of an account.
func (a authority) trusting(dir, cert, key string) string {
	claims := jwt.NewAccountClaims(a.public(a.account))
	claims.Limits.JetStreamLimits = jwt.JetStreamLimits{MemoryStorage: -1, DiskStorage: -1}
	account, err := claims.Encode(a.operator)
	a.must(err)
	system, err := nkeys.CreateAccount()
	a.must(err)
	sysClaims, err := jwt.NewAccountClaims(a.public(system)).Encode(a.operator)
	a.must(err)
	op := jwt.NewOperatorClaims(a.public(a.operator))
	op.SystemAccount = a.public(system)
	resolver := &server.MemAccResolver{}
	a.must(resolver.Store(a.public(a.account), account))
	a.must(resolver.Store(a.public(system), sysClaims))
	pair, err := tls.LoadX509KeyPair(cert, key)
	a.must(err)
	return running(a.t, &server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: filepath.Join(dir, "server"), NoSigs: true, NoLog: true,
		MaxPayload: maxPayload, MaxPending: 4 * maxPayload,
		TrustedOperators: []*jwt.OperatorClaims{op}, SystemAccount: a.public(system), AccountResolver: resolver,
		TLS: true, TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, TLSTimeout: 5,
	})
}

// running starts a server for the length of a test, and says where.
func running(t *testing.T, o *server.Options) string {
	t.Helper()
	srv, err := server.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	srv.Start()
	t.Cleanup(func() { srv.Shutdown(); srv.WaitForShutdown() })
	if !srv.ReadyForConnections(startWait) {
		t.Fatal("no server")
	}
	return srv.ClientURL()
}

// TestCreds: on a server that speaks TLS and wants credentials, those of its
// account run a campaign, and all others are told why not, in one line.
func TestCreds(t *testing.T) {
	dir := t.TempDir()
	ca, cert, key := certified(t, dir)
	a := authority{t: t}
	var err error
	a.operator, err = nkeys.CreateOperator()
	a.must(err)
	a.account, err = nkeys.CreateAccount()
	a.must(err)
	stranger, err := nkeys.CreateAccount()
	a.must(err)
	url := strings.Replace(a.trusting(dir, cert, key), "nats://", "tls://", 1)
	in := func(name string) string { return filepath.Join(dir, name) }
	good := a.creds(in("good.creds"), a.account, time.Time{})

	file := list(t, 8)
	want, _ := fuzzed(t, file)
	there := []string{"--name", "t", "--nats", url, "--tls-ca", ca, "--creds", good}
	must(t, append([]string{"start", file, "--stable", "--steps", steps}, there...)...)
	must(t, append([]string{"work", "--workers", "2"}, there...)...)
	same(t, "over TLS", must(t, append([]string{"results"}, there...)...), want)

	if err := os.WriteFile(in("none.pem"), []byte("none"), 0o600); err != nil {
		t.Fatal(err)
	}
	otherCA, _, _ := certified(t, t.TempDir())
	for what, c := range map[string]struct {
		args []string
		want string
	}{
		"no credentials":            {[]string{"--tls-ca", ca}, "the server refused the credentials (none were given)"},
		"a stranger's":              {[]string{"--tls-ca", ca, "--creds", a.creds(in("stranger.creds"), stranger, time.Time{})}, "the server refused the credentials (those of --creds " + in("stranger.creds") + ")"},
		"expired ones":              {[]string{"--tls-ca", ca, "--creds", a.creds(in("old.creds"), a.account, time.Now().Add(-time.Hour))}, "the server refused the credentials (those of --creds " + in("old.creds") + ")"},
		"a file that is none":       {[]string{"--tls-ca", ca, "--creds", ca}, "no nkey seed found"},
		"no file":                   {[]string{"--tls-ca", ca, "--creds", in("missing")}, "--creds: open " + in("missing")},
		"no authority":              {[]string{"--creds", good}, "certificate signed by unknown authority: expected --tls-ca with the authority of the servers"},
		"another authority":         {[]string{"--tls-ca", otherCA, "--creds", good}, "certificate signed by unknown authority"},
		"an authority that is none": {[]string{"--tls-ca", in("none.pem"), "--creds", good}, "--tls-ca " + in("none.pem") + ": expected a certificate as PEM"},
		"no server":                 {[]string{"--nats", "nats://127.0.0.1:1"}, "nats://127.0.0.1:1: no server answers there"},
	} {
		_, errs, code := run(t, append([]string{"status", "--name", "t", "--nats", url}, c.args...)...)
		if code != cli.ExitUsage || !strings.Contains(errs, c.want) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: exit code %d, %swant %s", what, code, errs, c.want)
		}
	}
}

// TestListenTLS: serve on an address of one's own with a token and TLS.
func TestListenTLS(t *testing.T) {
	dir := t.TempDir()
	ca, cert, key := certified(t, dir)
	token := filepath.Join(dir, "token")
	if err := os.WriteFile(token, []byte("0123456789abcdef"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := serveStore(flags{store: filepath.Join(dir, "store"), listen: "127.0.0.1:-1", tokenFile: token, tlsCert: cert, tlsKey: key})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	_, port, err := net.SplitHostPort(l.srv.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"status", "--name", "t", "--nats", "tls://127.0.0.1:" + port, "--token-file", token}
	if _, errs, code := run(t, append(args, "--tls-ca", ca)...); code != cli.ExitUsage || !strings.Contains(errs, `no campaign "t" there`) {
		t.Errorf("exit code %d, %s", code, errs)
	}
	if _, errs, code := run(t, args...); code != cli.ExitUsage || !strings.Contains(errs, "expected --tls-ca") {
		t.Errorf("without --tls-ca: exit code %d, %s", code, errs)
	}
	for want, args := range map[string][]string{
		"--tls-cert " + cert + ", --tls-key : ": {"--tls-cert", cert},
		"--tls-cert , --tls-key " + key + ": ":  {"--tls-key", key},
	} {
		args = append([]string{"serve", "--store", filepath.Join(dir, "other"), "--listen", "127.0.0.1:-1", "--token-file", token}, args...)
		if _, errs, code := run(t, args...); code != cli.ExitUsage || !strings.Contains(errs, want) {
			t.Errorf("serve %q: exit code %d, %s", args, code, errs)
		}
	}
}

// at runs a command on a machine whose clock is off by so much.
func at(t *testing.T, off time.Duration, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	c := command{stdin: strings.NewReader(""), stdout: &o, stderr: &e, now: func() time.Time { return time.Now().Add(off) }}
	code = c.main(t.Context(), args)
	return o.String(), e.String(), code
}

// TestClock: machines whose clocks are years apart run one campaign: the rows
// are the same, and the state is told by the server's clock. What a clock does
// decide is whether a certificate is valid, and that is said.
func TestClock(t *testing.T) {
	const year = 365 * 24 * time.Hour
	file, store := list(t, 12), filepath.Join(t.TempDir(), "store")
	want, _ := fuzzed(t, file)
	served(t, store)
	for i, args := range [][]string{
		started(store, file), {"pause", "--store", store, "--name", "t"}, {"status", "--store", store, "--name", "t"},
		{"resume", "--store", store, "--name", "t"}, {"work", "--store", store, "--name", "t"}, {"results", "--store", store, "--name", "t"},
	} {
		out, errs, code := at(t, []time.Duration{-40 * year, -140 * year, 0, 40 * year, 30 * year, -20 * year}[i], args...)
		if code != cli.ExitClean {
			t.Fatalf("%q: exit code %d, %s", args, code, errs)
		}
		switch args[0] {
		case "status":
			if !regexp.MustCompile(`^campaign t: paused, begun ([0-9]+m)?([0-9]+s)? ago\n`).MatchString(out) {
				t.Errorf("status: %s", out)
			}
		case "results":
			same(t, "results", out, want)
		}
	}

	dir := t.TempDir()
	ca, cert, key := certified(t, dir)
	token := filepath.Join(dir, "token")
	if err := os.WriteFile(token, []byte("0123456789abcdef"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := serveStore(flags{store: filepath.Join(dir, "store"), listen: "127.0.0.1:-1", tokenFile: token, tlsCert: cert, tlsKey: key})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	args := []string{"work", "--name", "t", "--nats", "tls://" + l.srv.Addr().String(), "--token-file", token, "--tls-ca", ca}
	for off, want := range map[time.Duration]string{
		0: `no campaign "t" there`, -year: "certificate has expired or is not yet valid: current time ", year: "certificate has expired or is not yet valid: current time ",
	} {
		if _, errs, code := at(t, off, args...); code != cli.ExitUsage || !strings.Contains(errs, want) || strings.Count(errs, "\n") != 1 {
			t.Errorf("a clock off by %s: exit code %d, %s", off, code, errs)
		}
	}
}
