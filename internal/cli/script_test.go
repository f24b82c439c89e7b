package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/nearmiss-dev/nearmiss/corpus"
	"github.com/nearmiss-dev/nearmiss/engines/verdict"
)

// schemaEnv tells the command inside a script where the schema is: every row
// it writes is held against it.
const schemaEnv = "NEARMISS_TEST_SCHEMA"

// faultEnv makes one stage of the command fail, to see that the canary tells.
const faultEnv = "NEARMISS_TEST_FAULT"

// liveEnv lets the command inside a script time engines.
const liveEnv = "NEARMISS_TEST_LIVE"

// exitBadRow is the exit code of a command that wrote a row against the
// schema.
const exitBadRow = 99

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"nearmiss": func() { os.Exit(checked()) }})
}

// checked is the command as the scripts run it: at a fixed day, every row
// checked.
func checked() int {
	var out bytes.Buffer
	c := Command{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: io.MultiWriter(os.Stdout, &out), Stderr: os.Stderr,
		Now: func() time.Time { return time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC) }, Env: os.Environ(), Exit: os.Exit,
	}
	if file, err := os.Executable(); err == nil && os.Getenv(liveEnv) != "" { // a copy of the test binary under the command's name
		c.Executable = file
	}
	sabotage(&c, os.Getenv(faultEnv))
	code := Main(c)
	texts := [][]byte{out.Bytes()}
	for i, a := range os.Args {
		if i > 0 && os.Args[i-1] == "--format" {
			a = "--format=" + a
		}
		if file, ok := strings.CutPrefix(a, "--format=jsonl="); ok {
			if b, err := os.ReadFile(file); err == nil {
				texts = append(texts, b)
			}
		}
	}
	for _, text := range texts {
		if err := checkRows(os.Getenv(schemaEnv), text); err != nil {
			fmt.Fprintf(os.Stderr, "against the schema: %v\n", err)
			return exitBadRow
		}
	}
	return code
}

// sabotage makes the verdict fail in a given way.
func sabotage(c *Command, fault string) {
	switch fault {
	case "linear":
		c.Analyze = func(p corpus.Pattern, _ verdict.Options) verdict.Verdict {
			return verdict.Verdict{Pattern: p, Kind: verdict.Linear, Proof: "none"}
		}
	case "unknown":
		c.Analyze = func(p corpus.Pattern, _ verdict.Options) verdict.Verdict {
			return verdict.Verdict{Pattern: p, Kind: verdict.Unknown, Reason: &verdict.Reason{Code: "limit", Offset: -1, Message: "none"}}
		}
	case "cause":
		c.Analyze = func(p corpus.Pattern, o verdict.Options) verdict.Verdict {
			v := verdict.Analyze(p, o)
			if v.Cause == "rescan" {
				v.Cause = "adjacent"
			}
			return v
		}
	case "panic":
		c.Analyze = func(p corpus.Pattern, o verdict.Options) verdict.Verdict {
			if strings.Contains(p.Text, "boom") {
				panic("injected")
			}
			return verdict.Analyze(p, o)
		}
	}
}

// checkRows holds every JSON row of an output against the schema, and against
// the schema with no further keys allowed.
func checkRows(schema string, out []byte) error {
	if schema == "" || !bytes.HasPrefix(out, []byte("{\"")) {
		return nil
	}
	sch, err := strictSchema(schema)
	if err != nil {
		return err
	}
	for line := range bytes.Lines(out) {
		row, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err != nil {
			return fmt.Errorf("%w: %s", err, line)
		}
		if err := sch.Validate(row); err != nil {
			return fmt.Errorf("%w: %s", err, line)
		}
		if o, ok := row.(map[string]any); ok && o["schema"] != nil && !bytes.HasPrefix(line, []byte(`{"schema":1,`)) {
			return fmt.Errorf(`"schema" is not the first key: %s`, line)
		}
	}
	return nil
}

// strictSchema compiles the schema with every object closed: readers must
// ignore unknown keys, writers must not write any.
func strictSchema(file string) (*jsonschema.Schema, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	seal(doc)
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("schema.json")
}

func seal(v any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			seal(x)
		}
	case map[string]any:
		if v["type"] == "object" && v["properties"] != nil && v["required"] != nil {
			v["additionalProperties"] = false
		}
		for x := range maps.Values(v) {
			seal(x)
		}
	}
}

func TestScripts(t *testing.T) {
	schema, err := filepath.Abs("../../docs/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv(schemaEnv, schema)
			e.Setenv("TESTDATA", testdata)
			e.Setenv(rootEnv, filepath.Dir(testdata))
			for _, kv := range []string{"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org", "GIT_AUTHOR_DATE=2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE=2026-01-01T00:00:00Z"} {
				k, v, _ := strings.Cut(kv, "=")
				e.Setenv(k, v)
			}
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if d, ok := strings.CutPrefix(cond, "dialect:"); ok { // some are read later than others
				v := verdict.Analyze(corpus.Pattern{Text: "a", Dialect: corpus.Dialect(d)}, verdict.Options{})
				return v.Kind == verdict.Linear, nil
			}
			switch cond {
			case "git":
				_, err := exec.LookPath("git")
				return err == nil, nil
			case "offline": // a network can be taken away
				return exec.Command("unshare", "-rn", "true").Run() == nil, nil
			case "root":
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "rows": rows, "fold": fold, "repeat": repeat, "fileenv": fileenv, "recipe": recipe, "action": action, "stopped": stopped,
		},
	})
}

// exits runs a command and compares its exit code: exits CODE CMD ARGS….
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var xe *exec.ExitError
	switch {
	case errors.As(err, &xe):
		code = xe.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// rows compares one value of each pattern row of the last output, or of FILE:
// rows KEY[.KEY…] VALUE…, as compact JSON without quotes.
func rows(ts *testscript.TestScript, neg bool, args []string) {
	text := ts.ReadFile("stdout")
	if len(args) > 1 && args[0] == "-in" {
		text, args = ts.ReadFile(args[1]), args[2:]
	}
	if neg || len(args) == 0 {
		ts.Fatalf("usage: rows [-in FILE] KEY VALUE…")
	}
	want := args[1:]
	var got []string
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		var row map[string]any
		if err := json.Unmarshal(s.Bytes(), &row); err != nil {
			ts.Fatalf("%v: %s", err, s.Text())
		}
		keys := strings.Split(args[0], ".")
		if _, ok := row[keys[0]]; !ok {
			continue
		}
		var v any = row
		for _, k := range keys {
			m, _ := v.(map[string]any)
			v = m[k]
		}
		b, err := json.Marshal(v)
		if err != nil {
			ts.Fatalf("%v", err)
		}
		got = append(got, strings.ReplaceAll(string(b), `"`, ""))
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		ts.Fatalf("%s:\n got %s\nwant %s", args[0], strings.Join(got, " "), strings.Join(want, " "))
	}
}

// fileenv sets a variable to what a file holds, less the last line end:
// fileenv NAME FILE.
func fileenv(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: fileenv NAME FILE")
	}
	ts.Setenv(args[0], strings.TrimSuffix(ts.ReadFile(args[1]), "\n"))
}

// fold writes a file of so many copies of a text: fold FILE N TEXT.
func fold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: fold FILE N TEXT")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Repeat(strings.ReplaceAll(args[2], `\n`, "\n"), n)), 0o600))
}

// repeat writes a file of numbered lines: repeat FILE N FORMAT, with %d twice
// at most.
func repeat(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: repeat FILE N FORMAT")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(args[2], "%d", strconv.Itoa(i)) + "\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o600))
}

// stopped runs a command and sends it a signal once a file has so many lines:
// stopped KILL|INT FILE LINES COMMAND ARGS…. It must not have ended before.
func stopped(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: stopped KILL|INT FILE LINES COMMAND ARGS…")
	}
	lines, err := strconv.Atoi(args[2])
	ts.Check(err)
	var path string
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if p, err := exec.LookPath(filepath.Join(dir, args[3])); err == nil {
			path = p
			break
		}
	}
	cmd := exec.Command(path, args[4:]...)
	var errs bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stderr = ts.MkAbs("."), []string{schemaEnv + "=" + ts.Getenv(schemaEnv)}, &errs
	ts.Check(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		if b, err := os.ReadFile(ts.MkAbs(args[1])); err == nil && bytes.Count(b, []byte("\n")) >= lines {
			break
		}
		select {
		case err := <-ended:
			ts.Fatalf("ended by itself, with %v: %s", err, errs.String())
		case <-time.After(time.Millisecond):
		}
	}
	if args[0] == "INT" {
		ts.Check(cmd.Process.Signal(os.Interrupt))
	} else {
		ts.Check(cmd.Process.Kill())
	}
	<-ended
	ts.Check(os.WriteFile(ts.MkAbs("stopped.stderr"), errs.Bytes(), 0o600))
}
