package redos

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
)

// An index holds, for every variable, field, parameter and function of a
// package, what the package gives it. It says nothing of order: a value is
// whatever any statement assigns.
type index struct {
	pass *analysis.Pass
	// given are the sources of a variable, field or parameter; of a function,
	// its results.
	given map[types.Object][]source
	// consts are the expressions of named constants; none where it is implied.
	consts map[types.Object]ast.Expr
	// called says that a function is called by name, escaped that it is used
	// otherwise, so that its callers are not all known.
	called, escaped map[types.Object]bool
	files           map[string][]byte
	// compileOnly are calls whose result is dropped.
	dropped map[*ast.CallExpr]bool
}

// A source is one thing that is given to an object.
type source struct {
	expr ast.Expr
	how  how
	// result is the index of the result, where expr is a call of several.
	result int
}

// how says how a source's expression is given.
type how uint8

const (
	whole   how = iota // it is the value
	element            // the value is one of its elements
	key                // the value is one of its keys
	member             // it is one of the elements of the object
	result             // the value is one of its results
	part               // the value is made of it and of what was there before
	outside            // the value comes from somewhere that is not seen
)

func newIndex(p *analysis.Pass) *index {
	x := &index{
		pass: p, given: map[types.Object][]source{}, consts: map[types.Object]ast.Expr{},
		called: map[types.Object]bool{}, escaped: map[types.Object]bool{}, files: map[string][]byte{}, dropped: map[*ast.CallExpr]bool{},
	}
	for _, f := range p.Files {
		names := map[*ast.Ident]bool{} // functions in the place of a call
		ast.Inspect(f, func(n ast.Node) bool {
			x.node(n, names)
			return true
		})
	}
	return x
}

func (x *index) give(o types.Object, s source) {
	if o != nil {
		x.given[o] = append(x.given[o], s)
	}
}

// node records what one node of the tree gives.
func (x *index) node(n ast.Node, callees map[*ast.Ident]bool) {
	switch n := n.(type) {
	case *ast.ValueSpec:
		x.spec(n)
	case *ast.AssignStmt:
		x.assign(n)
	case *ast.RangeStmt:
		if n.Key != nil {
			x.target(n.Key, source{expr: n.X, how: key})
		}
		if n.Value != nil {
			x.target(n.Value, source{expr: n.X, how: element})
		}
	case *ast.CompositeLit:
		x.fields(n)
	case *ast.CallExpr:
		x.arguments(n, callees)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			if _, composite := ast.Unparen(n.X).(*ast.CompositeLit); !composite {
				x.target(n.X, source{how: outside})
			}
		}
	case *ast.FuncDecl:
		x.results(x.pass.TypesInfo.Defs[n.Name], n.Type, n.Body)
	case *ast.FuncLit:
		x.parameters(n.Type)
	case *ast.Ident:
		if fn, ok := x.pass.TypesInfo.Uses[n].(*types.Func); ok {
			if callees[n] {
				x.called[fn.Origin()] = true
			} else {
				x.escaped[fn.Origin()] = true
			}
		}
	case *ast.ExprStmt:
		if c, ok := ast.Unparen(n.X).(*ast.CallExpr); ok {
			x.dropped[c] = true
		}
	}
}

// spec records a declaration of constants or variables.
func (x *index) spec(n *ast.ValueSpec) {
	for i, name := range n.Names {
		o := x.pass.TypesInfo.Defs[name]
		_, constant := o.(*types.Const)
		switch {
		case constant && i < len(n.Values):
			x.consts[o] = n.Values[i]
		case constant:
		case len(n.Values) == len(n.Names):
			x.give(o, source{expr: n.Values[i]})
			x.drop(name, n.Values[i])
		case len(n.Values) == 1:
			x.give(o, source{expr: n.Values[0], how: result, result: i})
			if i == 0 {
				x.drop(name, n.Values[0])
			}
		}
	}
}

// drop records a call whose result is assigned to _.
func (x *index) drop(target, value ast.Expr) {
	id, ok := target.(*ast.Ident)
	c, call := ast.Unparen(value).(*ast.CallExpr)
	if ok && call && id.Name == "_" {
		x.dropped[c] = true
	}
}

func (x *index) assign(n *ast.AssignStmt) {
	switch {
	case n.Tok != token.ASSIGN && n.Tok != token.DEFINE:
		x.target(n.Lhs[0], source{expr: n.Rhs[0], how: part})
	case len(n.Lhs) == len(n.Rhs):
		for i, l := range n.Lhs {
			x.target(l, source{expr: n.Rhs[i]})
			x.drop(l, n.Rhs[i])
		}
	default:
		for i, l := range n.Lhs {
			x.target(l, source{expr: n.Rhs[0], how: result, result: i})
		}
		x.drop(n.Lhs[0], n.Rhs[0])
	}
}

// target gives a source to what an expression on the left side names.
func (x *index) target(e ast.Expr, s source) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		x.give(x.object(e), s)
	case *ast.IndexExpr: // m[k] = v: v is one of m's elements
		switch s.how {
		case whole:
			x.target(e.X, source{expr: s.expr, how: member})
		case outside:
			x.target(e.X, s)
		default:
			x.target(e.X, source{how: outside})
		}
	}
}

// object is the variable or field that an expression names; nil for anything
// else.
func (x *index) object(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if o := x.pass.TypesInfo.Defs[e]; o != nil {
			return variable(o)
		}
		return variable(x.pass.TypesInfo.Uses[e])
	case *ast.SelectorExpr:
		return variable(x.pass.TypesInfo.Uses[e.Sel])
	}
	return nil
}

func variable(o types.Object) types.Object {
	if v, ok := o.(*types.Var); ok {
		return v.Origin()
	}
	return nil
}

// fields records a composite literal of a struct.
func (x *index) fields(n *ast.CompositeLit) {
	t := x.pass.TypesInfo.TypeOf(n)
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok { // an elided &T in a literal of pointers
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, e := range n.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				x.give(variable(x.pass.TypesInfo.Uses[id]), source{expr: kv.Value})
			}
		} else if i < s.NumFields() {
			x.give(s.Field(i).Origin(), source{expr: e})
		}
	}
}

// arguments records what a call gives to the parameters of a function of this
// package.
func (x *index) arguments(n *ast.CallExpr, callees map[*ast.Ident]bool) {
	fn := callee(x.pass.TypesInfo, n)
	if fn == nil {
		return
	}
	switch f := ast.Unparen(n.Fun).(type) {
	case *ast.Ident:
		callees[f] = true
	case *ast.SelectorExpr:
		callees[f.Sel] = true
	}
	if fn.Pkg() != x.pass.Pkg {
		return
	}
	params := fn.Signature().Params()
	for i, a := range n.Args {
		switch last := params.Len() - 1; {
		case fn.Signature().Variadic() && i >= last && !n.Ellipsis.IsValid():
			x.give(params.At(last), source{expr: a, how: member})
		case i <= last:
			x.give(params.At(i), source{expr: a})
		}
	}
	if len(n.Args) == 1 && params.Len() > 1 { // f(g()) with several results
		for v := range params.Variables() {
			x.give(v, source{how: outside})
		}
	}
}

// parameters of a function literal come from callers that are not followed.
func (x *index) parameters(t *ast.FuncType) {
	for _, f := range t.Params.List {
		for _, name := range f.Names {
			x.give(variable(x.pass.TypesInfo.Defs[name]), source{how: outside})
		}
	}
}

// results records what a function returns.
func (x *index) results(fn types.Object, t *ast.FuncType, body *ast.BlockStmt) {
	if fn == nil || body == nil || t.Results == nil {
		return
	}
	var named []*ast.Ident
	for _, f := range t.Results.List {
		named = append(named, f.Names...)
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			switch {
			case len(n.Results) == 0:
				for i, id := range named {
					x.give(fn, source{expr: id, result: i})
				}
			case len(n.Results) == 1 && t.Results.NumFields() > 1:
				for i := range t.Results.NumFields() {
					x.give(fn, source{expr: n.Results[0], how: result, result: i})
				}
			default:
				for i, e := range n.Results {
					x.give(fn, source{expr: e, result: i})
				}
			}
		}
		return true
	})
}

// open reports whether an object may get values that the index does not hold:
// parameters of functions that others may call, fields that a decoder fills.
func (x *index) open(v *types.Var) bool {
	switch {
	case v.Pkg() != x.pass.Pkg:
		return true
	case v.IsField():
		return len(x.given[v]) == 0 || x.tagged(v)
	case v.Kind() == types.ParamVar || v.Kind() == types.RecvVar:
		return x.calledFromOutside(v)
	}
	return false
}

// tagged reports whether a field has a tag: some decoder fills it.
func (x *index) tagged(v *types.Var) bool {
	for _, o := range x.pass.TypesInfo.Defs {
		name, ok := o.(*types.TypeName)
		if !ok {
			continue
		}
		s, ok := name.Type().Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for i := range s.NumFields() {
			if s.Field(i) == v {
				return reflect.StructTag(s.Tag(i)) != ""
			}
		}
	}
	return false
}

// calledFromOutside reports whether the function with this parameter may have
// callers other than those of this package that name it.
func (x *index) calledFromOutside(v *types.Var) bool {
	for _, o := range x.pass.TypesInfo.Defs {
		fn, ok := o.(*types.Func)
		if !ok {
			continue
		}
		for p := range fn.Signature().Params().Variables() {
			if p != v {
				continue
			}
			switch {
			case x.escaped[fn] || !x.called[fn]:
				return true
			case !fn.Exported():
				return false
			}
			return fn.Signature().Recv() != nil || x.pass.Pkg.Name() != "main"
		}
	}
	return true
}
