package main

import (
	"maps"
	"slices"
)

// A peerTable sets a peer's opinions against ours and against replays.
type peerTable struct {
	Rows        int `json:"rows"`
	Superlinear int `json:"superlinear"`
	Unknown     int `json:"unknown"` // invalid included
	// Replayed are the peer's attacks that replay, of Attacks given.
	Attacks  int `json:"attacks"`
	Replayed int `json:"attacks_replayed"`
	// Truth are rows where anybody's attack replays, Found those of them which
	// the peer calls super-linear.
	Truth int `json:"truth"`
	Found int `json:"found"`
	// Confusion is the peer's word → our word → rows.
	Confusion map[string]counts `json:"confusion"`
	Kinds     []disagreement    `json:"disagreements"`
	Millis    summary           `json:"ms"`

	millis  []float64
	byKind  map[[2]string]*disagreement
	dispute []dispute
}

// A disagreement is one kind of row on which the peer and we differ, with who
// is right as far as replays show.
type disagreement struct {
	Theirs string `json:"theirs"`
	Ours   string `json:"ours"`
	Rows   int    `json:"rows"`
	// Right counts rows by who is right: "ours", "theirs", "neither", "open".
	Right counts `json:"right"`
	// Live counts rows by who a real engine says is right.
	Live     counts              `json:"live,omitempty"`
	Examples map[string][]string `json:"examples"` // who is right → ids
}

// examples is the number of rows named for each kind of disagreement and each
// who is right.
const examples = 3

// A dispute is a row to be put to a real engine.
type dispute struct {
	of      *disagreement
	id      string
	pattern string
	flags   string
	track   *track
	family  []family
}

func newPeerTable() *peerTable {
	return &peerTable{Confusion: map[string]counts{}, byKind: map[[2]string]*disagreement{}}
}

// add counts a peer's opinion on a judged row; t is the peer's attack as far
// as it replays.
func (p *peerTable) add(j *judgement, o opinion, t *track) {
	p.Rows++
	if o.millis >= 0 {
		p.millis = append(p.millis, o.millis)
	}
	switch {
	case o.class.super():
		p.Superlinear++
	case o.class != linear:
		p.Unknown++
	}
	if len(o.attacks) > 0 {
		p.Attacks++
		if t != nil {
			p.Replayed++
		}
	}
	if j.truth() != nil {
		p.Truth++
		if o.class.super() {
			p.Found++
		}
	}
	w, exponent := j.word()
	theirs, ours := o.class.show(o.exponent), w.show(exponent)
	if p.Confusion[theirs] == nil {
		p.Confusion[theirs] = counts{}
	}
	p.Confusion[theirs][ours]++
	if theirs != ours {
		p.differ(j, o, theirs, ours)
	}
}

// differ notes a disagreement.
func (p *peerTable) differ(j *judgement, o opinion, theirs, ours string) {
	key := [2]string{theirs, ours}
	d := p.byKind[key]
	if d == nil {
		d = &disagreement{Theirs: theirs, Ours: ours, Right: counts{}, Live: counts{}, Examples: map[string][]string{}}
		p.byKind[key] = d
	}
	d.Rows++
	who := right(j, o)
	d.Right[who]++
	if len(d.Examples[who]) < examples {
		d.Examples[who] = append(d.Examples[who], j.row.id)
	}
	w, _ := j.word()
	if j.dialect == "ecmascript" && w != invalid && w.super() != o.class.super() {
		p.dispute = append(p.dispute, dispute{of: d, id: j.row.id, pattern: j.row.pattern, flags: j.row.flags, track: j.truth(), family: o.attacks})
	}
}

// right says who is right about a row by the worst attack that replays: the
// one whose class it shows. Where none replays nobody has shown growth: who
// calls the row linear is right, if only for want of a witness.
func right(j *judgement, o opinion) string {
	truth := j.truth()
	w, exponent := j.word()
	if w == invalid || w == unknown {
		if truth != nil && o.class.super() {
			return "theirs"
		}
		return "open"
	}
	shown, power := linear, 1
	if truth != nil && (w != linear || j.growing) {
		shown, power = wordOf(truth.growth)
	} else if w == superlinear {
		return "ours" // a counter: no class, a constant above its limit
	}
	ours := w == shown && exponent == power
	theirs := o.class == shown && (o.exponent == power || o.exponent == 0)
	switch {
	case ours && !theirs:
		return "ours"
	case theirs && !ours:
		return "theirs"
	case ours:
		return "both"
	}
	return "neither"
}

// finish orders the kinds of disagreement, most frequent first.
func (p *peerTable) finish() {
	p.Millis = summarise(p.millis)
	p.Kinds = nil
	for _, d := range p.byKind {
		p.Kinds = append(p.Kinds, *d)
	}
	slices.SortFunc(p.Kinds, func(a, b disagreement) int {
		switch {
		case a.Rows != b.Rows:
			return b.Rows - a.Rows
		case a.Theirs+a.Ours < b.Theirs+b.Ours:
			return -1
		}
		return 1
	})
}

// sortedKeys are a map's keys in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
