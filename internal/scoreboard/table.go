package main

import (
	"fmt"
	"slices"
	"sort"

	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// A table counts the judgements of one file in one dialect.
type table struct {
	File    string `json:"file"`
	Dialect string `json:"dialect"`

	Patterns    int `json:"patterns"`
	Invalid     int `json:"invalid"`
	Linear      int `json:"linear"`
	Superlinear int `json:"superlinear"`
	Unknown     int `json:"unknown"`
	// UnknownShare is unknown among the valid.
	UnknownShare float64 `json:"unknown_share"`

	InvalidBy     counts            `json:"invalid_by_reason"`
	LinearBy      counts            `json:"linear_by_proof"`
	SuperlinearBy map[string]counts `json:"superlinear_by_cause"` // cause → class → rows
	UnknownBy     counts            `json:"unknown_by_reason"`

	Millis summary `json:"ms"`
	// Attack is the length in bytes of our smallest attack of 10⁷ steps, by
	// class; Beyond counts the rows whose attack needs more than the input
	// limit, Unverified those whose length was extrapolated.
	Attack           map[string]summary `json:"attack_bytes_1e7"`
	AttackBeyond     counts             `json:"attack_beyond_limit"`
	AttackUnverified int                `json:"attack_unverified"`

	// Listed: rows where an attack of the list replays, and our verdict there.
	// Truth: where anybody's does.
	Listed outcome `json:"listed"`
	Truth  outcome `json:"truth"`
	// OwnReplayed are superlinear rows of which our own attack replays;
	// OwnUnreplayed those of which none does, counters apart.
	OwnReplayed   int `json:"own_replayed"`
	OwnUnreplayed int `json:"own_unreplayed"`
	// Extra are rows where only our own attack replays.
	Extra int `json:"extra"`
	// Overrun are linear rows with an attack above the proved bound.
	Overrun int `json:"overrun"`

	Labels map[string]counts     `json:"labels"` // the list's word → our word
	Peers  map[string]*peerTable `json:"peers"`

	millis  []float64
	lengths map[string][]float64
	rows    []finding
	slow    []timed
}

// A timed row is one of the slowest.
type timed struct {
	id     string
	millis float64
	word   string
}

// An outcome counts our verdicts on rows where an attack replays.
type outcome struct {
	Rows        int `json:"rows"`
	Superlinear int `json:"superlinear"`
	// Weaker are superlinear rows with a smaller growth than the attack's.
	Weaker int `json:"weaker"`
	// Linear are called linear; Bounded are those of them of which the growth
	// ends within the input limit, which is no fault.
	Linear  int `json:"linear"`
	Bounded int `json:"bounded"`
	Unknown int `json:"unknown"`
}

// Recall is the share of rows found, those whose growth ends left out.
func (o outcome) Recall() float64 { return share(o.Superlinear, o.Rows-o.Bounded) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// counts are numbers of rows by a word.
type counts map[string]int

// sorted are the words, most frequent first.
func (c counts) sorted() []string {
	words := make([]string, 0, len(c))
	for w := range c {
		words = append(words, w)
	}
	sort.Slice(words, func(i, j int) bool {
		if c[words[i]] != c[words[j]] {
			return c[words[i]] > c[words[j]]
		}
		return words[i] < words[j]
	})
	return words
}

// A summary is a distribution in four numbers.
type summary struct {
	N      int     `json:"n"`
	Median float64 `json:"median"`
	Mean   float64 `json:"mean"`
	P99    float64 `json:"p99"`
	Max    float64 `json:"max"`
}

func summarise(values []float64) summary {
	if len(values) == 0 {
		return summary{}
	}
	sorted := slices.Sorted(slices.Values(values))
	var sum float64
	for _, v := range sorted {
		sum += v
	}
	last := len(sorted) - 1
	return summary{N: len(sorted), Median: sorted[last/2], Mean: sum / float64(len(sorted)), P99: sorted[last*99/100], Max: sorted[last]}
}

// A finding is a row worth naming.
type finding struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Pattern string `json:"pattern"`
	Flags   string `json:"flags"`
	Dialect string `json:"dialect"`
	Ours    string `json:"ours"`
	// Theirs is the growth that a replayed attack showed, Attack that attack.
	Theirs  string `json:"theirs,omitempty"`
	Attack  string `json:"attack,omitempty"`
	Samples string `json:"samples,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

// The kinds of findings, gravest first.
const (
	kindUnsound = "unsound" // linear, and an attack grows up to the input limit
	kindOverrun = "overrun" // linear, and an attack costs more than the proved bound
	kindHollow  = "hollow"  // superlinear, and none of our attacks replays here
	kindMissed  = "missed"  // unknown, and an attack replays
	kindWeaker  = "weaker"  // superlinear, and an attack grows faster than we say
	kindBounded = "bounded" // linear, and an attack's growth ends below the input limit
	kindUnknown = "unknown" // unknown, and nobody knows
	kindInvalid = "invalid" // does not parse
)

var kinds = []string{kindUnsound, kindOverrun, kindHollow, kindMissed, kindWeaker, kindBounded, kindUnknown, kindInvalid}

func newTable(file, dialect string) *table {
	return &table{File: file, Dialect: dialect,
		InvalidBy: counts{}, LinearBy: counts{}, SuperlinearBy: map[string]counts{}, UnknownBy: counts{},
		Attack: map[string]summary{}, AttackBeyond: counts{}, Labels: map[string]counts{}, Peers: map[string]*peerTable{},
		lengths: map[string][]float64{}}
}

// attackSize is the budget of steps of which the attack's length is reported.
const attackSize = 10_000_000

// finish fills what is known at the end only.
func (t *table) finish() {
	t.Millis = summarise(t.millis)
	for class, lengths := range t.lengths {
		t.Attack[class] = summarise(lengths)
	}
	t.UnknownShare = 0
	if valid := t.Patterns - t.Invalid; valid > 0 {
		t.UnknownShare = float64(t.Unknown) / float64(valid)
	}
	for _, p := range t.Peers {
		p.finish()
	}
}

// reasonOf says in a few words why a verdict is unknown or invalid.
func reasonOf(r *verdict.Reason) string {
	switch {
	case r == nil:
		return "none given"
	case r.Limit != "":
		return r.Code + " " + r.Limit
	case r.Code == "construct":
		return fmt.Sprintf("%s: %s", r.Code, r.Message)
	}
	return r.Code
}

// samplesOf shows samples as n:bytes:steps, thinned to a dozen.
func samplesOf(samples []engines.Sample) string {
	const shown = 12
	var out string
	for i := range min(shown, len(samples)) {
		s := samples[i]
		if len(samples) > shown {
			s = samples[i*(len(samples)-1)/(shown-1)]
		}
		if i > 0 {
			out += " "
		}
		out += fmt.Sprintf("%d:%d:%d", s.N, s.Bytes, s.Cost.Steps)
	}
	return out
}
