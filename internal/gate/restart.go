package gate

import (
	"slices"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// restarters are the operators that verify numbers: after a match they search
// on one byte behind its beginning, until a number is valid. So every offset
// is a start, whether it matches or not, and costs its first match.
var restarters = []string{"verifyCC", "verifyCPF", "verifySSN", "verifySVNR"}

// A frame is what stands around a pattern's text so that a plain search costs
// what the host's loop costs: an atomic group that is left for a failure.
type frame struct{ open, end string }

// restarting is the pattern in its frame; ok is false where its host does
// nothing of the kind, or has no atomic groups (and an engine that is linear).
func restarting(p corpus.Pattern) (framed corpus.Pattern, f frame, ok bool) {
	if p.Dialect != corpus.PCRE || !slices.Contains(restarters, p.Context.Operator) {
		return p, f, false
	}
	f = frame{"(?>", ")(?!)"}
	if p.Flags.Has(corpus.Extended) {
		f.end = "\n" + f.end // a comment may stand last
	}
	p.Text, p.Mode = f.open+p.Text+f.end, corpus.Search
	return p, f, true
}

// analyzeAsApplied analyses a pattern as its operator applies it.
func analyzeAsApplied(analyze Analyze) Analyze {
	return func(p corpus.Pattern, o verdict.Options) verdict.Verdict {
		framed, f, ok := restarting(p)
		if !ok {
			return analyze(p, o)
		}
		v := analyze(framed, o)
		if v.Kind == verdict.Invalid {
			return analyze(p, o) // its own offsets, and what is expected there
		}
		v.Pattern = p
		for i := range v.Spans {
			v.Spans[i].Start = min(max(v.Spans[i].Start-len(f.open), 0), len(p.Text))
			v.Spans[i].End = min(max(v.Spans[i].End-len(f.open), 0), len(p.Text))
		}
		if r := v.Reason; r != nil && r.Offset >= 0 {
			r.Offset = min(max(r.Offset-len(f.open), 0), len(p.Text))
		}
		return v
	}
}

// Share is verdict.Share on a pattern as its operator applies it; a fault of
// nearmiss itself finds nothing more.
func Share(p corpus.Pattern, known engines.Growth, o verdict.Options) (found []attack.Witness) {
	defer func() {
		if recover() != nil {
			found = nil
		}
	}()
	framed, _, _ := restarting(p)
	return verdict.Share(framed, known, o)
}
