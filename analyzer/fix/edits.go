package fix

// Edits are what a chain of steps, from a text to its fix, changes in that text:
// places far from each other stay apart.
func Edits(text string, steps []Step) []Edit {
	var out []Edit
	for _, s := range steps {
		for _, e := range Between(s.From, s.To) {
			out = compose(s.From, out, e)
		}
	}
	// What was written may have become what stood there.
	var tight []Edit
	for _, e := range out {
		for _, in := range Between(text[e.Start:e.End], e.Text) {
			tight = append(tight, Edit{e.Start + in.Start, e.Start + in.End, in.Text})
		}
	}
	return tight
}

// compose adds an edit of now, which a text became by edits, to these: it is
// joined with those that it touches.
func compose(now string, edits []Edit, e Edit) []Edit {
	var before, behind []Edit
	from, to := e.Start, e.End // in now
	grown := 0                 // what edits up to here have added
	by, until := 0, 0          // that, up to from and up to to
	for _, x := range edits {
		start := x.Start + grown
		end := start + len(x.Text)
		grown += len(x.Text) - (x.End - x.Start)
		switch {
		case end < e.Start:
			before, by, until = append(before, x), grown, grown
		case start > e.End:
			behind = append(behind, x)
		default:
			from, to, until = min(from, start), max(to, end), grown
		}
	}
	joined := Edit{from - by, to - until, now[from:e.Start] + e.Text + now[e.End:to]}
	return append(append(before, joined), behind...)
}
