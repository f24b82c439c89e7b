package main

import "testing"

func TestReadings(t *testing.T) {
	for _, c := range []struct{ in, asIs, numeric, everything string }{
		{`plain`, "plain", "plain", "plain"},
		{`\x0a`, `\x0a`, "\n", "\n"},
		{`\\x0a`, `\\x0a`, "\n", "\n"},
		{`\u000a\u2028`, `\u000a\u2028`, "\n\u2028", "\n\u2028"},
		{`\xzz\u12`, `\xzz\u12`, `\xzz\u12`, `\xzz\u12`},
		{`\n\t`, `\n\t`, `\n\t`, "\n\t"},
		{`a\"\\b\`, `a\"\\b\`, `a\"\\b\`, `a"\b\`},
		{`é\w`, `é\w`, `é\w`, `é\w`},
	} {
		for r, want := range map[reading]string{asIs: c.asIs, numeric: c.numeric, everything: c.everything} {
			if got := r.read(c.in); got != want {
				t.Errorf("reading %d of %q = %q, want %q", r, c.in, got, want)
			}
		}
	}
}

// Foreign bytes: nothing may be lost but what an escape stands for, and
// nothing may panic.
func FuzzReadings(f *testing.F) {
	f.Add(`\\x0a\u00`)
	f.Add("\\\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if got := asIs.read(s); got != s {
			t.Errorf("as it is, %q became %q", s, got)
		}
		for _, r := range []reading{numeric, everything} {
			if got := r.read(s); len(got) > len(s) {
				t.Errorf("reading %d of %q grew to %q", r, s, got)
			}
		}
		if _, err := notation(s); err == nil && s != "" && s[0] != '\'' {
			t.Errorf("notation read %q", s)
		}
	})
}
