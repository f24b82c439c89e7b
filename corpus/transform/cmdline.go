package transform

// cmdLine drops \ " ' and ^, turns white space, commas and semicolons into one
// blank, drops that before / and (, and lowers letters. In ModSecurity 2 a NUL
// ends the text.
func cmdLine(h Host, b []byte) []byte {
	if h == ModSecurity2 {
		b = untilNull(b)
	}
	out := make([]byte, 0, len(b))
	blank := false
	for _, c := range b {
		switch c {
		case '"', '\'', '\\', '^':
			continue
		case ' ', ',', ';', '\t', '\r', '\n':
			if !blank {
				out = append(out, ' ')
			}
			blank = true
			continue
		case '/', '(':
			if blank {
				out = out[:len(out)-1]
			}
		}
		out = append(out, lower(c))
		blank = false
	}
	return out
}
