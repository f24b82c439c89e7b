package report

import (
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// severity is how loudly a row is reported: as an error, a warning or a note,
// or, None, not at all. What could not be judged is an error of a gate and a
// warning of a lint; what a waiver let pass is a note.
func severity(r gate.Row) policy.Level {
	if j := r.Judgement; j != nil {
		switch {
		case r.Excused() && j.Decision != gate.Reject && j.Decision != gate.Error:
			return policy.Note
		case j.Decision == gate.Reject || j.Decision == gate.Error:
			return policy.Error
		case j.Decision == gate.Debt:
			return policy.Warning
		case r.Verdict.Kind == verdict.Superlinear:
			return policy.Note
		}
		return policy.None
	}
	switch {
	case r.Verdict.Kind == verdict.Linear || r.Known:
		return policy.None
	case r.Excused():
		return policy.Note
	case r.Level.AtLeast(policy.Note):
		return r.Level
	case r.Verdict.Kind == verdict.Unknown || r.Verdict.Kind == verdict.Invalid:
		return policy.Warning
	}
	return policy.Note
}

// title is "reject: rule 7: exponential (nested)": the headline of the text
// format without its place.
func title(r gate.Row) string {
	r.Verdict.Pattern.Source = corpus.NewSource("", r.Verdict.Pattern.Source.Rule, nil)
	return strings.TrimSuffix((&Text{}).headline(r), "\n")
}

// lines say what a person needs beside the title: the cause, the attack unless
// it is hidden, its size, and what to do.
func lines(r gate.Row) []string {
	v := r.Verdict
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch v.Kind {
	case verdict.Superlinear:
		a, _ := v.Attack()
		add("cause: %s", cause(v))
		switch {
		case r.Hide:
			add("attack: not shown: the pattern is deployed")
		case len(v.Witnesses) > 0:
			add("attack: %s", a.Witness.String())
			for _, w := range variants(r) {
				add("attack %s", w)
			}
		}
		if s := reach(r); s != "" {
			add("reach: %s", s)
		}
		if s := parents(v); s != "" {
			add("chain: %s", s)
		}
		for _, s := range a.Sizes {
			if s.Steps == policy.StallSteps && s.Bytes >= 0 {
				how := "replayed"
				if !s.Verified {
					how = "extrapolated"
				}
				add("size: %s bytes cost %s steps (%s)", commas(uint64(s.Bytes)), commas(s.Steps), how)
			}
		}
		for _, o := range r.Origins {
			add("source: %s", origin(o))
		}
		add("do: %s", advice(v))
		for _, f := range v.Fixes {
			add("fix: %s", fixWords(f))
			add("fixed: %s", shown(f.Pattern))
		}
	case verdict.Unknown, verdict.Invalid:
		if v.Reason != nil && v.Reason.Limit != "" {
			add("limit: %s = %d", shown(v.Reason.Limit), v.Reason.Value)
		}
	}
	if j := r.Judgement; j != nil {
		add("change: %s", changed(*j))
		add("reason: %s", shown(j.Message))
		if l := languageWords(r); l != "" {
			add("language: %s", l)
		}
	}
	if w := r.Waiver; w != nil {
		add("waived: by %s until %s: %s", shown(w.Owner), w.Expires, shown(w.Reason))
	}
	if x := r.Exemption; x != nil {
		add("exempt: %s: %s", exemptAt(*x), shown(x.Reason))
	}
	return append(out, "read: "+readAs(v))
}

// origin is a line of an assembly file, with the part that it holds.
func origin(o gate.Origin) string {
	s := fmt.Sprintf("%s:%d:%d: %s", shown(o.File), o.Line, o.Column, shown(o.Text))
	if o.Others > 0 {
		s += fmt.Sprintf(" (or one of %d further lines like it)", o.Others)
	}
	return s
}

// exemptAt is where an exemption stands.
func exemptAt(x corpus.Exemption) string { return fmt.Sprintf("by line %d", x.Pos.Line) }

// problemLevel is how loudly a problem is reported.
func problemLevel(p *corpus.Problem) policy.Level {
	if p.Advisory {
		return policy.Warning
	}
	return policy.Error
}

// region is the place of the part that competes most, or of the pattern:
// the end is one past its last byte. ok is false where no place is known.
func region(v verdict.Verdict) (r [4]int, ok bool) {
	if ps := places(v); len(ps) > 0 {
		return ps[0], true
	}
	return patternRegion(v)
}

// patternRegion is the place of the whole pattern.
func patternRegion(v verdict.Verdict) (r [4]int, ok bool) {
	src := v.Pattern.Source
	if !src.Pos.IsValid() {
		return r, false
	}
	last := src.At(max(len(v.Pattern.Text)-1, 0))
	return [4]int{src.Pos.Line, src.Pos.Column, last.Line, last.Column + 1}, true
}
