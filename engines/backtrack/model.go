package backtrack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nearmiss-dev/nearmiss/analyzer/syntax"
	"github.com/nearmiss-dev/nearmiss/corpus"
)

// A Model is a pattern on the matcher with the shortcuts of a real engine
// switched on. A shortcut is executed, not looked up: it rewrites the tree
// before it is compiled, as the engine rewrites its own, or it is a step of
// the search that counts what it costs. So the count of a Model is, like that
// of the reference, the same on every machine, and its growth is the growth
// of the engine wherever its shortcuts are those of the engine.
//
// A Model is immutable and may be run by many goroutines at once.
type Model struct {
	name    string
	version string
	re      *syntax.Regexp
	prog    *Program
	plan    startPlan
	on      []string // the shortcuts that are on for this pattern
	// rescue is the model that runs again what this one gave up for lack of
	// stack, nil when it gives up for good.
	rescue *Model
	// stack bounds the backtracking stack in bytes of the reference's frames,
	// 0 when the engine has no small bound.
	stack int
}

// A shortcut is one optimisation of an engine. prepare switches it on in a
// model under construction and reports whether that changes anything for the
// pattern.
type shortcut struct {
	name    string
	prepare func(b *modelBuilder) bool
}

// An engineModel is the table row of one engine.
type engineModel struct {
	name string
	// version is the engine's version that the shortcuts were taken from.
	version string
	// dialects are those whose patterns the engine reads.
	dialects  []corpus.Dialect
	shortcuts []shortcut
	// stack and rescue are those of Model.
	stack  int
	rescue string
}

// models is the table of engines.
func models() []engineModel {
	pcre := []corpus.Dialect{corpus.PCRE}
	dotnet := []corpus.Dialect{corpus.DotNet, corpus.ECMAScript, corpus.Go}
	return []engineModel{
		{name: "pcre2", version: "10.42", dialects: pcre, shortcuts: pcre2Shortcuts()},
		{name: "pcre2-jit", version: "10.42", dialects: pcre, shortcuts: pcre2JITShortcuts()},
		{name: "pcre2-jit+fallback", version: "10.42", dialects: pcre, shortcuts: pcre2JITShortcuts(), stack: jitStack, rescue: "pcre2"},
		{name: "regexp2-v1", version: "1.12", dialects: dotnet, shortcuts: regexp2V1Shortcuts()},
		{name: "regexp2-v2", version: "2.13", dialects: dotnet, shortcuts: regexp2V2Shortcuts()},
		{name: "v8", version: "11.3", dialects: []corpus.Dialect{corpus.ECMAScript}, shortcuts: v8Shortcuts()},
		{name: "cpython", version: "3.11", dialects: []corpus.Dialect{corpus.Python}, shortcuts: cpythonShortcuts()},
	}
}

// ModelNames are the engines that have a model.
func ModelNames() []string {
	var names []string
	for _, m := range models() {
		names = append(names, m.name)
	}
	return names
}

// A ModelError says why an engine has no model of a pattern.
type ModelError struct {
	Engine string
	// Dialect is the pattern's, when the engine does not read it, and Expected
	// are those that it reads; "" when the engine has no model at all.
	Dialect  corpus.Dialect
	Expected []corpus.Dialect
}

func (e *ModelError) Error() string {
	if e.Dialect == "" {
		return fmt.Sprintf("engine %q: no model: expected one of %s", e.Engine, strings.Join(ModelNames(), ", "))
	}
	return fmt.Sprintf("engine %q: reads no patterns of dialect %q: expected one of %v", e.Engine, e.Dialect, e.Expected)
}

// NewModel makes the named engine's model of a parsed pattern, all of its
// shortcuts on. The error is a *ModelError, or a *LimitError where the
// pattern makes too large a program.
func NewModel(re *syntax.Regexp, name string) (*Model, error) {
	return newModel(re, name, func(string) bool { return true })
}

// NewModelWith is NewModel with none but the named shortcuts, of those that
// SavedBy lists: what an engine would be like that had only these.
func NewModelWith(re *syntax.Regexp, name string, shortcuts ...string) (*Model, error) {
	return newModel(re, name, func(s string) bool { return slices.Contains(shortcuts, s) })
}

// NewModelWithout is NewModel with all but the named shortcuts.
func NewModelWithout(re *syntax.Regexp, name string, shortcuts ...string) (*Model, error) {
	return newModel(re, name, func(s string) bool { return !slices.Contains(shortcuts, s) })
}

func newModel(re *syntax.Regexp, name string, wanted func(string) bool) (*Model, error) {
	k := slices.IndexFunc(models(), func(e engineModel) bool { return e.name == name })
	if k < 0 {
		return nil, &ModelError{Engine: name}
	}
	e := models()[k]
	d := re.Pattern.Dialect
	if d == "" {
		d = corpus.PCRE
	}
	if !slices.Contains(e.dialects, d) {
		return nil, &ModelError{Engine: name, Dialect: d, Expected: e.dialects}
	}
	if err := tooDeep(re.Root, 0); err != nil {
		return nil, err
	}
	b := newModelBuilder(re)
	var on []string
	for _, s := range e.shortcuts {
		if wanted(s.name) && s.prepare(b) && !slices.Contains(on, s.name) {
			on = append(on, s.name)
		}
	}
	c := newCompiler(b.re)
	c.early = b.early
	prog, err := assemble(c)
	if err != nil {
		return nil, err
	}
	m := &Model{name: name, version: e.version, re: re, prog: prog, plan: b.plan, on: on, stack: e.stack}
	if e.rescue != "" {
		prog.pushAll()
		if m.rescue, err = newModel(re, e.rescue, wanted); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// tooDeep bounds the recursion of the shortcuts as that of the compiler is.
func tooDeep(n *syntax.Node, depth int) error {
	if depth > MaxDepth {
		return &LimitError{"MaxDepth", MaxDepth, n.Span}
	}
	for _, sub := range n.Sub {
		if err := tooDeep(sub, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// Version is the version of the engine that the model was made for.
func (m *Model) Version() string { return m.version }

// Name is the engine's name.
func (m *Model) Name() string { return m.name }

// SavedBy lists the engine's shortcuts that are on for this pattern, whether
// or not they save it.
func (m *Model) SavedBy() []string { return slices.Clone(m.on) }

// Run applies the model to subject. Steps are those of every part of the
// engine: of the shortcuts, and of both runs where a second engine runs again
// what the first gave up.
func (m *Model) Run(subject []byte, o Options) Result {
	budget := o.Steps
	if budget == 0 {
		budget = DefaultSteps
	}
	first := o
	small := m.stack > 0 && (o.Memory == 0 || m.stack < o.Memory)
	if small {
		first.Memory = m.stack
	}
	res := m.run(subject, first, nil)
	if !small || res.Outcome != MemoryLimit || m.rescue == nil || res.Steps >= budget {
		return res
	}
	spent := res.Steps
	o.Steps, o.Profile = budget-spent, nil
	res = m.rescue.Run(subject, o)
	res.Steps += spent
	return res
}

// run is one run of this model alone; attempted is called after each attempt.
func (m *Model) run(subject []byte, o Options, attempted func()) Result {
	p := m.prog
	r, _ := p.pool.Get().(*Runner)
	if r == nil {
		r = p.NewRunner()
	}
	if r.starts == nil {
		r.starts = newStarts(&m.plan)
	}
	r.attempted = attempted
	res := r.Run(subject, o)
	r.attempted = nil
	res.Caps = append([]int(nil), res.Caps...)
	if len(res.Caps) == 0 {
		res.Caps = nil
	}
	if len(r.stack) <= keepFrames {
		p.pool.Put(r)
	}
	return res
}

// pushAll makes every choice of p push its frame, also where one look at the
// subject says that the choice would fail: the stack then is as high as that
// of an engine without that look. The steps are the same.
func (p *Program) pushAll() {
	p.split()
	for pc := range p.code {
		p.code[pc].test = testNone
	}
}
