// Package verdict joins what the analyzer claims with what the engines
// measure: the one public place where a pattern gets its verdict.
//
// A verdict is a proof of linearity or a replayed attack; everything else is
// unknown, and says why.
package verdict

import (
	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/transform"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
)

// A Kind is the word of a verdict.
type Kind string

// The verdicts.
const (
	Linear      Kind = "linear"      // proved
	Superlinear Kind = "superlinear" // replayed
	Unknown     Kind = "unknown"     // Reason says what stopped us
	Invalid     Kind = "invalid"     // Reason says where it does not parse
)

// A Verdict is what nearmiss knows of one pattern, read with its own dialect,
// flags and mode, on the reference matcher; Targets says the same of real
// engines by their models.
type Verdict struct {
	Pattern corpus.Pattern
	Kind    Kind

	// Growth is set for linear and superlinear. ClaimedExponent is what the
	// automaton allowed, where the replay measured less; else 0.
	Growth          engines.Growth
	ClaimedExponent int
	// Cause is one of the analyzer's causes ("nested", "adjacent", "rescan",
	// "assertion", "backreference", "counter"), "" unless superlinear.
	Cause string
	// Spans are the competing parts, most competing first.
	Spans []syntax.Span

	// Proof says which argument proves linearity, "" unless linear.
	Proof string
	// StepsPerByte bounds the reference's steps by StepsPerByte·(n+1), 0 unless
	// linear. StepsPerByteProved says that it is a bound from the automaton
	// and not the largest value that the search found.
	StepsPerByte       float64
	StepsPerByteProved bool

	// Witnesses are the confirmed attacks, fittest first; Samples belong to
	// the first.
	Witnesses []attack.Witness
	Samples   []engines.Sample
	// Sizes are the smallest numbers of attack bytes that cost given numbers
	// of steps, in ascending order of Steps.
	Sizes []Size

	// Targets are the engines of the pattern's profiles by their models.
	Targets []Target
	// Differences are inputs on which engines disagree about a match, where
	// Options.Speakers asked.
	Differences []fuzz.Difference
	// Searched is what the guided search found, nil unless Options.Search asked
	// for it.
	Searched *Searched
	// Reach says whether the pattern is reached through its rule's
	// transformations, and from an HTTP field where it is matched against
	// those; nil unless superlinear, and where there are neither.
	Reach *Reach
	// Fixes are rewrites that cost less, best first; nil unless they were asked
	// for (Fixes).
	Fixes []Fix
	// Reason is set for unknown and invalid.
	Reason *Reason
	// Stats are deterministic counts of the work done.
	Stats Stats
}

// A Size is the smallest attack that costs at least Steps: its length in
// bytes. Verified says that it was replayed, otherwise it is extrapolated
// from the exact growth. Bytes is -1 where no attack within the input limit
// costs so much.
type Size struct {
	Steps    uint64
	Bytes    int
	Verified bool
}

// A Target is the verdict for one real engine, by its model.
type Target struct {
	Engine string
	Model  string // "superlinear", "latent", "linear", "unsupported", "none"
	// Growth is how the attack grows on the model; its class is Linear unless
	// Model is "superlinear".
	Growth engines.Growth
	// Witness is the attack that grows there: one of the verdict's, or a
	// variant that gets past the engine's shortcuts. It is empty unless Model
	// is "superlinear". Sizes are its lengths, extrapolated, by the model's
	// steps.
	Witness attack.Witness
	Sizes   []Size
	// Samples are the costs on the model, of Witness or, where a shortcut saves
	// the engine, of the verdict's first; nil unless Options.Curves asked.
	Samples []engines.Sample
	// Sent is what somebody sends so that an attack which grows on the model
	// arrives through the rule's transformations; nil where there are none,
	// and where nothing was found.
	Sent *Attack
	// SavedBy are the shortcuts that make a latent pattern linear.
	SavedBy []string
	// BytesToLimit are the lengths of Witness that pass the host's match
	// limits, by limit; -1 where none within the input limit does, OpenLimit
	// where that is not known.
	BytesToLimit map[uint64]int
}

// OpenLimit stands for the length that passes a match limit, where nothing that
// was run did and longer attacks may.
const OpenLimit = -2

// A Reason says why a verdict is unknown or invalid.
type Reason struct {
	// Code is one of a closed set: "limit", "construct", "unconfirmed",
	// "macro", "syntax", "internal" (a fault of nearmiss
	// itself, which a caller caught).
	Code string
	// Limit and Value name the limit that was reached.
	Limit string
	Value int64
	// Offset is the place in the pattern, -1 when it is the whole.
	Offset  int
	Message string
}

// Stats are deterministic counts, for reports and limits.
type Stats struct {
	States, Transitions, Pairs int
	ReplaySteps                uint64
}

// Options bound the work on one pattern. The zero value means the defaults.
type Options struct {
	// Verify replays the sizes up to 10⁷ steps instead of extrapolating.
	Verify bool
	// InputLimit is the largest subject in bytes that counts, 128 KiB when 0.
	InputLimit int
	// Steps bounds the replayed steps for the pattern, 0 for the default.
	Steps uint64
	// Engines are the targets: each gets a Target by its model.
	Engines []string
	// Hosts are those whose transformations a rule's subjects go through: one
	// on which an attack arrives is enough. None stands for all.
	Hosts []transform.Host
	// Field says that the subjects are values of HTTP fields, which hold no
	// line ends and no NUL.
	Field bool
	// MatchLimits are those of the pattern's hosts, for Target.BytesToLimit.
	MatchLimits []uint64
	// Curves keeps the samples of the trials on models.
	Curves bool
	// Speakers are live engines whose answers are compared on the search's
	// inputs and others; they run in this process, on short inputs. Only with
	// Search.
	Speakers []fuzz.Speaker
	// Shared keeps what other patterns may have in common with this one; nil
	// for nothing. It changes no verdict.
	Shared *Shared
	// Search makes the guided search look at every pattern, whatever the
	// analysis says of it; nil leaves it to the patterns that the analysis
	// leaves open.
	Search *Search
}
