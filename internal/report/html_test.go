package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/fuzz"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// hostile are texts that try to leave their place in a page.
var hostile = []string{
	`(a+)+$</script><script>alert(1)</script>`, `(b+)+$<img src=x onerror="alert(2)">`, "(c+)+$<!-- \u2028\u2029 ]]>",
	"(d*)*\u202e\x00\x1b[31m$", `(e+)+"'&amp;{{style}}{{data}}$`,
}

// page is a page with hostile and usual patterns.
func page(t *testing.T) []byte {
	t.Helper()
	f := &HTML{}
	sum := gate.NewSummary()
	texts := append([]string{`^(a+)+$`, `\s+$`, `x.*y.*z`, `(`, `abc`, `(a+)\1c`}, hostile...)
	for i, text := range texts {
		p := corpus.Pattern{ID: fmt.Sprintf("p%d</script>", i), Text: text, Dialect: corpus.PCRE, Mode: corpus.Search, Source: corpus.NewSource("<b>rules.txt", "", nil)}
		v := verdict.Analyze(p, verdict.Options{Engines: []string{"pcre2", "pcre2-jit", "re2"}, Curves: true, MatchLimits: []uint64{1000, 1 << 60}})
		if i == 0 {
			v.Differences = []fuzz.Difference{{Kind: fuzz.DiffersByDialect, Where: "pcre → go", Construct: "$", Pattern: corpus.Pattern{Text: "$<i>"}, Input: []byte("<\n"), Want: fuzz.Answer{Engine: "pcre2", Matched: true}, Got: fuzz.Answer{Engine: "re2"}}}
		}
		r := gate.Row{Verdict: v, Level: policy.Default().Lines.Level(v)}
		sum.Count(r)
		if out := f.Row(r); len(out) > 0 {
			t.Errorf("a row was written before the page: %q", out)
		}
	}
	f.Fault(&corpus.Problem{File: "<script>", Message: "cannot be read: <b>"})
	sum.Faults++
	return f.Summary(sum)
}

// TestHTMLEscapes: whatever patterns hold, the page has the two scripts and the
// one style that it was made with, and asks for nothing else.
func TestHTMLEscapes(t *testing.T) {
	b := page(t)
	for what, want := range map[string]int{"<script": 2, "</script": 2, "<style": 1, "</style": 1, "<img": 0, "<!--": 0, "<b>rules": 0, "http:": 1, "https:": 0, "\u202e": 0, "\u2028": 0} {
		if got := bytes.Count(bytes.ToLower(b), []byte(what)); got != want {
			t.Errorf("%q stands %d times in the page, want %d", what, got, want)
		}
	}
	_, after, _ := bytes.Cut(b, []byte(`id="data">`))
	data, _, _ := bytes.Cut(after, []byte("</script>"))
	var got struct{ Rows []htmlRow }
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != 10 { // abc is linear
		t.Errorf("%d rows", len(got.Rows))
	}
	for i, r := range got.Rows[1:] {
		if r.Rank > got.Rows[i].Rank {
			t.Errorf("row %d ranks above the one before it", i+1)
		}
	}
}

// TestHTMLBounded: a page holds the worst rows, and says how many are left out.
func TestHTMLBounded(t *testing.T) {
	f := &HTML{}
	sum := gate.NewSummary()
	const rows = 3*maxPageRows + 7
	for i := range rows {
		v := verdict.Verdict{Pattern: corpus.Pattern{Text: "a", Dialect: corpus.PCRE}, Kind: verdict.Unknown, Reason: &verdict.Reason{Code: "limit", Offset: -1, Message: "none"}}
		r := gate.Row{Verdict: v}
		if i%1000 == 999 {
			r = gate.Row{Verdict: verdict.Analyze(corpus.Pattern{Text: "(a*)*b", Dialect: corpus.PCRE, Mode: corpus.Search}, verdict.Options{}), Level: policy.Error}
		}
		sum.Count(r)
		f.Row(r)
		if len(f.rows) >= 2*maxPageRows {
			t.Fatalf("%d rows are kept", len(f.rows))
		}
	}
	b := f.Summary(sum)
	if n := bytes.Count(b, []byte(`"level":"error"`)); n != rows/1000 {
		t.Errorf("%d of %d errors are in the page", n, rows/1000)
	}
	if want := fmt.Sprintf("%s more are in the lines of JSON", commas(rows-maxPageRows)); !bytes.Contains(b, []byte(want)) {
		t.Errorf("the page does not say: %s", want)
	}
}
