package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// A tally counts the results of a pass up to a sequence number of their stream,
// by their headers: whoever counts comes to the same, and goes on where another
// stopped. All its times are the server's.
type tally struct {
	UpTo uint64 `json:"up_to"`
	// Verdicts and Causes count rows, Problems what stands for no pattern.
	Verdicts map[string]int `json:"verdicts"`
	Causes   map[string]int `json:"causes"`
	Problems int            `json:"problems"`
	// Aside were set aside, Changed are rows of a second pass.
	Aside   int                `json:"aside"`
	Changed int                `json:"changed"`
	Workers map[string]*worked `json:"workers"`
	// Recent are the results of the last seconds.
	Recent []second `json:"recent"`
	First  time.Time
}

// worked is what a worker did.
type worked struct {
	Results     int `json:"results"`
	First, Last time.Time
}

type second struct {
	Unix    int64 `json:"unix"`
	Results int   `json:"results"`
}

const (
	// recentSeconds is what the rate is taken over: a minute.
	recentSeconds = 60
	// tallyEvery is from how many new results on a tally is kept for the next
	// one who counts: 10,000 headers are read in about a tenth of a second.
	tallyEvery = 10_000
)

func tallyKey(name string, p pass) string { return name + ".tally-" + p.results }

// says is a result in the words of its header.
func (r result) says() string {
	var words []string
	switch {
	case r.fault:
		return "problem"
	case r.aside:
		words = append(words, "aside")
	}
	if len(r.line) > 0 && !r.aside {
		words = append(words, "row")
	}
	words = append(words, "verdict="+string(r.row.Verdict.Kind))
	if c := r.row.Verdict.Cause; c != "" {
		words = append(words, "cause="+c)
	}
	return strings.Join(words, " ")
}

// add counts a result.
func (t *tally) add(m jetstream.Msg) error {
	meta, err := m.Metadata()
	if err != nil {
		return err
	}
	t.count(m.Headers().Get(headerWorker), m.Headers().Get(headerSays), meta.Timestamp)
	t.UpTo = meta.Sequence.Stream
	return nil
}

func (t *tally) count(worker, says string, at time.Time) {
	if t.Verdicts == nil {
		t.Verdicts, t.Causes, t.Workers, t.First = map[string]int{}, map[string]int{}, map[string]*worked{}, at
	}
	for word := range strings.FieldsSeq(says) {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "problem":
			t.Problems++
		case "aside":
			t.Aside++
		case "row":
			t.Changed++
		case "verdict":
			t.Verdicts[value]++
		case "cause":
			t.Causes[value]++
		}
	}
	w := t.Workers[worker]
	if w == nil {
		w = &worked{First: at}
		t.Workers[worker] = w
	}
	w.Results, w.Last = w.Results+1, at
	if n := len(t.Recent); n > 0 && t.Recent[n-1].Unix >= at.Unix() {
		t.Recent[n-1].Results++
		return
	}
	t.Recent = append(t.Recent, second{at.Unix(), 1})
	t.Recent = t.Recent[max(0, len(t.Recent)-recentSeconds):]
}

// rate is the results a second over the last minute before now, or since the
// first result.
func (t *tally) rate(now time.Time) float64 {
	n := 0
	for _, s := range t.Recent {
		if s.Unix > now.Unix()-recentSeconds {
			n += s.Results
		}
	}
	return float64(n) / min(max(now.Sub(t.First).Seconds(), 1), recentSeconds)
}

// rate is the results a second of a worker since its first.
func (w *worked) rate() float64 {
	if d := w.Last.Sub(w.First).Seconds(); d > 0 {
		return float64(w.Results-1) / d
	}
	return 0
}

// tally counts the results of a pass up to one, from before on.
func (c *client) tally(ctx context.Context, name string, p pass, before *tally, to uint64) (*tally, error) {
	kv, err := c.records(ctx, 0)
	if err != nil {
		return nil, err
	}
	if before == nil {
		before = new(tally)
		e, err := kv.Get(ctx, tallyKey(name, p))
		if err == nil {
			err = json.Unmarshal(e.Value(), before)
		}
		if err != nil && !errors.Is(err, jetstream.ErrKeyNotFound) {
			return nil, err
		}
	}
	from := before.UpTo
	if err := c.each(ctx, p.stream(name), from+1, to, true, before.add); err != nil {
		return nil, err
	}
	if before.UpTo-from >= tallyEvery {
		if b, err := json.Marshal(before); err == nil {
			_, _ = kv.Put(ctx, tallyKey(name, p), b) // who may not write counts all of it each time
		}
	}
	return before, nil
}
