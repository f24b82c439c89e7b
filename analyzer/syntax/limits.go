package syntax

// Limits of every dialect. Those that an engine sets itself are in its
// dialect table.
const (
	// maxText is the longest pattern in bytes. Every byte may become a node of
	// about 200 bytes, so that a tree stays under 100 MB; the longest pattern
	// in public rule sets is under 20 KB, and PCRE2's own limit is near 32 KB
	// of plain text.
	maxText = 256 << 10
	// maxNest is the deepest a tree gets by groups, classes or stacked
	// quantifiers, for dialects whose engine has no smaller limit. Later
	// stages walk the tree recursively.
	maxNest = 1000
	// maxRanges is how many ranges all the sets of one tree may hold
	// together, about 32 MB: [\w1][\w2]… would otherwise copy a table of 700
	// ranges every five bytes.
	maxRanges = 4 << 20
	// maxNumber is what a decimal number saturates at while it is read; no
	// engine takes a repeat or a group number above it.
	maxNumber = 1 << 40
)
