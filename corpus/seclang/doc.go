// Package seclang reads the rule files of ModSecurity v2, libmodsecurity (v3)
// and Coraza: every regular expression in them, with the rule around it and
// its exact place.
//
// # What a file is
//
// The language is Apache's configuration syntax with ModSecurity's directives
// in it. Three programs read it, and they differ where it hurts: in what the
// regular-expression engine gets to see. This package follows Apache httpd 2.4
// with ModSecurity v2 unless [Reader.Quoting] says otherwise, because there
// the rules of quoting are written down as one function (ap_getword_conf in
// httpd's server/util.c), because rule sets are written so that they survive
// it, and because a file which the other two read differently is a file whose
// author should know.
//
//   - Lines. A line that ends in a backslash, with LF or CRLF after it, is
//     joined with the next; the backslash and the line end vanish, white space
//     stays (ap_cfg_getline). An even number of backslashes changes nothing:
//     the last one is taken. Coraza also trims each line before joining and
//     takes a backslash with blanks after it for a continuation; libmodsecurity
//     keeps backslash and newline where they stand within an operator.
//   - Comments. A joined line whose first character is # is a comment, so a
//     comment that ends in a backslash swallows the next line, in Apache and in
//     libmodsecurity. In Coraza it does not: a directive swallowed this way is
//     read, with the problem "swallowed-directive", since one host runs it and
//     the others do not.
//   - Words. Inside "…" or '…' a backslash before the quote or before another
//     backslash is removed: \" is ", \\ is \, and \d stays \d. A word without
//     quotes ends at white space, and only \\ is undone in it. Libmodsecurity
//     hands over what stands between the quotes unchanged (\" reaches PCRE as
//     \", which matches the same, but \\ stays two characters, an escaped
//     backslash); Coraza undoes \" only. All three agree on where a quoted
//     word ends. Only a pattern with \\ therefore has two readings; see
//     [Quoting].
//   - Operators. "@rx ARG", "!@rx ARG", "ARG" and "!ARG"; white space between
//     the operator's name and ARG is skipped, white space at ARG's end is part
//     of it (Coraza trims it).
//   - Targets and actions. Names and parameters are split as ModSecurity v2's
//     msre_parse_generic does: at , and | and white space, a parameter in
//     '…' with \' and \\ as escapes. An unquoted /…/ which v2 would cut at one
//     of these characters ends at its slash, as in Coraza.
//
// # Which texts are patterns
//
// The arguments of @rx, @rxGlobal, @verifyCC, @verifySSN, @verifyCPF,
// @verifySVNR, @validateHash, @gsbLookup and the first part of @rsub (role
// "operator"); the /…/ parameters of variables, in SecRule, in
// SecRuleUpdateTarget… and in ctl:ruleRemoveTarget… (role "selector"); and the
// arguments of SecRuleRemoveByTag, …ByMsg, SecRuleUpdateTargetByTag, …ByMsg,
// their ctl: forms, SecAuditLogRelevantStatus and SecHashMethodRx (role
// "directive"). The operators that verify numbers go on after a match, so their
// mode is global, like @rxGlobal's and @rsub's; they do so one byte after the
// match's beginning, not at its end, which costs more: \d+ is quadratic there.
// [corpus.Context.Operator] says which patterns these are.
//
// A selector's mode is search, which is what ModSecurity v2 and Coraza do;
// libmodsecurity collects every match of it in the name of a variable, so for
// that host read it as global. ModSecurity v2 compiles selectors with
// caseless, dotall and dollar-endonly: such flags belong to the host profile
// and are not set here. No flag is: the format itself fixes none but the i of
// @rsub.
//
// A text with %{ in it is marked as holding a macro: ModSecurity expands it at
// run time (Coraza's @rx does not).
//
// # The rule around a pattern
//
// Transformations are those of the SecDefaultAction of the rule's phase, then
// the rule's own; t:none drops what came before it. SecDefaultAction counts
// per phase as in libmodsecurity (ModSecurity v2 lets the last one count for
// every phase), within the section that holds it: <Location>, <VirtualHost>
// and the like restore the outer ones at their end, <IfModule> and its kin do
// not, and their conditions are not decided: what stands in them is read. A
// rule without a phase runs in phase 2, a chained rule in the phase of its
// chain.
//
// The rules of a chain are named <id>, <id>#chain1, <id>#chain2, …; a rule
// without id has the empty name. [corpus.Pattern.ID] is that name, with
// #selector1, … and #ctl1, … behind it for the patterns that are not the
// rule's operator, and the directive's name where there is no rule.
//
// # Problems
//
// See the Code constants for the closed set of codes. Reading always goes on.
package seclang
