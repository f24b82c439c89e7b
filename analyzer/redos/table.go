package redos

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
)

// A table finds sinks by package and name.
type table map[string]map[string]sink

// A sink is one function with its library.
type sink struct {
	Library
	Function
}

// newTable is the table of a run: the built-in rows, those of the settings,
// and with LinearEngines those of linear engines.
func newTable(s *Settings) (table, error) {
	libraries := Libraries()
	if s.LinearEngines {
		libraries = append(libraries, LinearLibraries()...)
	}
	for _, text := range s.Sinks {
		l, err := ParseSink(text)
		if err != nil {
			return nil, err
		}
		libraries = append(libraries, l)
	}
	t := table{}
	for _, l := range libraries {
		for _, path := range l.Paths {
			if t[path] == nil {
				t[path] = map[string]sink{}
			}
			for _, f := range l.Functions {
				t[path][f.Name] = sink{l, f}
			}
		}
	}
	return t, nil
}

// imported reports whether a package imports one of the table's.
func (t table) imported(p *types.Package) bool {
	return slices.ContainsFunc(p.Imports(), func(q *types.Package) bool { return t[importPath(q)] != nil })
}

// A call is a call of a sink.
type call struct {
	sink
	expr *ast.CallExpr
	// callee is the function's name as messages say it.
	callee string
}

// calls are the calls of sinks in a package, in the order of their places.
func (t table) calls(p *analysis.Pass) (out []call) {
	for _, f := range p.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			e, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			fn := callee(p.TypesInfo, e)
			if fn == nil || fn.Pkg() == nil {
				return true
			}
			s, ok := t[importPath(fn.Pkg())][functionName(fn)]
			if ok && s.Arg < len(e.Args) {
				out = append(out, call{s, e, fn.Pkg().Name() + "." + functionName(fn)})
			}
			return true
		})
	}
	return out
}

// callee is the function or method that a call names, nil for calls of
// variables and conversions.
func callee(info *types.Info, e *ast.CallExpr) *types.Func {
	fun := ast.Unparen(e.Fun)
	switch f := fun.(type) { // an instance of a generic function
	case *ast.IndexExpr:
		fun = f.X
	case *ast.IndexListExpr:
		fun = f.X
	}
	var id *ast.Ident
	switch f := fun.(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return nil
	}
	fn, ok := info.Uses[id].(*types.Func)
	if !ok {
		return nil
	}
	return fn.Origin()
}

// functionName is "Function" or "Type.Method".
func functionName(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return fn.Name()
	}
	t := recv.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name() + "." + fn.Name()
	}
	return fn.Name()
}

// pattern is the argument that holds the pattern.
func (c call) pattern() ast.Expr { return c.expr.Args[c.Arg] }
