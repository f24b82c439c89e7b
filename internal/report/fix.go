package report

import (
	"fmt"
	"strings"

	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
)

// fixWords say how sure a fix is, and what it keeps and costs.
func fixWords(f verdict.Fix) string {
	sure := string(f.Safety)
	switch f.Safety {
	case verdict.Tested:
		sure = fmt.Sprintf("tested on %s inputs", commas(uint64(f.Tested)))
	case verdict.Hint:
		sure = "hint, not the same for this use"
	}
	keeps := map[string]string{"match": "matches the same subjects", "span": "reports the same spans", "captures": "reports the same spans and groups"}[f.Use.String()]
	now := "linear"
	if f.Growth.Class != engines.Linear {
		now = "still " + gate.Describe(f.Growth)
	}
	if f.Under != nil {
		now += fmt.Sprintf(" under the flags %q of another profile", f.Under)
	}
	return fmt.Sprintf("%s: %s, %s: %s", sure, keeps, now, shown(f.Message))
}

// fixDiff is a fix as a diff of the pattern, each line behind a margin.
func fixDiff(v verdict.Verdict, f verdict.Fix, margin string) string {
	var b strings.Builder
	for _, side := range []struct{ sign, text string }{{"-", v.Pattern.Text}, {"+", f.Pattern}} {
		for line := range strings.SplitSeq(side.text, "\n") {
			b.WriteString(margin + side.sign + " " + shown(line) + "\n")
		}
	}
	return b.String()
}

func fixes(fs []verdict.Fix) []jsonFix {
	out := []jsonFix{}
	for _, f := range fs {
		j := jsonFix{Edits: []jsonEdit{}, Safety: string(f.Safety), Message: escaped(f.Message), Use: f.Use.String(), Target: string(f.Target)}
		if j.Target == "" {
			j.Target = "re2"
		}
		j.Pattern, _ = encode(f.Pattern)
		for _, e := range f.Edits {
			text, _ := encode(e.Text)
			j.Edits = append(j.Edits, jsonEdit{e.Start, e.End, text})
		}
		g := f.Growth.Class.String()
		j.Growth = g
		if f.Growth.Class != engines.Exponential {
			n := max(f.Growth.Exponent, 1)
			j.Exponent = &n
		}
		out = append(out, j)
	}
	return out
}

// languageWords say how a changed pattern's language relates to the old one.
func languageWords(r gate.Row) string {
	if r.Judgement == nil || r.Judgement.Language == nil {
		return ""
	}
	return gate.DescribeLanguage(*r.Judgement.Language)
}

// sarifFixes are the proved fixes of a pattern that stands in a file byte for
// byte, so that an edit needs no quoting there.
func sarifFixes(v verdict.Verdict) []sarifFix {
	var out []sarifFix
	src := v.Pattern.Source
	for _, f := range v.Fixes {
		if f.Safety != verdict.Proved || !src.Pos.IsValid() || !plainlyPlaced(v) {
			continue
		}
		change := sarifChange{Artifact: sarifArtifact{uri(src.File)}}
		for _, e := range f.Edits {
			from, to := src.At(e.Start), src.At(e.End)
			change.Replacements = append(change.Replacements, sarifReplacement{
				Deleted: sarifRegion{from.Line, from.Column, to.Line, to.Column}, Inserted: sarifText{Text: escaped(e.Text)},
			})
			if strings.ContainsAny(e.Text, "\"'") {
				change.Replacements = nil
				break
			}
		}
		if len(change.Replacements) > 0 {
			out = append(out, sarifFix{Description: sarifText{Text: fixWords(f)}, Changes: []sarifChange{change}})
		}
	}
	return out
}

// plainlyPlaced reports whether the pattern's bytes stand in its file one after
// the other, on one line.
func plainlyPlaced(v verdict.Verdict) bool {
	src, n := v.Pattern.Source, len(v.Pattern.Text)
	for i := range n + 1 {
		if at := src.At(i); at.Line != src.Pos.Line || at.Offset != src.Pos.Offset+i {
			return false
		}
	}
	return true
}

// FixHeadline is the beginning of a line about a pattern and its fix: place,
// rule, growth.
func FixHeadline(v verdict.Verdict) string {
	src := v.Pattern.Source
	at := where(src)
	if src.Rule != "" {
		at += ": rule " + shown(src.Rule)
	} else if v.Pattern.ID != "" {
		at += ": " + shown(v.Pattern.ID)
	}
	return at + ": " + gate.Describe(v.Growth) + " (" + v.Cause + "): "
}

// FixReason says why a verdict's first fix is sure.
func FixReason(v verdict.Verdict) string { return fixWords(v.Fixes[0]) }

// FixProposal is a fix that is not applied, in words and in full.
func FixProposal(v verdict.Verdict) string {
	return fixWords(v.Fixes[0]) + ": " + shown(v.Fixes[0].Pattern)
}

// Remedy is what a fix changes in a line that a pattern is generated from, as
// three lines.
func Remedy(r gate.Remedy) string {
	at := fmt.Sprintf("  %s:%d", escaped(r.File), r.Line)
	if r.Others > 0 {
		at += fmt.Sprintf(", or one of %d lines like it", r.Others)
	}
	return at + ":\n  - " + shown(r.Old) + "\n  + " + shown(r.New)
}
