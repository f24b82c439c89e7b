package main

import (
	"slices"
	"time"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// A judgement is a row in one dialect: our verdict, and what replays show.
type judgement struct {
	row     row
	dialect corpus.Dialect
	verdict verdict.Verdict
	millis  float64

	// listed, own and peers are the worst growth that the list's attacks, our
	// own and each peer's showed; nil where nothing grew.
	listed, own *track
	peers       map[string]*track
	// claimed is the worst that our own attacks showed, even if it is linear.
	claimed *track
	// costly says that our own attack costs more for each byte than a constant
	// may, whether it grows or not.
	costly bool
	// deep are samples of an attack up to the input limit, taken where the
	// verdict is linear and the attack grows; growing says whether it still
	// does at the end.
	deep    []engines.Sample
	growing bool
	// dearest is the sample of all replays with the most steps for its bytes.
	dearest engines.Sample
}

// A judge holds what is the same for every row.
type judge struct {
	options verdict.Options
	replay  bool
	now     func() time.Time
}

// judge gives a row its verdict in a dialect, and replays its attacks.
func (j judge) judge(r row, d corpus.Dialect) *judgement {
	out := &judgement{row: r, dialect: d}
	p, err := r.in(d)
	if err != nil {
		out.verdict = verdict.Verdict{Pattern: p, Kind: verdict.Invalid, Reason: &verdict.Reason{Code: "flags", Offset: -1, Message: err.Error()}}
		return out
	}
	start := j.now()
	out.verdict = verdict.Analyze(p, j.options)
	out.millis = float64(j.now().Sub(start)) / float64(time.Millisecond)
	if j.replay && out.verdict.Kind != verdict.Invalid {
		out.attack(p)
	}
	return out
}

// attack replays every attack on the row's pattern. Each source of attacks has
// a budget of its own, so that what one shows does not depend on the others.
func (j *judgement) attack(p corpus.Pattern) {
	re, err := syntax.Parse(p)
	if err != nil {
		return
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		return
	}
	runner := prog.NewRunner()
	replay := func(attacks []attack.Witness) *track {
		r := &replayer{runner: runner}
		t := r.best(attacks)
		if perByte(r.dearest) > perByte(j.dearest) {
			j.dearest = r.dearest
		}
		return &t
	}
	grown := func(t *track) *track {
		if t.super() {
			return t
		}
		return nil
	}
	v := j.verdict
	j.claimed = replay(v.Witnesses)
	j.own = grown(j.claimed)
	if v.Cause == causeCounter && len(v.Witnesses) > 0 {
		r := &replayer{runner: runner}
		w := v.Witnesses[0]
		j.costly = perByte(j.dearest) > counterPerByte || perByte(r.run(w, 1, counterPerByte*uint64(w.Len(1)+2))) > counterPerByte
	}
	j.listed = grown(replay(witnesses(j.row.listed, re.Unit)))
	j.peers = map[string]*track{}
	for name, o := range j.row.peers {
		j.peers[name] = grown(replay(witnesses(o.attacks, re.Unit)))
	}
	if v.Kind == verdict.Linear {
		if t := j.foreign(); t != nil {
			r := &replayer{runner: runner}
			j.deep, j.growing = r.deepen(*t)
		}
	}
}

// overrun reports whether a replayed attack costs more than the verdict's
// proved bound allows.
func (j *judgement) overrun() bool {
	v := j.verdict
	return v.Kind == verdict.Linear && v.StepsPerByteProved && perByte(j.dearest) > v.StepsPerByte
}

// witnesses are the attacks of families, without repetition.
func witnesses(fs []family, u syntax.Unit) []attack.Witness {
	var out []attack.Witness
	for _, f := range fs {
		for _, w := range f.witnesses(u) {
			if !slices.ContainsFunc(out, w.Equal) {
				out = append(out, w)
			}
		}
	}
	return out
}

// foreign is the worst attack that others gave, nil when none grows.
func (j *judgement) foreign() *track {
	worst := j.listed
	for _, name := range sortedKeys(j.peers) {
		if t := j.peers[name]; t != nil && (worst == nil || t.growth.Worse(worst.growth)) {
			worst = t
		}
	}
	return worst
}

// truth is the worst attack anybody gave, nil when none grows.
func (j *judgement) truth() *track {
	t := j.foreign()
	if j.own != nil && (t == nil || j.own.growth.Worse(t.growth)) {
		return j.own
	}
	return t
}

// causeCounter is the verdict's cause where a constant is too large, and the
// growth ends with it.
const causeCounter = "counter"

// hollow reports whether a superlinear verdict rests on attacks of which none
// does what it says here.
func (j *judgement) hollow() bool {
	return j.peers != nil && j.verdict.Kind == verdict.Superlinear && j.own == nil &&
		!(j.verdict.Cause == causeCounter && j.costly)
}

// word is our verdict in a word, with its exponent.
func (j *judgement) word() (word, int) {
	switch j.verdict.Kind {
	case verdict.Linear:
		return linear, 1
	case verdict.Superlinear:
		if j.verdict.Cause == causeCounter && j.own == nil {
			return superlinear, 0 // a constant, whatever class it is given
		}
		return wordOf(j.verdict.Growth)
	case verdict.Invalid:
		return invalid, 0
	}
	return unknown, 0
}
