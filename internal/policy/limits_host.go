package policy

import (
	"math"
	"strconv"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// HostLimits are the limits that the directives of hosts set: ModSecurity's,
// and those of the server in front of it, which bound what ModSecurity is
// handed. Where several files set one, the largest value counts. A limit that
// no directive sets is 0.
//
// Sources: ModSecurity's reference manual; nginx, ngx_http_core_module
// (large_client_header_buffers, client_header_buffer_size,
// client_max_body_size: 0 is no limit); httpd, core (LimitRequestLine,
// LimitRequestFieldSize, LimitRequestBody: 0 is no limit).
func HostLimits(settings []corpus.Setting) ByteLimits {
	set := hostSizes{}
	for _, s := range settings {
		set.add(s)
	}
	l := ByteLimits{
		Arguments: set["SecRequestBodyNoFilesLimit"],
		Multipart: set["SecRequestBodyLimit"],
		Response:  set["SecResponseBodyLimit"],
	}
	if l.Multipart > 0 && l.Arguments > l.Multipart {
		l.Arguments = l.Multipart // which bounds every body
	}
	l.Headers = max(
		set.either("large_client_header_buffers", headBytes, "client_header_buffer_size", 0),
		set.either("LimitRequestLine", apacheHeadBytes, "LimitRequestFieldSize", apacheHeadBytes),
	)
	if body := set.either("client_max_body_size", 0, "LimitRequestBody", 0); body > 0 {
		if body < or(l.Multipart, multipartBytes) {
			l.Multipart = body
		}
		if body < or(l.Arguments, argumentBytes) {
			l.Arguments = body
		}
	}
	return l
}

// apacheHeadBytes is the default of LimitRequestLine and LimitRequestFieldSize.
const apacheHeadBytes = 8190

func or(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// hostSizes are the largest values of directives by name, in bytes.
type hostSizes map[string]int

// add takes a directive; what the host refuses counts for nothing.
func (l hostSizes) add(s corpus.Setting) {
	n, ok := 0, false
	switch s.Name {
	case "SecRequestBodyNoFilesLimit", "SecRequestBodyLimit", "SecResponseBodyLimit", "LimitRequestLine", "LimitRequestFieldSize":
		n, ok = bytesOf(s.Value)
	case "LimitRequestBody":
		if n, ok = bytesOf(s.Value); n == 0 {
			n = math.MaxInt
		}
	case "client_max_body_size":
		if n, ok = nginxBytes(s.Value); n == 0 {
			n = math.MaxInt
		}
	case "client_header_buffer_size":
		n, ok = nginxBytes(s.Value)
	case "large_client_header_buffers":
		if words := strings.Fields(s.Value); len(words) == 2 {
			n, ok = nginxBytes(words[1])
		}
	}
	if ok {
		l[s.Name] = max(l[s.Name], n)
	}
}

// either is the larger value of two directives, each with its default, once
// one of them is set; 0 where none is.
func (l hostSizes) either(a string, defaultA int, b string, defaultB int) int {
	if l[a] == 0 && l[b] == 0 {
		return 0
	}
	return max(or(l[a], defaultA), or(l[b], defaultB))
}

func bytesOf(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0
}

// nginxBytes reads a size as ngx_parse_size and ngx_parse_offset do: digits
// with k, m or g behind them.
func nginxBytes(s string) (int, bool) {
	unit := 1
	if s != "" {
		switch s[len(s)-1] | 0x20 {
		case 'k':
			unit = KiB
		case 'm':
			unit = MiB
		case 'g':
			unit = KiB * MiB
		}
	}
	if unit > 1 {
		s = s[:len(s)-1]
	}
	n, ok := bytesOf(s)
	return n * unit, ok && n <= math.MaxInt/unit
}
