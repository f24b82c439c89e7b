package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// slowest is the number of slow rows that a table names.
const slowest = 10

// add counts a judgement.
func (t *table) add(j *judgement) {
	v := j.verdict
	t.Patterns++
	if v.Kind != verdict.Invalid || v.Reason.Code != "flags" {
		t.time(j)
	}
	switch v.Kind {
	case verdict.Invalid:
		t.Invalid++
		t.InvalidBy[reasonOf(v.Reason)]++
	case verdict.Linear:
		t.Linear++
		t.LinearBy[v.Proof]++
	case verdict.Superlinear:
		t.Superlinear++
		t.super(j)
	default:
		t.Unknown++
		t.UnknownBy[reasonOf(v.Reason)]++
	}
	if j.row.label != "" {
		t.label(j.row.label, j)
	}
	t.Listed.add(j, j.listed)
	t.Truth.add(j, j.truth())
	if j.own != nil && j.foreign() == nil {
		t.Extra++
	}
	for name, o := range j.row.peers {
		p := t.Peers[name]
		if p == nil {
			p = newPeerTable()
			t.Peers[name] = p
		}
		p.add(j, o, j.peers[name])
	}
	t.note(j)
}

// time notes how long the row took.
func (t *table) time(j *judgement) {
	t.millis = append(t.millis, j.millis)
	w, exponent := j.word()
	row := timed{j.row.id, j.millis, w.show(exponent)}
	at, _ := slices.BinarySearchFunc(t.slow, row, func(a, b timed) int {
		switch {
		case a.millis > b.millis:
			return -1
		case a.millis < b.millis:
			return 1
		}
		return 0
	})
	if t.slow = slices.Insert(t.slow, at, row); len(t.slow) > slowest {
		t.slow = t.slow[:slowest]
	}
}

// super counts a superlinear verdict: its cause and class, and how long its
// attack is.
func (t *table) super(j *judgement) {
	v := j.verdict
	w, exponent := j.word()
	class := w.show(exponent)
	if t.SuperlinearBy[v.Cause] == nil {
		t.SuperlinearBy[v.Cause] = counts{}
	}
	t.SuperlinearBy[v.Cause][class]++
	for _, s := range v.Sizes {
		if s.Steps != attackSize {
			continue
		}
		if s.Bytes < 0 {
			t.AttackBeyond[string(w)]++
			continue
		}
		t.lengths[string(w)] = append(t.lengths[string(w)], float64(s.Bytes))
		if !s.Verified {
			t.AttackUnverified++
		}
	}
	switch {
	case j.hollow():
		t.OwnUnreplayed++
	case j.peers != nil:
		t.OwnReplayed++
	}
}

func (t *table) label(label string, j *judgement) {
	if t.Labels[label] == nil {
		t.Labels[label] = counts{}
	}
	w, exponent := j.word()
	if w == polynomial {
		exponent = 0
	}
	t.Labels[label][w.show(exponent)]++
}

// add counts our verdict on a row of which an attack replays as attacked, nil
// when none does.
func (o *outcome) add(j *judgement, attacked *track) {
	if attacked == nil {
		return
	}
	o.Rows++
	switch j.verdict.Kind {
	case verdict.Superlinear:
		o.Superlinear++
		if attacked.beyond(j.verdict.Growth) {
			o.Weaker++
		}
	case verdict.Linear:
		o.Linear++
		if !j.growing {
			o.Bounded++
		}
	default:
		o.Unknown++
	}
}

// kind is what is wrong with a judgement, "" when nothing is.
func (j *judgement) kind() string {
	v, foreign := j.verdict, j.foreign()
	switch {
	case v.Kind == verdict.Linear && foreign != nil && j.growing:
		return kindUnsound
	case j.overrun():
		return kindOverrun
	case v.Kind == verdict.Linear && foreign != nil:
		return kindBounded
	case v.Kind == verdict.Unknown && foreign != nil:
		return kindMissed
	case v.Kind == verdict.Unknown:
		return kindUnknown
	case v.Kind == verdict.Superlinear && j.truth() != nil && j.truth().beyond(v.Growth):
		return kindWeaker
	case v.Kind == verdict.Invalid:
		return kindInvalid
	case j.hollow():
		return kindHollow
	}
	return ""
}

// note keeps a row with which something is wrong.
func (t *table) note(j *judgement) {
	kind := j.kind()
	if kind == "" {
		return
	}
	if kind == kindOverrun {
		t.Overrun++
	}
	v := j.verdict
	w, exponent := j.word()
	f := finding{Kind: kind, ID: j.row.id, Pattern: j.row.pattern, Flags: j.row.flags, Dialect: string(j.dialect), Ours: w.show(exponent)}
	switch v.Kind {
	case verdict.Linear:
		f.Reason = fmt.Sprintf("%s, %.1f steps a byte", v.Proof, v.StepsPerByte)
	case verdict.Unknown:
		f.Reason = reasonOf(v.Reason)
	case verdict.Invalid:
		f.Reason = v.Reason.Message
	}
	if worst := j.truth(); worst != nil {
		w, exponent := wordOf(worst.growth)
		f.Theirs, f.Attack, f.Samples = w.show(exponent)+" by "+worst.fit, showWitness(worst.witness), samplesOf(worst.samples)
		if j.deep != nil {
			f.Samples = samplesOf(j.deep)
		}
	}
	if kind == kindOverrun {
		f.Samples = samplesOf([]engines.Sample{j.dearest})
	}
	if kind == kindHollow && len(v.Witnesses) > 0 {
		f.Attack, f.Samples = showWitness(j.claimed.witness), samplesOf(j.claimed.samples)
	}
	t.rows = append(t.rows, f)
}

// showWitness is an attack in one line of Go strings.
func showWitness(w attack.Witness) string {
	var out strings.Builder
	for _, p := range w.Pumps {
		fmt.Fprintf(&out, "%.200q (%.200q)ⁿ ", p.Prefix, p.Pump)
	}
	fmt.Fprintf(&out, "%.200q", w.Suffix)
	return out.String()
}
