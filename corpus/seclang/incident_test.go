package seclang

import (
	"slices"
	"testing"
)

// july2019 is the pattern of the outage of 2 July 2019 as published in the
// post-mortem "Details of the Cloudflare outage on July 2, 2019".
const july2019 = "(?:(?:\\\"|'|\\]|\\}|\\\\|\\d|(?:nan|infinity|true|false|null|undefined|symbol|math)|\\`|\\-|\\+)+[)]*;?((?:\\s|-|~|!|{}|\\|\\||\\+)*.*(?:.*=.*)))"

// TestIncident reads the shipped change: the same rules on both sides, and one
// more with the published text.
func TestIncident(t *testing.T) {
	read := func(side string) (ids, texts []string) {
		name := "../../testdata/incident/" + side + "/rules.conf"
		src := readFile(t, name)
		res := Reader{}.Read(name, src)
		for _, p := range res.Problems {
			t.Error(p)
		}
		check(t, src, res)
		for _, p := range res.Patterns {
			ids, texts = append(ids, p.ID), append(texts, p.Text)
		}
		return ids, texts
	}
	ids, texts := read("before")
	want := []string{"100100", "100110", "100120", "100130", "100140", "100150", "100160#chain1", "100170#selector1", "100170"}
	if !slices.Equal(ids, want) {
		t.Errorf("before: rules %v, expected %v", ids, want)
	}
	afterIDs, afterTexts := read("after")
	if !slices.Equal(afterIDs, append(ids, "100180")) || !slices.Equal(afterTexts, append(texts, july2019)) {
		t.Errorf("after: rules %v with %q, expected those before and %q", afterIDs, afterTexts, july2019)
	}
}
