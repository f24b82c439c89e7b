package records

import "github.com/nearmiss-dev/nearmiss/corpus"

// A Preset says where the patterns of one kind of rule file stand.
type Preset struct {
	// Name is the reader's name.
	Name string
	// ID is the key whose value names the rule around a pattern.
	ID string
	// Main is the last key of the patterns whose ID is the rule's name alone.
	Main  string
	Paths []Path
}

// A Path says where patterns stand, and what they are.
type Path struct {
	// At is the way from the top: keys joined by dots, * for any key,
	// ** for any number of keys and items; [] is each item of a sequence. A key may
	// begin or end in * .
	At      string
	Dialect corpus.Dialect
	Flags   corpus.Flags
	Mode    corpus.Mode
	Form    Form
}

// A Form says what a string at a path is.
type Form uint8

// The forms.
const (
	Text       Form = iota // a pattern
	Modified               // a pattern, its key's |-modifiers are flags (Sigma)
	Expression             // an expression with the operator matches (expr-lang)
	SecLang                // directives of ModSecurity
	Grok                   // left alone, counted as skipped
)

// Presets is the table of rule files that are known by name.
func Presets() []Preset {
	goText := func(mode corpus.Mode, paths ...string) (out []Path) {
		for _, p := range paths {
			out = append(out, Path{At: p, Dialect: corpus.Go, Mode: mode})
		}
		return out
	}
	return []Preset{
		{
			Name: "gitleaks", ID: "id", Main: "regex",
			Paths: append(goText(corpus.Global, "rules.[].regex"), goText(corpus.Search,
				"rules.[].path", "allowlist.regexes.[]", "allowlist.paths.[]", "allowlists.[].regexes.[]", "allowlists.[].paths.[]",
				"rules.[].allowlist.regexes.[]", "rules.[].allowlist.paths.[]", "rules.[].allowlists.[].regexes.[]", "rules.[].allowlists.[].paths.[]")...),
		},
		{
			Name: "sigma", ID: "id",
			Paths: []Path{
				{At: "detection.**.*|re", Dialect: corpus.PCRE, Mode: corpus.Search, Form: Modified},
				{At: "detection.**.*|re.[]", Dialect: corpus.PCRE, Mode: corpus.Search, Form: Modified},
				{At: "detection.**.*|re|*", Dialect: corpus.PCRE, Mode: corpus.Search, Form: Modified},
				{At: "detection.**.*|re|*.[]", Dialect: corpus.PCRE, Mode: corpus.Search, Form: Modified},
			},
		},
		{
			Name: "semgrep", ID: "id", Main: "pattern-regex",
			Paths: []Path{
				{At: "rules.[].**.pattern-regex", Dialect: corpus.PCRE, Flags: corpus.Multiline, Mode: corpus.Global},
				{At: "rules.[].**.pattern-not-regex", Dialect: corpus.PCRE, Flags: corpus.Multiline, Mode: corpus.Global},
				{At: "rules.[].**.metavariable-regex.regex", Dialect: corpus.PCRE, Mode: corpus.Match},
			},
		},
		{
			Name: "nuclei", ID: "id",
			Paths: append(goText(corpus.Search, "**.matchers.[].regex.[]"), goText(corpus.Global, "**.extractors.[].regex.[]")...),
		},
		{
			Name: "crowdsec", ID: "name",
			Paths: []Path{
				{At: "**.filter", Dialect: corpus.Go, Mode: corpus.Search, Form: Expression},
				{At: "**.expression", Dialect: corpus.Go, Mode: corpus.Search, Form: Expression},
				{At: "**.expression.[]", Dialect: corpus.Go, Mode: corpus.Search, Form: Expression},
				{At: "**.condition", Dialect: corpus.Go, Mode: corpus.Search, Form: Expression},
				{At: "**.grok.pattern", Form: Grok},
				{At: "**.pattern_syntax.*", Form: Grok},
			},
		},
		{
			Name: "coraza", ID: "name",
			Paths: []Path{
				{At: "**.directives", Form: SecLang},
				{At: "**.directives.[]", Form: SecLang},
				{At: "**.directives_map.*", Form: SecLang},
				{At: "**.directives_map.*.[]", Form: SecLang},
			},
		},
	}
}
