package redos

import "github.com/nearmiss-dev/nearmiss/corpus"

// A Library is a package with functions that take patterns.
type Library struct {
	// Paths are its import paths: forks with the same functions share a row.
	Paths []string
	// Name is what messages call the engine.
	Name string
	// Engine is the model a pattern is judged on; "" judges it on the reference
	// matcher, for engines without a model.
	Engine string
	// Dialect and Flags are what patterns are read with, before options.
	Dialect corpus.Dialect
	Flags   corpus.Flags
	// Options are the bits of an options argument, nil where there is none.
	Options *Options
	// Timeout names the field of a compiled object that bounds its matches, and
	// Default the variable, with its package's path, that holds for objects that
	// do not say; "" where the engine has none.
	Timeout, Default string
	// Only restricts the patterns that reach the engine, "" for all.
	Only Only
	// Form is what the argument holds, "" for one pattern.
	Form Form
	// Functions are those that take patterns.
	Functions []Function
}

// A Function takes a pattern.
type Function struct {
	// Name is the function's, or "Type.Method".
	Name string
	// Arg is the pattern's index among the arguments, from 0.
	Arg int
	// Opt is the index of the options, NoOptions for none. Of a variadic
	// parameter every argument from there on counts.
	Opt int
	// Engine replaces the library's, "" keeps it.
	Engine string
}

// NoOptions says that a function takes no options.
const NoOptions = -1

// Only says which patterns of a library reach its backtracking engine.
type Only string

// OnlyBacktracking are patterns with a lookaround or a backreference: the
// library hands the others to Go's regexp.
const OnlyBacktracking Only = "lookaround or backreference"

// Form says what the text of an argument is.
type Form string

// SecLang is a configuration in ModSecurity's language, read as a whole.
const SecLang Form = "seclang"

// compiles are the functions that take a pattern and nothing else.
func compiles(names ...string) (out []Function) {
	for _, n := range names {
		out = append(out, Function{Name: n, Opt: NoOptions})
	}
	return out
}

// withOptions are the functions that take a pattern and then options.
func withOptions(engine string, names ...string) (out []Function) {
	for _, n := range names {
		out = append(out, Function{Name: n, Opt: 1, Engine: engine})
	}
	return out
}

func both(a, b []Function) []Function { return append(a, b...) }

// Libraries is the table of backtracking engines, and of configurations that
// hold patterns. Sources: the packages' own declarations.
func Libraries() []Library {
	return []Library{
		{
			Paths: []string{"github.com/dlclark/regexp2"}, Name: "regexp2 v1", Engine: "regexp2-v1", Dialect: corpus.DotNet,
			Options: &regexp2Options, Timeout: "MatchTimeout", Default: "github.com/dlclark/regexp2.DefaultMatchTimeout",
			Functions: withOptions("", "Compile", "MustCompile"),
		},
		{
			Paths: []string{"github.com/dlclark/regexp2/v2"}, Name: "regexp2 v2", Engine: "regexp2-v2", Dialect: corpus.DotNet,
			Options: &regexp2Options, Timeout: "MatchTimeout", Default: "github.com/dlclark/regexp2/v2.DefaultMatchTimeout",
			Functions: withOptions("", "Compile", "MustCompile"),
		},
		{
			Paths: []string{"github.com/dlclark/regexp2/v2/compat"}, Name: "regexp2 v2", Engine: "regexp2-v2", Dialect: corpus.DotNet,
			Options: &regexp2Options, Timeout: "MatchTimeout", Default: "github.com/dlclark/regexp2/v2.DefaultMatchTimeout",
			Functions: withOptions("", "Compile", "MustCompile"),
		},
		{
			Paths: []string{"go.elara.ws/pcre"}, Name: "PCRE2", Engine: "pcre2", Dialect: corpus.PCRE, Options: &pcre2Options,
			Functions: both(compiles("Compile", "MustCompile"), withOptions("", "CompileOpts", "MustCompileOpts")),
		},
		{
			Paths: []string{"github.com/Jemmic/go-pcre2"}, Name: "PCRE2", Engine: "pcre2", Dialect: corpus.PCRE, Options: &pcre2Options,
			Functions: both(withOptions("", "Compile", "MustCompile"), withOptions("pcre2-jit", "CompileJIT", "MustCompileJIT")),
		},
		{
			Paths: []string{"github.com/lestrrat/go-pcre2", "github.com/lestrrat-go/pcre2"}, Name: "PCRE2", Engine: "pcre2", Dialect: corpus.PCRE, Flags: corpus.Unicode,
			Functions: compiles("Compile", "MustCompile"),
		},
		{
			// PCRE 8 has the shortcuts of PCRE2 that change a growth: those of its
			// last releases, 8.34 on.
			Paths: []string{
				"github.com/gijsbers/go-pcre", "github.com/GRbit/go-pcre", "github.com/rubrikinc/go-pcre", "github.com/ysugimoto/go-pcre",
				"github.com/glenn-brown/golang-pkg-pcre/src/pkg/pcre",
			},
			Name: "PCRE", Engine: "pcre2", Dialect: corpus.PCRE, Options: &pcreOptions,
			Functions: both(withOptions("", "Compile", "MustCompile"), withOptions("pcre2-jit", "CompileJIT", "MustCompileJIT")),
		},
		{
			Paths: []string{"github.com/go-enry/go-oniguruma", "github.com/moovweb/rubex", "github.com/limetext/rubex"},
			Name:  "Oniguruma", Dialect: corpus.Ruby, Options: &onigurumaOptions,
			Functions: both(compiles("Compile", "MustCompile", "MustCompileASCII", "MatchString"),
				withOptions("", "NewRegexp", "NewRegexpASCII", "CompileWithOption", "MustCompileWithOption")),
		},
		{
			Paths: []string{"github.com/dop251/goja/parser"}, Name: "goja's regexp2 v2", Engine: "regexp2-v2", Dialect: corpus.ECMAScript,
			Only: OnlyBacktracking, Functions: compiles("TransformRegExp"),
		},
		{
			Paths: []string{"github.com/grafana/sobek/parser"}, Name: "sobek's regexp2 v1", Engine: "regexp2-v1", Dialect: corpus.ECMAScript,
			Only: OnlyBacktracking, Functions: compiles("TransformRegExp"),
		},
		{
			Paths: []string{"github.com/corazawaf/coraza/v3"}, Name: "Coraza's regexp", Engine: "stdlib", Dialect: corpus.Go,
			Form: SecLang, Functions: compiles("WAFConfig.WithDirectives"),
		},
	}
}

// LinearLibraries are engines that are linear whatever the pattern: they are
// looked at only where a port to another engine is bound to come.
func LinearLibraries() []Library {
	return []Library{
		{
			Paths: []string{"regexp"}, Name: "Go's regexp", Engine: "stdlib", Dialect: corpus.Go,
			Functions: compiles("Compile", "MustCompile", "MatchString", "Match", "MatchReader"),
		},
		{
			Paths: []string{"github.com/wasilibs/go-re2"}, Name: "RE2", Engine: "re2", Dialect: corpus.Go,
			Functions: compiles("Compile", "MustCompile", "MatchString", "Match", "MatchReader"),
		},
		{
			Paths: []string{"github.com/robertkrimen/otto/parser"}, Name: "otto's regexp", Engine: "stdlib", Dialect: corpus.ECMAScript,
			Functions: compiles("TransformRegExp"),
		},
	}
}
