package verdict

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/corpus/transform"
	"github.com/nearmiss-dev/nearmiss/engines"
	"github.com/nearmiss-dev/nearmiss/engines/backtrack"
)

// behind is a rule's pattern behind transformations, for ModSecurity 2.
func behind(pattern string, transformations ...string) corpus.Pattern {
	return corpus.Pattern{
		Text: pattern, Dialect: corpus.PCRE, Flags: corpus.DotAll | corpus.DollarEndOnly,
		Context: corpus.Context{Transformations: transformations},
	}
}

func onHost(h transform.Host) Options {
	return Options{Hosts: []transform.Host{h}, Engines: []string{"pcre2"}}
}

// TestReach holds the state, and what it rests on, for one pattern each.
func TestReach(t *testing.T) {
	for _, c := range []struct {
		pattern string
		names   string
		state   ReachState
		says    string // in the reason, or the transformation that decides
	}{
		// As it is.
		{`(a+)+b`, "lowercase", Reachable, ""},
		{`(a+)+b`, "urlDecodeUni,htmlEntityDecode,jsDecode,cssDecode,removeNulls", Reachable, ""},
		// Another form is sent.
		{`(\++)+b`, "urlDecodeUni", Reachable, ""},
		{`(%+)+b`, "urlDecode,urlDecode", Reachable, ""},
		{`(\\+)+b`, "jsDecode,cssDecode", Reachable, ""},
		{`(&+)+b`, "htmlEntityDecode", Reachable, ""},
		{`(ab)+(ab)+c`, "base64Decode", Reachable, ""},
		{`(ab)+(ab)+c`, "hexDecode,lowercase", Reachable, ""},
		{`(?:2b)+(?:2b)+x`, "hexEncode", Reachable, ""},
		// Another character of the class survives, or a neighbour that is dropped.
		{`([A-Za-z]+)+\d`, "uppercase,lowercase", Reachable, ""},
		{`[A-Z ]+[A-Z ]+\d`, "lowercase", Unreachable, "no two"}, // nothing but blanks: they stay
		{`//*/*/*x`, "normalizePath,removeNulls", Reachable, ""},
		{`\s+\s+x`, "compressWhitespace,removeNulls", Reachable, ""},
		{`(?:\s|x)*(?:\s|x)*y`, "removeWhitespace", Reachable, ""},
		// Nothing arrives.
		{`\s*\s*x`, "removeWhitespace", Unreachable, "removeWhitespace"},
		{`\s+\s+x`, "compressWhitespace", Unreachable, "compressWhitespace"},
		{`([A-Z]+)+x`, "lowercase", Unreachable, "lowercase"},
		{`([a-z]+)+X`, "length", Unreachable, "length"},
		{`.*.*X`, "sha1,hexEncode", Unreachable, "sha1"},
		{`^\s+\s+x`, "trim", Unreachable, "trim"},
		{`([\x80-\xff]+)+x`, "parityZero7bit", Unreachable, "parityZero7bit"},
		{`(/+)+x`, "normalizePath", Unreachable, "normalizePath"},
		{`(\x00+)+x`, "urlDecodeUni,removeNulls", Unreachable, "removeNulls"},
		// A later decoder brings back what an earlier transformation took.
		{`\s+\s+x`, "compressWhitespace,urlDecodeUni", Reachable, ""},
		{`([A-Z]+)+x`, "lowercase,urlDecodeUni", Reachable, ""},
		// Nobody knows.
		{`(a+)+b`, "rot13", ReachUnknown, "rot13"},
		{`(a+)+b`, "lowercase,uppercase", ReachUnknown, "uppercase"}, // not in 2.9.7
	} {
		h := transform.ModSecurity2
		if strings.HasPrefix(c.names, "upper") {
			h = transform.ModSecurity3
		}
		v := Analyze(behind(c.pattern, strings.Split(c.names, ",")...), onHost(h))
		switch {
		case v.Kind != Superlinear:
			t.Errorf("%s: %s", c.pattern, v.Kind)
		case v.Reach == nil:
			t.Errorf("%s through %s: no reach", c.pattern, c.names)
		case c.says == "no two":
			if v.Reach.State == Unreachable {
				t.Errorf("%s through %s: unreachable: %s", c.pattern, c.names, v.Reach.Reason)
			}
		case v.Reach.State != c.state:
			t.Errorf("%s through %s: %s (%s), expected %s", c.pattern, c.names, v.Reach.State, v.Reach.Reason, c.state)
		case v.Reach.State == Reachable:
			if err := sends(v); err != nil {
				t.Errorf("%s through %s: sent %q: %v", c.pattern, c.names, v.Reach.Sent, err)
			}
		case !slices.Contains(v.Reach.By, c.says):
			t.Errorf("%s through %s: by %v, expected %s: %s", c.pattern, c.names, v.Reach.By, c.says, v.Reach.Reason)
		}
	}
}

// sends sends what a reach says, and holds its samples.
func sends(v Verdict) error {
	re, err := syntax.Parse(v.Pattern)
	if err != nil {
		return err
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		return err
	}
	chain, err := transform.New(v.Reach.Host, v.Reach.Through)
	if err != nil {
		return err
	}
	run := prog.NewRunner()
	for _, s := range v.Reach.Samples {
		sent := v.Reach.Sent.Bytes(s.N)
		if len(sent) != s.Bytes {
			return fmt.Errorf("n=%d sends %d bytes, the sample says %d", s.N, len(sent), s.Bytes)
		}
		arrived := chain.Apply(sent)
		if !bytes.Equal(arrived, v.Reach.Arrives.Bytes(s.N)) {
			return fmt.Errorf("n=%d: %q arrives, said was %q", s.N, arrived, v.Reach.Arrives.Bytes(s.N))
		}
		if got := run.Run(arrived, backtrack.Options{Steps: 10_000_000}).Steps; got != s.Cost.Steps {
			return fmt.Errorf("n=%d costs %d steps, the sample says %d", s.N, got, s.Cost.Steps)
		}
	}
	for _, s := range v.Reach.Sizes {
		if s.Bytes < 0 || s.Steps > 100_000 {
			continue
		}
		n := (s.Bytes - v.Reach.Sent.Len(0) + v.Reach.Sent.PumpLen() - 1) / v.Reach.Sent.PumpLen()
		if got := run.Run(chain.Apply(v.Reach.Sent.Bytes(n+2)), backtrack.Options{Steps: 10_000_000}).Steps; got < s.Steps {
			return fmt.Errorf("%d bytes and two more pumps cost %d steps, expected %d", s.Bytes, got, s.Steps)
		}
	}
	return nil
}

// TestReachSentLength holds that sizes count what is sent.
func TestReachSentLength(t *testing.T) {
	plain := Analyze(behind(`(?:ab)+(?:ab)+c`), onHost(transform.ModSecurity2))
	coded := Analyze(behind(`(?:ab)+(?:ab)+c`, "hexDecode"), onHost(transform.ModSecurity2))
	if coded.Reach == nil || coded.Reach.State != Reachable {
		t.Fatalf("reach: %+v", coded.Reach)
	}
	for i, s := range coded.Reach.Sizes {
		if s.Bytes != 2*plain.Sizes[i].Bytes && s.Bytes >= 0 {
			t.Errorf("%d steps: %d bytes sent, %d arrive", s.Steps, s.Bytes, plain.Sizes[i].Bytes)
		}
	}
	target := coded.Targets[0]
	if target.Model == TargetSuperlinear && (target.Sent == nil || target.Sent.Witness.PumpLen() != 2*target.Witness.PumpLen()) {
		t.Errorf("on %s: sent %+v for %q", target.Engine, target.Sent, target.Witness)
	}
}

// TestReachCodes holds what an encoding makes of the length: what must be
// escaped is three bytes for one, three bytes of base64 are four.
func TestReachCodes(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		sent, arrives int
	}{
		{`(?:abc)+(?:abc)+d`, "base64Decode", 4, 3},
		{`^(?:\+\+)+(?:\+\+)+b`, "urlDecode", 6, 2},
	} {
		v := Analyze(behind(test.pattern, test.name), onHost(transform.ModSecurity2))
		if v.Reach == nil || v.Reach.State != Reachable {
			t.Errorf("%s through %s: %+v", test.pattern, test.name, v.Reach)
			continue
		}
		if sent, arrives := v.Reach.Sent.PumpLen(), v.Reach.Arrives.PumpLen(); sent*test.arrives != arrives*test.sent {
			t.Errorf("%s through %s: %d bytes sent for %d", test.pattern, test.name, sent, arrives)
		}
	}
}

// TestReachMultiMatch holds that multiMatch opens the way that the
// transformations close.
func TestReachMultiMatch(t *testing.T) {
	p := behind(`\s*\s*x`, "removeWhitespace")
	p.Context.MultiMatch = true
	v := Analyze(p, onHost(transform.ModSecurity2))
	if v.Reach == nil || v.Reach.State != Reachable || !v.Reach.Sent.Equal(v.Witnesses[0]) {
		t.Errorf("reach: %+v", v.Reach)
	}
}

// TestReachField holds that no line end comes in an HTTP field, unless a
// transformation makes one.
func TestReachField(t *testing.T) {
	for _, c := range []struct {
		names string
		multi bool
		state ReachState
	}{
		{"", false, Unreachable},
		{"lowercase", false, Unreachable},
		{"lowercase", true, Unreachable},
		{"urlDecode", false, Reachable},
		{"jsDecode", false, Reachable},
	} {
		p := behind(`^\n*\n*x`)
		if p.Context.MultiMatch = c.multi; c.names != "" {
			p.Context.Transformations = []string{c.names}
		}
		o := onHost(transform.ModSecurity2)
		o.Field = true
		v := Analyze(p, o)
		switch {
		case v.Reach == nil || v.Reach.State != c.state:
			t.Errorf("t:%s: %+v, expected %s", c.names, v.Reach, c.state)
		case c.state == Reachable && bytes.ContainsAny(v.Reach.Sent.Bytes(3), "\x00\r\n"):
			t.Errorf("t:%s: sent %q", c.names, v.Reach.Sent)
		case c.state == Unreachable && !slices.Equal(v.Reach.By, []string{transform.Field}):
			t.Errorf("t:%s: by %v", c.names, v.Reach.By)
		}
	}
	o := onHost(transform.ModSecurity2)
	o.Field = true
	if v := Analyze(behind(`a+a+b`), o); v.Reach == nil || !v.Reach.Sent.Equal(v.Witnesses[0]) {
		t.Errorf("as it is: %+v", v.Reach)
	}
}

// TestReachHosts holds that one host on which an attack arrives is enough:
// libmodsecurity leaves the no-break space, ModSecurity 2 makes it a blank.
func TestReachHosts(t *testing.T) {
	p := behind(`\xa0*\xa0*x`, "compressWhitespace")
	for _, c := range []struct {
		hosts []transform.Host
		state ReachState
	}{
		{[]transform.Host{transform.ModSecurity2}, Unreachable},
		{[]transform.Host{transform.ModSecurity3}, Reachable},
		{[]transform.Host{transform.ModSecurity2, transform.ModSecurity3}, Reachable},
		{nil, Reachable},
	} {
		if v := Analyze(p, Options{Hosts: c.hosts}); v.Reach == nil || v.Reach.State != c.state {
			t.Errorf("on %v: %+v, expected %s", c.hosts, v.Reach, c.state)
		}
	}
	if v := Analyze(behind(`\s*\s*x`), Options{}); v.Reach != nil {
		t.Errorf("without transformations: %+v", v.Reach)
	}
}

// TestReachSound holds random patterns behind random chains against attacks
// that nobody chose: what is called unreachable stays cheap, and what is called
// reachable is, when it is sent.
func TestReachSound(t *testing.T) {
	atoms := []string{`\s`, ` `, `a`, `[a-z]`, `[A-Za]`, `/`, `.`, `\w`, `[^ ]`, `\W`, `-`}
	tails := []string{`x`, `$`, `\d`, `X`, `;`}
	chains := []string{
		"lowercase", "removeWhitespace", "compressWhitespace", "trim", "cmdLine", "normalizePath", "urlDecode", "removeNulls", "replaceComments",
		"removeComments", "removeCommentsChar", "hexEncode", "parityZero7bit", "htmlEntityDecode", "replaceNulls", "urlEncode", "base64Decode",
	}
	parts := []string{" ", "\t", "a", "A", "/", "-", "..", "%20", "\x00", "*/", "/*", "#", "!", "x", "+", "(", `"`, "&", "\xa0", ";", "\n"}
	r := rand.New(rand.NewPCG(7, 8))
	pick := func(of []string) string { return of[r.IntN(len(of))] }
	text := func(most int) (s string) {
		for range r.IntN(most + 1) {
			s += pick(parts)
		}
		return s
	}
	states := map[ReachState]int{}
	for range 200 * max(1, *campaign) {
		pattern := ""
		for range 1 + r.IntN(3) {
			pattern += pick(atoms) + []string{"*", "+", "", "+?"}[r.IntN(4)]
		}
		if r.IntN(3) == 0 {
			pattern = "(?:" + pattern + ")*"
		}
		pattern += pick(tails)
		var names []string
		for range 1 + r.IntN(3) {
			names = append(names, pick(chains))
		}
		h := []transform.Host{transform.ModSecurity2, transform.ModSecurity3}[r.IntN(2)]
		v := Analyze(behind(pattern, names...), Options{Hosts: []transform.Host{h}})
		if v.Reach == nil {
			continue
		}
		states[v.Reach.State]++
		switch v.Reach.State {
		case Reachable:
			if err := sends(v); err != nil {
				t.Errorf("%s through %v on %s: sent %q: %v", pattern, names, h, v.Reach.Sent, err)
			}
		case ReachUnknown:
			t.Logf("%s through %v on %s: %s", pattern, names, h, v.Reach.Reason)
		case Unreachable:
			chain, err := transform.New(h, names)
			if err != nil {
				t.Fatal(err)
			}
			for range 30 {
				w := attack.Witness{Pumps: []attack.Pump{{Prefix: []byte(text(2)), Pump: []byte(text(3))}}, Suffix: []byte(text(2))}
				if slope := grows(t, v.Pattern, chain, w); slope > 1.5 {
					t.Fatalf("%s through %v on %s is unreachable (%s), and %q costs n^%.2f", pattern, names, h, v.Reach.Reason, w, slope)
				}
			}
		}
	}
	t.Logf("states: %v", states)
	if states[Reachable] == 0 || states[Unreachable] == 0 {
		t.Errorf("states: %v: expected some of each", states)
	}
}

// grows is the slope of what an attack costs after a chain, from 200 to 400
// pumps.
func grows(t *testing.T, p corpus.Pattern, chain transform.Chain, w attack.Witness) float64 {
	t.Helper()
	re, err := syntax.Parse(p)
	if err != nil {
		t.Fatal(err)
	}
	prog, err := backtrack.Compile(re)
	if err != nil {
		t.Fatal(err)
	}
	var samples []engines.Sample
	for _, n := range []int{200, 400} {
		s := chain.Apply(w.Bytes(n))
		samples = append(samples, engines.Sample{N: n, Bytes: len(s), Cost: engines.Cost{Steps: prog.NewRunner().Run(s, backtrack.Options{Steps: 5_000_000}).Steps}})
	}
	if samples[0].Bytes*3/2 > samples[1].Bytes {
		return 1 // what arrives does not grow
	}
	return math.Log2(float64(samples[1].Cost.Steps)/float64(samples[0].Cost.Steps)) / math.Log2(float64(samples[1].Bytes)/float64(samples[0].Bytes))
}
