// Package coraza holds directives in strings.
package coraza

import "github.com/corazawaf/coraza/v3"

const rule = "SecRule ARGS \"@rx ^(?:a+)+$\" \"id:2,phase:2,deny\""

var _ = coraza.NewWAFConfig().
	WithDirectives(`
		SecRuleEngine On
		SecRule REQUEST_HEADERS:User-Agent "@rx ^bot\s+\d+$" "id:1,phase:1,deny"
		SecRule ARGS "@rx (?=a)b" "id:3,phase:2,deny"`). // want "does not compile in Coraza's regexp.*rule 3"
	WithDirectives(rule)
