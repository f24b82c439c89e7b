package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// still is a clock that does not go on, so that output is the same each time.
func still() time.Time { return time.Time{} }

// scores runs the program and reads its JSON rows by "row".
func scores(t *testing.T, code int, args ...string) (rows map[string][]map[string]any, raw string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := run(append([]string{"-format", "jsonl"}, args...), &out, &errs, still); got != code {
		t.Fatalf("exit code %d, want %d: %s", got, code, errs.String())
	}
	rows = map[string][]map[string]any{}
	for line := range strings.Lines(out.String()) {
		var r map[string]any
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		kind, _ := r["row"].(string)
		rows[kind] = append(rows[kind], r)
	}
	return rows, out.String()
}

func TestTiny(t *testing.T) {
	rows, _ := scores(t, exitSound, "-rows", "-peer", "other=testdata/peer.jsonl", "testdata/tiny.jsonl")
	var got []string
	for _, r := range rows["pattern"] {
		got = append(got, strings.Join([]string{r["id"].(string), r["dialect"].(string), r["verdict"].(string), r["growth"].(string), r["shown"].(string)}, " "))
	}
	want := []string{
		"nested pcre superlinear exponential exponential",
		"rescan pcre superlinear polynomial polynomial 2",
		"plain pcre linear linear ",
		"twice pcre superlinear polynomial polynomial 3",
		"broken pcre invalid invalid ",
		"flagless pcre invalid invalid ",
		"everywhere ecmascript superlinear polynomial polynomial 2",
		"everywhere python superlinear polynomial polynomial 2",
		"everywhere pcre superlinear polynomial polynomial 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	table := rows["table"][0]
	for name, want := range map[string]float64{"patterns": 7, "invalid": 2, "linear": 1, "superlinear": 4, "unknown": 0, "own_replayed": 4, "extra": 1} {
		if table[name] != want {
			t.Errorf("%s: %v, want %v", name, table[name], want)
		}
	}
	listed, _ := table["listed"].(map[string]any)
	if listed["rows"] != 3.0 || listed["superlinear"] != 3.0 || listed["linear"] != 0.0 {
		t.Errorf("listed: %v, want 3 rows, all superlinear", listed)
	}
	labels, _ := table["labels"].(map[string]any)
	if diff := cmp.Diff(map[string]any{"exponential": map[string]any{"exponential": 1.0}, "polynomial": map[string]any{"polynomial": 2.0}, "safe": map[string]any{"linear": 1.0}}, labels); diff != "" {
		t.Errorf("labels: %s", diff)
	}
}

func TestPeers(t *testing.T) {
	rows, _ := scores(t, exitSound, "-peer", "other=testdata/peer.jsonl", "testdata/tiny.jsonl")
	peers, _ := rows["table"][0]["peers"].(map[string]any)
	type kind struct{ theirs, ours, right string }
	for name, want := range map[string]struct {
		replayed, found float64
		kinds           []kind
	}{
		"other":   {1, 1, []kind{{"linear", "exponential", "ours"}, {"polynomial 2", "linear", "ours"}}},
		"recheck": {1, 1, []kind{{"linear", "polynomial 2", "ours"}}},
	} {
		p, _ := peers[name].(map[string]any)
		if p["attacks_replayed"] != want.replayed || p["found"] != want.found || p["truth"] != 2.0 {
			t.Errorf("%s: %v attacks replayed, %v of %v found, want %v, %v of 2", name, p["attacks_replayed"], p["found"], p["truth"], want.replayed, want.found)
		}
		var got []kind
		kinds, _ := p["disagreements"].([]any)
		for _, k := range kinds {
			d, _ := k.(map[string]any)
			right, _ := d["right"].(map[string]any)
			got = append(got, kind{d["theirs"].(string), d["ours"].(string), strings.Join(sortedKeys(right), ",")})
		}
		if diff := cmp.Diff(want.kinds, got, cmp.AllowUnexported(kind{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// The output is the same for any number of workers, in the order of the rows.
func TestDeterministic(t *testing.T) {
	_, one := scores(t, exitSound, "-rows", "-workers", "1", "testdata/tiny.jsonl")
	for range 3 {
		if _, many := scores(t, exitSound, "-rows", "-workers", "7", "testdata/tiny.jsonl"); many != one {
			t.Fatal(cmp.Diff(one, many))
		}
	}
}

func TestText(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run([]string{"-peer", "other=testdata/peer.jsonl", "testdata/tiny.jsonl"}, &out, &errs, still); code != exitSound {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	for _, want := range []string{
		"== testdata/tiny.jsonl  pcre\n", "patterns 7  invalid 2  linear 1  superlinear 4  unknown 0 (0.00%)",
		"rows where a listed attack replays: 3  superlinear 3 (recall 100.00%", "peer other: rows 3", "recheck says linear, we say polynomial 2: 1 rows; right by replay: ours 1 (rescan)",
		"invalid: 2\n", "ms per pattern: median 3.000",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{
		{}, {"-format", "xml", "testdata/tiny.jsonl"}, {"-dialect", "cobol", "testdata/tiny.jsonl"}, {"testdata/none.jsonl"}, {"-workers", "0", "testdata/tiny.jsonl"},
		{"-peer", "x", "testdata/tiny.jsonl"}, {"-peer", "x=testdata/none.jsonl", "testdata/tiny.jsonl"}, {"-rows", "testdata/tiny.jsonl"}, {"main.go"},
	} {
		var out, errs bytes.Buffer
		if code := run(args, &out, &errs, still); code != exitUsage || errs.Len() == 0 {
			t.Errorf("%q: exit code %d and %q, want %d and a message", args, code, errs.String(), exitUsage)
		}
	}
}
