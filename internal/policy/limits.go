package policy

import "strings"

// KiB and MiB are bytes.
const (
	KiB = 1 << 10
	MiB = 1 << 20
)

// ByteLimits are the largest subjects, in bytes, that a host hands to a
// pattern, by the kind of the variable it is matched against.
type ByteLimits struct {
	// Arguments and bodies without files: what SecRequestBodyNoFilesLimit
	// bounds.
	Arguments int `yaml:"arguments" json:"arguments"`
	// Headers, cookies, the URI and what is cut from it: what the server's
	// header buffers bound.
	Headers int `yaml:"headers" json:"headers"`
	// Multipart is a body with files: SecRequestBodyLimit.
	Multipart int `yaml:"multipart" json:"multipart"`
	// Response is a response body: SecResponseBodyLimit.
	Response int `yaml:"response" json:"response"`
	// Other is everything else.
	Other int `yaml:"other" json:"other"`
}

// Sizes hosts come with.
const (
	argumentBytes  = 128 * KiB // SecRequestBodyNoFilesLimit 131072, as recommended and as built in
	headBytes      = 8 * KiB   // LimitRequestLine 8190, large_client_header_buffers 8k
	multipartBytes = 12*MiB + MiB/2
	responseBytes  = 512 * KiB // SecResponseBodyLimit 524288
	otherBytes     = 128 * KiB // the input limit that growth is defined up to
)

func webLimits() ByteLimits {
	return ByteLimits{Arguments: argumentBytes, Headers: headBytes, Multipart: multipartBytes, Response: responseBytes, Other: otherBytes}
}

func headLimits() ByteLimits {
	return ByteLimits{Arguments: headBytes, Headers: headBytes, Multipart: headBytes, Response: headBytes, Other: headBytes}
}

// limits are the profile's byte limits with the positive fields of o instead. A
// host that hands over nothing but parts of the head is bounded by the limit of
// headers, whatever its variables are called.
func (p Profile) limits(o ByteLimits) ByteLimits {
	l := p.Bytes
	if l == headLimits() && o.Headers > 0 {
		l = ByteLimits{Arguments: o.Headers, Headers: o.Headers, Multipart: o.Headers, Response: o.Headers, Other: o.Headers}
	}
	return l.With(o)
}

func plainLimits() ByteLimits {
	return ByteLimits{Arguments: otherBytes, Headers: otherBytes, Multipart: otherBytes, Response: otherBytes, Other: otherBytes}
}

// With takes the positive fields of o instead of l's.
func (l ByteLimits) With(o ByteLimits) ByteLimits {
	pick := func(a *int, b int) {
		if b > 0 {
			*a = b
		}
	}
	pick(&l.Arguments, o.Arguments)
	pick(&l.Headers, o.Headers)
	pick(&l.Multipart, o.Multipart)
	pick(&l.Response, o.Response)
	pick(&l.Other, o.Other)
	return l
}

// Of is the largest subject among the variables, as ModSecurity writes them
// ("ARGS:name", "!ARGS:x" takes one away, "&ARGS" is a count and a few bytes
// long); Other when none is left.
func (l ByteLimits) Of(variables []string) int {
	most := 0
	for _, v := range variables {
		v = strings.TrimSpace(v)
		if v == "" || v[0] == '!' || v[0] == '&' {
			continue
		}
		name, _, _ := strings.Cut(v, ":")
		most = max(most, l.of(strings.ToUpper(name)))
	}
	if most == 0 {
		return l.Other
	}
	return most
}

func (l ByteLimits) of(name string) int {
	switch {
	case strings.HasPrefix(name, "ARGS_GET"), strings.HasPrefix(name, "REQUEST_HEADERS"),
		strings.HasPrefix(name, "REQUEST_COOKIES"), strings.HasPrefix(name, "RESPONSE_HEADERS"),
		strings.HasPrefix(name, "MULTIPART_"), strings.HasPrefix(name, "REMOTE_"), strings.HasPrefix(name, "SERVER_"):
		return l.Headers
	case strings.HasPrefix(name, "ARGS"), name == "REQUEST_BODY", name == "FULL_REQUEST", name == "XML", name == "JSON":
		return l.Arguments
	case name == "FILES_TMP_CONTENT":
		return l.Multipart
	case strings.HasPrefix(name, "FILES"):
		return l.Headers // names of files stand in part headers
	case name == "RESPONSE_BODY":
		return l.Response
	}
	switch name {
	case "REQUEST_URI", "REQUEST_URI_RAW", "REQUEST_FILENAME", "REQUEST_BASENAME", "REQUEST_LINE", "REQUEST_METHOD",
		"REQUEST_PROTOCOL", "QUERY_STRING", "PATH_INFO", "UNIQUE_ID", "RESPONSE_STATUS", "RESPONSE_PROTOCOL",
		"RESPONSE_CONTENT_TYPE", "AUTH_TYPE", "REQBODY_PROCESSOR":
		return l.Headers
	}
	return l.Other
}
