package syntax

import (
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

func TestPCREAgreesWithPCRE2(t *testing.T) {
	live := openPCRE2(t)
	run, differ := 0, 0
	for _, row := range dataRows(t, allLists...) {
		flags, err := corpus.ParseFlags(row.Flags)
		if err != nil {
			flags = 0
		}
		for f := range dialectFlags(flags) {
			if _, ok := pcre.flags[f]; !ok {
				flags &^= f
			}
		}
		for _, fl := range []corpus.Flags{flags, flags ^ corpus.Unicode} {
			run++
			_, err := parse(corpus.Pattern{Text: row.Pattern, Dialect: corpus.PCRE, Flags: fl})
			ok, message, at := live.accepts(row.Pattern, fl)
			if ok != (err == nil) && deviationOf(corpus.Pattern{Text: row.Pattern, Dialect: corpus.PCRE}, message) == "" {
				if differ++; differ < 40 {
					t.Errorf("%s %s /%.200q/%v: PCRE2 %v %s at %d; here %v", row.File, row.ID, row.Pattern, fl, ok, message, at, err)
				}
			}
		}
	}
	t.Logf("PCRE2 %s: %d patterns, %d differ", live.version, run, differ)
}

func dialectFlags(flags corpus.Flags) map[corpus.Flags]bool {
	out := map[corpus.Flags]bool{}
	for f := corpus.Flags(1); f != 0 && f <= flags; f <<= 1 {
		if flags&f != 0 {
			out[f] = true
		}
	}
	return out
}

func TestPCREAgreesOnPCRE2Tests(t *testing.T) {
	live := openPCRE2(t)
	patterns, skipped := pcre2Patterns(t)
	differ := 0
	for _, p := range patterns {
		_, err := parse(p)
		ok, message, at := live.accepts(p.Text, p.Flags)
		if ok != (err == nil) && deviationOf(p, message) == "" {
			differ++
			t.Errorf("%s /%.300q/%v: PCRE2 %v %s at %d; here %v", p.ID, p.Text, p.Flags, ok, message, at, err)
		}
	}
	t.Logf("PCRE2 %s: %d patterns of its own tests, %d skipped for modifiers, %d differ", live.version, len(patterns), skipped, differ)
}
