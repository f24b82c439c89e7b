package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// A Request is an HTTP/1.1 request that carries an attack to a rule.
type Request struct {
	// Carrier is the variable of the rule that it stands in.
	Carrier string

	line, headers string
	body          []byte
}

// Host is the name in the requests' Host header: it leads nowhere.
const Host = "localhost"

// NewRequest puts a payload where one of a rule's variables will find it, the
// first of them that can carry these bytes. Variables are those of
// ModSecurity, as written; without any, the payload is an argument.
func NewRequest(payload []byte, variables []string) (Request, error) {
	if len(variables) == 0 {
		variables = []string{"ARGS"}
	}
	for _, v := range variables {
		v = strings.TrimSpace(v)
		if v == "" || v[0] == '!' || v[0] == '&' {
			continue // takes something away, or counts
		}
		collection, member, _ := strings.Cut(v, ":")
		if strings.HasPrefix(member, "/") || member == "" || strings.HasPrefix(member, "'/") {
			member = "x" // a pattern of names: any name may do
		}
		if r, ok := carry(strings.ToUpper(collection), member, payload); ok {
			r.Carrier = v
			return r, nil
		}
	}
	return Request{}, fmt.Errorf("none of the rule's variables (%s) can be sent these %d bytes", shown(strings.Join(variables, ", ")), len(payload))
}

// carry puts the payload into one variable.
func carry(collection, member string, payload []byte) (r Request, ok bool) {
	const form = "application/x-www-form-urlencoded"
	switch collection {
	case "ARGS", "ARGS_POST":
		return post(form, []byte(encoded([]byte(member))+"="+encoded(payload))), true
	case "ARGS_NAMES", "ARGS_POST_NAMES":
		return post(form, []byte(encoded(payload)+"=1")), true
	case "ARGS_GET":
		return get("/?" + encoded([]byte(member)) + "=" + encoded(payload)), true
	case "ARGS_GET_NAMES":
		return get("/?" + encoded(payload) + "=1"), true
	case "REQUEST_BODY":
		return post(form, payload), true
	case "XML":
		return post("text/xml", []byte("<x>"+escapeXML(payload)+"</x>")), isXML(payload)
	case "REQUEST_HEADERS":
		if member == "x" {
			member = "X-Attack"
		}
		r = get("/")
		r.headers += member + ": " + string(payload) + "\r\n"
		return r, isToken(member) && isFieldValue(payload)
	case "REQUEST_COOKIES":
		r = get("/")
		r.headers += "Cookie: " + member + "=" + string(payload) + "\r\n"
		return r, isToken(member) && isFieldValue(payload) && bytes.IndexByte(payload, ';') < 0
	case "REQUEST_COOKIES_NAMES":
		r = get("/")
		r.headers += "Cookie: " + string(payload) + "=1\r\n"
		return r, isFieldValue(payload) && !bytes.ContainsAny(payload, ";=")
	case "QUERY_STRING":
		return get("/?" + string(payload)), isTarget(payload)
	case "REQUEST_URI", "REQUEST_URI_RAW", "REQUEST_FILENAME", "REQUEST_BASENAME":
		target := strings.TrimPrefix(string(payload), "/")
		plain := !strings.Contains(collection, "NAME") || !bytes.ContainsAny(payload, "?/")
		return get("/" + target), isTarget(payload) && (plain || collection == "REQUEST_FILENAME" && bytes.IndexByte(payload, '?') < 0)
	case "FILES", "FILES_NAMES", "MULTIPART_FILENAME", "MULTIPART_NAME":
		name, file := "x", string(payload)
		if strings.HasSuffix(collection, "_NAMES") || collection == "MULTIPART_NAME" {
			name, file = file, "x"
		}
		const bar = "nearmiss"
		body := "--" + bar + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + file + "\"\r\n\r\nx\r\n--" + bar + "--\r\n"
		return post("multipart/form-data; boundary="+bar, []byte(body)), isFieldValue(payload) && !bytes.ContainsAny(payload, `"\/`)
	}
	return r, false
}

func get(target string) Request { return Request{line: "GET " + target + " HTTP/1.1\r\n"} }

func post(kind string, body []byte) Request {
	return Request{
		line: "POST / HTTP/1.1\r\n", body: body,
		headers: "Content-Type: " + kind + "\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n",
	}
}

// Bytes is the request as it goes over the wire.
func (r Request) Bytes() []byte {
	head := r.line
	for _, h := range []string{"Host: " + Host, "User-Agent: nearmiss", "Accept: */*", "Connection: close"} {
		name, _, _ := strings.Cut(h, ":")
		if own, _, _ := strings.Cut(r.headers, ":"); !strings.EqualFold(own, name) {
			head += h + "\r\n"
		}
	}
	return append([]byte(head+r.headers+"\r\n"), r.body...)
}

// encoded is percent-encoding of everything but letters and digits.
func encoded(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		if 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' {
			s.WriteByte(c)
		} else {
			fmt.Fprintf(&s, "%%%02X", c)
		}
	}
	return s.String()
}

// isFieldValue reports whether a header field keeps the bytes as they are:
// line ends and NUL end it, blanks at its ends are cut off.
func isFieldValue(b []byte) bool {
	return len(b) > 0 && !bytes.ContainsAny(b, "\r\n\x00") && len(bytes.Trim(b, " \t")) == len(b)
}

// isToken reports whether a text is a name of a header field.
func isToken(s string) bool {
	for _, c := range []byte(s) {
		if !('a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0) {
			return false
		}
	}
	return s != ""
}

// isTarget reports whether a request line keeps the bytes as they are.
func isTarget(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c >= 0x7F || c == '#' || c == '%' {
			return false
		}
	}
	return len(b) > 0
}

// isXML reports whether a document can hold the bytes.
func isXML(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' || c >= 0x7F {
			return false
		}
	}
	return len(b) > 0
}

func escapeXML(b []byte) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(string(b))
}

type ftwFile struct {
	Meta  ftwMeta   `yaml:"meta"`
	Rule  int       `yaml:"rule_id"`
	Tests []ftwTest `yaml:"tests"`
}

type ftwMeta struct {
	Author      string `yaml:"author"`
	Description string `yaml:"description"`
}

type ftwTest struct {
	ID     int        `yaml:"test_id"`
	Desc   string     `yaml:"desc"`
	Stages []ftwStage `yaml:"stages"`
}

type ftwStage struct {
	Input  ftwInput  `yaml:"input"`
	Output ftwOutput `yaml:"output"`
}

type ftwInput struct {
	Addr    string `yaml:"dest_addr"`
	Port    int    `yaml:"port"`
	Encoded string `yaml:"encoded_request"`
}

type ftwOutput struct {
	Log ftwLog `yaml:"log"`
}

type ftwLog struct {
	NoMatch string `yaml:"no_match_regex"`
}

// limitMessages are what ModSecurity 2 and libmodsecurity write to the log when
// a pattern passes a match limit.
const limitMessages = `(?i)pcre limits? exceeded|match limit|limit exceeded`

// FTW is the request as a test for go-ftw (the schema of version 2): it fails
// while the log says that a match limit was passed. rule is the rule's name,
// whose leading digits are its number.
func FTW(r Request, rule, about string) ([]byte, error) {
	digits := strings.IndexFunc(rule+" ", func(c rune) bool { return c < '0' || c > '9' })
	id, err := strconv.Atoi(rule[:digits])
	if err != nil {
		return nil, fmt.Errorf("rule %q: expected a number, as go-ftw's tests have", rule)
	}
	return yaml.Marshal(ftwFile{
		Meta: ftwMeta{Author: "nearmiss", Description: "Passes no match limit"}, Rule: id,
		Tests: []ftwTest{{ID: 1, Desc: about, Stages: []ftwStage{{
			Input:  ftwInput{Addr: "127.0.0.1", Port: 80, Encoded: base64.StdEncoding.EncodeToString(r.Bytes())},
			Output: ftwOutput{Log: ftwLog{NoMatch: limitMessages}},
		}}}},
	})
}
