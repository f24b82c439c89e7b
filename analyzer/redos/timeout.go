package redos

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// timeout reports a pattern from outside the program that is compiled without
// a limit on the time of its matches.
func (c *checker) timeout(call call) {
	arg := call.pattern()
	if call.Timeout == "" || c.index.dropped[call.expr] || !c.index.values(arg).outside || c.index.limited(call) {
		return
	}
	set := call.Timeout
	if call.Default != "" {
		set += " or " + path(call.Default)
	}
	c.add(analysis.Diagnostic{
		Pos: arg.Pos(), End: arg.End(), Category: categoryTimeout,
		Message: fmt.Sprintf("this pattern is not a constant, and nothing limits the time of its matches in %s: whoever chooses it can stop a CPU; set %s", call.Library.Name, set),
	})
}

// path is "regexp2.DefaultMatchTimeout" of a variable with its import path.
func path(variable string) string {
	dir, name := split(variable)
	elems := strings.Split(dir, "/")
	base := elems[len(elems)-1]
	if len(elems) > 1 && len(base) > 1 && base[0] == 'v' && base[1] >= '0' && base[1] <= '9' {
		base = elems[len(elems)-2]
	}
	return base + "." + name
}

// split cuts a variable's name off its package's path.
func split(variable string) (dir, name string) {
	k := strings.LastIndexByte(variable, '.')
	return variable[:k], variable[k+1:]
}

// limited reports whether this package sets a limit for what a call compiles:
// the default of its package, or the object's own, wherever the object goes to.
func (x *index) limited(c call) bool {
	if c.Default != "" {
		dir, name := split(c.Default)
		for o := range x.given {
			if o.Name() == name && o.Pkg() != nil && importPath(o.Pkg()) == dir {
				return true
			}
		}
	}
	limited := x.limitedObjects(c.Timeout)
	if len(limited) == 0 {
		return false
	}
	if limited[c.expr] {
		return true
	}
	// What the object flows to: forwards along what is given to what.
	reached := map[any]bool{c.expr: true}
	for grown := true; grown; {
		grown = false
		for o, given := range x.given {
			if reached[o] {
				continue
			}
			for _, s := range given {
				if s.expr != nil && x.carries(s.expr, reached) {
					reached[o], grown = true, true
					if limited[o] {
						return true
					}
					break
				}
			}
		}
	}
	return false
}

// limitedObjects are the variables, fields, functions and calls whose object
// gets a limit: what stands before .MatchTimeout on the left of an assignment.
func (x *index) limitedObjects(field string) map[any]bool {
	out := map[any]bool{}
	for _, f := range x.pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			a, ok := n.(*ast.AssignStmt)
			if !ok {
				return true
			}
			for _, l := range a.Lhs {
				if s, ok := ast.Unparen(l).(*ast.SelectorExpr); ok && s.Sel.Name == field {
					x.carriers(s.X, out)
				}
			}
			return true
		})
	}
	return out
}

// carriers are the objects whose value an expression may be or hold.
func (x *index) carriers(e ast.Expr, out map[any]bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		if o := x.object(e); o != nil {
			out[o] = true
		}
	case *ast.StarExpr:
		x.carriers(e.X, out)
	case *ast.UnaryExpr:
		x.carriers(e.X, out)
	case *ast.IndexExpr:
		x.carriers(e.X, out)
	case *ast.TypeAssertExpr:
		x.carriers(e.X, out)
	case *ast.KeyValueExpr:
		x.carriers(e.Value, out)
	case *ast.CompositeLit:
		for _, elt := range e.Elts {
			x.carriers(elt, out)
		}
	case *ast.CallExpr:
		out[e] = true
		if fn := callee(x.pass.TypesInfo, e); fn != nil {
			if fn.Pkg() == x.pass.Pkg {
				out[types.Object(fn)] = true
				return
			}
			if s, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && fn.Signature().Recv() != nil { // x.Unwrap()
				x.carriers(s.X, out)
			}
		}
		for _, a := range e.Args { // Wrap(x), append(s, x), atomic stores
			x.carriers(a, out)
		}
	}
}

// carries reports whether an expression may be or hold one of the objects.
func (x *index) carries(e ast.Expr, objects map[any]bool) bool {
	in := map[any]bool{}
	x.carriers(e, in)
	for o := range in {
		if objects[o] {
			return true
		}
	}
	return false
}
