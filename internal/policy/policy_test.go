package policy

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/transform"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

func TestDecode(t *testing.T) {
	p, err := Decode("f", []byte("profiles: [modsecurity3]\nfail-on: error\nstrict: true\nlimits:\n  headers: 16384\nbudgets: {patterns: 7}\nwaivers:\n- rule: \"942310\"\n  reason: fix in review\n  owner: alice\n  expires: 2026-12-31\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Profiles, want.FailOn, want.Strict = []string{"modsecurity3"}, Error, true
	want.Limits.Headers, want.Budgets.Patterns = 16384, 7
	want.Waivers = []Waiver{{Rule: "942310", Reason: "fix in review", Owner: "alice", Expires: "2026-12-31"}}
	if d := cmp.Diff(want, p); d != "" {
		t.Error(d)
	}
	if p, err := Decode("f", nil); err != nil || cmp.Diff(Default(), p) != "" {
		t.Errorf("empty file: %v %+v", err, p)
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"profile: [php]", `f:1:1: unknown key "profile": expected one of profiles, engines, limits, fail-on, levels, strict, step-budget, largest-growth, tolerance, budgets, files, waivers (did you mean "profiles"?)`},
		{"strict: true\nwaivers:\n- rule: x\n  resaon: y\n", `f:4:3: unknown key "resaon": expected one of rule, file, reason, owner, expires (did you mean "reason"?)`},
		{"zzz: 1", `f:1:1: unknown key "zzz": expected one of profiles, engines, limits, fail-on, levels, strict, step-budget, largest-growth, tolerance, budgets, files, waivers`},
		{"strict: 12", `f:1:9: `},
		{"strict: true\nstrict: true", `f:2:1: `},
		{"a: [", `f:1:`},
		{"profiles: [modsec]", `f:1:12: unknown profile "modsec": expected one of modsecurity2, `},
		{"profiles: [modsecurity]", `(did you mean "modsecurity2"?)`},
		{"fail-on: sometimes", `f:1:10: fail-on "sometimes": expected note, warning, error or never`},
		{"tolerance: 0.5", `expected a factor of at least 1`},
		{"engines: [pcre2, pcre3]", `f:1:18: unknown engine "pcre3": expected one of cpython, pcre2, `},
		{"largest-growth: huge", `f:1:17: largest-growth "huge": expected linear, quadratic or cubic`},
		{"files:\n- path: a.yaml\n  reader: records\n", `f:2:3: files: reader records for a.yaml: expected keys`},
		{"files: [{path: a, reader: text, id: x}]", `f:1:9: files: keys and id for a: expected them beside reader: records only`},
		{"budgets: {files: 0}", `f:1:10: budgets: expected positive counts`},
		{"levels: {error: 10, warning: 5}", `expected 0 < error (10) ≤ warning (5)`},
		{"files: [{path: \"[\", reader: list}]", `expected a pattern`},
		{"waivers:\n- {rule: b, reason: b, owner: c, expires: 2026-01-01}\n- rule: a\n", `f:3:3: waiver for rule "a": expected a reason`},
		{"waivers: [{rule: a, reason: b, owner: c, expires: tomorrow}]", `expected expires as YYYY-MM-DD, found "tomorrow"`},
		{"x: &a 1\ny: *a", `unknown key "x"`},
		{"--- {}\n--- {}\n", `a second document`},
		{strings.Repeat("#", MaxFileBytes+1), `expected at most`},
	} {
		_, err := Decode("f", []byte(c.in))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40q: %v, want %s", c.in, err, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "profiles: [php]", "a: &a [*a]", "waivers:\n- {rule: x}", "? a\n: b", "\x00", "{{{{", "<<: *a"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := Decode("f", b); err == nil && p.Check() != nil {
			t.Errorf("%q: accepted, and means nothing", b)
		}
	})
}

func TestExpand(t *testing.T) {
	p := corpus.Pattern{Text: "a", Dialect: corpus.PCRE, Flags: corpus.Caseless, Context: corpus.Context{Variables: []string{"REQUEST_HEADERS:Host"}}}
	var got []string
	show := func(in []string) {
		got = nil
		for _, q := range Expand(p, in, Host{}) {
			got = append(got, string(q.Dialect)+" "+q.Flags.String()+" "+strings.Join(q.Context.Profiles, "+"))
			if q.Context.ByteLimit != headBytes && len(in) > 0 && in[0] != "php" {
				t.Errorf("%v: byte limit %d", in, q.Context.ByteLimit)
			}
		}
	}
	for _, c := range []struct {
		profiles string
		want     []string
	}{
		{"", []string{"pcre i "}},
		{"modsecurity2,modsecurity3", []string{"pcre Dis modsecurity2", "pcre ims modsecurity3"}},
		{"modsecurity2,apache", []string{"pcre Dis modsecurity2+apache"}},
		{"coraza", []string{"go ims coraza", "go is coraza"}},
		{"php,nginx,suricata,snort3", []string{"pcre i php+nginx+suricata+snort3"}},
	} {
		var in []string
		if c.profiles != "" {
			in = strings.Split(c.profiles, ",")
		}
		show(in)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.profiles, d)
		}
	}
	if p.Context.Profiles != nil {
		t.Error("the argument was changed")
	}
	if q := Expand(p, []string{"modsecurity2"}, Host{Bytes: ByteLimits{Headers: 99}})[0]; q.Context.ByteLimit != 99 {
		t.Errorf("override: %d", q.Context.ByteLimit)
	}
	p.Context.ByteLimit = 5
	if q := Expand(p, []string{"modsecurity2"}, Host{Bytes: ByteLimits{Headers: 99}})[0]; q.Context.ByteLimit != 5 {
		t.Errorf("the reader's own limit: %d", q.Context.ByteLimit)
	}
}

func TestByteLimits(t *testing.T) {
	for _, c := range []struct {
		vars string
		want int
	}{
		{"", otherBytes}, {"TX:1", otherBytes}, {"ARGS", argumentBytes}, {"ARGS_NAMES|!ARGS:x", argumentBytes}, {"ARGS_GET", headBytes},
		{"REQUEST_HEADERS:User-Agent", headBytes}, {"&ARGS|REQUEST_URI", headBytes}, {"REQUEST_COOKIES|XML:/*", argumentBytes},
		{"RESPONSE_BODY", responseBytes}, {"FILES_TMP_CONTENT", multipartBytes}, {"!ARGS:x", otherBytes}, {"args", argumentBytes},
	} {
		if got := webLimits().Of(strings.Split(c.vars, "|")); got != c.want {
			t.Errorf("%s: %d, want %d", c.vars, got, c.want)
		}
	}
}

func TestSelectors(t *testing.T) {
	p := corpus.Pattern{Text: "a", Dialect: corpus.PCRE, Mode: corpus.Search, Context: corpus.Context{Role: "selector"}}
	got := ""
	for _, q := range Expand(p, []string{"modsecurity2", "modsecurity3", "apache"}, Host{}) {
		got += q.Flags.String() + " " + string(q.Mode) + "; "
	}
	if got != "Dis search; ims global; Ds search; " {
		t.Error(got)
	}
}

// TestSelectorLimits holds that a selector is matched against names, whatever
// becomes of the variable's values.
func TestSelectorLimits(t *testing.T) {
	for v, want := range map[string]int{"!REQUEST_COOKIES:/^__utm/": headBytes, "&ARGS:/x/": argumentBytes, "ARGS:/x/": argumentBytes} {
		p := corpus.Pattern{Text: "a", Context: corpus.Context{Role: "selector", Variables: []string{v}}}
		if q := Expand(p, []string{"modsecurity2"}, Host{})[0]; q.Context.ByteLimit != want || p.Context.Variables[0] != v {
			t.Errorf("%s: %d, want %d", v, q.Context.ByteLimit, want)
		}
	}
}

func TestInField(t *testing.T) {
	for _, c := range []struct {
		vars string
		want bool
	}{
		{"REQUEST_HEADERS:Via", true}, {"request_headers|REQUEST_LINE|!REQUEST_HEADERS:X|&ARGS", true}, {"REQUEST_HEADERS|ARGS", false},
		{"", false}, {"!REQUEST_HEADERS:X", false}, {"REQUEST_COOKIES", false}, {"REQUEST_URI", false},
	} {
		if got := InField(corpus.Pattern{Context: corpus.Context{Variables: strings.Split(c.vars, "|")}}); got != c.want {
			t.Errorf("%s: %v", c.vars, got)
		}
	}
	selector := corpus.Pattern{Context: corpus.Context{Role: "selector", Variables: []string{"!REQUEST_HEADERS:/x/"}}}
	if !InField(selector) {
		t.Error("the name of a header is a field's")
	}
}

func TestTransformHosts(t *testing.T) {
	p := corpus.Pattern{Context: corpus.Context{Profiles: []string{"modsecurity3", "nginx", "coraza"}}}
	if got := TransformHosts(p); !slices.Equal(got, []transform.Host{transform.ModSecurity3, transform.Coraza}) {
		t.Errorf("%v", got)
	}
}

func TestHostLimits(t *testing.T) {
	got := HostLimits([]corpus.Setting{
		{Name: "SecRequestBodyNoFilesLimit", Value: "1000"}, {Name: "SecRequestBodyNoFilesLimit", Value: "9"}, {Name: "SecRequestBodyNoFilesLimit", Value: "x"},
		{Name: "SecResponseBodyLimit", Value: "7"}, {Name: "SecRuleEngine", Value: "5"},
	})
	if small := HostLimits([]corpus.Setting{{Name: "SecRequestBodyLimit", Value: "50"}, {Name: "SecRequestBodyNoFilesLimit", Value: "1000"}}); small != (ByteLimits{Arguments: 50, Multipart: 50}) {
		t.Errorf("a body is bounded as a whole: %+v", small)
	}
	if want := (ByteLimits{Arguments: 1000, Response: 7}); got != want {
		t.Errorf("%+v", got)
	}
}

// TestServerLimits: what nginx and httpd say of heads and bodies, each with the
// defaults of what is not said.
func TestServerLimits(t *testing.T) {
	for _, test := range []struct {
		settings string // name=value, separated by ;
		want     ByteLimits
	}{
		{"", ByteLimits{}},
		{"large_client_header_buffers=4 16k", ByteLimits{Headers: 16 << 10}},
		{"large_client_header_buffers=4 1k;client_header_buffer_size=2k", ByteLimits{Headers: 2 << 10}},
		{"client_header_buffer_size=1k", ByteLimits{Headers: 8 << 10}},
		{"large_client_header_buffers=4 16k;large_client_header_buffers=2 1k", ByteLimits{Headers: 16 << 10}},
		{"large_client_header_buffers=16k", ByteLimits{}},
		{"client_max_body_size=100K", ByteLimits{Arguments: 100 << 10, Multipart: 100 << 10}},
		{"client_max_body_size=1m", ByteLimits{Multipart: 1 << 20}},
		{"client_max_body_size=1m;client_max_body_size=0", ByteLimits{}},
		{"client_max_body_size=1g", ByteLimits{}},
		{"client_max_body_size=99999999999999999999g;client_header_buffer_size=9223372036854775807m", ByteLimits{}},
		{"client_max_body_size=1m;SecRequestBodyLimit=5000000;SecRequestBodyNoFilesLimit=2000000", ByteLimits{Arguments: 1 << 20, Multipart: 1 << 20}},
		{"client_max_body_size=1m;SecRequestBodyLimit=500000", ByteLimits{Multipart: 500000}},
		{"LimitRequestLine=512", ByteLimits{Headers: 8190}},
		{"LimitRequestLine=512;LimitRequestFieldSize=1000", ByteLimits{Headers: 1000}},
		{"LimitRequestFieldSize=65536", ByteLimits{Headers: 65536}},
		{"LimitRequestLine=32k", ByteLimits{}},
		{"LimitRequestBody=0", ByteLimits{}},
		{"LimitRequestBody=102400", ByteLimits{Arguments: 102400, Multipart: 102400}},
		{"pcre_jit=on", ByteLimits{}},
	} {
		var settings []corpus.Setting
		for s := range strings.SplitSeq(test.settings, ";") {
			name, value, _ := strings.Cut(s, "=")
			settings = append(settings, corpus.Setting{Name: name, Value: value})
		}
		if got := HostLimits(settings); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.settings, got, test.want)
		}
	}
}

// TestHeadLimits: a server's own patterns see the head alone, and take its
// limit whatever their variables are called.
func TestHeadLimits(t *testing.T) {
	limits := HostLimits([]corpus.Setting{{Name: "large_client_header_buffers", Value: "4 32k"}})
	for profile, want := range map[string]int{"nginx": 32 << 10, "apache": 32 << 10, "modsecurity3": 128 << 10, "php": 128 << 10} {
		p := corpus.Pattern{Text: "a", Dialect: corpus.PCRE, Context: corpus.Context{Variables: []string{"$http_user_agent"}}}
		if got := Expand(p, []string{profile}, Host{Bytes: limits})[0].Context.ByteLimit; got != want {
			t.Errorf("%s: %d, want %d", profile, got, want)
		}
	}
	p := corpus.Pattern{Text: "a", Dialect: corpus.PCRE, Context: corpus.Context{Variables: []string{"REQUEST_URI"}}}
	if got := Expand(p, []string{"modsecurity3"}, Host{Bytes: limits})[0].Context.ByteLimit; got != 32<<10 {
		t.Errorf("REQUEST_URI in ModSecurity behind nginx: %d", got)
	}
}

func TestProfilesAreWhole(t *testing.T) {
	for _, p := range Profiles() {
		if p.Doc == "" || len(p.Variants) == 0 || len(p.Engines) == 0 || p.Bytes.Other == 0 {
			t.Errorf("%s: incomplete", p.Name)
		}
		if _, ok := corpus.ParseDialect(string(p.Dialect)); !ok {
			t.Errorf("%s: dialect %q", p.Name, p.Dialect)
		}
	}
}

func superlinear(g engines.Growth, sizes ...verdict.Size) verdict.Verdict {
	return verdict.Verdict{Kind: verdict.Superlinear, Growth: g, Sizes: sizes}
}

func TestLevel(t *testing.T) {
	quad := engines.Growth{Class: engines.Polynomial, Exponent: 2}
	exp := engines.Growth{Class: engines.Exponential}
	stall := func(bytes int) verdict.Size { return verdict.Size{Steps: StallSteps, Bytes: bytes} }
	coraza := superlinear(exp, stall(30))
	coraza.Pattern.Context.Profiles = []string{"coraza"}
	mixed := coraza
	mixed.Pattern.Context.Profiles = []string{"coraza", "modsecurity2"}
	saved := superlinear(exp, stall(30))
	saved.Targets = []verdict.Target{{Engine: "pcre2", Model: "latent"}, {Engine: "re2", Model: "none"}}
	open := superlinear(exp, stall(30))
	open.Targets = []verdict.Target{{Engine: "pcre2", Model: "latent"}, {Engine: "pcre2-jit", Model: "none"}}
	for i, c := range []struct {
		v    verdict.Verdict
		want Level
	}{
		{verdict.Verdict{Kind: verdict.Linear}, None},
		{verdict.Verdict{Kind: verdict.Unknown}, None},
		{superlinear(quad, stall(8*KiB)), Error},
		{superlinear(quad, stall(8*KiB+1)), Warning},
		{superlinear(quad, stall(128*KiB)), Warning},
		{superlinear(quad, stall(128*KiB+1)), Note},
		{superlinear(quad, stall(-1)), Note},
		{superlinear(quad, verdict.Size{Steps: 1_000_000, Bytes: 1000}), Warning}, // 10,000 bytes by the exponent
		{superlinear(exp, verdict.Size{Steps: 1_000_000, Bytes: 20}), Error},
		{coraza, Note}, {mixed, Error}, {saved, Note}, {open, Error},
	} {
		if got := DefaultLines().Level(c.v); got != c.want {
			t.Errorf("%d: %q, want %q", i, got, c.want)
		}
	}
	if !Note.AtLeast(Note) || Note.AtLeast(Warning) || !Error.AtLeast(Warning) || Error.AtLeast(Never) || None.AtLeast(Note) {
		t.Error("order of levels")
	}
}

func TestWaivers(t *testing.T) {
	p := Default()
	p.Waivers = []Waiver{
		{Rule: "1", File: "rules/*.conf", Reason: "r", Owner: "o", Expires: "2026-01-31"},
		{Rule: "2", Reason: "r", Owner: "o", Expires: "2026-01-30"},
	}
	day := func(s string) time.Time { d, _ := time.Parse(time.DateTime, s); return d }
	for _, c := range []struct {
		file, rule, now string
		in, over        bool
	}{
		{"rules/a.conf", "1", "2026-01-31 23:59:59", true, false},
		{"rules/a.conf", "1", "2026-02-01 00:00:00", false, true},
		{"other/a.conf", "1", "2026-01-01 00:00:00", false, false},
		{"any", "2", "2026-01-30 00:00:00", true, false},
		{"any", "", "2026-01-30 00:00:00", false, false},
		{"any", "3", "2026-01-30 00:00:00", false, false},
	} {
		in, over := p.Waived(c.file, c.rule, day(c.now))
		if (in != nil) != c.in || (over != nil) != c.over {
			t.Errorf("%+v: %v %v", c, in, over)
		}
	}
	longer := p.Waivers[1]
	longer.Expires = "2027-01-01"
	wider := p.Waivers[0]
	wider.File = ""
	narrower := p.Waivers[1]
	narrower.File = "x.conf"
	if got := Added(p.Waivers, append([]Waiver{longer, wider, narrower}, p.Waivers...)); len(got) != 2 || got[0] != longer || got[1] != wider {
		t.Errorf("added: %v", got)
	}
}

func TestMatchPath(t *testing.T) {
	for _, c := range []struct {
		pattern, file string
		want          bool
	}{
		{"*.conf", "a/b.conf", true}, {"a/*.conf", "a/b.conf", true}, {"a/*.conf", "c/a/b.conf", false},
		{"**/a/*.conf", "c/d/a/b.conf", true}, {"**/a/*.conf", "a/b.conf", true}, {"*.conf", "b.txt", false},
	} {
		if got := matchPath(c.pattern, c.file); got != c.want {
			t.Errorf("%s on %s: %v", c.pattern, c.file, got)
		}
	}
}

func TestDigest(t *testing.T) {
	a, b := Default(), Default()
	b.Strict = true
	if a.Digest() != Default().Digest() || a.Digest() == b.Digest() || len(a.Digest()) != 64 {
		t.Error("digest")
	}
}

// A counter that its trial found linear is judged as the reference: what it
// costs at the size it counts to may lie between the trial's sizes.
func TestLatentCounter(t *testing.T) {
	v := superlinear(engines.Growth{Class: engines.Polynomial, Exponent: 2}, verdict.Size{Steps: StallSteps, Bytes: 40})
	v.Targets = []verdict.Target{{Engine: "pcre2", Model: "latent"}, {Engine: "re2", Model: "none"}}
	if !Latent(v) || DefaultLines().Level(v) != Note {
		t.Error("a saved pattern is not latent")
	}
	if v.Cause = "counter"; Latent(v) || DefaultLines().Level(v) != Error {
		t.Errorf("a counter is latent, level %q", DefaultLines().Level(v))
	}
	v.Targets = v.Targets[1:]
	if !Latent(v) {
		t.Error("on a linear engine a counter is latent")
	}
}
