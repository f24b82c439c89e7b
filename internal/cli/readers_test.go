package cli

import (
	"strings"
	"testing"

	"github.com/nearmiss-dev/nearmiss/corpus/list"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

// TestCanaryFiles: every reader claims its canary's name, and finds in the
// canary's file the pattern alone.
func TestCanaryFiles(t *testing.T) {
	const pattern = "^nearmiss2147000000(a+)+$"
	for _, e := range append(formats(), presets()...) {
		name, ok := byName(e.canaryName)
		if !ok || name != e.name {
			t.Errorf("%s: its canary %s is read by %q", e.name, e.canaryName, name)
		}
		res := e.open(list.Defaults{Dialect: "pcre"}).Read(e.canaryName, e.canary("2147000000", pattern))
		if len(res.Patterns) != 1 || res.Patterns[0].Text != pattern || len(res.Problems) > 0 {
			t.Errorf("%s: its canary reads %+v, problems %v", e.name, res.Patterns, res.Problems)
		}
		if e.name == "gitleaks" {
			if res := e.open(list.Defaults{}).Read("x.toml", e.canary("1", pattern)); len(res.Patterns) != 1 {
				t.Errorf("canary in TOML: %v", res.Problems)
			}
		}
	}
}

// The canary of declared records stands where their first key leads.
func TestDeclaredCanaries(t *testing.T) {
	for _, keys := range []string{"a", "a.b.[].c", "**.regex", "rules.[].**.x*y", "[].[].a", "**", "**.a.**.[]", "id.[].a", "*"} {
		e := declared(policy.FileRule{Keys: []string{keys, "other"}, ID: "id"})
		for _, file := range []string{"x.yaml", "x.json", "x.toml"} {
			res := e.open(list.Defaults{Dialect: "pcre"}).Read(file, e.canary("17", "^x(a+)+$"))
			n := 0
			if file == "x.toml" && (strings.HasPrefix(keys, "[]") || keys == "**") {
				continue // the top of TOML is a table
			}
			for _, p := range res.Patterns {
				if p.Text == "^x(a+)+$" {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%s in %s: %+v, problems %v", keys, file, res.Patterns, res.Problems)
			}
		}
	}
}

func TestByName(t *testing.T) {
	for want, files := range map[string]string{
		"seclang":  "a.conf rules/REQUEST-901.conf nginx/modsecurity/x.conf crs-setup.conf.example apache/crs/a.conf modsecurity-nginx.conf",
		"nginx":    "nginx.conf etc/nginx/sites/a.conf h5bp-nginx/h5bp/x.conf nginx/a.vhost nearmiss-canary-nginx.conf",
		"apache":   ".htaccess a/x.htaccess httpd.conf apache2.conf etc/apache2/sites/a.conf nginx/apache/a.conf",
		"suricata": "a.rules nginx/a.rules",
		"sigma":    "sigma/a/b.yml x.sigma.yaml",
		"gitleaks": ".gitleaks.toml config/gitleaks.toml gitleaks/x.json",
		"crowdsec": "crowdsec/parsers/a.yaml",
		"text":     "nginx/a.txt",
		"":         "a.yaml .github/workflows/x.yml package.json .nearmiss.yaml README .conf .rules",
	} {
		for f := range strings.FieldsSeq(files) {
			if got, _ := byName(f); got != want {
				t.Errorf("%s: %q, expected %q", f, got, want)
			}
		}
	}
}
