package corpus

// A Dialect names the syntax and semantics a pattern is written in. It is
// chosen by a reader or a flag, never guessed from the text.
type Dialect string

// The dialects.
const (
	PCRE       Dialect = "pcre"       // PCRE2 10.4x; ModSecurity, nginx, Apache, Suricata, PHP
	DotNet     Dialect = "dotnet"     // .NET as implemented by regexp2
	Go         Dialect = "go"         // RE2 as implemented by Go's regexp
	ECMAScript Dialect = "ecmascript" // ECMAScript 2025, Annex B included
	Python     Dialect = "python"     // CPython's re, 3.11 and later
	Java       Dialect = "java"       // java.util.regex
	Ruby       Dialect = "ruby"       // Onigmo
)

// Dialects lists every dialect, in the order documentation uses.
var Dialects = []Dialect{PCRE, DotNet, Go, ECMAScript, Python, Java, Ruby}

// ParseDialect reads a dialect by name.
func ParseDialect(s string) (Dialect, bool) {
	for _, d := range Dialects {
		if string(d) == s {
			return d, true
		}
	}
	return "", false
}
