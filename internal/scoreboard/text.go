package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// writeText prints a table for people; named is the number of rows of each
// kind of finding that are shown.
func (t *table) writeText(out io.Writer, named int) {
	fmt.Fprintf(out, "== %s  %s\n", t.File, t.Dialect)
	fmt.Fprintf(out, "patterns %d  invalid %d  linear %d  superlinear %d  unknown %d (%.2f%%)\n",
		t.Patterns, t.Invalid, t.Linear, t.Superlinear, t.Unknown, 100*t.UnknownShare)
	fmt.Fprintf(out, "ms per pattern: median %.3f  mean %.3f  p99 %.2f  max %.1f\n", t.Millis.Median, t.Millis.Mean, t.Millis.P99, t.Millis.Max)
	writeMatrix(out, "superlinear by cause", t.SuperlinearBy)
	writeCounts(out, "linear by proof", t.LinearBy)
	writeCounts(out, "unknown by reason", t.UnknownBy)
	writeCounts(out, "invalid by reason", t.InvalidBy)
	for _, class := range sortedKeys(t.Attack) {
		s := t.Attack[class]
		fmt.Fprintf(out, "bytes of the shortest attack of 10⁷ steps, %s: median %.0f  mean %.0f  p99 %.0f  (%d rows; beyond the input limit %d)\n",
			class, s.Median, s.Mean, s.P99, s.N, t.AttackBeyond[class])
	}
	if t.AttackUnverified > 0 {
		fmt.Fprintf(out, "  of these %d extrapolated\n", t.AttackUnverified)
	}
	t.Listed.writeText(out, "a listed attack replays")
	t.Truth.writeText(out, "anybody's attack replays")
	if t.OwnReplayed+t.OwnUnreplayed > 0 {
		fmt.Fprintf(out, "own attacks that replay here: %d of %d; rows where only ours does: %d\n", t.OwnReplayed, t.OwnReplayed+t.OwnUnreplayed, t.Extra)
	}
	writeMatrix(out, "the list's label → our verdict", t.Labels)
	for _, name := range sortedKeys(t.Peers) {
		t.Peers[name].writeText(out, name)
	}
	t.writeFindings(out, named)
	fmt.Fprintf(out, "slowest:")
	for _, s := range t.slow {
		fmt.Fprintf(out, "  %s %.1f ms (%s)", s.id, s.millis, s.word)
	}
	fmt.Fprint(out, "\n\n")
}

func (o outcome) writeText(out io.Writer, what string) {
	if o.Rows == 0 {
		return
	}
	fmt.Fprintf(out, "rows where %s: %d  superlinear %d (recall %.2f%%; of a smaller growth %d)  linear %d (of which bounded %d)  unknown %d\n",
		what, o.Rows, o.Superlinear, 100*o.Recall(), o.Weaker, o.Linear, o.Bounded, o.Unknown)
}

func (p *peerTable) writeText(out io.Writer, name string) {
	fmt.Fprintf(out, "peer %s: rows %d  superlinear %d  undecided %d  attacks that replay %d of %d  recall %d of %d (%.2f%%)\n",
		name, p.Rows, p.Superlinear, p.Unknown, p.Replayed, p.Attacks, p.Found, p.Truth, 100*share(p.Found, p.Truth))
	if p.Millis.N > 0 {
		fmt.Fprintf(out, "  ms per pattern: median %.3f  mean %.3f  p99 %.2f  max %.1f\n", p.Millis.Median, p.Millis.Mean, p.Millis.P99, p.Millis.Max)
	}
	writeMatrix(out, "  "+name+" → ours", p.Confusion)
	for _, d := range p.Kinds {
		fmt.Fprintf(out, "  %s says %s, we say %s: %d rows; right by replay:", name, d.Theirs, d.Ours, d.Rows)
		for _, who := range d.Right.sorted() {
			fmt.Fprintf(out, " %s %d (%s)", who, d.Right[who], strings.Join(d.Examples[who], ", "))
		}
		for i, who := range d.Live.sorted() {
			if i == 0 {
				fmt.Fprint(out, "; on a real engine:")
			}
			fmt.Fprintf(out, " %s %d", who, d.Live[who])
		}
		fmt.Fprintln(out)
	}
}

func (t *table) writeFindings(out io.Writer, named int) {
	for _, kind := range kinds {
		shown, all := 0, 0
		for _, f := range t.rows {
			if f.Kind == kind {
				all++
			}
		}
		if all == 0 {
			continue
		}
		fmt.Fprintf(out, "%s: %d\n", kind, all)
		for _, f := range t.rows {
			if f.Kind == kind && shown < named {
				shown++
				fmt.Fprintf(out, "  %s\n", f)
			}
		}
	}
}

// String is a finding in one line.
func (f finding) String() string {
	s := fmt.Sprintf("%s %.300q flags %q %s: %s", f.ID, f.Pattern, f.Flags, f.Dialect, f.Ours)
	if f.Reason != "" {
		s += " (" + f.Reason + ")"
	}
	if f.Theirs != "" {
		s += "; replayed " + f.Theirs
	}
	if f.Attack != "" {
		s += " on " + f.Attack
	}
	if f.Samples != "" {
		s += ", n:bytes:steps " + f.Samples
	}
	return s
}

func writeCounts(out io.Writer, title string, c counts) {
	if len(c) == 0 {
		return
	}
	fmt.Fprintf(out, "%s:", title)
	for i, w := range c.sorted() {
		if i > 0 {
			fmt.Fprint(out, ",")
		}
		fmt.Fprintf(out, " %s %d", w, c[w])
	}
	fmt.Fprintln(out)
}

// writeMatrix prints counts of two words as a table with totals.
func writeMatrix(out io.Writer, title string, m map[string]counts) {
	if len(m) == 0 {
		return
	}
	columns := counts{}
	for _, c := range m {
		for w, n := range c {
			columns[w] += n
		}
	}
	names := sortedKeys(columns)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%s\t", title)
	for _, name := range names {
		fmt.Fprintf(w, "%s\t", name)
	}
	fmt.Fprintln(w, "all\t")
	for _, row := range sortedKeys(m) {
		fmt.Fprintf(w, "%s\t", row)
		sum := 0
		for _, name := range names {
			sum += m[row][name]
			fmt.Fprintf(w, "%d\t", m[row][name])
		}
		fmt.Fprintf(w, "%d\t\n", sum)
	}
	_ = w.Flush() // the error is out's, which its owner asks for
}
