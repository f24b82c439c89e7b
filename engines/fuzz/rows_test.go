package fuzz

import "github.com/nearmiss-dev/nearmiss/corpus"

// A row is a pattern whose growth is known: by the reason given, and by the
// family given, which the test measures.
type row struct {
	kind, pattern string
	// exponent is that of the growth, 0 when it is exponential, bounded when a
	// counter ends it beyond any cost that can be paid.
	exponent int
	x, y, z  string
	why      string
	dialect  corpus.Dialect // pcre when ""
	flags    string
	mode     corpus.Mode // search when ""
}

const bounded_ = -1

var rows = []row{
	// The group takes k characters and every copy k more: n/k copies for each k,
	// each compared character by character.
	{kind: "backreference", pattern: `^(a+)\1*b`, exponent: 2, y: "a", why: "n lengths of the group, n characters of copies each"},
	{kind: "backreference", pattern: `(^a+)\1*b`, exponent: 2, y: "a", why: "the guard inside the group does not bind the copies"},
	{kind: "backreference", pattern: `^(a*)\1\1\1b`, exponent: 2, y: "a", why: "one free length"},
	{kind: "backreference", pattern: `(a*)\1\1b`, exponent: 3, y: "a", why: "one free length, n starts, n characters"},
	{kind: "backreference", pattern: `^(a+)(a+)\1\2c`, exponent: 3, y: "a", why: "two free lengths, n characters"},
	{kind: "backreference", pattern: `(a+)\1c`, exponent: 3, y: "a", why: "n starts, n lengths, n characters"},
	{kind: "backreference", pattern: `(["']).*?\1x`, exponent: 2, y: `'`, why: "every quote opens, every later one closes"},
	{kind: "backreference", pattern: `^(?:(a|b)\1?)*c`, exponent: 0, y: "a", why: "an iteration takes one or two characters"},
	{kind: "backreference", pattern: `^(a|b)(?:\1|a)*c`, exponent: 0, y: "a", why: "the copy and the letter are the same"},
	{kind: "backreference", pattern: `^(.)(?:\1|.)*$`, exponent: 0, y: "a", z: "\nx", why: "the copy is one of what the dot takes"},
	{kind: "backreference", pattern: `<(\w+)>.*</\1>`, exponent: 2, y: "<a>", why: "each start runs to the end"},
	{kind: "backreference", pattern: `^(?:(x)|y)*\1*\1*\1*z`, exponent: 4, y: "x", why: "four loops over the same letter in a row"},
	{kind: "backreference", pattern: `^(\w)(\w)(?:\2\1|\1\2)*!`, exponent: 0, y: "a", why: "both copies are aa once the groups are equal"},
	{kind: "backreference", pattern: `^(?:(a+)|b\1)*c`, exponent: 0, y: "a", why: "a loop of a loop; the copy needs a b"},

	{kind: "lookaround", pattern: `^(?:(?=a*b)a)*c`, exponent: 2, y: "a", z: "b", why: "each iteration looks to the end"},
	{kind: "lookaround", pattern: `(?:(?=a*b)a)*c`, exponent: 3, y: "a", z: "b", why: "and each start iterates"},
	{kind: "lookaround", pattern: `^(?!(?:a|aa)*c)b`, exponent: 0, y: "a", why: "the body fails after all its runs"},
	{kind: "lookaround", pattern: `(?=.*x)b`, exponent: 2, y: "b", why: "each start looks to the end"},
	{kind: "lookaround", pattern: `^(?=(?:a|a)*$)\w`, exponent: 0, y: "a", z: "!", why: "two ways for each letter"},
	{kind: "lookaround", pattern: `(?!.*foo).*bar`, exponent: 2, y: "a", why: "each start looks to the end and runs to it"},
	{kind: "lookaround", pattern: `^(?=(a+)+$).*x`, exponent: 0, y: "a", z: "!", why: "nested loops"},
	{kind: "lookaround", pattern: `a(?=[^;]*;)b|c`, exponent: 2, y: "a", why: "each a looks for the semicolon"},
	{kind: "lookaround", pattern: `^(?:a(?![ab]*c))*$`, exponent: 2, y: "a", z: "!", why: "each iteration looks to the end"},
	{kind: "lookaround", pattern: `^(?:.(?=.*END))*!`, exponent: 2, y: "a", z: "END", flags: "s", why: "each iteration looks to the end, where the word has to stand"},
	{kind: "lookaround", pattern: `(?=\w*\d\w*@)\w+`, exponent: 3, y: "1", why: "starts, and two loops around a digit"},
	{kind: "lookaround", pattern: `^(?=.*#$)(?:\w+\s?)+$`, exponent: 0, y: "a", z: "#", why: "the nested loops run only before a number sign"},

	{kind: "conditional", pattern: `^(?:(b)?a*\1c?$|(?:a|aa)*b)`, exponent: 0, y: "a", why: "an unset group fails, then the second branch runs"},
	{kind: "conditional", pattern: `^(a)?(?(1)(?:a|aa)*b|c)`, exponent: 0, y: "a", why: "the group is set by the first letter"},
	{kind: "conditional", pattern: `^(x)?(?(1)y|(?:a|aa)*b)`, exponent: 0, y: "a", why: "the group stays unset"},
	{kind: "conditional", pattern: `(?(?=a)(?:a|aa)*b|c)`, exponent: 0, y: "a", why: "the condition holds at an a"},
	{kind: "conditional", pattern: `^(<)?\w*(?(1)\w*>|;)`, exponent: 2, x: "<", y: "a", why: "two loops after the bracket"},
	{kind: "conditional", pattern: `(\()?[^()]+(?(1)\))x`, exponent: 2, y: "a", why: "each start runs to the end"},
	{kind: "conditional", pattern: `^(?:(a)|b)*(?(1)a*a*c|d)`, exponent: 3, y: "a", why: "three loops in a row"},
	{kind: "conditional", pattern: `^(?<q>")?(?(<q>)(?:[^"\\]|\\.|\\)*"|x)`, exponent: 0, x: `"`, y: `\`, why: "a backslash alone or with the next character, inside quotes only"},
	{kind: "conditional", pattern: `^(?(?!x)(?:\w+\s?)+|z)$`, exponent: 0, y: "a", z: "!", why: "nested loops unless an x comes first"},
	{kind: "conditional", pattern: `^(?:(k):)?(?(1)(?:v|vv)*;|[^;]*)$`, exponent: 0, x: "k:", y: "v", why: "only behind the key"},

	{kind: "recursion", pattern: `\((?:[^()]+|(?R))*\)`, exponent: 0, x: "(", y: "a", why: "nested loops inside a bracket"},
	{kind: "recursion", pattern: `^(a(?1)?b|a)+$`, exponent: 0, y: "aab", z: "!", why: "aab whole, or a and ab"},
	{kind: "recursion", pattern: `(\w+|\((?1)*\))*$`, exponent: 0, y: "a", z: "!", why: "nested loops"},
	{kind: "recursion", pattern: `(?(DEFINE)(?<t>\d+|x)(?<e>(?:(?&t),?)+))^(?&e)$`, exponent: 0, y: "1", z: "!", why: "a loop of a called loop"},
	{kind: "recursion", pattern: `(?(DEFINE)(?<s>\s*))^(?&s)a?(?&s)b?(?&s)c`, exponent: 3, y: " ", why: "three called loops in a row"},
	{kind: "recursion", pattern: `^(?:(\[(?:[^][]|(?1))*\])|\[|a)*$`, exponent: 2, y: "[", why: "each bracket tries the recursion to the end; it matches all the same"},
	{kind: "recursion", pattern: `(<(?:[^<>]|(?1))*>)x`, exponent: 2, y: "<", why: "each start recurses to the end"},
	{kind: "recursion", pattern: `^(?:(?<l>a)|(?&l)a)*b`, exponent: 0, y: "a", why: "one letter or two"},
	{kind: "recursion", pattern: `^(\{(?:\w|(?1))*\w*\})$`, exponent: 0, x: "{", y: "{a}", why: "a brace opens at each start"},
	{kind: "recursion", pattern: `^(?:(\w|-)|(?1)(?1))*\.`, exponent: 0, y: "a", why: "one call or two"},

	{kind: "verb", pattern: `a+(*PRUNE)b`, exponent: 2, y: "a", why: "the verb gives up the start, not the search"},
	{kind: "verb", pattern: `(?:a|aa)+b(*COMMIT)c`, exponent: 0, y: "a", why: "the verb is never reached"},
	{kind: "verb", pattern: `\s+(*THEN)x|y`, exponent: 2, y: " ", why: "each start runs to the end"},
	{kind: "verb", pattern: `^(?:a+(*THEN)|a)*b`, exponent: 2, y: "a", why: "all the rest, or one letter"},
	{kind: "verb", pattern: `a(*MARK:x)a*(*SKIP:x)b`, exponent: 2, y: "a", why: "the skip goes to the next start"},
	{kind: "verb", pattern: `^(?:a|b(*ACCEPT)|aa)*c`, exponent: 0, y: "a", why: "one letter or two; no b, no accept"},
	{kind: "verb", pattern: `(a*)*(*F)`, exponent: 0, y: "a", why: "every run fails"},
	{kind: "verb", pattern: `\d*\d*(*F)`, exponent: 3, y: "1", why: "starts and two loops, and every run fails"},
	{kind: "verb", pattern: `x+(*PRUNE:n)y|z+(*F)`, exponent: 2, y: "x", why: "each start runs to the end"},
	{kind: "verb", pattern: `"(?:[^"]|\\.)*(*COMMIT)";|\w+\w+(*F)`, exponent: 3, y: "a", why: "the first branch, and its commit, needs a quote"},

	{kind: "counter", pattern: `^(?:a|aa)*x{15}$`, exponent: 0, y: "a", why: "one letter or two; the counter behind them is never reached"},
	{kind: "counter", pattern: `^(?:a|aa)*x{20}$`, exponent: 0, y: "a", why: "the same, and a doubling leaps over what can be paid"},
	{kind: "counter", pattern: `^(?:a?){20}b`, exponent: bounded_, y: "a", why: "2²⁰ ways to spend n ≥ 20 letters"},
	{kind: "counter", pattern: `(a?){30}b`, exponent: bounded_, y: "a", why: "no loop at all"},
	{kind: "counter", pattern: `(?:a?){30}a{30}b`, exponent: bounded_, y: "a", z: "cb", why: "no loop at all"},
	{kind: "counter", pattern: `(?:a{1,100}){1,100}b`, exponent: bounded_, y: "a", why: "compositions of n"},
	{kind: "counter", pattern: `^(?:\w{1,63}\.?){1,20}$`, exponent: bounded_, y: "a", z: "!", why: "compositions into 20 parts"},
	{kind: "counter", pattern: `a{0,60000}b`, exponent: bounded_, y: "a", why: "60,000 steps a byte within 128 KiB"},
	{kind: "counter", pattern: `^(?:a{0,9}){0,9}b`, exponent: bounded_, y: "a", why: "compositions into 9 parts"},
	{kind: "counter", pattern: `^(?:(?:ab?){1,4}){1,40}c`, exponent: bounded_, y: "a", why: "compositions into 40 parts"},
	{kind: "counter", pattern: `^(\d{1,3}){1,30}$`, exponent: bounded_, y: "1", z: "!", why: "compositions of up to 90"},
	{kind: "counter", pattern: `[a-z]{1,40000}[0-9]{0,3}!`, exponent: bounded_, y: "a", why: "40,000 steps a byte"},
	{kind: "counter", pattern: `^(?:.{0,40}a){12}b`, exponent: bounded_, y: "a", why: "12 free lengths of up to 40"},
	{kind: "counter", pattern: `^(?:x|y?){24}z`, exponent: bounded_, y: "x", why: "24 parts that may be empty"},

	{kind: "atomic", pattern: `^(?:(?>a*)a|(?:a|aa)*b)`, exponent: 0, y: "a", why: "the first branch takes all and always fails"},
	{kind: "atomic", pattern: `^(?:(?>a+)?(?:a|b)?)*c`, exponent: 0, y: "ab", why: "a alone, or with the b"},
	{kind: "atomic", pattern: `(?>a+)b`, exponent: 2, y: "a", why: "each start runs to the end"},
	{kind: "atomic", pattern: `^(?>(?:a|aa)+b|x)`, exponent: 0, y: "a", why: "inside the group every run counts until its first success"},
	{kind: "atomic", pattern: `(?:(?>a+b)|a)*c`, exponent: 0, y: "aab", why: "aab whole, or a and ab"},
	{kind: "atomic", pattern: `^(?:(?>a|b)+(?>a)?)*c`, exponent: 0, y: "a", why: "the loop around the group gives back"},
	{kind: "atomic", pattern: `^(?:a++b|a)*c`, exponent: 0, y: "aab", why: "aab whole, or a and ab"},
	{kind: "atomic", pattern: `^(?:(?>(a+)(a+)b)|a)*c`, exponent: 0, y: "aaab", why: "aaab whole, or a and aab"},
	{kind: "atomic", pattern: `(?>(?:\w+\s?)+)$`, exponent: 2, y: "a", z: "!", why: "one run a start"},
	{kind: "atomic", pattern: `^(?:(?>\w+)-|\w)*;`, exponent: 0, y: "aa-", why: "aa- whole, or a and a-"},

	{kind: "lookbehind", pattern: `(?<=x[^y]*)a`, exponent: 2, y: "a", dialect: corpus.DotNet, why: "each position looks back to the start"},
	{kind: "lookbehind", pattern: `a(?<=^b(?:a|a)*)`, exponent: 0, y: "a", dialect: corpus.DotNet, why: "right to left: the loop runs before the b"},
	{kind: "lookbehind", pattern: `(?<!"[^"]*)x`, exponent: 2, x: `"`, y: "a", dialect: corpus.ECMAScript, why: "each position looks back to the quote"},
	{kind: "lookbehind", pattern: `x(?<=\d\w+)`, exponent: 2, y: "x", dialect: corpus.ECMAScript, why: "each x looks back to the start"},
	{kind: "lookbehind", pattern: `(?<=!(?:a|aa)+)c`, exponent: 0, y: "a", dialect: corpus.DotNet, why: "one letter or two, and no exclamation mark"},
	{kind: "lookbehind", pattern: `(?<=^\s*\w+\s*)=`, exponent: 2, y: "a", dialect: corpus.ECMAScript, why: "each position looks back to the start"},
	{kind: "lookbehind", pattern: `^(?:a(?<=c?a*))*b`, exponent: 2, y: "a", dialect: corpus.DotNet, why: "each iteration looks back to the start"},
	{kind: "lookbehind", pattern: `(?<!\.\w*\w*)z`, exponent: 3, y: "a", dialect: corpus.ECMAScript, why: "no full stop: each position, and two loops back"},
	{kind: "lookbehind", pattern: `\d(?<=\$\d+,?\d*)%`, exponent: 3, y: "1", dialect: corpus.DotNet, why: "each digit, and two loops back"},

	{kind: "trap", pattern: `.*x`, exponent: 2, y: "a", flags: "s", why: "no implicit anchor"},
	{kind: "trap", pattern: `^(a()*a)*$`, exponent: 0, y: "a", z: "!", why: "an empty iteration is accepted: two ways"},
	{kind: "trap", pattern: `^(?:a{1,8}$|(?:a|aa)*b)`, exponent: 0, y: "a", why: "the first branch ends at eight"},
	{kind: "trap", pattern: `^(?:(?=c)a*|(?:a|aa)*b)`, exponent: 0, y: "a", why: "the first branch needs a c"},
	{kind: "trap", pattern: `(?:a|aa)*`, exponent: 0, y: "a", z: "!", mode: corpus.Full, why: "the end is part of the pattern"},
	{kind: "trap", pattern: `x(?:.*y)?`, exponent: 2, y: "x", mode: corpus.Global, why: "each match runs to the end"},
	{kind: "trap", pattern: `^(?:a|aa)*$`, exponent: 0, y: "a", z: "\n\n", why: "the end is two newlines away"},
	{kind: "trap", pattern: `^(?:\r\n|\r|\n)*x`, exponent: 0, y: "\r\n", why: "one newline or two"},
	{kind: "trap", pattern: `\Xz`, exponent: 2, x: "a", y: "\u0301", flags: "u", why: "a cluster is a loop"},
	{kind: "trap", pattern: `.*.*=.*`, exponent: 3, y: "x", flags: "s", why: "starts and two loops"},
	{kind: "trap", pattern: `(?:.*=.*)`, exponent: 2, y: "x", why: "starts and one loop"},
	{kind: "trap", pattern: "(?:(?:\\\"|'|\\]|\\}|\\\\|\\d|(?:nan|infinity|true|false|null|undefined|symbol|math)|`|\\-|\\+)+[)]*;?((?:\\s|-|~|!|{}|\\|\\||\\+)*.*(?:.*=.*)))", exponent: 5, y: "-", why: "starts, two loops over the hyphen, two dots"},
	{kind: "trap", pattern: `\s*a?\s*b?\s*$`, exponent: 4, y: " ", z: "!", why: "starts and three loops"},
	{kind: "trap", pattern: `^\s*a?\s*b?\s*$`, exponent: 3, y: " ", z: "!", why: "three loops"},
	{kind: "trap", pattern: `(?:.*a){3}b`, exponent: 4, y: "a", why: "starts and three loops"},
	{kind: "trap", pattern: `^(?:.*a){3}b`, exponent: 3, y: "a", why: "three loops"},
	{kind: "trap", pattern: `^x*x*;y*y*z`, exponent: 3, why: "two pairs of loops, a pump each; either alone gives 2", y: "xy"},
	{kind: "trap", pattern: `\s+$`, exponent: 2, y: " ", z: "!", why: "each start runs to the end"},
	{kind: "trap", pattern: `(?:ab|\s)+$`, exponent: 2, y: " ", z: "!", why: "each start runs to the end"},
	{kind: "trap", pattern: `^\s*x`, exponent: 2, y: "\n", flags: "m", why: "each newline starts a line"},
	{kind: "trap", pattern: `(a+)+b`, exponent: 0, y: "a", why: "nested loops"},
	{kind: "trap", pattern: `(?:ab|ab)*c`, exponent: 0, y: "ab", why: "two equal branches"},
	{kind: "trap", pattern: `(?:\w|\d)*x`, exponent: 0, y: "1", why: "overlapping branches"},
	{kind: "trap", pattern: `(?=a).*x`, exponent: 2, y: "a", why: "each start runs to the end"},
}
