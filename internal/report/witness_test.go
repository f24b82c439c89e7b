package report

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearmiss-dev/nearmiss/analyzer/attack"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

func attackOf(parts ...string) attack.Witness {
	w := attack.Witness{Suffix: []byte(parts[len(parts)-1])}
	for i := 0; i+1 < len(parts)-1; i += 2 {
		w.Pumps = append(w.Pumps, attack.Pump{Prefix: []byte(parts[i]), Pump: []byte(parts[i+1])})
	}
	return w
}

func TestEncodeWitness(t *testing.T) {
	pcre := corpus.Pattern{Dialect: corpus.PCRE}
	js := corpus.Pattern{Dialect: corpus.ECMAScript}
	jsu := corpus.Pattern{Dialect: corpus.ECMAScript, Flags: corpus.Unicode}
	for _, c := range []struct {
		p    corpus.Pattern
		w    attack.Witness
		want jsonWitness
	}{
		{pcre, attackOf("x", "aé", "!"), jsonWitness{[]jsonPump{{"x", "aé"}}, "!", UTF8}},
		{pcre, attackOf("", "\xe9", "é"), jsonWitness{[]jsonPump{{"", "é"}}, "Ã©", Bytes}},
		{pcre, attackOf("", "a", "", "b", ""), jsonWitness{[]jsonPump{{"", "a"}, {"", "b"}}, "", UTF8}},
		{js, attackOf("x", "é", ""), jsonWitness{[]jsonPump{{"x", "é"}}, "", UTF8}},
		{js, attackOf("\xed\xa0\xbd", "\xed\xb8\x80", "a\U0001F600"), jsonWitness{[]jsonPump{{"d83d", "de00"}}, "0061d83dde00", UTF16}},
		{js, attackOf("", "\xff", ""), jsonWitness{[]jsonPump{{"", "ÿ"}}, "", Bytes}},
		{jsu, attackOf("", "\xed\xa0\xbd", ""), jsonWitness{[]jsonPump{{"", "í\u00a0½"}}, "", Bytes}},
	} {
		if d := cmp.Diff(c.want, *encodeWitness(c.p, c.w)); d != "" {
			t.Errorf("%+v: %s", c.w, d)
		}
	}
}

func TestEncodeIsReversible(t *testing.T) {
	for _, s := range []string{"", "a", "é", "\xe9", "\xff\x00é"} {
		got, enc := encode(s)
		if enc == Bytes {
			b := []byte{}
			for _, r := range got {
				b = append(b, byte(r))
			}
			got = string(b)
		}
		if got != s {
			t.Errorf("%q: %q", s, got)
		}
	}
	if got := escaped("a\xffé"); got != `a\xffé` {
		t.Error(got)
	}
}

// The printed command writes the attack, byte for byte, in a real shell.
func TestShell(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh on this machine")
	}
	all := make([]byte, 0, 256)
	for c := range 256 {
		if c != 0 { // some shells cut a string at NUL; tested apart
			all = append(all, byte(c))
		}
	}
	for _, w := range []attack.Witness{
		attackOf("", "a", "b"), attackOf("x", "ab", ""), attackOf("%s", "100%", "%%d'"), attackOf(`\n`, `\0`, `'"$(x)`),
		attackOf("", "a", "\n", "é\x00", "\t"), attackOf(string(all), string(all), string(all)), attackOf("-n", "-e", "--"),
		attackOf("", "1", "", "2", "3"), attackOf("\x001", "\x012", "\x0078"),
	} {
		for _, n := range []int{1, 2, 13} {
			cmd := shell(w, n)
			got, err := exec.Command(sh, "-c", cmd).Output()
			if err != nil || string(got) != string(w.Bytes(n)) {
				t.Errorf("%s: %v\n got %q\nwant %q", cmd, err, got, w.Bytes(n))
			}
		}
	}
	if cmd := shell(attackOf(string(all), "a", ""), 1); strings.ContainsAny(cmd, "\x00\n\x1b\x7f") || strings.Contains(cmd, "\xff") {
		t.Error("raw bytes in a printed command")
	}
}

func TestFormula(t *testing.T) {
	if got := attackOf("x", "a", "", "\n", "!").String(); got != `"x" + "a" × n + "\n" × n + "!"` {
		t.Error(got)
	}
	if got := attackOf("", strings.Repeat("é", 1000), "").String(); len(got) > 300 || !strings.Contains(got, "bytes") {
		t.Error(got)
	}
}
