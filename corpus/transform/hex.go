package transform

import "encoding/hex"

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func isOctal(c byte) bool { return c >= '0' && c <= '7' }

// digit is the value of a hexadecimal digit, and of any other byte what the
// hosts' arithmetic makes of it.
func digit(c byte) byte {
	if c >= 'A' {
		return c&0xDF - 'A' + 10
	}
	return c - '0'
}

// pair is the byte that two hexadecimal digits stand for.
func pair(a, b byte) byte { return digit(a)<<4 + digit(b) }

func hexEncode(_ Host, b []byte) []byte { return hex.AppendEncode(nil, b) }

// hexDecode reads pairs of digits, valid or not, and drops a last single one.
// Coraza leaves a text alone that holds anything else.
func hexDecode(h Host, b []byte) []byte {
	if h == Coraza {
		out, err := hex.AppendDecode(nil, b)
		if err != nil {
			return b
		}
		return out
	}
	out := make([]byte, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		out = append(out, pair(b[i], b[i+1]))
	}
	return out
}

// at is a byte of a text that ends in a NUL.
func at(b []byte, i int) byte {
	if i < len(b) {
		return b[i]
	}
	return 0
}

// sqlHexDecode decodes 0x followed by pairs of digits, up to a NUL.
// Libmodsecurity counts one byte ahead, which loses the last byte of a text.
func sqlHexDecode(h Host, b []byte) []byte {
	var out []byte
	count := 0
	for i := 0; ; i++ {
		if count++; count >= len(b) && h == ModSecurity3 || at(b, i) == 0 {
			break
		}
		if b[i] == '0' && lower(at(b, i+1)) == 'x' && isHex(at(b, i+2)) && isHex(at(b, i+3)) {
			i, count = i+2, count+2
			for isHex(at(b, i)) && isHex(at(b, i+1)) {
				out = append(out, pair(b[i], b[i+1]))
				i, count = i+2, count+2
			}
		}
		out = append(out, at(b, i))
	}
	return untilNull(out)
}
