package report

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// arrived is what a server finds in a variable of ModSecurity's.
func arrived(t *testing.T, raw []byte, variable string) string {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		t.Fatalf("%s: %v\n%q", variable, err, raw)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if r.Host != Host && variable != "REQUEST_HEADERS:Host" || int64(len(body)) != max(r.ContentLength, 0) {
		t.Errorf("%s: host %q, %d bytes of %d", variable, r.Host, len(body), r.ContentLength)
	}
	name, member, _ := strings.Cut(variable, ":")
	form := func() string {
		if err := r.ParseForm(); err != nil {
			t.Fatal(err)
		}
		return r.Form.Get(member)
	}
	first := func(m map[string][]string) string {
		for k := range m {
			return k
		}
		return ""
	}
	switch name {
	case "ARGS", "ARGS_POST", "ARGS_GET":
		return form()
	case "ARGS_NAMES", "ARGS_GET_NAMES":
		form()
		return first(r.Form)
	case "REQUEST_BODY":
		return string(body)
	case "REQUEST_HEADERS":
		return r.Header.Get(member)
	case "REQUEST_COOKIES":
		_, v, _ := strings.Cut(r.Header.Get("Cookie"), member+"=")
		return v
	case "REQUEST_COOKIES_NAMES":
		v, _, _ := strings.Cut(r.Header.Get("Cookie"), "=")
		return v
	case "REQUEST_URI", "REQUEST_FILENAME":
		return r.RequestURI
	case "REQUEST_BASENAME":
		return strings.TrimPrefix(r.RequestURI, "/")
	case "QUERY_STRING":
		return r.URL.RawQuery
	case "FILES", "FILES_NAMES":
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			t.Fatal(err)
		}
		for k, fs := range r.MultipartForm.File {
			if name == "FILES_NAMES" {
				return k
			}
			return fs[0].Filename
		}
	case "XML":
		var doc struct {
			Text string `xml:",chardata"`
		}
		if err := xml.Unmarshal(body, &doc); err != nil {
			t.Fatal(err)
		}
		return doc.Text
	}
	return ""
}

// What is sent in a variable is what a server finds there, or it is refused.
func TestRequest(t *testing.T) {
	for _, payload := range []string{"aaab", "/x", "a b&c=d;e%41+\"'<>", "\x00\xff\r\n\t", " a ", "a;b", "a=b", "ä", "<![CDATA[", "x\\y", "a?b/c", "#"} {
		for _, v := range strings.Fields("ARGS:q ARGS_POST:q ARGS_GET:q ARGS_NAMES ARGS_GET_NAMES REQUEST_BODY REQUEST_HEADERS:X-A REQUEST_HEADERS:User-Agent REQUEST_COOKIES:c REQUEST_COOKIES_NAMES REQUEST_URI REQUEST_FILENAME REQUEST_BASENAME QUERY_STRING FILES FILES_NAMES XML:/*") {
			r, err := NewRequest([]byte(payload), []string{v})
			if err != nil {
				if strings.HasPrefix(v, "ARGS") || v == "REQUEST_BODY" || payload == "aaab" {
					t.Errorf("%s in %s: %v", payload, v, err)
				}
				continue
			}
			got := arrived(t, r.Bytes(), v)
			if v == "REQUEST_URI" || v == "REQUEST_FILENAME" {
				got = strings.TrimPrefix(got, "/")
				payload = strings.TrimPrefix(payload, "/")
			}
			if got != payload {
				t.Errorf("%q in %s arrives as %q: %q", payload, v, got, r.Bytes())
			}
		}
	}
}

func TestRequestCarrier(t *testing.T) {
	for _, c := range []struct{ variables, payload, want string }{
		{"", "a", "ARGS"},
		{"!ARGS:x &ARGS REQUEST_HEADERS:X ARGS", "a\r\nb", "ARGS"},
		{"TX:1 RESPONSE_BODY ARGS_NAMES", "a", "ARGS_NAMES"},
		{"REQUEST_COOKIES:/^a/", "a", "REQUEST_COOKIES:/^a/"},
		{"RESPONSE_BODY", "a", ""},
		{"REQUEST_HEADERS", "\x00", ""},
	} {
		r, err := NewRequest([]byte(c.payload), strings.Fields(c.variables))
		if r.Carrier != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: %q %v", c.variables, r.Carrier, err)
		}
	}
}

func TestFTW(t *testing.T) {
	r, err := NewRequest([]byte("aaa"), nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := FTW(r, "942310#chain1", "about: it")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Meta  map[string]string
		Rule  int `yaml:"rule_id"`
		Tests []struct {
			ID     int `yaml:"test_id"`
			Desc   string
			Stages []struct {
				Input struct {
					Addr    string `yaml:"dest_addr"`
					Port    int
					Encoded string `yaml:"encoded_request"`
				}
				Output struct {
					Log map[string]string
				}
			}
		}
	}
	if err := yaml.UnmarshalWithOptions(out, &doc, yaml.Strict()); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := doc.Tests[0].Stages[0]
	raw, err := base64.StdEncoding.DecodeString(s.Input.Encoded)
	if err != nil || !bytes.Equal(raw, r.Bytes()) || doc.Rule != 942310 || doc.Tests[0].ID != 1 || doc.Tests[0].Desc != "about: it" || s.Output.Log["no_match_regex"] != limitMessages {
		t.Errorf("%v %+v", err, doc)
	}
	if _, err := FTW(r, "name", ""); err == nil {
		t.Error("a rule without a number")
	}
}
