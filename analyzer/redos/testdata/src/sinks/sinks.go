// Package sinks calls every library of the table.
package sinks

import (
	"github.com/GRbit/go-pcre"
	pcre2 "github.com/Jemmic/go-pcre2"
	gojs "github.com/dop251/goja/parser"
	pcre3 "github.com/gijsbers/go-pcre"
	pcre4 "github.com/glenn-brown/golang-pkg-pcre/src/pkg/pcre"
	rubex "github.com/go-enry/go-oniguruma"
	sojs "github.com/grafana/sobek/parser"
	pcre7 "github.com/lestrrat/go-pcre2"
	rubex3 "github.com/limetext/rubex"
	rubex2 "github.com/moovweb/rubex"
	ottojs "github.com/robertkrimen/otto/parser"
	pcre5 "github.com/rubrikinc/go-pcre"
	pcre6 "github.com/ysugimoto/go-pcre"
)

func all() {
	_ = pcre.MustCompile(`^(?:ab|AB)*$`, pcre.CASELESS) // want "exponential time in PCRE:"
	_ = pcre.MustCompile(`^(?:ab|AB)*$`, 0)
	_ = pcre.MustCompileJIT(`\s+$`, 0, 1)
	_ = pcre.MustCompile(`\s+$`, 0)                                      // want "quadratic time in PCRE:"
	_ = pcre2.MustCompile(`^(?:ab|AB)*$`, pcre2.CASELESS)                // want "exponential time in PCRE2:"
	_, _ = pcre2.CompileJIT(`^(a+)+$`, 0, 1)                             // want "exponential time in PCRE2:"
	_ = pcre3.MustCompile(`^(a+)+$`, 0)                                  // want "exponential time in PCRE:"
	_ = pcre4.MustCompile(`^(a+)+$`, 0)                                  // want "exponential time in PCRE:"
	_ = pcre5.MustCompile(`^(a+)+$`, 0)                                  // want "exponential time in PCRE:"
	_ = pcre6.MustCompile(`^(a+)+$`, 0)                                  // want "exponential time in PCRE:"
	_, _ = pcre7.Compile(`^(a+)+$`)                                      // want "exponential time in PCRE2:"
	_ = pcre7.Compile                                                    // no call
	_ = rubex.MustCompile(`^(a+)+$`)                                     // want "exponential time in Oniguruma.*reference matcher"
	_, _ = rubex.NewRegexp(`^(?:ab|AB)*$`, rubex.ONIG_OPTION_IGNORECASE) // want "exponential time in Oniguruma"
	_ = rubex2.MustCompile(`^(a+)+$`)                                    // want "exponential time in Oniguruma"
	_ = rubex3.MustCompile(`^(a+)+$`)                                    // want "exponential time in Oniguruma"
	_, _ = gojs.TransformRegExp(`^(?=a)(a+)+$`, false, true)             // want "exponential time in goja's regexp2 v2"
	_, _ = gojs.TransformRegExp(`^(a+)+$`, false, true)                  // goja gives it to Go's regexp
	_, _ = sojs.TransformRegExp(`^(a+)+\1$`)                             // want "exponential time in sobek's regexp2 v1"
	_, _ = ottojs.TransformRegExp(`^(a+)+$`)
	_ = pcre.MustCompile(`a{2,1}`, 0) // want "does not compile in PCRE:"
}
