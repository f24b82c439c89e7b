package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// tableRows is how many samples a person is shown.
const tableRows = 6

// table is the samples as lines of "bytes  steps  × last".
func table(samples []engines.Sample, indent string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%12s %16s\n", indent, "bytes", "steps")
	var last engines.Sample
	for i, s := range thin(samples, tableRows) {
		ratio := ""
		if i > 0 && last.Cost.Steps > 0 {
			ratio = fmt.Sprintf("× %.3g", float64(s.Cost.Steps)/float64(last.Cost.Steps))
		}
		line := fmt.Sprintf("%12s %16s %8s", commas(uint64(max(s.Bytes, 0))), commas(s.Cost.Steps), ratio)
		b.WriteString(indent + strings.TrimRight(line, " ") + "\n")
		last = s
	}
	return b.String()
}

// thin keeps n samples, the first and the last among them, evenly spread.
func thin(samples []engines.Sample, n int) []engines.Sample {
	if len(samples) <= n {
		return samples
	}
	out := make([]engines.Sample, 0, n)
	for i := range n {
		out = append(out, samples[i*(len(samples)-1)/(n-1)])
	}
	return out
}

// commas is a number with its thousands apart: 1,234,567.
func commas(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// cause is one plain sentence: which parts of the pattern compete, and why
// that costs.
func cause(v verdict.Verdict) string {
	text := v.Pattern.Text
	part := func(i int) string {
		if i >= len(v.Spans) {
			return "a loop"
		}
		return "`" + snippet(text, v.Spans[i]) + "`"
	}
	two := part(0)
	if len(v.Spans) > 1 {
		two += " and " + part(1)
	}
	switch v.Cause {
	case "nested":
		if len(v.Spans) > 1 {
			return two + " can split the same characters between them in many ways; when the match fails, every way is tried."
		}
		return two + " can read the same characters in more than one way on every turn; when the match fails, every way is tried."
	case "adjacent":
		return two + " can both take the same characters; when the match fails, every border between them is tried."
	case "rescan":
		return part(0) + " runs over the same characters again from every offset at which the search starts."
	case "assertion":
		return part(0) + " stands in an assertion or atomic group that is entered at many offsets, and reads the same characters each time."
	case "backreference":
		return part(0) + " compares the same characters again for every way its group can match."
	case "counter":
		return part(0) + " repeats so often below its bound that the ways to count add up before the bound is reached."
	}
	return "the cost grows faster than the input."
}

// advice says what to do, in general: a rewrite with a proof is another
// room's.
func advice(v verdict.Verdict) string {
	switch v.Cause {
	case "nested":
		return "let only one of the loops repeat, or begin each turn with a character that the inner part cannot match."
	case "adjacent":
		return "merge the loops, or let the first exclude the characters that the second begins with."
	case "rescan":
		return "anchor the pattern, require a character before the loop that the loop cannot match, or bound the loop."
	case "assertion":
		return "bound the loop in the assertion, or move it out."
	case "backreference":
		return "bound the group that is referred to, or drop the reference."
	case "counter":
		return "lower the bound, or make the repeated part unambiguous."
	}
	return "rewrite the marked part so that only one of its loops can take a character."
}

// snippetBytes bounds a part of a pattern inside a sentence.
const snippetBytes = 40

func snippet(text string, s syntax.Span) string {
	from, to := min(max(s.Start, 0), len(text)), min(max(s.End, 0), len(text))
	if from > to {
		from = to
	}
	var b strings.Builder
	for _, c := range cells(text[from:to]) {
		if b.Len()+len(c.text) > snippetBytes {
			b.WriteString("…")
			break
		}
		b.WriteString(c.text)
	}
	return b.String()
}
