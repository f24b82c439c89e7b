package transform

import "strings"

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// each applies a function to every byte.
func each(b []byte, f func(byte) byte) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		out[i] = f(c)
	}
	return out
}

// lowercase is byte by byte, but in Coraza, which reads UTF-8 and writes bytes
// that are none as U+FFFD.
func lowercase(h Host, b []byte) []byte {
	if h == Coraza {
		return []byte(strings.ToLower(string(b)))
	}
	return each(b, lower)
}

func uppercase(h Host, b []byte) []byte {
	if h == Coraza {
		return []byte(strings.ToUpper(string(b)))
	}
	return each(b, upper)
}

// odd reports whether a byte has an odd number of bits set.
func odd(c byte) bool {
	c ^= c >> 4
	return 0x6996>>(c&0xF)&1 == 1
}

// evenParity sets bit 7 where the byte has an odd number of bits, and clears
// it elsewhere: the host counts bit 7 in.
func evenParity(c byte) byte {
	if odd(c) {
		return c | 0x80
	}
	return c & 0x7F
}

func oddParity(c byte) byte {
	if odd(c) {
		return c & 0x7F
	}
	return c | 0x80
}

func zeroParity(c byte) byte { return c & 0x7F }

func bytewise(f func(byte) byte) func(Host, []byte) []byte {
	return func(_ Host, b []byte) []byte { return each(b, f) }
}
