package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/testscript"
)

// The ways in, as docs/gate.md shows them, run as far as they can without
// their hosts.

// rootEnv tells a script where the repository's root is.
const rootEnv = "NEARMISS_TEST_ROOT"

// recipeBlock is a marker with a name, and the fenced block under it.
var recipeBlock = regexp.MustCompile("(?s)<!-- recipe: ([a-z-]+) -->\n```[a-z]*\n(.*?)```\n")

// recipes are the blocks of docs/gate.md by name.
func recipes(root string) (map[string]string, error) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "gate.md"))
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, m := range recipeBlock.FindAllStringSubmatch(string(text), -1) {
		out[m[1]] = m[2]
	}
	return out, nil
}

// recipe writes a block to an executable file: recipe NAME FILE. Of GitLab's
// it writes the job's script.
func recipe(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: recipe NAME FILE")
	}
	all, err := recipes(ts.Getenv(rootEnv))
	ts.Check(err)
	text, ok := all[args[0]]
	if !ok {
		ts.Fatalf("docs/gate.md has no recipe %s", args[0])
	}
	if args[0] == "gitlab" {
		var jobs map[string]struct{ Script []string }
		ts.Check(yaml.Unmarshal([]byte(text), &jobs))
		text = "#!/bin/sh\nset -e\n" + strings.Join(jobs["nearmiss"].Script, "\n") + "\n"
	}
	file := ts.MkAbs(args[1])
	ts.Check(os.MkdirAll(filepath.Dir(file), 0o700))
	ts.Check(os.WriteFile(file, []byte(text), 0o700))
}

// A compositeAction is action.yml.
type compositeAction struct {
	Inputs map[string]struct {
		Description string
		Default     string
	}
	Runs struct {
		Using string
		Steps []struct {
			ID, Shell, Run string
			Env            map[string]string
		}
	}
}

func readAction(root string) (a compositeAction, err error) {
	b, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err == nil {
		err = yaml.Unmarshal(b, &a)
	}
	return a, err
}

var expression = regexp.MustCompile(`\$\{\{ *([^}]*?) *\}\}`)

// evaluate puts values in place of the expressions of a text, which are
// lookups alone.
func evaluate(text string, context map[string]any) string {
	return expression.ReplaceAllStringFunc(text, func(e string) string {
		var v any = context
		for key := range strings.SplitSeq(expression.FindStringSubmatch(e)[1], ".") {
			m, _ := v.(map[string]any)
			v = m[key]
		}
		if v == nil {
			return ""
		}
		return fmt.Sprint(v)
	})
}

// action runs action.yml as its host would: action CODE EVENT FILE
// [INPUT=VALUE…], where FILE holds the event's payload with $VARIABLES.
func action(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: action CODE EVENT FILE [INPUT=VALUE…]")
	}
	root := ts.Getenv(rootEnv)
	a, err := readAction(root)
	ts.Check(err)
	inputs := map[string]any{}
	for name, in := range a.Inputs {
		inputs[name] = in.Default
	}
	for _, kv := range args[3:] {
		name, value, _ := strings.Cut(kv, "=")
		if _, ok := inputs[name]; !ok {
			ts.Fatalf("action.yml has no input %s", name)
		}
		inputs[name] = value
	}
	var event map[string]any
	ts.Check(json.Unmarshal([]byte(os.Expand(ts.ReadFile(args[2]), ts.Getenv)), &event))
	context := map[string]any{
		"inputs": inputs, "steps": map[string]any{},
		"github": map[string]any{"event_name": args[1], "event": event, "sha": ts.Getenv("SHA"), "action_path": root},
	}
	work := ts.MkAbs(".")
	output := filepath.Join(work, "github-output")
	code := 0
	var said []byte
	for _, s := range a.Runs.Steps {
		ts.Check(os.WriteFile(output, nil, 0o600))
		c := exec.Command("bash", "-e", "-o", "pipefail", "-c", s.Run)
		c.Dir = work
		if ts.Getenv("OFFLINE") != "" && s.ID == "gate" {
			c = exec.Command("unshare", "-rn", "bash", "-e", "-o", "pipefail", "-c", s.Run)
			c.Dir = work
		}
		for _, name := range []string{"PATH", "HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", schemaEnv, "TMPDIR", "GOCACHE", "GOFLAGS"} {
			if v := ts.Getenv(name); v != "" {
				c.Env = append(c.Env, name+"="+v)
			}
		}
		c.Env = append(c.Env, "GITHUB_OUTPUT="+output, "RUNNER_TEMP="+work, stepSummary+"="+filepath.Join(work, "summary.md"))
		for name, value := range s.Env {
			c.Env = append(c.Env, name+"="+evaluate(value, context))
		}
		out, err := c.CombinedOutput()
		said = append(said, out...)
		if err != nil {
			if code = c.ProcessState.ExitCode(); code < 0 {
				ts.Fatalf("%s: %v", s.ID, err)
			}
			break
		}
		outputs := map[string]any{}
		for line := range strings.Lines(ts.ReadFile(output)) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			outputs[name] = value
		}
		context["steps"].(map[string]any)[s.ID] = map[string]any{"outputs": outputs}
	}
	ts.Logf("%s", said)
	ts.Check(os.WriteFile(filepath.Join(work, "log"), said, 0o600))
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

func repositoryRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// No expression stands in a script: what a pull request says is never run.
func TestActionIsData(t *testing.T) {
	a, err := readAction(repositoryRoot(t))
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, s := range a.Runs.Steps {
		if strings.Contains(s.Run, "${{") || s.Shell != "bash" || s.ID == "" {
			t.Errorf("step %s: %s", s.ID, s.Shell)
		}
		for name, value := range s.Env {
			for _, m := range expression.FindAllStringSubmatch(value, -1) {
				if !regexp.MustCompile(`^(inputs|github|steps)\.[a-z0-9_.-]+$`).MatchString(m[1]) {
					t.Errorf("%s: %s: expected a lookup", name, m[0])
				}
				if in, ok := strings.CutPrefix(m[1], "inputs."); ok {
					used[in] = true
				}
			}
			if !strings.Contains(s.Run, "$"+name) && !strings.Contains(s.Run, "${"+name) {
				t.Errorf("step %s does not use %s", s.ID, name)
			}
		}
	}
	if in := slices.Sorted(maps.Keys(a.Inputs)); !slices.Equal(in, slices.Sorted(maps.Keys(used))) || a.Runs.Using != "composite" {
		t.Errorf("inputs %v, used %v", in, used)
	}
}

// The workflow that the page shows: read-only, without credentials, pinned by
// digest, with its history, for the merge queue, too; its inputs exist.
func TestWorkflowRecipe(t *testing.T) {
	root := repositoryRoot(t)
	all, err := recipes(root)
	if err != nil {
		t.Fatal(err)
	}
	a, err := readAction(root)
	if err != nil {
		t.Fatal(err)
	}
	var w struct {
		On          map[string]any
		Permissions map[string]string
		Jobs        map[string]struct {
			Permissions map[string]string
			Steps       []struct {
				Uses string
				With map[string]any
			}
		}
	}
	if err := yaml.Unmarshal([]byte(all["github"]), &w); err != nil {
		t.Fatal(err)
	}
	events := slices.Sorted(maps.Keys(w.On))
	if !slices.Equal(events, []string{"merge_group", "pull_request"}) || len(w.Permissions) != 1 || w.Permissions["contents"] != "read" {
		t.Errorf("on %v, permissions %v", events, w.Permissions)
	}
	seen := map[string]bool{}
	for _, s := range w.Jobs["nearmiss"].Steps {
		name, at, _ := strings.Cut(s.Uses, "@")
		seen[name] = true
		if !regexp.MustCompile(`^[0-9a-f]{40}$`).MatchString(at) {
			t.Errorf("%s is not pinned by digest", s.Uses)
		}
		switch name {
		case "actions/checkout":
			if s.With["persist-credentials"] != false || fmt.Sprint(s.With["fetch-depth"]) != "0" {
				t.Errorf("checkout with %v", s.With)
			}
		case "nearmiss-dev/nearmiss":
			for in := range s.With {
				if _, ok := a.Inputs[in]; !ok {
					t.Errorf("the action has no input %s", in)
				}
			}
		}
	}
	if !seen["actions/checkout"] || !seen["nearmiss-dev/nearmiss"] {
		t.Errorf("steps %v", seen)
	}
}

// What the hooks for pre-commit name exists: files that a reader takes by its
// name are those that the hooks look at.
func TestHooks(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(repositoryRoot(t), ".pre-commit-hooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		ID, Entry, Language, Files string
		PassFilenames              bool `yaml:"pass_filenames"`
	}
	if err := yaml.Unmarshal(b, &hooks); err != nil {
		t.Fatal(err)
	}
	for _, h := range hooks {
		files, err := regexp.Compile(h.Files)
		if err != nil || h.Entry != "nearmiss gate --staged" || h.PassFilenames {
			t.Fatalf("%+v: %v", h, err)
		}
		for _, f := range strings.Fields("a.conf crs-setup.conf.example x/y.vhost a.rules .htaccess a.jsonl a.txt sigma/a.yml a.yaml gitleaks.toml a.json .nearmiss.yaml A.CONF") {
			if !files.MatchString(f) {
				t.Errorf("%s: %s is not looked at", h.ID, f)
			}
		}
		if files.MatchString("main.go") {
			t.Errorf("%s: main.go is looked at", h.ID)
		}
	}
	if len(hooks) != 2 {
		t.Errorf("%d hooks", len(hooks))
	}
}
