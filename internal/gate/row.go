package gate

import (
	"fmt"
	"time"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/language"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// Analyze gives a pattern its verdict: verdict.Analyze, or a stand-in.
type Analyze func(corpus.Pattern, verdict.Options) verdict.Verdict

// Replay runs one witness on a pattern it was not made for: verdict.Replay, or
// a stand-in. It may be nil: then no old witness is replayed.
type Replay func(corpus.Pattern, attack.Witness, verdict.Options) Replayed

// Replayed is what running a witness on a pattern measured.
type Replayed = verdict.Replayed

// ReasonInternal is the reason code of a verdict that a fault of nearmiss
// itself took the place of.
const ReasonInternal = "internal"

// Guard analyses a pattern as its operator applies it, and turns a panic into a
// verdict, so that one pattern never stops a run.
func Guard(analyze Analyze) Analyze {
	analyze = analyzeAsApplied(analyze)
	return func(p corpus.Pattern, o verdict.Options) (v verdict.Verdict) {
		defer func() {
			if r := recover(); r != nil {
				v = verdict.Verdict{Pattern: p, Kind: verdict.Unknown, Reason: &verdict.Reason{
					Code: ReasonInternal, Offset: -1, Message: fmt.Sprintf("a fault of nearmiss itself: %v", r),
				}}
			}
		}()
		return analyze(p, o)
	}
}

// A Row is one pattern with one set of flags, judged.
type Row struct {
	Verdict verdict.Verdict
	Level   policy.Level
	// Judgement is nil outside of a gate.
	Judgement *Judgement
	// Waiver let the row pass, nil when none did.
	Waiver *policy.Waiver
	// Exemption is the comment that let the row pass, nil when none did.
	Exemption *corpus.Exemption
	// Origins are the lines of assembly files that the competing parts of a
	// generated pattern come from, most competing first; none for others.
	Origins []Origin
	// Known says that an earlier run found the same, and was accepted as the
	// baseline.
	Known bool
	// Hide says that no report may print the attack.
	Hide bool
	// Canary marks a row that nearmiss itself put into the run.
	Canary bool
	// Seq is the row's number in the whole corpus, from 1; 0 in runs that do
	// not number.
	Seq int
	// Live is what the engines of this machine did with the attack, nil where
	// they were not asked. Only their counts may change a decision.
	Live []verdict.Live
	// Move says whether the pattern can move to an engine of linear time, nil
	// where that was not asked.
	Move *verdict.Move
	// Shared is what attacks on other patterns of the run added, nil where none
	// was tried or none grew faster.
	Shared *Shared
	// Elapsed is the time the verdict took, 0 when it was not taken.
	Elapsed time.Duration
}

// Shared are the attacks on other patterns of a run that grow faster on this
// one than what was found without them; Reason says why they were not tried to
// the end, nil where they were.
type Shared struct {
	Attacks []SharedAttack
	Reason  *verdict.Reason
}

// A SharedAttack was found on the pattern that has number Seq in the run.
type SharedAttack struct {
	Seq     int
	Witness attack.Witness
}

// Excused reports whether a waiver or an exemption let the row pass.
func (r Row) Excused() bool { return r.Waiver != nil || r.Exemption != nil }

// A Decision is what becomes of a new or changed pattern.
type Decision string

// The decisions.
const (
	Accept Decision = "accept"
	Debt   Decision = "debt"   // accepted, loudly
	Reject Decision = "reject" // must not merge
	Error  Decision = "error"  // could not be judged
)

// Decisions lists them in the order reports count them.
var Decisions = []Decision{Accept, Debt, Reject, Error}

// A Judgement is a decision with its reason.
type Judgement struct {
	Decision Decision
	// Code is the reason in a word, Message in a sentence.
	Code, Message string
	// Changed are the words for what differs from the base; empty for a new
	// pattern.
	Changed []string
	// Base is the verdict of the pattern's predecessor, nil when it is new.
	Base *verdict.Verdict
	// Language says how the subjects it matches relate to those of its
	// predecessor, nil where nothing that decides it has changed. It is no
	// ground of a decision.
	Language *language.Difference
}

// A Summary counts a whole run. Patterns are counted in rows: one for each
// occurrence and distinct flags.
type Summary struct {
	// Files of the head, or of the only version; Base of the base.
	Files, Base FileCounts
	// Faults are files and rules that could not be read and are reported;
	// OldFaults stand in the base as well and are only counted.
	Faults, OldFaults int
	// Patterns were judged; Unchanged were not judged again; Removed stand in
	// the base only.
	Patterns, Unchanged, Removed int

	Verdicts  map[verdict.Kind]int
	Causes    map[string]int
	Levels    map[policy.Level]int
	Decisions map[Decision]int
	// Latent are super-linear on the reference matcher alone.
	Latent int
	// Reach counts super-linear rows behind transformations, by whether an
	// attack arrives.
	Reach map[verdict.ReachState]int
	// Waived rows passed by a waiver. Pending are waivers that the change
	// adds or widens: they hold after the merge.
	Waived  int
	Pending []policy.Waiver
	// Exempted rows passed by a comment in the file. PendingExemptions are
	// those that the change adds.
	Exempted          int
	PendingExemptions []PendingExemption
	// Fragments are the lines that several rules' findings come from.
	Fragments Fragments
	// Known rows stand in the baseline.
	Known int
	// Warnings are faults that left nothing unread.
	Warnings int
	// PolicyChanged says that the change edits the policy, which holds after
	// the merge.
	PolicyChanged bool
	// Overrun says that a budget of the run was used up.
	Overrun bool
	// Canary is "rejected", "missed", or "" when none was sent.
	Canary string
	// Modelled rows were judged on models of their engines, too; all others
	// on the reference matcher alone.
	Modelled int
	// Internal counts faults of nearmiss itself.
	Internal int
	// Differences counts the patterns that engines disagree about, by kind and
	// engines: "dialect pcre → go", "engine regexp2-v1".
	Differences map[string]int

	// BaseName, HeadName and PolicyDigest say what was compared, and by what.
	BaseName, HeadName, PolicyDigest string
	// Versions of what judged, by name.
	Versions map[string]string
}

// A PendingExemption is a comment that the change adds above a rule: it holds
// after the merge.
type PendingExemption struct {
	File, Rule string
	corpus.Exemption
}

// NewSummary is a summary of nothing.
func NewSummary() Summary {
	return Summary{
		Verdicts: map[verdict.Kind]int{}, Causes: map[string]int{}, Levels: map[policy.Level]int{},
		Reach:     map[verdict.ReachState]int{},
		Decisions: map[Decision]int{}, Versions: map[string]string{},
		Differences: map[string]int{},
	}
}

// Fault counts a part of a file that could not be read, or a warning.
func (s *Summary) Fault(p *corpus.Problem) {
	if p.Advisory {
		s.Warnings++
	} else {
		s.Faults++
	}
}

// Count adds a row that a report shows.
func (s *Summary) Count(r Row) {
	s.Patterns++
	s.Verdicts[r.Verdict.Kind]++
	if r.Verdict.Cause != "" {
		s.Causes[r.Verdict.Cause]++
	}
	if r.Level != policy.None {
		s.Levels[r.Level]++
	}
	if r.Judgement != nil {
		s.Decisions[r.Judgement.Decision]++
	}
	if len(r.Verdict.Targets) > 0 {
		s.Modelled++
	}
	if policy.Latent(r.Verdict) {
		s.Latent++
	}
	if r.Verdict.Reach != nil {
		s.Reach[r.Verdict.Reach.State]++
	}
	if r.Waiver != nil {
		s.Waived++
	}
	if r.Exemption != nil {
		s.Exempted++
	}
	if r.Known {
		s.Known++
	}
	for _, d := range r.Verdict.Differences {
		s.Differences[d.Kind+" "+d.Where]++
	}
	s.Fragments.add(r)
	if r.Verdict.Reason != nil && r.Verdict.Reason.Code == ReasonInternal {
		s.Internal++
	}
}
