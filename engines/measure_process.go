package engines

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// A process is a running worker.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers chan answer
	errs    tail
}

// startProcess starts a worker.
func startProcess(command func() *exec.Cmd) (*process, error) {
	p := &process{cmd: command(), answers: make(chan answer)}
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.in, p.cmd.Stderr = in, &p.errs
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.answers)
		d := json.NewDecoder(bufio.NewReader(out))
		for {
			var a answer
			if d.Decode(&a) != nil {
				return
			}
			p.answers <- a
		}
	}()
	return p, nil
}

// starved is how many times longer a worker may take that works, but got less
// than its time of a busy machine's processors: a hard ceiling all the same.
const starved = 15

// ask waits for the answer to a question, at most for so long, and starved
// times as long for a worker that is kept from working. gone says that the
// worker did not survive it.
func (p *process) ask(q question, wait time.Duration) (a answer, gone bool) {
	line, err := json.Marshal(q)
	if err == nil {
		_, err = p.in.Write(append(line, '\n'))
	}
	if err != nil {
		return p.died(), true
	}
	before, _ := processTime(p.cmd.Process.Pid)
	last := before
	for turn := 1; ; turn++ {
		timer := time.NewTimer(wait)
		select {
		case a, ok := <-p.answers:
			timer.Stop()
			if !ok {
				return p.died(), true
			}
			return a, false
		case <-timer.C:
		}
		now, ok := processTime(p.cmd.Process.Pid)
		if !ok || now == last || now-before >= wait || turn == starved {
			p.end()
			return answer{Problem: Killed, Detail: "no answer within " + wait.String()}, true
		}
		last = now
	}
}

// wordsOfNoMemory are what Go's runtime and C libraries say when memory ends. A
// thread's stack counts against the ceiling too, so the last mapping refused
// may be one for a new thread.
var wordsOfNoMemory = []string{
	"out of memory", "cannot allocate memory", "pthread_create failed", "failed to create new OS thread", "cannot map pages",
}

// died says why a worker ended by itself.
func (p *process) died() answer {
	p.end()
	text := p.errs.String()
	for _, words := range wordsOfNoMemory {
		if strings.Contains(text, words) {
			return answer{Problem: OutOfMemory, Detail: firstLine(text)}
		}
	}
	if text == "" {
		text = p.cmd.ProcessState.String()
	}
	return answer{Problem: Crashed, Detail: firstLine(text)}
}

// end kills the worker and waits for it: none is left behind.
func (p *process) end() {
	_ = p.in.Close()
	_ = p.cmd.Process.Kill()
	for range p.answers { // until its output is closed
	}
	_ = p.cmd.Wait()
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// A tail keeps the beginning of what a worker says before it dies.
type tail struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// maxTail is as much of it as is kept, in bytes: the message, not the trace.
const maxTail = 4096

// Write keeps b as far as there is room.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text.Write(b[:min(len(b), maxTail-min(t.text.Len(), maxTail))])
	return len(b), nil
}

// String is what was kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}
