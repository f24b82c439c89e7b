package transform

import (
	"bytes"
	"path"
	"strings"
)

func normalizePath(h Host, b []byte) []byte {
	if h == Coraza {
		return cleanPath(b)
	}
	return normalize(b, false)
}

// normalizePathWin reads backslashes as slashes, but for ModSecurity's last of
// several in a row, which may stay. Coraza also drops what stands
// behind a colon of the last segment, and dots and blanks at the ends of
// segments.
func normalizePathWin(h Host, b []byte) []byte {
	if h == Coraza {
		return trimSegments(dropStream(cleanPath(bytes.ReplaceAll(b, []byte{'\\'}, []byte{'/'}))))
	}
	return normalize(b, true)
}

// normalize drops empty segments and single dots, and a segment before two
// dots, as ModSecurity does it: in place, from left to right, looking at the
// last byte of each segment only. So "x." is no self-reference, and "x.." is
// a back-reference like "..".
func normalize(b []byte, win bool) []byte {
	if len(b) == 0 {
		return b
	}
	last := len(b) - 1
	slash := func(c byte) bool { return c == '/' || win && c == '\\' }
	relative, trailing := !slash(b[0]), slash(b[last])
	root := false // a back-reference stays at the front
	// The result is written over the text, as far as the text has been read:
	// stepping back over segments reads what was written, and before it.
	out := bytes.Clone(b)
	dst := 0
	for src := 0; src <= last && dst <= last; {
		for i := src; i <= min(src+1, last); i++ {
			if slash(out[i]) {
				out[i] = '/'
			}
		}
		done := src == last
		if done || out[src+1] == '/' {
			switch {
			case !done && out[src] == '/':
			case out[src] == '.' && dst > 0 && out[dst-1] == '.':
				if relative && (root || dst-2 <= 0) {
					root = true
					break
				}
				dst -= 3
				for dst > 0 && out[dst] != '/' {
					dst--
				}
				if dst <= 0 {
					root, dst = true, 0
					if !relative && done {
						dst++
					}
				}
				if done {
					return untrailed(out, dst, trailing)
				}
				src++
			case out[src] == '.' && dst == 0:
				if done {
					return untrailed(out, dst, trailing)
				}
				src++
			case out[src] == '.' && out[dst-1] == '/':
				if done {
					return untrailed(out, dst, trailing)
				}
				dst--
				src++
			case out[src] != '.' && dst > 0:
				root = false
			}
		}
		if out[src] == '/' {
			for src < last && slash(out[src+1]) {
				src++
			}
			if relative && dst == 0 {
				src++
				continue
			}
		}
		out[dst] = out[src]
		dst++
		src++
		if done {
			break
		}
	}
	return untrailed(out, dst, trailing)
}

// untrailed is the result without a slash at its end that the text did not
// have.
func untrailed(out []byte, n int, trailing bool) []byte {
	if !trailing && n > 0 && out[n-1] == '/' {
		n--
	}
	return out[:n]
}

// cleanPath is the lexical cleaning of package path, with the text's last
// slash kept.
func cleanPath(b []byte) []byte {
	if len(b) == 0 {
		return b
	}
	clean := path.Clean(string(b))
	switch {
	case clean == ".":
		return nil
	case b[len(b)-1] == '/':
		return []byte(clean + "/")
	}
	return []byte(clean)
}

// dropStream cuts the last segment at its colon; a drive's own colon stays.
func dropStream(b []byte) []byte {
	s := string(b)
	drive, end := "", ""
	if len(s) > 1 && s[1] == ':' && lower(s[0]) >= 'a' && lower(s[0]) <= 'z' {
		drive, s = s[:2], s[2:]
	}
	if strings.HasSuffix(s, "/") {
		end, s = "/", s[:len(s)-1]
	}
	k := strings.LastIndexByte(s, '/') + 1
	name, _, _ := strings.Cut(s[k:], ":")
	return []byte(drive + s[:k] + name + end)
}

// trimSegments drops dots and blanks at the end of each segment, and segments
// of nothing else; one of dots alone stays.
func trimSegments(b []byte) []byte {
	segments := strings.Split(string(b), "/")
	trimmed := false
	var out []string
	for _, s := range segments {
		if strings.Trim(s, ".") != "" {
			t := strings.TrimRight(s, ". ")
			trimmed = trimmed || t != s
			if t == "" {
				continue
			}
			s = t
		}
		out = append(out, s)
	}
	if !trimmed {
		return b
	}
	return []byte(strings.Join(out, "/"))
}
