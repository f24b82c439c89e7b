// Package suricata reads the rule files of Suricata and of Snort 2 and 3:
// every regular expression of their pcre keyword, with the rule around it and
// its exact place.
//
// # What a file is
//
// A rule is an action, a header and options in parentheses, each ended by a
// semicolon. The programs differ in what may stand around that; this reader
// takes what any of them takes, since a pattern that one of them runs is to be
// judged, and says so where they disagree.
//
//   - Comments. A line that begins with # (behind blanks, for Snort) is one,
//     on its own: a backslash at its end continues nothing. What follows such a
//     line up to the next without a backslash is taken for the rest of a rule
//     whose first line was commented out, unless it begins with an action.
//     Snort 3 also knows comments between /* and */. Suricata does not, and runs
//     the rules that stand in one: they are read, with the problem
//     "swallowed-directive".
//   - Lines. A backslash at a line's end, blanks after it allowed, joins it
//     with the next: the backslash, those blanks and the line end vanish, the
//     next line's indent stays (Suricata's DetectLoadSigFile). A rule without
//     backslashes may go on over lines, with # and /* */ comments between its
//     options, as in Snort 3; it ends where the next line begins with an action.
//   - Options. A semicolon ends an option unless a backslash stands before it.
//     Snort 3 also protects it by quotes, except in pcre: the same here. The
//     value of pcre keeps its backslashes: \" and \; mean the same to PCRE as
//     the characters alone.
//   - pcre:"/TEXT/flags", with ! before or behind the colon's blanks, quotes
//     or none, and m and any delimiter instead of / (Snort). TEXT ends at the
//     last delimiter without a backslash before it. After the flags Suricata
//     takes names for capture groups: "/…/i, flow:name". Text before the first
//     slash is ignored by Suricata and refused by Snort: problem
//     "ignored-text".
//   - pcrexform:"TEXT" (Suricata's transformation) is a pattern without
//     delimiters or flags, applied for its first capture group.
//
// Snort 3's regex and sd_pattern run on a matcher that is linear by its
// construction (Hyperscan): they are not read.
//
// # Flags
//
// i m s x are the pattern's own; A anchors it at the place where the search
// begins, E is dollar-end-only, G swaps greedy and lazy. O lifts the host's
// match limit, B asks for bytes before decoding, R begins where the last match
// ended: these change no letter of the pattern. U I P Q H D M C K S Y V W Z
// choose a buffer, which is given as Suricata names it among
// [corpus.Context.Variables]; without one of them it is the sticky buffer that
// stands before, as written.
//
// A pattern that another relative option follows (distance, within, or a pcre
// with R) is run again from one byte after its match's beginning whenever what
// follows fails: its mode is global.
//
// # Names
//
// A rule's name is its sid, with its gid and a colon before it unless that is
// 1. [corpus.Pattern.ID] is that name for the first pattern of a rule and
// <sid>#pcre2, <sid>#pcre3, … for the next.
//
// # Problems
//
// See the Code constants for the closed set of codes. Reading always goes on.
package suricata
