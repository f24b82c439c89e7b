package report

import (
	"fmt"
	"maps"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// Kinds, Causes and Levels are the words counted, in the order they print.
var (
	kinds  = []verdict.Kind{verdict.Linear, verdict.Superlinear, verdict.Unknown, verdict.Invalid}
	causes = []string{"nested", "adjacent", "rescan", "assertion", "backreference", "counter"}
	levels = []policy.Level{policy.Error, policy.Warning, policy.Note}

	reachStates = []verdict.ReachState{verdict.Reachable, verdict.Unreachable, verdict.ReachUnknown}
)

type jsonSummary struct {
	Files     jsonFiles  `json:"files"`
	BaseFiles *jsonFiles `json:"base_files"`
	Faults    int        `json:"faults"`
	OldFaults int        `json:"old_faults"`
	Warnings  int        `json:"warnings"`

	Patterns  int `json:"patterns"`
	Unchanged int `json:"unchanged"`
	Removed   int `json:"removed"`

	Verdicts  map[string]int `json:"verdicts"`
	Causes    map[string]int `json:"causes"`
	Levels    map[string]int `json:"levels"`
	Decisions map[string]int `json:"decisions"`
	Latent    int            `json:"latent"`
	// Differences are patterns that engines disagree about, by kind and engines.
	Differences map[string]int `json:"differences"`
	Reach       map[string]int `json:"reach"`

	// JudgedOn says what the decisions rest on.
	JudgedOn string          `json:"judged_on"`
	Waived   int             `json:"waived"`
	Pending  []policy.Waiver `json:"pending_waivers"`
	Exempted int             `json:"exempted"`
	Known    int             `json:"known"`
	Shared   []jsonFragment  `json:"fragments"`
	Asked    []jsonPending   `json:"pending_exemptions"`
	Edited   bool            `json:"policy_changed"`
	Overrun  bool            `json:"budget_exceeded"`
	Canary   *string         `json:"canary"`
	Faulted  int             `json:"internal_faults"`

	Base     *string           `json:"base"`
	Head     *string           `json:"head"`
	Versions map[string]string `json:"versions"`
	Policy   *string           `json:"policy"`
}

// jsonFragment is a line that several rules' findings come from.
type jsonFragment struct {
	File  string   `json:"file"`
	Line  int      `json:"line"`
	Rules []string `json:"rules"`
}

// jsonPending is an exemption that the change adds.
type jsonPending struct {
	File   *string `json:"file"`
	Rule   *string `json:"rule"`
	Line   int     `json:"line"`
	Reason string  `json:"reason"`
}

type jsonFiles struct {
	Read      int `json:"read"`
	Unclaimed int `json:"unclaimed"`
	Failed    int `json:"failed"`
	Links     int `json:"links"`
	Includes  int `json:"includes"`
	Updates   int `json:"updates"`
}

func summarise(s gate.Summary) jsonSummary {
	out := jsonSummary{
		Files: jsonFiles(s.Files), Faults: s.Faults, OldFaults: s.OldFaults, Warnings: s.Warnings,
		Patterns: s.Patterns, Unchanged: s.Unchanged, Removed: s.Removed,
		Verdicts: map[string]int{}, Causes: map[string]int{}, Levels: map[string]int{}, Decisions: map[string]int{}, Latent: s.Latent,
		Reach:    map[string]int{},
		JudgedOn: judgedOn(s),
		Exempted: s.Exempted, Known: s.Known, Asked: []jsonPending{}, Shared: []jsonFragment{},
		Waived: s.Waived, Pending: []policy.Waiver{}, Edited: s.PolicyChanged, Overrun: s.Overrun, Canary: text(s.Canary), Faulted: s.Internal,
		Base: text(s.BaseName), Head: text(s.HeadName), Versions: map[string]string{}, Policy: text(s.PolicyDigest),
	}
	if s.HeadName != "" {
		b := jsonFiles(s.Base)
		out.BaseFiles = &b
	}
	out.Differences = map[string]int{}
	maps.Copy(out.Differences, s.Differences)
	for _, k := range kinds {
		out.Verdicts[string(k)] = s.Verdicts[k]
	}
	for _, c := range causes {
		out.Causes[c] = s.Causes[c]
	}
	for _, l := range levels {
		out.Levels[string(l)] = s.Levels[l]
	}
	for _, d := range gate.Decisions {
		out.Decisions[string(d)] = s.Decisions[d]
	}
	for _, r := range reachStates {
		out.Reach[string(r)] = s.Reach[r]
	}
	for _, w := range s.Pending {
		out.Pending = append(out.Pending, *waiver(&w))
	}
	for _, x := range s.PendingExemptions {
		out.Asked = append(out.Asked, jsonPending{File: text(x.File), Rule: text(x.Rule), Line: x.Pos.Line, Reason: escaped(x.Reason)})
	}
	for _, f := range s.Fragments.Shared() {
		out.Shared = append(out.Shared, jsonFragment{File: escaped(f.File), Line: f.Line, Rules: list(s.Fragments[f])})
	}
	maps.Copy(out.Versions, s.Versions)
	return out
}

// shared are the lines about fragments that several rules are made of: one
// edit there mends them all.
func shared(s gate.Summary) []string {
	var out []string
	for _, f := range s.Fragments.Shared() {
		out = append(out, fmt.Sprintf("%s:%d is behind the findings of rules %s", shown(f.File), f.Line, shown(strings.Join(s.Fragments[f], ", "))))
	}
	return out
}

// pending are the lines about what the change asks for itself, which holds
// only after the merge.
func pending(s gate.Summary) []string {
	var out []string
	for _, w := range s.Pending {
		out = append(out, fmt.Sprintf("waiver for rule %s is part of the change: it holds after the merge", shown(w.Rule)))
	}
	for _, x := range s.PendingExemptions {
		rule := ""
		if x.Rule != "" {
			rule = " of rule " + shown(x.Rule)
		}
		out = append(out, fmt.Sprintf("exemption%s at %s is part of the change: it holds after the merge", rule, where(corpus.Source{File: x.File, Pos: x.Pos})))
	}
	if s.PolicyChanged {
		out = append(out, "the change edits the policy: the new one holds after the merge")
	}
	return out
}

// What a run was judged on.
const (
	onReference = "reference"
	onModels    = "models"
	onBoth      = "mixed"
)

func judgedOn(s gate.Summary) string {
	switch s.Modelled {
	case 0:
		return onReference
	case s.Patterns:
		return onModels
	}
	return onBoth
}

// plural is "1 file", "2 files".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// counts lists what is not zero: "3 linear, 1 superlinear (1 nested)".
func counts[K ~string](words []K, of map[K]int) string {
	var parts []string
	for _, w := range words {
		if of[w] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", of[w], w))
		}
	}
	return strings.Join(parts, ", ")
}
