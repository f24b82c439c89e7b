package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/internal/heap"
)

func main() {
	heap.Settle() // as the command does
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, time.Now))
}

// Exit codes.
const (
	exitSound   = 0
	exitUnsound = 1 // a replay refutes a verdict: an attack of a linear row grows, or none of ours does
	exitUsage   = 2 // a flag, a file or a row could not be read
)

// A command is the program as its flags set it.
type command struct {
	judge    judge
	workers  int
	dialects []corpus.Dialect // measured for every row, whatever it says; nil: the row's own
	columns  []string         // of rows, that hold a peer's results
	peers    map[string]map[string]opinion
	node     string
	json     bool
	rows     bool
	named    int
	only     map[string]bool
	stderr   io.Writer
	problems int
}

// unsaid are the dialects in which a row without one is measured.
var unsaid = []corpus.Dialect{corpus.ECMAScript, corpus.Python, corpus.PCRE}

// run is the program: it returns the exit code.
func run(args []string, stdout, stderr io.Writer, now func() time.Time) int {
	c, files, err := parse(args, stderr, now)
	if errors.Is(err, flag.ErrHelp) {
		return exitSound
	}
	if err != nil {
		fmt.Fprintln(stderr, "scoreboard:", err)
		return exitUsage
	}
	out := bufio.NewWriter(stdout)
	unsound := false
	for _, file := range files {
		tables, err := c.measure(file, out)
		if err != nil {
			fmt.Fprintf(stderr, "scoreboard: %s: %v\n", file, err)
			return exitUsage
		}
		for _, t := range tables {
			if err := c.write(out, t); err != nil {
				fmt.Fprintln(stderr, "scoreboard:", err)
				return exitUsage
			}
			unsound = unsound || t.has(kindUnsound) || t.has(kindOverrun) || t.has(kindHollow)
		}
		if err := out.Flush(); err != nil {
			fmt.Fprintln(stderr, "scoreboard:", err)
			return exitUsage
		}
	}
	fmt.Fprintf(stderr, "peak memory %d MiB, workers %d\n", peak()>>20, c.workers)
	switch {
	case c.problems > 0:
		return exitUsage
	case unsound:
		return exitUnsound
	}
	return exitSound
}

// parse reads the flags.
func parse(args []string, stderr io.Writer, now func() time.Time) (*command, []string, error) {
	c := &command{judge: judge{now: now}, peers: map[string]map[string]opinion{}, stderr: stderr}
	var dialects, columns, format, only string
	var peerFiles []string
	var cpu bool
	f := flag.NewFlagSet("scoreboard", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprint(stderr, "usage: go run ./internal/scoreboard [flags] FILE.jsonl…\n\n  go run ./internal/scoreboard -workers 1 patterns.jsonl\n  go run ./internal/scoreboard -peer other=results.jsonl -format jsonl labelled/*.jsonl\n\n")
		f.PrintDefaults()
	}
	f.IntVar(&c.workers, "workers", runtime.NumCPU(), "rows judged at a time; 1 to measure times")
	f.StringVar(&dialects, "dialect", "", "dialects to measure every row in, separated by commas, instead of the row's own")
	f.StringVar(&columns, "column", "recheck", "columns of the rows that hold a peer's results, separated by commas")
	f.Func("peer", "`NAME=FILE` of a peer's results, one object a line with the row's id; may be repeated", func(s string) error {
		peerFiles = append(peerFiles, s)
		return nil
	})
	f.StringVar(&format, "format", "text", "text or jsonl")
	f.BoolVar(&c.rows, "rows", false, "print every pattern's verdict too, as rows of jsonl: a peer's results to a later run")
	f.StringVar(&only, "only", "", "ids of the rows to measure, separated by commas; all when empty")
	f.StringVar(&c.node, "node", "", "path of a node to put disagreements on ECMAScript patterns to")
	f.IntVar(&c.named, "named", 1000, "rows that a text table names for each kind of finding")
	f.BoolVar(&c.judge.options.Verify, "verify", false, "replay attacks to 10⁷ steps instead of extrapolating their length")
	f.BoolVar(&cpu, "cpu", false, "measure processor time of the whole process instead of the clock's; with one worker, on a busy machine")
	f.BoolVar(&c.judge.replay, "replay", true, "replay the attacks of lists, of peers and our own; false to measure verdicts alone")
	if err := f.Parse(args); err != nil {
		return nil, nil, err
	}
	for _, name := range split(dialects) {
		d, ok := parseDialect(name)
		if !ok {
			return nil, nil, fmt.Errorf("unknown dialect %q", name)
		}
		c.dialects = append(c.dialects, d)
	}
	if format != "text" && format != "jsonl" {
		return nil, nil, fmt.Errorf("unknown format %q, expected text or jsonl", format)
	}
	if c.rows && format != "jsonl" {
		return nil, nil, errors.New("rows are printed as jsonl only")
	}
	if c.workers < 1 || f.NArg() == 0 {
		return nil, nil, errors.New("expected at least one worker and one file")
	}
	if cpu {
		if !hasCPUClock || c.workers != 1 {
			return nil, nil, errors.New("processor time is measured with one worker, on Unix")
		}
		c.judge.now = cpuClock
	}
	c.json, c.columns = format == "jsonl", split(columns)
	if ids := split(only); len(ids) > 0 {
		c.only = map[string]bool{}
		for _, id := range ids {
			c.only[id] = true
		}
	}
	for _, s := range peerFiles {
		name, file, ok := strings.Cut(s, "=")
		if !ok {
			return nil, nil, fmt.Errorf("peer %q, expected NAME=FILE", s)
		}
		if err := c.readPeer(name, file); err != nil {
			return nil, nil, fmt.Errorf("peer %s: %s: %w", name, file, err)
		}
	}
	return c, f.Args(), nil
}

func split(s string) []string {
	return strings.FieldsFunc(s, func(c rune) bool { return c == ',' })
}

func (c *command) readPeer(name, file string) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // it was only read
	return readPeer(in, name, c.peers)
}

// measure judges every row of a file and returns its tables, one a dialect.
func (c *command) measure(file string, out io.Writer) ([]*table, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // it was only read
	byDialect := map[corpus.Dialect]*table{}
	rows := json.NewEncoder(out)
	var failure error
	err = c.judge.stream(in, c.workers, c.read, c.dialectsOf,
		func(j *judgement) {
			t := byDialect[j.dialect]
			if t == nil {
				t = newTable(file, string(j.dialect))
				byDialect[j.dialect] = t
			}
			t.add(j)
			if c.rows && failure == nil {
				failure = rows.Encode(j.output(file))
			}
		},
		func(err error) {
			c.problems++
			fmt.Fprintf(c.stderr, "scoreboard: %s: %v\n", file, err)
		})
	if err := errors.Join(err, failure); err != nil {
		return nil, err
	}
	var tables []*table
	for _, d := range corpus.Dialects {
		t := byDialect[d]
		if t == nil {
			continue
		}
		if c.node != "" && d == corpus.ECMAScript {
			if err := t.settle(context.Background(), c.node); err != nil {
				return nil, err
			}
		}
		t.finish()
		tables = append(tables, t)
	}
	return tables, nil
}

// read reads a row and adds what peers' files say of it.
func (c *command) read(line []byte, n int) (row, error) {
	r, err := readRow(line, n, c.columns)
	for name, o := range c.peers[r.id] {
		r.peers[name] = o
	}
	return r, err
}

func (c *command) dialectsOf(r row) []corpus.Dialect {
	switch {
	case c.only != nil && !c.only[r.id]:
		return nil
	case c.dialects != nil:
		return c.dialects
	case r.dialect != "":
		return []corpus.Dialect{r.dialect}
	}
	return unsaid
}

func (c *command) write(out io.Writer, t *table) error {
	if c.json {
		return t.writeJSON(out)
	}
	t.writeText(out, c.named)
	return nil
}

// has reports whether a table has a finding of a kind.
func (t *table) has(kind string) bool {
	for _, f := range t.rows {
		if f.Kind == kind {
			return true
		}
	}
	return false
}

// peak is the most memory this process has held, in bytes: as the kernel
// counts it where it says so, else what Go has taken from it.
func peak() uint64 {
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		for line := range strings.Lines(string(status)) {
			var kib uint64
			if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kib); n == 1 {
				return kib << 10
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys
}
