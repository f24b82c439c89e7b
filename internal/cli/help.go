package cli

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/pflag"

	"github.com/nearmiss-dev/nearmiss/docs"
	"github.com/nearmiss-dev/nearmiss/internal/policy"
)

const introduction = `nearmiss finds regular expressions whose matching time grows faster than their
input, proves it by replaying an attack, and keeps them out of a rule repository.

  nearmiss gate main..HEAD           judge what a branch changes (the pre-merge check)
  nearmiss gate old/ new/            judge what differs between two directories
  nearmiss lint rules/               judge every pattern of a rule set
  nearmiss lint list.jsonl           … or of a list
  nearmiss lint incidents:           … or of the known incidents it carries
  nearmiss explain '^(a+)+$'         everything about one pattern
  nearmiss fix rules/                rewrite what is slow, where it provably stays the same
  nearmiss compare 'a+b' 'ab'        what a changed pattern newly matches, or no longer
  nearmiss fuzz corpus/ --out r.jsonl   search a whole corpus for attacks
  nearmiss campaign start corpus/ …  … on several machines
  nearmiss report r.jsonl            what such a run found
  nearmiss vet ./...                 the patterns in Go code, on the engines it calls
  nearmiss attack '^(a+)+$' | …      write an attack on it
  nearmiss init                      write a commented policy file

commands: COMMANDS
'nearmiss help COMMAND' shows examples and flags; 'nearmiss help causes' and
'nearmiss help codes' list the pages on what is printed.

exit codes: 0 clean  1 findings or rejects  2 nothing was judged
            3 nothing rejected, but something undecided  4 canary missed or internal fault
`

var usages = map[string]string{
	"gate": `Compare two versions of a rule repository and judge every new or changed pattern.

  nearmiss gate main..HEAD                        what HEAD changes since it left main
  nearmiss gate --base v1.0.0 --head v1.1.0
  nearmiss gate --staged                          what the next commit would add (a pre-commit hook)
  nearmiss gate --worktree                        what stands in the working tree
  nearmiss gate before/ after/                    two directories
  nearmiss gate main..HEAD --format text --format jsonl=gate.jsonl
  nearmiss gate main..HEAD --profile modsecurity3 --strict
  nearmiss gate --self-test                       does this nearmiss still reject what it must?

New patterns must be linear. A changed one must not be exponential or worse than
what it replaces. What could not be judged fails the check with exit code 3.
Policy and waivers are read from the base: a change cannot waive itself.
`,
	"lint": `Judge every pattern of files, directories, or the standard input.

  nearmiss lint rules/                            a rule set
  nearmiss lint rules/ --profile modsecurity3 --fail-on error
  nearmiss lint list.jsonl --format jsonl > out.jsonl
  nearmiss lint patterns.txt --dialect python --mode match
  nearmiss lint incidents:                        the known incidents that nearmiss carries
  generate | nearmiss lint - --reader text --dialect ecmascript
  nearmiss lint rules/ --baseline old.jsonl       what is new since an earlier run
  nearmiss lint --list-files rules/               which reader takes which file
`,
	"fix": `Rewrite super-linear patterns, and print what would change as a diff.

  nearmiss fix rules/                             what can be fixed
  nearmiss fix rules/ --write                     change the files
  nearmiss fix rules/ --use match                 where no log line needs the matched text
  nearmiss fix rules/ --target pcre2              with lookaround and possessive loops
  nearmiss fix rules/ | git apply                 the same as --write

A fix is written only where it is proved: it matches what the pattern matched,
as far as the rule uses it, under the flags of every profile, and takes linear
time, or less than before. What is only tested, or a hint, is printed and left.
Rules that are generated from regex-assembly/ are left, too: change their source.
`,
	"compare": `Say what a changed pattern newly matches, and what it matches no longer.

  nearmiss compare '\s+$' '\s$'
  nearmiss compare 'a+b' 'a{1,10}b' --mode match
  nearmiss compare OLD NEW --flags s
  nearmiss compare OLD NEW --profile modsecurity2,modsecurity3

Compares the subjects that match, not the spans. Exits 3 where it is undecided.
`,
	"explain": `Explain one pattern.

  nearmiss explain '^(a+)+$'
  nearmiss explain '\s*a?\s*$' --flags s --dialect python
  nearmiss explain --rule 942310 rules/           a rule of a rule set
  nearmiss explain --rule cloudflare-2019 incidents:
  nearmiss explain '(a+)+b' --to re2              can it move to an engine of linear time?
  printf '%s' '(.*)=(.*)' | nearmiss explain      from the standard input
  nearmiss explain '^(a+)+$' --format dot | dot -Tsvg > automaton.svg
  nearmiss explain '^(a+)+$' --format html=page.html

A super-linear pattern is also timed on the engines of this machine, a few
seconds each; --live=false leaves that out. Exits 0 on findings unless --fail-on
is given.
`,
	"fuzz": `Search every pattern of a corpus for attacks, beside the static analysis or without it.

  nearmiss fuzz corpus/                                    files, directories, lists
  nearmiss fuzz corpus/ --steps 10000000 --out r.jsonl     a file of results …
  nearmiss fuzz corpus/ --steps 10000000 --out r.jsonl --resume   … to go on with
  nearmiss fuzz list.jsonl --shard 2/5 --out r2.jsonl      a part, for one of five machines
  nearmiss fuzz list.jsonl --no-static                     what the search finds alone
  nearmiss report r*.jsonl --format html=report.html

The results are the same for any number of workers, and for a run that was stopped
and went on. Ctrl-C finishes the patterns in hand; a second one ends at once.
Exits 0 on findings unless --fail-on is given.
`,
	"report": `Write files of results in another format; the shards of a run become one again.

  nearmiss report r.jsonl                                  text
  nearmiss report r1.jsonl r2.jsonl --format jsonl=r.jsonl
  nearmiss report r.jsonl --format html=report.html        one page, opened from the file

Exits 0 on findings unless --fail-on is given; 3 when a part is missing.
`,
	"vet": `Judge the patterns in Go code on the very engine and version that the code
hands them to.

  nearmiss vet ./...
  nearmiss vet -fix ./...                         apply proved rewrites
  nearmiss vet -json -notes ./...
  go vet -vettool=$(which nearmiss) ./...         the same
  go vet -vettool=$(go tool -n nearmiss) ./...    … as a tool of the module

It runs go vet and takes all of its flags, besides those below. Exits 1 on
findings and on packages that do not build, as go vet does.
`,
	"attack": `Write an attack on one pattern, to try at one's desk.

  nearmiss attack '^(a+)+$' --bytes 30 > attack.bin
  nearmiss attack --rule 942310 --bytes 4096 rules/ > attack.bin
  nearmiss attack --rule 942310 --as http rules/ | nc localhost 8080
  nearmiss attack --rule 942310 --as ftw rules/ > 942310.yaml     a test for go-ftw

Bytes are what the pattern must be given. A request and a test carry what is
sent instead, so that these bytes come out of the rule's transformations. A line
about the attack goes to the error stream.
`,
	"init": `Write a commented policy file, .nearmiss.yaml.

  nearmiss init                                   in this directory
  nearmiss init rules/                            in another
  nearmiss init --print                           on the standard output
  nearmiss init --schema > policy.schema.json     what editors check it against
`,
	"lsp": `Run the language server, for an editor: on the standard input and output.

  nearmiss lsp

It judges the files of every reader while they are typed. docs/language-server.md
has a configuration for each editor.
`,
	"campaign": `Search a corpus on several machines: hands its arguments to nearmiss-campaign.

  nearmiss campaign start corpus/ --name june --wait --format jsonl > rows.jsonl
  nearmiss campaign work --name june              judge, on any machine
  nearmiss campaign status --name june
  nearmiss campaign results --name june > rows.jsonl
  nearmiss campaign help

nearmiss-campaign is a program of its own, since it carries a message server.
docs/campaigns.md says how to build and run it.
`,
	"mcp": `Serve coding agents by the Model Context Protocol: on the standard input and output.

  nearmiss mcp

The tool "check" judges a pattern, or every pattern in the content of a file; the
tool "fix" proposes rewrites that are proved to match the same. Both return the
objects of --format jsonl.
`,
	"completion": `Write a completion script for a shell.

  source <(nearmiss completion bash)
  nearmiss completion zsh > "${fpath[1]}/_nearmiss"
  nearmiss completion fish > ~/.config/fish/completions/nearmiss.fish
`,
}

// overview is the first page.
func overview() string { return strings.Replace(introduction, "COMMANDS", commaList(names()), 1) }

// help shows the overview, or what there is on a topic: a command's
// invocations and flags, a cause's page, a code's section.
func (c Command) help(args []string) (int, error) {
	if len(args) == 0 {
		_, err := io.WriteString(c.Stdout, overview())
		return ExitClean, err
	}
	if len(args) > 1 {
		return ExitUsage, usagef("help: %d topics: expected one", len(args))
	}
	for _, s := range subcommands() {
		if s.name == args[0] && usages[s.name] != "" {
			return ExitClean, c.usage(s.name, s.flags)
		}
	}
	text, ok := topic(args[0])
	if !ok {
		return ExitUsage, usagef("no help on %q: expected one of %s%s", args[0], commaList(topics()), policy.DidYouMean(args[0], append(topics(), docs.Codes()...)))
	}
	_, err := io.WriteString(c.Stdout, text)
	return ExitClean, err
}

// topic is the text on a cause or a code, or a list of them.
func topic(word string) (string, bool) {
	switch word {
	case "causes":
		return listed("Causes of super-linear growth; 'nearmiss help nested' shows one.", docs.Causes(), docs.Cause), true
	case "profiles":
		return profilesTopic(), true
	case "codes":
		return listed("Codes of problems, reasons and decisions; 'nearmiss help limit' shows one.", docs.Codes(), docs.Code), true
	}
	if text, ok := docs.Cause(word); ok {
		return text, true
	}
	return docs.Code(word)
}

// topics are the words that help takes, the codes left out: they are many.
func topics() []string {
	var out []string
	for _, name := range names() {
		if usages[name] != "" {
			out = append(out, name)
		}
	}
	return append(append(out, "causes", "codes", "profiles"), docs.Causes()...)
}

// listed are words with the gist of the page that each has.
func listed(title string, words []string, page func(string) (string, bool)) string {
	widest := 0
	for _, w := range words {
		widest = max(widest, len(w))
	}
	var b strings.Builder
	b.WriteString(title + "\n\n")
	for _, w := range words {
		text, _ := page(w)
		b.WriteString(strings.TrimRight(fmt.Sprintf("  %-*s  %s", widest, w, gist(text)), " ") + "\n")
	}
	return b.String()
}

// gistWidth is the longest gist in characters: a line of a terminal that is not
// narrow.
const gistWidth = 90

// leastGist is the length up to which a clause is no gist by itself: "Accepted
// as debt".
const leastGist = 32

// gist is the first clause of a page behind its title, cut where it is long.
func gist(page string) string {
	_, text, _ := strings.Cut(strings.TrimSpace(page), "\n")
	text, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(text), "**What it is.** "), "\n\n")
	text = strings.Join(strings.Fields(text), " ")
	end := len(text)
	for _, stop := range []string{". ", ": ", "; "} {
		if k := strings.Index(text, stop); k >= 0 && (stop == ". " || k > leastGist) {
			end = min(end, k)
		}
	}
	text = strings.TrimSuffix(text[:end], ".")
	if r := []rune(text); len(r) > gistWidth {
		cut := string(r[:gistWidth-1])
		return cut[:max(strings.LastIndexByte(cut, ' '), 0)] + " …"
	}
	return text
}

// usage shows worked invocations, then flags.
func (c Command) usage(name string, flags func() *pflag.FlagSet) error {
	text := usages[name]
	if flags != nil {
		text += "\nflags:\n" + flags().FlagUsages()
	}
	_, err := io.WriteString(c.Stdout, text)
	return err
}

func (c Command) version(args []string) (int, error) {
	if len(args) > 0 {
		return ExitUsage, usagef("version: unexpected argument %q", args[0])
	}
	var b strings.Builder
	fmt.Fprintf(&b, "nearmiss %s (%s %s/%s)\n\nengines on this machine, beside the reference matcher and the models:\n",
		versions()["nearmiss"], runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, e := range liveEngines() {
		v, err := e.Version()
		if err != nil {
			v = err.Error()
		}
		fmt.Fprintf(&b, "  %-11s %s\n", e.Name(), v)
	}
	_, err := io.WriteString(c.Stdout, b.String())
	return ExitClean, err
}

// versions of what judges, by name.
func versions() map[string]string {
	v := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		v = info.Main.Version
	}
	return map[string]string{"nearmiss": v}
}

func commaList[S ~string](words []S) string {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = string(w)
	}
	return strings.Join(parts, ", ")
}
