package main

import (
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// flags are those of the campaign; start and report have those of fuzz and of
// report besides, which stay in rest.
type flags struct {
	name                          string
	nats, creds, tokenFile, tlsCA string
	store, listen                 string
	tlsCert, tlsKey               string
	format                        string // of status
	wait, goOn, watch, purge      bool
	share                         bool
	workers, tries, replicas      int
	lostAfter                     time.Duration
	now                           func() time.Time
	putWait                       time.Duration
	rest                          []string
}

// set is the flags of a command, those of all for "".
func (f *flags) set(command string) *pflag.FlagSet {
	fs := pflag.NewFlagSet("nearmiss-campaign", pflag.ContinueOnError)
	fs.SortFlags = false
	fs.Usage = func() {}
	fs.StringVar(&f.name, "name", "", "name of the campaign: letters, digits, - and _")
	fs.StringVar(&f.nats, "nats", "", "servers of a NATS cluster with JetStream, separated by commas (default: a server of its own)")
	fs.StringVar(&f.creds, "creds", "", "credentials file for --nats")
	fs.StringVar(&f.tokenFile, "token-file", "", "file with the token that --listen demands and --nats sends")
	fs.StringVar(&f.tlsCA, "tls-ca", "", "certificate authority of the servers of --nats, as PEM")
	fs.StringVar(&f.store, "store", ".nearmiss-campaign", "directory of the own server's files")
	fs.StringVar(&f.listen, "listen", "", "serve: address and port to listen on beyond loopback; needs --token-file")
	fs.StringVar(&f.tlsCert, "tls-cert", "", "serve: certificate, as PEM")
	fs.StringVar(&f.tlsKey, "tls-key", "", "serve: its key, as PEM")
	fs.IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "work, start --wait: patterns judged at a time")
	fs.BoolVar(&f.wait, "wait", false, "start: judge here as well, and write the rows as fuzz does")
	fs.BoolVar(&f.goOn, "continue", false, "start: go on with a campaign whose start was stopped")
	fs.IntVar(&f.tries, "tries", 5, "start: workers that may fail to end a pattern before it is set aside")
	fs.DurationVar(&f.lostAfter, "lost-after", 30*time.Second, "start: silence of a worker after which its pattern goes to another")
	fs.IntVar(&f.replicas, "replicas", 1, "start: servers of a cluster that keep a copy, 1, 3 or 5")
	fs.BoolVar(&f.share, "share", false, "start: try the attacks that were found on all other patterns as well, in a second pass")
	fs.BoolVar(&f.watch, "watch", false, "status: again every second, until the campaign is done")
	if command == "status" || command == "" {
		fs.StringVar(&f.format, "format", "text", "status: text, or jsonl: an object a line; start, report: as those of fuzz and report")
	}
	fs.BoolVar(&f.purge, "purge", false, "cancel: drop the results, too")
	return fs
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// parse takes the campaign's flags out of the arguments of a command.
func parse(name string, args []string) (f flags, err error) {
	fs := f.set(name)
	own, rest := split(fs, args)
	if err := fs.Parse(own); err != nil {
		return f, usageError{err}
	}
	f.rest = rest
	switch {
	case name != "start" && name != "report" && len(rest) > 0:
		return f, usagef("%s: unexpected argument %q: 'nearmiss campaign help' lists the flags", name, rest[0])
	case name != "serve" && !nameForm.MatchString(f.name):
		return f, usagef("%s: --name %q: expected up to 64 letters, digits, - and _", name, f.name)
	case f.workers < 1 || f.tries < 1:
		return f, usagef("--workers %d, --tries %d: expected at least 1", f.workers, f.tries)
	case f.replicas != 1 && f.replicas != 3 && f.replicas != 5:
		return f, usagef("--replicas %d: expected 1, 3 or 5", f.replicas)
	case f.lostAfter < minLost:
		return f, usagef("--lost-after %s: expected at least %s", f.lostAfter, minLost)
	case name == "status" && f.format != "text" && f.format != "jsonl":
		return f, usagef("status: --format %q: expected text or jsonl", f.format)
	case f.listen != "" && name != "serve":
		return f, usagef("--listen: only serve listens beyond loopback")
	case f.nats != "" && name == "serve":
		return f, usagef("serve: --nats names servers that run already")
	}
	return f, nil
}

// minLost leaves a worker time to speak up: three times while it judges.
const minLost = 300 * time.Millisecond

// split separates the flags of a set from everything else.
func split(fs *pflag.FlagSet, args []string) (own, rest []string) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			return own, append(rest, args[i:]...)
		}
		name, long := strings.CutPrefix(a, "--")
		name, _, valued := strings.Cut(name, "=")
		f := fs.Lookup(name)
		if !long || f == nil {
			rest = append(rest, a)
			continue
		}
		own = append(own, a)
		if !valued && f.NoOptDefVal == "" && i+1 < len(args) {
			i++
			own = append(own, args[i])
		}
	}
	return own, rest
}

// fuzzed are the arguments of the run of fuzz, with what cannot be had refused.
func (f flags) fuzzed() ([]string, error) {
	for _, a := range f.rest {
		name, _, _ := strings.Cut(a, "=")
		switch name {
		case "--out", "--resume":
			return nil, usagef("start: %s: the campaign keeps the results, and 'results' writes them", name)
		case "--jobs":
			return nil, usagef("start: --jobs: expected --workers with --wait, or 'work' elsewhere")
		case "--live":
			return nil, usagef("start: --live: engines are timed by 'fuzz' alone, on a machine that does nothing else")
		case "--format":
			if !f.wait {
				return nil, usagef("start: --format: expected --wait, or 'results' later")
			}
		case "-":
			if f.goOn {
				return nil, usagef("start: --continue reads the corpus again: expected files, not the standard input")
			}
		}
	}
	return append([]string{"fuzz"}, f.rest...), nil
}
