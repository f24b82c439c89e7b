package policy

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/nearmiss-dev/nearmiss/engines"
)

var someReaders = []string{"seclang", "text", ReaderRecords}

// Every key of the policy has an entry in the reference, and none besides.
func TestKeys(t *testing.T) {
	var want, got []string
	var walk func(reflect.Type, string)
	walk = func(ty reflect.Type, prefix string) {
		for i := range ty.NumField() {
			path := prefix + keyOf(ty.Field(i))
			want = append(want, path)
			switch f := ty.Field(i).Type; {
			case f.Kind() == reflect.Struct:
				walk(f, path+".")
			case f.Kind() == reflect.Slice && f.Elem().Kind() == reflect.Struct:
				walk(f.Elem(), path+".[].")
			}
		}
	}
	walk(reflect.TypeFor[Policy](), "")
	for _, k := range Keys(someReaders) {
		got = append(got, k.Path)
		if k.Doc == "" || !strings.HasSuffix(k.Doc, ".") {
			t.Errorf("%s: %q is no sentence", k.Path, k.Doc)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("keys:\n got %v\nwant %v", got, want)
	}
}

// The template, as it is, is the default policy; without its comment signs it
// says the default of every key that has one, and is valid.
func TestTemplate(t *testing.T) {
	text := Template(someReaders, []string{"Here is a file."})
	p, err := Decode(File, []byte(text))
	if err != nil || p.Digest() != Default().Digest() {
		t.Fatalf("as it is: %v", err)
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if len(strings.TrimRight(line, "\n")) > templateWidth && !strings.HasPrefix(line, "#  ") && !strings.Contains(line, "http") {
			t.Errorf("too long: %s", line)
		}
		if rest, ok := strings.CutPrefix(line, "#"); ok && rest != "\n" && (rest[0] != ' ' || strings.HasPrefix(rest, "  ")) {
			line = rest
		}
		b.WriteString(line)
	}
	p, err = Decode(File, []byte(b.String()))
	if err != nil {
		t.Fatalf("uncommented: %v\n%s", err, b.String())
	}
	if err := schema(t).Validate(document(t, b.String())); err != nil {
		t.Errorf("uncommented, against the schema: %v", err)
	}
	if len(p.Waivers) != 1 || len(p.Files) != 1 || len(p.Profiles) != 2 || p.Limits.Headers == 0 {
		t.Errorf("uncommented: %+v", p)
	}
	d := Default()
	p.Profiles, p.Engines, p.Waivers, p.Files, p.Limits, p.StepBudget = nil, nil, nil, nil, d.Limits, d.StepBudget
	if p.Digest() != d.Digest() {
		t.Errorf("uncommented, but for the examples: %+v", p)
	}
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema(someReaders)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("policy.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("policy.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// document is a YAML text as the values of JSON.
func document(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// What an editor marks and what nearmiss refuses is the same, but for what a
// schema cannot say.
func TestSchema(t *testing.T) {
	s := schema(t)
	for _, c := range []struct {
		text        string
		valid, only bool // only: nearmiss sees more than the schema
	}{
		{"", true, false},
		{"strict: true\nlargest-growth: quadratic\nengines: [pcre2]", true, false},
		{"waivers: [{rule: 942310, reason: r, owner: o, expires: 2027-01-31}]", true, false},
		{"files: [{path: a.yaml, reader: records, keys: [a.b]}]", true, false},
		{"stric: true", false, false},
		{"levels: {eror: 1}", false, false},
		{"budgets: {files: 0}", false, false},
		{"tolerance: 0.5", false, false},
		{"largest-growth: quartic", false, false},
		{"profiles: [modsec]", false, false},
		{"engines: [pcre3]", false, false},
		{"fail-on: loud", false, false},
		{"limits: {headers: -1}", false, false},
		{"files: [{path: a, reader: text, dialect: perl}]", false, false},
		{"waivers: [{rule: a, reason: r, owner: o}]", false, false},
		{"waivers: [{rule: a, reason: r, owner: o, expires: soon}]", false, true},
		{"levels: {error: 10, warning: 5}", false, true},
		{"files: [{path: a, reader: text, keys: [a]}]", false, true},
		{"files: [{path: a, reader: records}]", false, true},
	} {
		_, err := Decode(File, []byte(c.text))
		if (err == nil) != c.valid {
			t.Errorf("%s: nearmiss says %v", c.text, err)
		}
		if err := s.Validate(document(t, c.text)); (err == nil) != (c.valid || c.only) {
			t.Errorf("%s: the schema says %v", c.text, err)
		}
	}
}

func TestGrowth(t *testing.T) {
	poly := func(k int) engines.Growth { return engines.Growth{Class: engines.Polynomial, Exponent: k} }
	for _, c := range []struct {
		g    Growth
		of   engines.Growth
		want bool
	}{
		{"linear", engines.Growth{Class: engines.Linear}, true}, {"linear", poly(2), false},
		{"quadratic", poly(2), true}, {"quadratic", poly(3), false}, {"cubic", poly(3), true},
		{"cubic", engines.Growth{Class: engines.Exponential}, false}, {"", poly(2), false},
	} {
		if got := c.g.Allows(c.of); got != c.want {
			t.Errorf("%q allows %+v: %v", c.g, c.of, got)
		}
	}
}

// The schema that editors load is the one that this version prints.
func TestSchemaFile(t *testing.T) {
	b, err := os.ReadFile("../../docs/policy.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Properties struct {
			Files struct {
				Items struct {
					Properties struct {
						Reader struct{ Enum []string }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	readers := doc.Properties.Files.Items.Properties.Reader.Enum
	if n := len(readers); n == 0 || readers[n-1] != ReaderNone {
		t.Fatalf("readers %v", readers)
	} else if want := Schema(readers[:n-1]); !bytes.Equal(b, want) {
		t.Errorf("docs/policy.schema.json is not what 'nearmiss init --schema' prints")
	}
}
