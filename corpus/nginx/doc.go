// Package nginx reads nginx's configuration files: every regular expression
// of the directives that take one, with its exact place.
//
// # What a file is
//
// Directives of words, each ended by a semicolon or by a block in braces, as
// ngx_conf_read_token in nginx's src/core/ngx_conf_file.c cuts them:
//
//   - A word that begins with a quote ends at the next one like it; any other
//     word ends at white space, a semicolon or an opening brace, so that a
//     pattern with a brace needs quotes: problem "cut-word" where a brace ends
//     one. A backslash protects the next byte. ${ does not end a word.
//   - In both kinds of words \" \' and \\ lose their backslash, and \t, \r and
//     \n become the control character; every other backslash stays.
//   - # begins a comment where a word could begin.
//   - The body of a block whose directive ends in _by_lua_block is Lua, and
//     passed over; so are the patterns in it.
//
// # Which words are patterns
//
// location with ~ or ~*, as a word of its own or glued to the pattern; the
// first word of rewrite; the last one of if with ~, ~*, !~ or !~*; in the
// block of a map the first words with ~ or ~* before them; the words with ~ of
// server_name, valid_referers, proxy_redirect, proxy_cookie_domain,
// proxy_cookie_path and proxy_cookie_flags; those of gzip_disable, and that of
// fastcgi_split_path_info. Their role is "directive", their mode search.
//
// The only flag is caseless: with ~* and !~*, in valid_referers, proxy_cookie_…
// and gzip_disable always, in server_name where the pattern holds an upper-case
// letter (the name it is matched against is lower case).
//
// # Names
//
// nginx names no rule. [corpus.Source.Rule] is the directive, for a map with its
// two variables and for an if with its variable: a name for all of its kind in
// the file.
//
// # Problems
//
// See the Code constants for the closed set of codes. Reading always goes on.
package nginx
