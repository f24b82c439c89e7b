package syntax

import "strconv"

// quoted shows a piece of a pattern in an error, cut to a readable length.
func quoted(s string) string {
	const most = 40
	if len(s) > most {
		return strconv.Quote(s[:most]) + "…"
	}
	return strconv.Quote(s)
}

func decimalString(n int) string { return strconv.Itoa(n) }

func hexString(c byte) string { return "0x" + strconv.FormatUint(uint64(c), 16) }
