// Package apache reads the configuration of Apache httpd 2.4, .htaccess files
// among it: every regular expression of the directives that take one, with its
// exact place.
//
// # What a file is
//
// Lines, joined where a backslash ends one; # at the beginning of a joined line
// makes it a comment (ap_cfg_getline). Words end at white space or, where they
// begin with a quote, at the next one like it; \\ and an escaped quote lose
// their backslash, every other one stays (ap_getword_conf). The argument of a
// section ends at the line's last >. Names of directives are compared without
// case. Conditions (<IfModule> and its kin) are not decided: what stands in
// them is read.
//
// # Which words are patterns
//
// RewriteRule and, unless its condition is a comparison or a test of files,
// RewriteCond, with ! before them and NC among their flags; the sections
// LocationMatch, FilesMatch, DirectoryMatch, ProxyMatch and those of <Location
// ~>, <Files ~>, <Directory ~>, <Proxy ~>; SetEnvIf, SetEnvIfNoCase (also the
// name of the header, where it is a pattern), BrowserMatch,
// BrowserMatchNoCase; AliasMatch, ScriptAliasMatch, RedirectMatch,
// ProxyPassMatch, ProxyRemoteMatch; Header and RequestHeader with edit and
// edit*; Substitute; and what stands behind =~ and !~ in the expressions of
// <If>, <ElseIf>, RewriteCond expr, SetEnvIfExpr, Require expr, SSLRequire, and
// of "expr=…" in Header, RequestHeader and CustomLog: /…/flags or m and another
// delimiter.
//
// Their role is "directive"; their mode is search, for edit* and Substitute
// global. Flags of the format itself are caseless and, in expressions, i, m
// and s: those that httpd adds of itself from 2.4.30 on, or because
// RegexDefaultOptions says so, belong to the host's profile. That directive is
// among the settings, with all of its words.
//
// A text with ${NAME}, or with a parameter of the <Macro> around it, is marked
// as holding a macro: httpd puts something else in its place.
//
// # Names
//
// httpd names no rule. [corpus.Source.Rule] is the directive, with what it tests
// for RewriteCond and SetEnvIf: a name for all of its kind in the file.
//
// # Problems
//
// See the Code constants for the closed set of codes. Reading always goes on.
package apache
