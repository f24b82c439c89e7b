package redos

import (
	"go/ast"
	"go/constant"
	"strconv"
	"strings"
)

// sprintf is fmt.Sprintf of constants: the verbs s, v and d without flags, and
// %%. Whatever else it is given, the result is made of the arguments.
func (v *evaluation) sprintf(e *ast.CallExpr) values {
	if len(e.Args) == 0 || e.Ellipsis.IsValid() {
		return foreign
	}
	mixed := v.mixed(e)
	format := v.expr(e.Args[0])
	if format.open || len(format.texts) != 1 {
		return mixed
	}
	out := values{texts: []text{{}}}
	f, next := format.texts[0], 1
	for i := 0; i < len(f.s); {
		k := strings.IndexByte(f.s[i:], '%')
		if k < 0 {
			return concatenate(out, one(f.slice(i, len(f.s))))
		}
		if i+k+1 >= len(f.s) {
			return mixed
		}
		out = concatenate(out, one(f.slice(i, i+k)))
		i += k + 2
		switch f.s[i-1] {
		case '%':
			out = concatenate(out, one(f.slice(i-1, i)))
			continue
		case 's', 'v', 'd':
		default:
			return mixed
		}
		if next >= len(e.Args) {
			return mixed
		}
		out = concatenate(out, v.operand(e.Args[next]))
		next++
	}
	if len(out.texts) == 0 {
		return mixed
	}
	return out
}

func one(t text) values { return values{texts: []text{t}} }

// operand is an argument as %v writes it.
func (v *evaluation) operand(e ast.Expr) values {
	tv := v.pass.TypesInfo.Types[e]
	if tv.Value != nil && tv.Value.Kind() == constant.Int {
		if n, ok := constant.Int64Val(tv.Value); ok {
			return one(newText(strconv.FormatInt(n, 10), e))
		}
	}
	return v.expr(e)
}

// joined is strings.Join of a slice whose elements are written out.
func (v *evaluation) joined(e *ast.CallExpr) values {
	lit, ok := v.slice(e.Args[0])
	if !ok {
		return v.mixed(e)
	}
	out, sep := one(text{}), v.expr(e.Args[1])
	for i, elt := range lit.Elts {
		if i > 0 {
			out = concatenate(out, sep)
		}
		out = concatenate(out, v.expr(elt))
	}
	return out
}

// slice is the only literal that a slice is ever given.
func (v *evaluation) slice(e ast.Expr) (*ast.CompositeLit, bool) {
	for range maxDepth {
		if lit, ok := ast.Unparen(e).(*ast.CompositeLit); ok {
			for _, elt := range lit.Elts {
				if _, keyed := elt.(*ast.KeyValueExpr); keyed {
					return nil, false
				}
			}
			return lit, true
		}
		given := v.given[v.object(e)]
		if len(given) != 1 || given[0].how != whole {
			return nil, false
		}
		e = given[0].expr
	}
	return nil, false
}

// folded are functions whose result is computed where all arguments are
// constants; its bytes stand where the call stands.
func (v *evaluation) folded(name string, e *ast.CallExpr) values {
	var args []string
	for _, a := range e.Args {
		o := v.operand(a)
		if o.open || len(o.texts) != 1 {
			return v.mixed(e)
		}
		args = append(args, o.texts[0].s)
	}
	var s string
	switch {
	case name == "strings.ReplaceAll" && len(args) == 3:
		s = strings.ReplaceAll(args[0], args[1], args[2])
	case name == "strings.Repeat" && len(args) == 2:
		n, err := strconv.Atoi(args[1])
		if err != nil || n < 0 || n*len(args[0]) > maxText {
			return v.mixed(e)
		}
		s = strings.Repeat(args[0], n)
	default:
		return v.mixed(e)
	}
	if len(s) > maxText {
		return v.mixed(e)
	}
	return one(newText(s, e))
}
