package incidents

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"testing"
)

var (
	id   = regexp.MustCompile(`^[a-z0-9-]+$`)
	date = regexp.MustCompile(`^(?:(?:19|20)\d\d-\d\d(?:-\d\d)?)?$`)
	cve  = regexp.MustCompile(`^(?:CVE-\d{4}-\d{4,})?$`)
)

// TestList: every row is read, has a source, and is written once.
func TestList(t *testing.T) {
	if n := bytes.Count(List(), []byte("\n")); n != len(All()) {
		t.Errorf("%d rows, %d incidents", n, len(All()))
	}
	seen := map[string]bool{}
	for _, i := range All() {
		p := i.Pattern
		key := p.Text + "\x00" + string(p.Dialect) + "\x00" + p.Flags.String()
		if !id.MatchString(p.ID) || seen[p.ID] || seen[key] {
			t.Errorf("%s: expected a name and a pattern of its own", p.ID)
		}
		seen[p.ID], seen[key] = true, true
		if u, err := url.Parse(i.Source); err != nil || u.Scheme != "https" || u.Path == "" {
			t.Errorf("%s: source %q: expected an address", p.ID, i.Source)
		}
		if i.Project == "" || i.Engine == "" || !date.MatchString(i.Date) || !cve.MatchString(i.CVE) {
			t.Errorf("%s: project %q, engine %q, date %q, CVE %q", p.ID, i.Project, i.Engine, i.Date, i.CVE)
		}
		if i.Fixed == p.Text {
			t.Errorf("%s: the fixed form is the pattern", p.ID)
		}
		if p.Source.File != File || !p.Source.Pos.IsValid() {
			t.Errorf("%s stands at %s %v", p.ID, p.Source.File, p.Source.Pos)
		}
	}
}

func TestCanaries(t *testing.T) {
	var causes []string
	for _, i := range Canaries() {
		causes = append(causes, i.Cause)
		t.Logf("%s: %s /%s/%s (%s)", i.Cause, i.Pattern.ID, i.Pattern.Text, i.Pattern.Flags, i.Pattern.Dialect)
	}
	if want := []string{"adjacent", "assertion", "backreference", "counter", "nested", "rescan"}; !slices.Equal(causes, want) {
		t.Errorf("canaries of %q, want %q", causes, want)
	}
}
