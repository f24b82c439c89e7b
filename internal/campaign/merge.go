package campaign

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// A Merged is what several files of results are together.
type Merged struct {
	// Files are the counts of the corpus' files: those of one shard for each
	// run, since every shard reads them all.
	Files gate.FileCounts
	// Versions of what judged, by name, and the policy's digest, where all
	// files agree.
	Versions map[string]string
	Policy   string
	// Missing says what is not there: files without their end, shards that
	// were not given.
	Missing []string
}

// maxLine is the longest line of a file of results, in bytes: a pattern of
// 16 MiB, each byte of it escaped.
const maxLine = 128 << 20

// Merge reads files of results and gives their lines to take, with what is in
// them: those of the shards of one run in the order of the corpus, runs one
// after the other. The head of a run comes without its shard; summaries are
// left to the caller.
func Merge(paths []string, take func(line []byte, e report.Event) error) (m Merged, err error) {
	var parts []*part
	defer func() {
		for _, p := range parts {
			_ = p.file.Close() // opened for reading: nothing can be lost
		}
	}()
	for _, path := range paths {
		p, err := openPart(path)
		if err != nil {
			return m, err
		}
		parts = append(parts, p)
	}
	groups, err := together(parts)
	if err != nil {
		return m, err
	}
	for i, g := range groups {
		m.Missing = append(m.Missing, g.missing()...)
		if err := g.merge(take); err != nil {
			return m, err
		}
		m.add(g, i == 0)
	}
	return m, nil
}

// add counts what a run's files say of themselves.
func (m *Merged) add(g group, first bool) {
	for _, p := range g {
		if p.summary == nil {
			m.Missing = append(m.Missing, fmt.Sprintf("%s does not end in a summary: the run that wrote it was stopped", p.path))
		}
	}
	s := g[0].summary
	if s == nil {
		return
	}
	f := &m.Files
	f.Read, f.Unclaimed, f.Failed = f.Read+s.Files.Read, f.Unclaimed+s.Files.Unclaimed, f.Failed+s.Files.Failed
	f.Links, f.Includes, f.Updates = f.Links+s.Files.Links, f.Includes+s.Files.Includes, f.Updates+s.Files.Updates
	if first {
		m.Versions, m.Policy = s.Versions, s.PolicyDigest
		return
	}
	if m.Policy != s.PolicyDigest {
		m.Policy = ""
	}
	for k, v := range m.Versions {
		if s.Versions[k] != v {
			delete(m.Versions, k)
		}
	}
}

// A part is one file of results, read line by line.
type part struct {
	path    string
	file    *os.File
	in      *bufio.Reader
	at      int
	head    *report.Run
	line    []byte // the one to take next, nil at the end
	event   report.Event
	seq     int
	summary *gate.Summary
}

func openPart(path string) (*part, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	p := &part{path: path, file: f, in: bufio.NewReader(f)}
	if err := p.next(); err != nil {
		_ = f.Close() // opened for reading
		return nil, err
	}
	if p.event.Run != nil {
		p.head = p.event.Run
		err = p.next()
	}
	if err != nil {
		_ = f.Close() // as above
	}
	return p, err
}

// next reads the next line. One without an end was being written when its run
// was killed, and is no line yet.
func (p *part) next() error {
	p.line, p.event = nil, report.Event{}
	var line []byte
	for {
		chunk, err := p.in.ReadSlice('\n')
		line = append(line, chunk...)
		if errors.Is(err, bufio.ErrBufferFull) && len(line) <= maxLine {
			continue
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", p.path, p.at+1, err)
		}
		break
	}
	p.at++
	e, err := report.Decode(line)
	switch {
	case err != nil:
		return fmt.Errorf("%s:%d: %w", p.path, p.at, err)
	case p.summary != nil:
		return fmt.Errorf("%s:%d: expected nothing behind the summary", p.path, p.at)
	case e.Summary != nil:
		p.summary = e.Summary
		return p.next()
	case e.Row != nil && e.Row.Seq != 0:
		if e.Row.Seq <= p.seq {
			return fmt.Errorf("%s:%d: \"seq\": %d: expected more than %d, which stands before", p.path, p.at, e.Row.Seq, p.seq)
		}
		p.seq = e.Row.Seq
	}
	p.line, p.event = line, e
	return nil
}

// A group is the files of one run: its shards, or a single file.
type group []*part

// together finds the shards of the same runs.
func together(parts []*part) ([]group, error) {
	var out []group
	of := map[string]int{}
	for _, p := range parts {
		if p.head == nil || p.head.Shard == nil {
			out = append(out, group{p})
			continue
		}
		key := string(p.head.Whole().Line())
		i, known := of[key]
		if !known {
			of[key] = len(out)
			out = append(out, group{p})
			continue
		}
		for _, q := range out[i] {
			if a, b := shardOf(p), shardOf(q); a == b || a.Count != b.Count {
				return nil, fmt.Errorf("%s and %s are parts %s and %s of one run: expected each part of one division once", q.path, p.path, b, a)
			}
		}
		out[i] = append(out[i], p)
	}
	return out, nil
}

func shardOf(p *part) Shard {
	if p.head == nil || p.head.Shard == nil {
		return Shard{}
	}
	s, err := ParseShard(*p.head.Shard)
	if err != nil {
		return Shard{}
	}
	return s
}

// missing names the shards that are not there.
func (g group) missing() []string {
	have := map[int]bool{}
	n := 0
	for _, p := range g {
		s := shardOf(p)
		have[s.Index], n = true, s.Count
	}
	var out []string
	for i := 1; i <= n; i++ {
		if !have[i] {
			out = append(out, fmt.Sprintf("part %s of the run of %s was not given", Shard{i, n}, g[0].path))
		}
	}
	return out
}

// merge takes the lines of a run in the order of the corpus. A problem has the
// place of the pattern before it.
func (g group) merge(take func([]byte, report.Event) error) error {
	if h := g[0].head; h != nil {
		whole := h.Whole()
		if err := take(whole.Line(), report.Event{Run: &whole}); err != nil {
			return err
		}
	}
	for {
		var least *part
		for _, p := range g {
			if p.line != nil && (least == nil || p.seq < least.seq || p.seq == least.seq && p.event.Fault != nil) {
				least = p
			}
		}
		if least == nil {
			return nil
		}
		if err := take(bytes.Clone(least.line), least.event); err != nil {
			return err
		}
		if err := least.next(); err != nil {
			return err
		}
	}
}
