// Package fix rewrites patterns whose matching time grows too fast, and proves
// that a rewrite matches what the pattern matched.
//
// Ideas (a file each) propose edits of a pattern's text. They need not be
// right: a rewrite counts only with a proof of its own, made by comparing
// languages (analyzer/language) and verified again by Check, which shares no
// construction with it. Whether a rewrite is also fast is measured elsewhere:
// engines/verdict replays it and says how safe the fix is.
package fix

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Use is what a rule takes from a match; a fix must keep that much.
type Use uint8

// The uses; each includes those before it.
const (
	// Match: only whether the subject matches.
	Match Use = iota
	// Span: where the match begins and ends too, as a log line or a relative
	// match shows.
	Span
	// Captures: the text of every group too.
	Captures
)

// String is the use in a word.
func (u Use) String() string { return [...]string{"match", "span", "captures"}[u] }

// ParseUse reads a use by name.
func ParseUse(s string) (Use, bool) {
	for u := Match; u <= Captures; u++ {
		if u.String() == s {
			return u, true
		}
	}
	return 0, false
}

// A Target is the set of engines that a fix may be written for.
type Target string

// The targets.
const (
	// RE2 keeps to what every engine reads: no lookaround, atomic group,
	// possessive quantifier or reference. The zero Target is RE2.
	RE2 Target = "re2"
	// PCRE2 may use all of those.
	PCRE2 Target = "pcre2"
)

// ParseTarget reads a target by name.
func ParseTarget(s string) (Target, bool) {
	switch t := Target(s); t {
	case RE2, PCRE2:
		return t, true
	}
	return "", false
}

// An Edit replaces the bytes [Start, End) of a pattern's text.
type Edit struct {
	Start, End int
	Text       string
}

// A Candidate is a rewrite that nobody has proved yet.
type Candidate struct {
	// Text is the whole pattern after the edits.
	Text  string
	Edits []Edit
	// Idea names the rewrite, Why says in a sentence why it should be the same.
	Idea, Why string
}

// Apply makes edits, which are sorted and do not overlap, in a text.
func Apply(text string, edits []Edit) string {
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(text[at:e.Start])
		b.WriteString(e.Text)
		at = e.End
	}
	b.WriteString(text[at:])
	return b.String()
}

// Between is the smallest single edit that turns one text into another, at the
// borders of characters.
func Between(old, next string) []Edit {
	if old == next {
		return nil
	}
	i := 0
	for i < len(old) && i < len(next) && old[i] == next[i] {
		i++
	}
	for i > 0 && i < len(old) && inside(old[i]) || i > 0 && i < len(next) && inside(next[i]) {
		i--
	}
	j, k := len(old), len(next)
	for j > i && k > i && old[j-1] == next[k-1] {
		j, k = j-1, k-1
	}
	for j < len(old) && inside(old[j]) {
		j, k = j+1, k+1
	}
	return []Edit{{i, j, next[i:k]}}
}

// inside reports whether a byte continues a UTF-8 sequence.
func inside(b byte) bool { return b&0xC0 == 0x80 }

// Drop is the idea of leaving out what a match does not need.
const Drop = "drop"

// The ideas that write a part, or the whole search, anew: harder to read than an
// edit.
const (
	Rebuild   = "rebuild"
	Determine = "determine"
	Exclude   = "exclude"
)

// Made reports whether the rewrite holds an expression that was made from an
// automaton.
func (c Candidate) Made() bool {
	return c.Idea == Rebuild || c.Idea == Determine || c.Idea == Exclude
}

// An idea proposes rewrites at one place of a tree.
type idea struct {
	name    string
	propose func(d *draft, at *place)
}

// ideas in the order in which they are tried at one place: what is easiest to
// read first.
func ideas() []idea {
	return []idea{
		{"unnest", unnest},
		{"absorb", absorb},
		{"trim", trim},
		{Drop, drop},
		{"optional-group", group},
		{"disjoint", disjoint},
		{"stop", stop},
		{"lookbehind", lookbehind},
		{Exclude, exclude},
		{"merge", merge},
		{"collapse", collapse},
		{"stagger", stagger},
		{"count", count},
		{"guard", guard},
		{"possess", possess},
		{Rebuild, rebuild},
	}
}

// maxCandidates bounds the rewrites proposed for one pattern: each costs a
// proof.
const maxCandidates = 160

// manyCandidates is the same where each proof looks at one part only, and
// largeWork the bound of rebuildWork.
const (
	manyCandidates = 600
	largeWork      = 8_000_000
)

// rebuildWork bounds the edges followed to make parts of one pattern
// deterministic: a tenth of a second.
const rebuildWork = 2_000_000

// Candidates proposes rewrites of a pattern, those that touch the competing
// parts first, small ones before large ones.
func Candidates(re *syntax.Regexp, hot []syntax.Span, use Use, target Target) []Candidate {
	return newDraft(re, hot, use, target).candidates()
}

// Larger proposes rewrites as Candidates does, and parts that are rebuilt at any
// length: for patterns that no short rewrite mends.
func Larger(re *syntax.Regexp, hot []syntax.Span, use Use, target Target) []Candidate {
	d := newDraft(re, hot, use, target)
	d.large = true
	return d.candidates()
}

// A place is a node with its way from the root.
type place struct {
	node   *syntax.Node
	parent *place
	index  int
}

// A draft collects the candidates for one pattern.
type draft struct {
	re     *syntax.Regexp
	text   string
	hot    []syntax.Span
	use    Use
	target Target
	spell  *speller
	known  map[string]bool // proposed texts: whether an edit makes them
	out    []scored
	idea   int
	budget *language.Budget
	name   string
	// large says that parts may be rebuilt at any length.
	large bool
}

type scored struct {
	Candidate
	score int
}

func newDraft(re *syntax.Regexp, hot []syntax.Span, use Use, target Target) *draft {
	return &draft{re: re, text: re.Pattern.Text, hot: hot, use: use, target: target, spell: newSpeller(re), known: map[string]bool{re.Pattern.Text: true}}
}

// candidates are the proposals of all ideas, best first.
func (d *draft) candidates() []Candidate {
	most := maxCandidates
	d.budget = &language.Budget{Work: rebuildWork}
	if d.large {
		most, d.budget.Work = manyCandidates, largeWork
	}
	d.walk(&place{node: d.re.Root})
	d.whole()
	slices.SortStableFunc(d.out, func(a, b scored) int { return cmp.Compare(a.score, b.score) })
	var out []Candidate
	for _, c := range d.out[:min(len(d.out), most)] {
		if d.large && c.score >= coldScore {
			continue
		}
		out = append(out, c.Candidate)
	}
	return out
}

// walk asks every idea at every place.
func (d *draft) walk(at *place) {
	for i, idea := range ideas() {
		d.idea, d.name = i, idea.name
		idea.propose(d, at)
	}
	if at.node.Op == syntax.OpLook && at.node.Behind {
		return // its length may be bound
	}
	for i, s := range at.node.Sub {
		d.walk(&place{s, at, i})
	}
}

// propose adds a candidate.
func (d *draft) propose(why string, edits ...Edit) {
	slices.SortFunc(edits, func(a, b Edit) int { return cmp.Compare(a.Start, b.Start) })
	c := Candidate{Apply(d.text, edits), edits, d.name, why}
	if edited, found := d.known[c.Text]; found && (edited || c.Made()) {
		return
	}
	d.known[c.Text] = !c.Made()
	d.out = append(d.out, scored{c, d.score(edits, c.Text)})
}

// The weights of a candidate's score: an edit away from the competing parts
// comes after all others, then the order of the ideas and the length of what
// is written decide.
const (
	coldScore = 10_000
	ideaScore = 6
)

func (d *draft) score(edits []Edit, text string) int {
	score := d.idea*ideaScore + max(0, len(text)-len(d.text))
	from, to := edits[0].Start, edits[len(edits)-1].End
	for _, h := range d.hot {
		if from <= h.End && h.Start <= to {
			return score
		}
	}
	return score + coldScore
}

// src is the text of a node.
func (d *draft) src(n *syntax.Node) string { return d.text[n.Span.Start:n.Span.End] }

// between is the text of consecutive nodes.
func (d *draft) between(first, last *syntax.Node) string {
	return d.text[first.Span.Start:last.Span.End]
}

// replace is the edit that puts text in a node's place.
func replace(n *syntax.Node, text string) Edit { return Edit{n.Span.Start, n.Span.End, text} }

// quantifier is the span of a repeat's own text: + or {2,}?.
func quantifier(n *syntax.Node) (start, end int) { return n.Sub[0].Span.End, n.Span.End }

// bare strips groups around a node.
func bare(n *syntax.Node) *syntax.Node {
	for n.Op == syntax.OpGroup {
		n = n.Sub[0]
	}
	return n
}

// captures reports whether a node holds a group that captures.
func captures(n *syntax.Node) bool {
	found := false
	syntax.Walk(n, func(n *syntax.Node) bool {
		found = found || n.Op == syntax.OpGroup && n.Index > 0
		return !found
	})
	return found
}

// searches reports whether a match may begin and end anywhere.
func (d *draft) searches() bool {
	mode := d.re.Pattern.Mode
	return (mode == corpus.Search || mode == "") && !d.re.Flags.Has(corpus.Anchored) && !d.re.Flags.Has(corpus.Sticky)
}
