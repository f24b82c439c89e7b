package engines

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Worker answers questions of a Measurer in a process of its own, which may
// hang, crash or be killed without harm.
type Worker struct {
	// Engines are those it can be asked for.
	Engines []Engine
	// Yardstick is a linear engine that is timed between the runs: where its
	// time changes, the machine is busy. nil for none.
	Yardstick Engine
	// Memory is the ceiling of the process in bytes, 0 for none.
	Memory uint64
	// Exit ends the process. It is called when the parent is gone in the
	// middle of a match that does not end, so that no orphan stays.
	Exit func(code int)
}

// Main reads questions from in and writes answers to out until in ends. It
// returns the exit code.
func (w Worker) Main(in io.Reader, out io.Writer) int {
	if w.Memory > 0 {
		limitMemory(w.Memory)
	}
	questions := make(chan question)
	go func() {
		defer close(questions)
		d := json.NewDecoder(in)
		for {
			var q question
			if d.Decode(&q) != nil {
				// The parent closed the pipe: nobody waits for an answer.
				if w.Exit != nil {
					w.Exit(0)
				}
				return
			}
			questions <- q
		}
	}()
	e := json.NewEncoder(out)
	k := kept{}
	defer k.close()
	for q := range questions {
		if e.Encode(w.answer(q, &k)) != nil {
			return 1
		}
	}
	return 0
}

// kept is the matcher of the last question, and the yardstick's.
type kept struct {
	key       string
	matcher   Matcher
	yardstick Matcher
}

func (k *kept) close() {
	if k.matcher != nil {
		k.matcher.Close()
	}
	if k.yardstick != nil {
		k.yardstick.Close()
	}
}

// yardstickPattern makes any linear engine look at every byte.
var yardstickPattern = corpus.Pattern{Text: `[^\x00]*\x00`, Dialect: corpus.Go, Mode: corpus.Match}

func (w Worker) answer(q question, k *kept) answer {
	var engine Engine
	for _, e := range w.Engines {
		if e.Name() == q.Engine {
			engine = e
		}
	}
	if engine == nil {
		return answer{Problem: Unavailable, Detail: "the worker has no such engine"}
	}
	version, err := engine.Version()
	if err != nil {
		version = ""
	}
	p := corpus.Pattern{Text: string(q.Text), Dialect: q.Dialect, Flags: q.Flags, Mode: q.Mode}
	key := strings.Join([]string{q.Engine, p.Text, string(p.Dialect), p.Flags.String(), string(p.Mode)}, "\x00")
	if k.key != key || k.matcher == nil {
		m, err := engine.Compile(p)
		switch {
		case errors.Is(err, ErrUnavailable):
			return answer{Problem: Unavailable, Detail: err.Error(), Version: version}
		case err != nil:
			return answer{Problem: Unsupported, Detail: err.Error(), Version: version}
		}
		if k.matcher != nil {
			k.matcher.Close()
		}
		k.matcher, k.key = m, key
	}
	if k.yardstick == nil && w.Yardstick != nil {
		k.yardstick, _ = w.Yardstick.Compile(yardstickPattern)
	}
	a := answer{Version: version}
	subject := q.Attack.Bytes(q.N)
	a.Bytes = len(subject)
	for i, spent := 0, time.Duration(0); i < max(q.Runs, 1) && spent < runsTime; i++ {
		t := clock(func() { a.State = k.matcher.Match(subject, q.Limits).State })
		if i == 0 || t < a.Time {
			a.Time = t
		}
		spent += t
		if k.yardstick == nil {
			continue
		}
		t = clock(func() { k.yardstick.Match(subject, Limits{}) })
		if i == 0 || t < a.Yardstick {
			a.Yardstick = t
		}
		a.Spread = max(a.Spread, t)
	}
	if c, ok := k.matcher.(LimitCounter); ok && q.Count {
		a.Calls, _ = c.SmallestLimit(subject, maxCounted)
		if len(subject) <= maxTotalled {
			a.Total, _ = c.TotalLimit(subject, maxCounted)
		}
	}
	return a
}

// runsTime is the processor time after which a size is not run once more: what
// took so long stands far above the noise.
const runsTime = 100 * time.Millisecond

// maxTotalled is the longest subject, in bytes, of which each start is counted
// by itself: 256 starts of 20 looks each.
const maxTotalled = 256

// maxCounted is the largest match limit that is looked for: 2²², since each
// look is a run.
const maxCounted = 1 << 22

// wall is the time on the wall that f takes.
func wall(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}
