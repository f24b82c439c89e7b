// Package records reads rule files that are YAML, TOML or JSON: the patterns
// stand at declared paths, as a [Preset] says for one kind of rule set.
//
// # Syntax
//
// The file's extension chooses the syntax; a .toml or .json file whose first
// character is { is read as JSON. YAML is parsed by goccy/go-yaml, and each
// scalar is then aligned with the file byte by byte: a pattern's places go
// through quotes, escapes, folded lines and the indent of block scalars. Where
// that fails, every byte of the pattern has the place where the scalar begins,
// and the problem "coarse-place" says so. An alias stands where its anchor does.
// TOML 1.0 and JSON are read here; escapes become what they stand for, and have
// the place of their backslash.
//
// # Presets
//
// See [Presets] for the paths. What the patterns of a preset are:
//
//   - gitleaks: regex and path of rules, regexes and paths of allow lists;
//     Go's dialect, every match is wanted of a rule's regex: mode global.
//   - sigma: values under keys with the modifier re; i, m and s behind it are
//     flags. The dialect is PCRE: the specification asks for it, and backends
//     differ.
//   - semgrep: pattern-regex and pattern-not-regex, PCRE with multiline, mode
//     global; metavariable-regex, PCRE, anchored at the left: mode match.
//   - nuclei: regex of matchers and, mode global, of extractors; Go's dialect.
//   - crowdsec: the string behind the operator matches in filters and other
//     expressions; Go's dialect. Grok patterns are left alone, since what they
//     are made of stands elsewhere: they are counted as skipped.
//   - coraza: SecLang in strings, as corpus/seclang reads it with Coraza's
//     quoting.
//
// # Names
//
// A rule's name is the value of the key id (name for crowdsec) nearest around
// the pattern; [corpus.Pattern.ID] is that name, with # and the pattern's path
// behind it where that is not the rule's main one.
//
// # Problems
//
// See the Code constants for the closed set of codes.
package records
