package syntax

import (
	"strings"
	"testing"

	v1 "github.com/dlclark/regexp2"
	v2 "github.com/dlclark/regexp2/v2"

	"github.com/nearmiss-dev/nearmiss/corpus"
)

// v1Options are regexp2's options by flag; both versions have the same values
// for those here.
func v1Options(flags corpus.Flags) v1.RegexOptions {
	var o v1.RegexOptions
	for f, v := range map[corpus.Flags]v1.RegexOptions{
		corpus.Caseless: v1.IgnoreCase, corpus.Multiline: v1.Multiline, corpus.DotAll: v1.Singleline,
		corpus.Extended: v1.IgnorePatternWhitespace, corpus.ExplicitCapture: v1.ExplicitCapture, corpus.RightToLeft: v1.RightToLeft,
	} {
		if flags.Has(f) {
			o |= v
		}
	}
	return o
}

func acceptedByV1(text string, flags corpus.Flags) (ok bool, why string) {
	defer func() {
		if r := recover(); r != nil {
			ok, why = false, "panic"
		}
	}()
	_, err := v1.Compile(text, v1Options(flags))
	if err != nil {
		return false, err.Error()
	}
	return true, ""
}

func acceptedByV2(text string, flags corpus.Flags) (ok bool, why string) {
	defer func() {
		if r := recover(); r != nil {
			ok, why = false, "panic"
		}
	}()
	_, err := v2.Compile(text, v2.RegexOptions(v1Options(flags)))
	if err != nil {
		return false, err.Error()
	}
	return true, ""
}

// knownFlags drops the flags that a dialect lacks.
func knownFlags(d *dialect, letters string) corpus.Flags {
	flags, err := corpus.ParseFlags(letters)
	if err != nil {
		return 0
	}
	for f := range dialectFlags(flags) {
		if _, ok := d.flags[f]; !ok {
			flags &^= f
		}
	}
	return flags
}

func TestDotNetReadsEveryChromaPattern(t *testing.T) {
	rows := dataRows(t, "chroma-regexp2.jsonl")
	bad := 0
	for _, row := range rows {
		if _, err := parse(corpus.Pattern{Text: row.Pattern, Dialect: corpus.DotNet, Flags: knownFlags(&dotnet, row.Flags)}); err != nil {
			bad++
			t.Errorf("%s: /%.200q/: %v", row.ID, row.Pattern, err)
		}
	}
	t.Logf("%d patterns, %d not read", len(rows), bad)
}

func TestDotNetAgreesWithRegexp2(t *testing.T) {
	run, differ, versions := 0, 0, 0
	for _, row := range dataRows(t, allLists...) {
		flags := knownFlags(&dotnet, row.Flags)
		if strings.Contains(row.Pattern, "\uFFFD") {
			continue
		}
		run++
		ok, why := acceptedByV1(row.Pattern, flags)
		ok2, why2 := acceptedByV2(row.Pattern, flags)
		if ok != ok2 {
			if versions++; versions < 10 {
				t.Logf("v1 %q, v2 %q: /%.200q/%v", why, why2, row.Pattern, flags)
			}
		}
		_, err := parse(corpus.Pattern{Text: row.Pattern, Dialect: corpus.DotNet, Flags: flags})
		if (ok || ok2) != (err == nil) {
			if differ++; differ < 40 {
				t.Errorf("%s %s /%.200q/%v: regexp2 v1 or v2 %v %s; here %v", row.File, row.ID, row.Pattern, flags, ok, why, err)
			}
		}
	}
	t.Logf("regexp2: %d patterns, %d differ; v1 and v2 differ on %d", run, differ, versions)
}
