package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os/exec"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
)

//go:embed node.js
var nodeProgram string

// A question is a pattern with its attacks, for the real engine; strings are
// UTF-16 units.
type question struct {
	Pattern []uint16      `json:"pattern"`
	Flags   string        `json:"flags"`
	Attacks []nodeWitness `json:"attacks"`
}

type nodeWitness struct {
	Pumps  [][2][]uint16 `json:"pumps"`
	Suffix []uint16      `json:"suffix"`
}

// An answer is what the engine did on the worst of the attacks: "linear",
// "superlinear", or "error" when it does not take the pattern.
type answer struct {
	Growth string  `json:"growth"`
	Slope  float64 `json:"slope"`
	Units  int     `json:"units"` // of the longest input
}

// settle puts a table's disputes with each peer to node, in one process: who
// calls a row super-linear is right there when an attack takes time that grows
// super-linearly, the worst that replayed and the peer's own.
func (t *table) settle(ctx context.Context, node string) error {
	for _, name := range sortedKeys(t.Peers) {
		disputes := t.Peers[name].dispute
		var in bytes.Buffer
		e := json.NewEncoder(&in)
		for _, d := range disputes {
			if err := e.Encode(d.question()); err != nil {
				return err
			}
		}
		cmd := exec.CommandContext(ctx, node, "-e", nodeProgram)
		cmd.Stdin = &in
		out, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("node: %w", err)
		}
		answers := json.NewDecoder(bytes.NewReader(out))
		for _, d := range disputes {
			var a answer
			if err := answers.Decode(&a); err != nil {
				return fmt.Errorf("node: answer on %s: %w", d.id, err)
			}
			d.of.Live[a.Growth]++
		}
	}
	return nil
}

func (d dispute) question() question {
	q := question{Pattern: utf16.Encode([]rune(d.pattern)), Flags: d.flags, Attacks: []nodeWitness{}}
	if d.track != nil {
		q.Attacks = append(q.Attacks, nodeAttack(d.track.witness))
	}
	for _, f := range d.family {
		for _, w := range f.witnesses(syntax.UTF16) {
			q.Attacks = append(q.Attacks, nodeAttack(w))
		}
	}
	return q
}

func nodeAttack(w attack.Witness) nodeWitness {
	out := nodeWitness{Suffix: units(w.Suffix), Pumps: [][2][]uint16{}}
	for _, p := range w.Pumps {
		out.Pumps = append(out.Pumps, [2][]uint16{units(p.Prefix), units(p.Pump)})
	}
	return out
}

// units are the UTF-16 units of generalised UTF-8.
func units(b []byte) []uint16 {
	out := []uint16{}
	for len(b) > 0 {
		c, width := utf8.DecodeRune(b)
		if c == utf8.RuneError && width == 1 && len(b) >= 3 && b[0] == 0xED {
			out = append(out, 0xD000|uint16(b[1]&0x3F)<<6|uint16(b[2]&0x3F))
			b = b[3:]
			continue
		}
		out = utf16.AppendRune(out, c)
		b = b[width:]
	}
	return out
}
