package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page's parts
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
	"github.com/nearmiss-dev/nearmiss/internal/gate"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// HTML is one page that stands by itself: it opens from a file, asks no network
// for anything, and its policy lets the browser run its own script alone. What
// comes from patterns reaches the page as data, and the document as text.
type HTML struct {
	Style Style

	rows   []htmlRow
	faults []string
	counts int // of findings, those left out too
}

// maxPageRows is how many findings a page holds, the worst ones: at three to
// four kilobytes each the page stays below 20 MB, which a phone still opens.
// The others are counted.
const maxPageRows = 5000

// maxPageFaults is how many problems a page names.
const maxPageFaults = 50

//go:embed html/page.html
var pageHTML string

//go:embed html/page.css
var pageCSS string

//go:embed html/page.js
var pageJS string

// Fresh is an empty page of the same style, as Format asks.
func (f *HTML) Fresh() Format { return &HTML{Style: f.Style} }

// Row keeps a finding, or what could not be judged, for the page. Patterns that
// are linear are counted by the summary, except where they stand for a
// decision.
func (f *HTML) Row(r gate.Row) []byte {
	if r.Verdict.Kind == verdict.Linear && r.Judgement == nil && len(r.Verdict.Differences) == 0 {
		return nil
	}
	f.counts++
	row := htmlRowOf(r)
	row.At = f.counts
	f.rows = append(f.rows, row)
	if len(f.rows) >= 2*maxPageRows {
		f.rows = worst(f.rows)
	}
	return nil
}

// worst keeps as many rows as a page holds.
func worst(rows []htmlRow) []htmlRow {
	slices.SortStableFunc(rows, func(a, b htmlRow) int { return b.Rank - a.Rank })
	return slices.Clip(rows[:min(len(rows), maxPageRows)])
}

// Fault keeps a problem for the foot of the page.
func (f *HTML) Fault(p *corpus.Problem) []byte {
	if len(f.faults) < maxPageFaults {
		at := where(corpus.Source{File: p.File, Pos: p.Pos})
		if at != "" {
			at += ": "
		}
		f.faults = append(f.faults, "Not read: "+at+shown(p.Message))
	}
	return nil
}

// Summary is the page.
func (f *HTML) Summary(s gate.Summary) []byte {
	f.rows = worst(f.rows)
	data, err := json.Marshal(map[string][]htmlRow{"rows": f.rows}) // escapes what ends a script
	if err != nil {
		data = []byte(`{"rows":[]}`) // it holds nothing that JSON lacks
	}
	page := strings.NewReplacer(
		"{{style-hash}}", hash(pageCSS), "{{script-hash}}", hash(pageJS), "{{style}}", pageCSS, "{{script}}", pageJS,
		"{{lead}}", html.EscapeString(f.lead(s)), "{{tiles}}", tiles(s), "{{bars}}", bars(s),
		"{{foot}}", f.foot(s), "{{data}}", string(data),
	).Replace(pageHTML)
	return []byte(page)
}

// Rejects reads the page's data back, as Format asks.
func (f *HTML) Rejects(output []byte, file string, latent bool) bool {
	_, after, ok := bytes.Cut(output, []byte(`id="data">`))
	data, _, ends := bytes.Cut(after, []byte("</script>"))
	var page struct{ Rows []htmlRow }
	if !ok || !ends || json.Unmarshal(data, &page) != nil {
		return false
	}
	for _, r := range page.Rows {
		if file != "" && r.File == shown(file) && r.Verdict == string(verdict.Superlinear) {
			return r.Decision == string(gate.Reject) || latent && r.Decision == string(gate.Accept)
		}
	}
	return false
}

func hash(s string) string {
	h := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(h[:])
}

// lead is the sentence under the title.
func (f *HTML) lead(s gate.Summary) string {
	what := counted(s.Patterns, "pattern")
	if s.Files.Read > 0 {
		what += " of " + counted(s.Files.Read, "file")
	}
	if s.HeadName != "" {
		what += fmt.Sprintf(", %s compared with %s", shown(s.HeadName), shown(s.BaseName))
	}
	on := map[string]string{
		onReference: "Judged on the reference matcher, which counts steps.",
		onModels:    "Judged on the reference matcher, which counts steps, and on models of the engines named.",
		onBoth:      "Judged on the reference matcher, which counts steps, and on models of engines where they are named.",
	}
	return what + ". " + on[judgedOn(s)]
}

// counted is "1 pattern", "12,802 patterns".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return commas(uint64(max(n, 0))) + " " + noun + "s"
}

// tiles are the counts of verdicts, or of decisions.
func tiles(s gate.Summary) string {
	var b strings.Builder
	tile := func(class, name string, n int) {
		fmt.Fprintf(&b, "<div class=\"tile %s\"><b>%s</b>%s</div>", class, commas(uint64(max(n, 0))), html.EscapeString(name))
	}
	word := "patterns"
	if s.Patterns == 1 {
		word = "pattern"
	}
	tile("", word, s.Patterns)
	for _, k := range kinds {
		if n := s.Verdicts[k]; n > 0 || k == verdict.Superlinear {
			tile(string(k), string(k), n)
		}
	}
	for _, d := range gate.Decisions {
		if n := s.Decisions[d]; n > 0 {
			tile("", string(d), n)
		}
	}
	if s.Latent > 0 {
		tile("", "latent", s.Latent)
	}
	if s.Faults > 0 {
		tile("unknown", "not read", s.Faults)
	}
	return b.String()
}

// bars are the causes and levels by their number.
func bars(s gate.Summary) string {
	return bar("Causes", causes, s.Causes) + bar("Levels", levels, s.Levels) + bar("Engines that disagree", slices.Sorted(maps.Keys(s.Differences)), s.Differences)
}

func bar[K ~string](title string, words []K, of map[K]int) string {
	most := 0
	for _, w := range words {
		most = max(most, of[w])
	}
	if most == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<section class=\"card\"><h2>%s</h2><div class=\"bars\">", html.EscapeString(title))
	for _, w := range words {
		if n := of[w]; n > 0 {
			fmt.Fprintf(&b, "<span>%s</span><svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"bar\" width=\"%.1f\" height=\"6\"></rect></svg><span>%s</span>",
				html.EscapeString(string(w)), 100*float64(n)/float64(most), commas(uint64(n)))
		}
	}
	return b.String() + "</div></section>"
}

// foot says what is not in the table, and what made it.
func (f *HTML) foot(s gate.Summary) string {
	var lines []string
	if left := f.counts - len(f.rows); left > 0 {
		lines = append(lines, fmt.Sprintf("The table holds the %s worst rows; %s more are in the lines of JSON.", commas(maxPageRows), commas(uint64(left))))
	}
	if n := s.Verdicts[verdict.Linear]; n > 0 && f.Style != Gate {
		lines = append(lines, fmt.Sprintf("%s linear and not listed.", counted(n, "pattern")))
	}
	lines = append(lines, f.faults...)
	if more := s.Faults - len(f.faults); more > 0 {
		lines = append(lines, fmt.Sprintf("%s more not named here.", plural(more, "problem")))
	}
	var made []string
	for _, k := range slices.Sorted(maps.Keys(s.Versions)) {
		made = append(made, shown(k)+" "+shown(s.Versions[k]))
	}
	if s.PolicyDigest != "" {
		made = append(made, "policy "+shown(s.PolicyDigest[:min(len(s.PolicyDigest), 12)]))
	}
	if len(made) > 0 {
		lines = append(lines, strings.Join(made, ", "))
	}
	var b strings.Builder
	for _, l := range lines {
		b.WriteString("<p>" + html.EscapeString(l) + "</p>")
	}
	return b.String()
}

// rankOf orders rows by what they mean for their host: decisions and levels,
// then growth.
func rankOf(r gate.Row) int {
	rank := map[policy.Level]int{policy.Error: 4, policy.Warning: 3, policy.Note: 2}[severity(r)]
	return rank*1000 + orderOf(r.Verdict)
}
