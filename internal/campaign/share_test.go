package campaign

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
	"github.com/nearmiss-dev/nearmiss/internal/report"
)

// searching judges by a short search alone, which leaves much to others.
func searching(steps uint64) Unit {
	return Unit{
		Analyze: verdict.Analyze, Policy: policy.Default(),
		Options: verdict.Options{Search: &verdict.Search{Seed: 1, Steps: steps, Alone: true}},
	}
}

// judged are the rows of a corpus that a short search knows half of.
func judged(u Unit) (rows []gate.Row) {
	for i, text := range []string{`^(a|a)*b`, `(.*)=(.*)`, ` *x`, `(.*?) and (.*?) as (\w+)`, `(`, `abc`, `^(?:x|y)+;$`, `^(a|a)*b`, `(.*?)([?*]|$)`, `^(\d|\d\d)*z`} {
		r := u.Row(corpus.Pattern{Text: text, Dialect: corpus.PCRE, Mode: corpus.Search})
		r.Seq = i + 1
		rows = append(rows, r)
	}
	return rows
}

// TestCollection: the attacks that are shared are the same whatever the order of
// the rows, and when some come twice; and there are no more than the limit.
func TestCollection(t *testing.T) {
	rows := judged(searching(2_000_000))
	for n := range 8 * maxShared {
		w := rows[0].Verdict.Witnesses[0]
		w.Suffix = []byte{'!', byte(n), byte(n >> 8)}
		v := rows[0].Verdict
		v.Witnesses = nil
		for i := range 3 {
			also := w
			also.Suffix = append(slices.Clone(w.Suffix), byte(i))
			v.Witnesses = append(v.Witnesses, also)
		}
		if v.Growth = rows[0].Verdict.Growth; n%3 > 0 {
			v.Growth = engines.Growth{Class: engines.Polynomial, Exponent: 2 + n%3}
		}
		rows = append(rows, gate.Row{Verdict: v, Seq: len(rows) + 1})
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var want []gate.SharedAttack
	for round := range 20 {
		var c Collection
		for _, r := range rows {
			c.Add(r)
			if round > 0 && rng.IntN(3) == 0 {
				c.Add(rows[rng.IntN(len(rows))])
			}
		}
		got := c.Attacks()
		if round == 0 {
			want = got
		}
		if len(got) != maxShared || !slices.EqualFunc(got, want, func(a, b gate.SharedAttack) bool { return a.Seq == b.Seq && a.Witness.Equal(b.Witness) }) {
			t.Fatalf("round %d: %d attacks, %d at first, or others", round, len(got), len(want))
		}
		rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
}

// TestShare: a pattern that is judged again names the attacks that did it, has
// at least the growth that it had, and the row is read back as it was.
func TestShare(t *testing.T) {
	u := searching(20_000)
	rows := judged(u)
	var c Collection
	for _, r := range judged(searching(2_000_000)) { // others found more
		c.Add(r)
	}
	changed := 0
	for _, r := range rows {
		got, ok := u.Share(r.Verdict.Pattern, r, c.Attacks())
		format := report.JSONL{Stable: true}
		if !ok {
			if !bytes.Equal(format.Row(got), format.Row(r)) {
				t.Errorf("%s: another row without a word", r.Verdict.Pattern.Text)
			}
			continue
		}
		changed++
		if was := r.Verdict.Growth; !got.Verdict.Growth.Worse(was) || len(got.Shared.Attacks) == 0 || got.Seq != r.Seq {
			t.Errorf("%s: %v from %v, attacks %v", r.Verdict.Pattern.Text, got.Verdict.Growth, was, got.Shared)
		}
		again, _ := u.Share(r.Verdict.Pattern, r, c.Attacks())
		e, err := report.Decode(format.Row(got))
		if err != nil || !bytes.Equal(format.Row(*e.Row), format.Row(again)) {
			t.Errorf("%s: another row the second time: %v", r.Verdict.Pattern.Text, err)
		}
	}
	if changed < 2 {
		t.Errorf("%d rows changed, want some", changed)
	}
}

// TestShareAside: what was set aside, does not parse or is exponential is not
// tried.
func TestShareAside(t *testing.T) {
	u := searching(20_000)
	u.Analyze = func(corpus.Pattern, verdict.Options) verdict.Verdict {
		t.Error("judged again")
		return verdict.Verdict{}
	}
	p := corpus.Pattern{Text: `.*.*=`, Dialect: corpus.PCRE, Mode: corpus.Search}
	attacks := []gate.SharedAttack{{Seq: 1, Witness: judged(searching(2_000_000))[1].Verdict.Witnesses[0]}}
	for _, v := range []verdict.Verdict{
		{Pattern: p, Kind: verdict.Invalid},
		{Pattern: p, Kind: verdict.Superlinear, Growth: engines.Growth{Class: engines.Exponential}},
		{Pattern: p, Kind: verdict.Unknown, Reason: &verdict.Reason{Code: gate.ReasonInternal}},
	} {
		if _, changed := u.Share(p, gate.Row{Verdict: v}, attacks); changed {
			t.Errorf("%v: changed", v.Kind)
		}
	}
}
