package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"
)

// shells are those that a completion script is written for.
var shells = []string{"bash", "zsh", "fish"}

// completion writes a script that completes commands, their flags and, after
// help, its topics; anywhere else files.
func (c Command) completion(args []string) (int, error) {
	if len(args) != 1 {
		return ExitUsage, usagef("completion: %d arguments: expected a shell, one of %s", len(args), commaList(shells))
	}
	var script string
	switch args[0] {
	case "bash":
		script = bash()
	case "zsh":
		script = zsh()
	case "fish":
		script = fish()
	default:
		return ExitUsage, usagef("completion: shell %q: expected one of %s", args[0], commaList(shells))
	}
	_, err := io.WriteString(c.Stdout, script)
	return ExitClean, err
}

// visit calls f for each flag of each command that people type.
func visit(f func(command string, flag *pflag.Flag)) {
	for _, s := range subcommands() {
		if s.hidden || s.flags == nil {
			continue
		}
		s.flags().VisitAll(func(flag *pflag.Flag) {
			if !flag.Hidden {
				f(s.name, flag)
			}
		})
	}
}

// cases are the lines of a shell's case statement that assign each command's
// words to the variable offer.
func cases() string {
	words := map[string][]string{"help": topics(), "completion": shells}
	visit(func(command string, flag *pflag.Flag) { words[command] = append(words[command], "--"+flag.Name) })
	var b strings.Builder
	for _, name := range names() {
		if len(words[name]) > 0 {
			fmt.Fprintf(&b, "    %s) offer=%q ;;\n", name, strings.Join(words[name], " "))
		}
	}
	return b.String()
}

func bash() string {
	return `_nearmiss() {
  local current=${COMP_WORDS[COMP_CWORD]} offer=
  if [ "$COMP_CWORD" -eq 1 ]; then
    offer="` + strings.Join(names(), " ") + `"
  else
    case ${COMP_WORDS[1]} in
` + cases() + `    esac
  fi
  COMPREPLY=($(compgen -W "$offer" -- "$current"))
}
complete -o default -F _nearmiss nearmiss
`
}

func zsh() string {
	return `#compdef nearmiss
_nearmiss() {
  local offer=
  if (( CURRENT == 2 )); then
    offer="` + strings.Join(names(), " ") + `"
  else
    case ${words[2]} in
` + cases() + `    esac
  fi
  compadd -- ${=offer}
  if (( CURRENT > 2 )); then _files; fi
}
compdef _nearmiss nearmiss
`
}

func fish() string {
	var b strings.Builder
	for _, name := range names() {
		fmt.Fprintf(&b, "complete -c nearmiss -n __fish_use_subcommand -f -a %s\n", name)
	}
	fmt.Fprintf(&b, "complete -c nearmiss -n '__fish_seen_subcommand_from help' -f -a '%s'\n", strings.Join(topics(), " "))
	fmt.Fprintf(&b, "complete -c nearmiss -n '__fish_seen_subcommand_from completion' -f -a '%s'\n", strings.Join(shells, " "))
	visit(func(command string, flag *pflag.Flag) {
		value := " -r" // takes a value
		if flag.NoOptDefVal != "" {
			value = ""
		}
		fmt.Fprintf(&b, "complete -c nearmiss -n '__fish_seen_subcommand_from %s' -l %s%s -d '%s'\n",
			command, flag.Name, value, strings.ReplaceAll(flag.Usage, "'", "\\'"))
	})
	return b.String()
}
