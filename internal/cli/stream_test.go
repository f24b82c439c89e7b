package cli

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

var campaigns = flag.Bool("campaign", false, "run the long tests")

// rowsOf makes a list of n rows as it is read.
type rowsOf struct {
	n, made int
	rest    []byte
}

func (r *rowsOf) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.made == r.n {
			return 0, io.EOF
		}
		r.rest = fmt.Appendf(nil, `{"id":"%d","pattern":"a%d"}`+"\n", r.made, r.made)
		r.made++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// A tally counts the rows that are written, checks their order, and looks at
// how far ahead of it the input was read.
type tally struct {
	t     *testing.T
	in    *rowsOf
	next  int
	ahead int
	heap  uint64
	tail  []byte
}

func (w *tally) Write(p []byte) (int, error) {
	w.tail = append(w.tail, p...)
	for {
		line, rest, ok := bytes.Cut(w.tail, []byte("\n"))
		if !ok {
			break
		}
		if id := fmt.Sprintf(`{"schema":1,"id":"%d",`, w.next); bytes.HasPrefix(line, []byte(id)) {
			w.next++
		} else if !bytes.HasPrefix(line, []byte(`{"summary"`)) {
			w.t.Fatalf("row %d: %s", w.next, line)
		}
		w.tail = rest
	}
	w.ahead = max(w.ahead, w.in.made-w.next)
	if w.next%10_000 < 100 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		w.heap = max(w.heap, m.HeapAlloc)
	}
	return len(p), nil
}

// A list is judged as it is read: rows come out in their order, and only a
// window of them is held.
func TestLintStreams(t *testing.T) {
	n := 20_000
	if *campaigns {
		n = 1_000_000
	}
	in := &rowsOf{n: n}
	out := &tally{t: t, in: in}
	var errs strings.Builder
	code := Main(Command{
		Args: []string{"lint", "--format", "jsonl", "--stable", "--jobs", "4", "-"}, Stdin: in, Stdout: out, Stderr: &errs,
		Analyze: func(p corpus.Pattern, _ verdict.Options) verdict.Verdict {
			return verdict.Verdict{Pattern: p, Kind: verdict.Linear}
		},
	})
	if code != ExitClean || out.next != n {
		t.Fatalf("exit %d after %d rows: %s", code, out.next, errs.String())
	}
	// The reader's buffer, the window, and the writer's buffer.
	if out.ahead > 5000 {
		t.Errorf("%d rows were read ahead", out.ahead)
	}
	if out.heap > 64<<20 {
		t.Errorf("%d bytes of heap", out.heap)
	}
	t.Logf("%d rows, %d ahead, %d KiB of heap", n, out.ahead, out.heap>>10)
}

// A terminal that does not take the output ends the run with a fault.
func TestOutputFails(t *testing.T) {
	var errs strings.Builder
	code := Main(Command{Args: []string{"explain", "a"}, Stdout: failing{}, Stderr: &errs})
	if code != ExitFault || errs.String() != "nearmiss: output: disk full\n" {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}

// Whoever types no pattern at a terminal is told what is expected; a device
// stands for the terminal here.
func TestNoPatternAtTerminal(t *testing.T) {
	device, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	if !isTerminal(device) {
		t.Skip("no device on this system that looks like a terminal")
	}
	var out, errs strings.Builder
	code := Main(Command{Args: []string{"explain"}, Stdin: device, Stdout: &out, Stderr: &errs})
	if code != ExitUsage || out.Len() > 0 || errs.String() != "nearmiss: explain: expected a pattern, or - to type one\n" {
		t.Errorf("exit %d: %s%s", code, out.String(), errs.String())
	}
	if code := Main(Command{Args: []string{"explain", "-", "--live=false"}, Stdin: device, Stdout: &out, Stderr: &errs}); code != ExitClean {
		t.Errorf("with -: exit %d: %s", code, errs.String())
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, fmt.Errorf("disk full") }
