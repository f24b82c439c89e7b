package transform

// urlDecode decodes %HH and turns + into a blank. What is no encoding stays.
func urlDecode(_ Host, b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		c, n := percent(b[i:])
		out = append(out, c)
		i += n
	}
	return out
}

// percent is the byte that a text begins with, decoded, and its length.
func percent(b []byte) (byte, int) {
	switch {
	case b[0] == '+':
		return ' ', 1
	case b[0] == '%' && len(b) > 2 && isHex(b[1]) && isHex(b[2]):
		return pair(b[1], b[2]), 3
	}
	return b[0], 1
}

// urlDecodeUni is urlDecode with %uHHHH besides.
func urlDecodeUni(_ Host, b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		if b[i] == '%' && i+1 < len(b) && (b[i+1] == 'u' || b[i+1] == 'U') {
			if i+5 < len(b) && fourHex(b[i+2:]) {
				out = append(out, lowByte(b[i+2:]))
				i += 6
			} else {
				out = append(out, b[i], b[i+1])
				i += 2
			}
			continue
		}
		c, n := percent(b[i:])
		out = append(out, c)
		i += n
	}
	return out
}

func fourHex(b []byte) bool {
	return len(b) > 3 && isHex(b[0]) && isHex(b[1]) && isHex(b[2]) && isHex(b[3])
}

// lowByte is the low byte of a code point of four digits; for full-width forms
// (U+FF01 to U+FF5E) their counterpart in ASCII.
func lowByte(b []byte) byte {
	c := pair(b[2], b[3])
	if lower(b[0]) == 'f' && lower(b[1]) == 'f' && c > 0 && c < 0x5F {
		c += 0x20
	}
	return c
}

const hexDigits = "0123456789abcdef"

// urlEncode leaves letters, digits and * alone.
func urlEncode(_ Host, b []byte) []byte {
	out := make([]byte, 0, 3*len(b))
	for _, c := range b {
		switch {
		case c == ' ':
			out = append(out, '+')
		case plain(c):
			out = append(out, c)
		default:
			out = append(out, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return out
}

func plain(c byte) bool { return c == '*' || alphanumeric(c) }

func alphanumeric(c byte) bool {
	c = upper(c)
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z'
}
