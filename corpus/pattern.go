// Package corpus says what a pattern is and where it stands.
//
// A reader of one rule-file format (a sub-package each) turns bytes into
// Patterns with exact positions; every other room of the house starts from a
// Pattern and never looks at the file again.
package corpus

// A Pattern is one regular expression as it stands in some source: its text,
// the dialect and flags it is read with, how it is applied, and its place.
type Pattern struct {
	// ID is the caller's name for the pattern, echoed in every output row.
	ID string
	// Text is the pattern as its engine receives it, after the host file's
	// quoting is undone. It need not be valid UTF-8.
	Text string
	// Dialect is the syntax and semantics Text is written in.
	Dialect Dialect
	// Flags are the letters in force, host defaults included.
	Flags Flags
	// Mode says how the host applies the pattern to a subject.
	Mode Mode
	// Source is where the pattern stands.
	Source Source
	// Context is what the rule around the pattern does with it.
	Context Context
}

// Context is what a rule does around its pattern, as far as it decides what
// reaches the pattern or what a match is used for.
type Context struct {
	// Transformations are applied to the subject before matching, in order.
	Transformations []string
	// ActionsUpdated says that a directive elsewhere changes the rule's actions,
	// so that Transformations may not be all, or too many.
	ActionsUpdated bool
	// MultiMatch says that the pattern runs after every transformation.
	MultiMatch bool
	// Negated says that the rule fires when the pattern does not match.
	Negated bool
	// Macro says that the text holds a %{macro} which the host expands at run
	// time: the pattern that runs is not the text.
	Macro bool
	// Captures says that the rule keeps capture groups for later use.
	Captures bool
	// Variables are the parts of a request the pattern is matched against, as
	// written.
	Variables []string
	// Phase is the host's processing phase, "" when not applicable.
	Phase string
	// Parents are the rules of a chain which must match first, outermost first.
	Parents []string
	// Profiles names the host profiles the flags were taken from.
	Profiles []string
	// OtherFlags are the flags under which other profiles read the same text in
	// the same dialect and mode.
	OtherFlags []Flags
	// ByteLimit is the largest subject the host hands over, 0 when unknown.
	ByteLimit int
	// MatchLimits are the limits on the engine's work that the host's directives
	// set, in the engine's own unit, ascending; none where no directive does.
	MatchLimits []uint64
	// Role says what the pattern is in the rule: "operator", "selector",
	// "directive", or "" for a plain list.
	Role string
	// Operator is what applies the pattern, in the format's own words: "rx",
	// "verifyCC", a directive's name; "" when there is only one way.
	Operator string
	// Exemption is the comment that lets the pattern pass, nil without one.
	Exemption *Exemption
}

// Mode says how a host applies a pattern.
type Mode string

// The modes. A host that looks for a match anywhere searches.
const (
	Search Mode = "search" // the first match at any offset
	Match  Mode = "match"  // a match that starts at offset 0
	Full   Mode = "full"   // a match of the whole subject
	Global Mode = "global" // every match, one after the other
)

// ParseMode reads a mode by name; "" is Search.
func ParseMode(s string) (Mode, bool) {
	switch m := Mode(s); m {
	case "":
		return Search, true
	case Search, Match, Full, Global:
		return m, true
	}
	return "", false
}
