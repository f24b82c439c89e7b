package redos

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// values are what an expression may be when the program runs.
type values struct {
	// texts are constants among them.
	texts []text
	// open says that they are not all: some is built at run time.
	open bool
	// outside says that some of it may come from outside the program: an
	// argument, a file, a request.
	outside bool
}

// Limits of the evaluation of one expression.
const (
	// maxTexts is how many constants one expression may be: the largest tables
	// of patterns found in real modules hold a few hundred.
	maxTexts = 1000
	// maxDepth is how many definitions are followed one through the other.
	maxDepth = 40
	// maxText is the longest text in bytes that is put together.
	maxText = 1 << 20
)

var built = values{open: true}
var foreign = values{open: true, outside: true}

func (v *values) add(o values) {
	v.open, v.outside = v.open || o.open, v.outside || o.outside
	v.texts = append(v.texts, o.texts...)
	if len(v.texts) > maxTexts {
		v.texts, v.open = v.texts[:maxTexts], true
	}
}

// values evaluates an expression.
func (x *index) values(e ast.Expr) values {
	return (&evaluation{index: x}).expr(e)
}

// An evaluation follows definitions; path are those it is within.
type evaluation struct {
	*index
	path []types.Object
}

func (v *evaluation) expr(e ast.Expr) values {
	e = ast.Unparen(e)
	if tv := v.pass.TypesInfo.Types[e]; tv.Value != nil {
		return v.constant(e, tv.Value)
	}
	if !stringly(v.pass.TypesInfo.TypeOf(e)) {
		return built // a number, a bool: nobody's pattern
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return concatenate(v.expr(e.X), v.expr(e.Y))
		}
	case *ast.Ident:
		if o, ok := v.object(e).(*types.Var); ok {
			return v.variable(o)
		}
	case *ast.SelectorExpr:
		if o, ok := v.object(e).(*types.Var); ok {
			if o.Pkg() != v.pass.Pkg && !o.IsField() {
				return built // a variable of another package of the program
			}
			return v.variable(o)
		}
	case *ast.IndexExpr:
		return v.elements(e.X, element)
	case *ast.SliceExpr:
		s := v.expr(e.X)
		return values{open: true, outside: s.outside}
	case *ast.CallExpr:
		return v.call(e, 0)
	case *ast.TypeAssertExpr:
		return v.expr(e.X)
	}
	return foreign
}

// stringly reports whether values of a type may carry text.
func stringly(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return !ok || b.Info()&types.IsString != 0
}

// constant is a constant expression, with its places where its parts can be
// read.
func (v *evaluation) constant(e ast.Expr, value constant.Value) values {
	if value.Kind() != constant.String {
		return built
	}
	s := constant.StringVal(value)
	if len(s) > maxText {
		return built
	}
	if t, ok := v.literal(e, 0); ok && t.s == s {
		return values{texts: []text{t}}
	}
	return values{texts: []text{newText(s, e)}}
}

// literal puts a constant expression together from its literals.
func (v *evaluation) literal(e ast.Expr, depth int) (text, bool) {
	if depth > maxDepth {
		return text{}, false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return readLiteral(v.pass, e, v.file)
		}
	case *ast.BinaryExpr:
		a, ok := v.part(e.X, depth)
		if !ok {
			return text{}, false
		}
		b, ok := v.part(e.Y, depth)
		return join(a, b), ok
	case *ast.Ident:
		if def, ok := v.consts[v.pass.TypesInfo.Uses[e]]; ok {
			return v.literal(def, depth+1)
		}
	case *ast.CallExpr: // a conversion
		if len(e.Args) == 1 {
			return v.literal(e.Args[0], depth+1)
		}
	}
	return text{}, false
}

// part is one operand of a constant concatenation: in full, or as a whole.
func (v *evaluation) part(e ast.Expr, depth int) (text, bool) {
	value := v.pass.TypesInfo.Types[e].Value
	if value == nil || value.Kind() != constant.String {
		return text{}, false
	}
	s := constant.StringVal(value)
	if t, ok := v.literal(e, depth+1); ok && t.s == s {
		return t, true
	}
	return newText(s, e), true
}

// file is a file's content.
func (x *index) file(name string) ([]byte, error) {
	if b, ok := x.files[name]; ok {
		return b, nil
	}
	b, err := x.pass.ReadFile(name)
	if err == nil {
		x.files[name] = b
	}
	return b, err
}

// variable is what a variable, field or parameter may be.
func (v *evaluation) variable(o *types.Var) values {
	return v.follow(o, whole, v.index.open(o))
}

// follow collects what an object is given, or what its elements or keys are
// given. An object that is given itself, as in s = s + "x", is built step by
// step.
func (v *evaluation) follow(o types.Object, want how, open bool) values {
	if slices.Contains(v.path, o) || len(v.path) >= maxDepth {
		return built
	}
	v.path = append(v.path, o)
	defer func() { v.path = v.path[:len(v.path)-1] }()
	var out values
	if open {
		out = foreign
	}
	for _, s := range v.given[o] {
		if len(out.texts) >= maxTexts {
			out.open = true
			break
		}
		out.add(v.source(s, want))
	}
	return out
}

// source is what one source gives, of which want is asked: the value, or its
// elements or keys.
func (v *evaluation) source(s source, want how) values {
	switch s.how {
	case outside:
		return foreign
	case part:
		o := v.expr(s.expr)
		return values{open: true, outside: o.outside}
	case whole:
		if want == whole {
			return v.expr(s.expr)
		}
		return v.elements(s.expr, want)
	case member:
		if want == element {
			return v.expr(s.expr)
		}
		return built
	case element, key:
		if want == whole {
			return v.elements(s.expr, s.how)
		}
		return foreign // elements of elements
	case result:
		if c, ok := ast.Unparen(s.expr).(*ast.CallExpr); ok && want == whole {
			return v.call(c, s.result)
		}
		if i, ok := ast.Unparen(s.expr).(*ast.IndexExpr); ok && want == whole && s.result == 0 { // v, ok := m[k]
			return v.elements(i.X, element)
		}
	}
	return foreign
}

// elements are what the elements or keys of a slice, array or map may be.
func (v *evaluation) elements(e ast.Expr, want how) values {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		var out values
		for _, elt := range e.Elts {
			kv, keyed := elt.(*ast.KeyValueExpr)
			switch {
			case keyed && want == key:
				out.add(v.expr(kv.Key))
			case keyed:
				out.add(v.expr(kv.Value))
			case want == element:
				out.add(v.expr(elt))
			}
		}
		return out
	case *ast.Ident, *ast.SelectorExpr:
		if o, ok := v.object(e).(*types.Var); ok {
			return v.follow(o, want, v.index.open(o))
		}
	case *ast.CallExpr:
		if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok && len(e.Args) > 0 {
			if b, ok := v.pass.TypesInfo.Uses[id].(*types.Builtin); ok {
				return v.builtin(b.Name(), e, want)
			}
		}
		if t := v.pass.TypesInfo.Types[e.Fun]; t.IsType() && len(e.Args) == 1 {
			return v.elements(e.Args[0], want)
		}
		if fn := callee(v.pass.TypesInfo, e); fn != nil && fn.Pkg() == v.pass.Pkg {
			return v.follow(fn, want, false)
		}
	case *ast.SliceExpr:
		return v.elements(e.X, want)
	}
	if t := v.pass.TypesInfo.TypeOf(e); t != nil {
		if _, ok := t.Underlying().(*types.Basic); ok { // bytes or runes of a string
			return built
		}
	}
	return foreign
}

// builtin are the elements of append(s, …) and make(…).
func (v *evaluation) builtin(name string, e *ast.CallExpr, want how) values {
	switch name {
	case "make", "new":
		return values{}
	case "append":
		out := v.elements(e.Args[0], want)
		for i, a := range e.Args[1:] {
			if e.Ellipsis.IsValid() && i == len(e.Args)-2 {
				out.add(v.elements(a, want))
			} else {
				out.add(v.expr(a))
			}
		}
		return out
	}
	return foreign
}

// concatenate is every way of putting two values together.
func concatenate(a, b values) values {
	out := values{open: a.open || b.open, outside: a.outside || b.outside}
	for _, s := range a.texts {
		for _, t := range b.texts {
			if len(out.texts) >= maxTexts || len(s.s)+len(t.s) > maxText {
				out.open = true
				return out
			}
			out.texts = append(out.texts, join(s, t))
		}
	}
	return out
}

// call is what result k of a call may be.
func (v *evaluation) call(e *ast.CallExpr, k int) values {
	if t := v.pass.TypesInfo.Types[e.Fun]; t.IsType() && len(e.Args) == 1 {
		return v.expr(e.Args[0])
	}
	fn := callee(v.pass.TypesInfo, e)
	if fn == nil || fn.Pkg() == nil {
		return foreign
	}
	if fn.Pkg() == v.pass.Pkg && len(v.given[fn]) > 0 {
		return v.returned(fn, k)
	}
	name := fn.Pkg().Path() + "." + functionName(fn)
	switch {
	case name == "fmt.Sprintf":
		return v.sprintf(e)
	case name == "strings.Join":
		return v.joined(e)
	case name == "strings.Repeat", name == "strings.ReplaceAll", name == "fmt.Sprint":
		return v.folded(name, e)
	case quotes(fn):
		return built // nothing that a quoted text holds means anything
	case fn.Pkg().Path() == "strings", fn.Pkg().Path() == "path", fn.Pkg().Path() == "path/filepath", fn.Pkg().Path() == "slices":
		return v.mixed(e) // made of its arguments
	case fn.Pkg().Path() == "strconv":
		return built
	}
	return foreign
}

// quotes reports whether a function escapes every metacharacter of its
// argument.
func quotes(fn *types.Func) bool {
	path := importPath(fn.Pkg())
	return fn.Name() == "QuoteMeta" || fn.Name() == "Escape" && strings.HasPrefix(path, "github.com/dlclark/regexp2")
}

// returned is what result k of a function of this package may be.
func (v *evaluation) returned(fn *types.Func, k int) values {
	if slices.Contains(v.path, types.Object(fn)) || len(v.path) >= maxDepth {
		return built
	}
	v.path = append(v.path, fn)
	defer func() { v.path = v.path[:len(v.path)-1] }()
	var out values
	for _, s := range v.given[fn] {
		if s.result == k {
			out.add(v.source(s, whole))
		}
	}
	return out
}

// mixed is a value made of all arguments in some way.
func (v *evaluation) mixed(e *ast.CallExpr) values {
	out := built
	for _, a := range e.Args {
		t := v.pass.TypesInfo.TypeOf(a)
		if t == nil {
			continue
		}
		switch t.Underlying().(type) {
		case *types.Slice, *types.Array, *types.Map:
			out.outside = out.outside || v.elements(a, element).outside
		default:
			out.outside = out.outside || stringly(t) && v.expr(a).outside
		}
	}
	return out
}
