package policy

import (
	"encoding/json"
	"reflect"
	"strings"
)

// SchemaURL is where editors find the schema of the policy file.
const SchemaURL = "https://raw.githubusercontent.com/nearmiss-dev/nearmiss/main/docs/policy.schema.json"

// Schema is the JSON Schema (draft 2020-12) of a policy file. readers are the
// names of the readers. What it cannot say, such as that a date is one, Decode
// checks.
func Schema(readers []string) []byte {
	w := schemaWriter{keys: map[string]Key{}}
	for _, k := range Keys(readers) {
		w.keys[k.Path] = k
	}
	s := w.object(reflect.TypeFor[Policy](), reflect.ValueOf(Default()), "")
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["$id"] = SchemaURL
	s["title"] = "The policy of nearmiss for a rule repository (" + File + ")"
	s["type"] = []string{"object", "null"} // an empty file is one
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil { // maps, strings and numbers have a JSON form
		return nil
	}
	return append(b, '\n')
}

type schemaWriter struct{ keys map[string]Key }

// required are the keys that the items of a list must have.
var required = map[string][]string{
	"files.[].":   {"path", "reader"},
	"waivers.[].": {"rule", "reason", "owner", "expires"},
}

// object is the schema of a struct; def holds its defaults, and is invalid
// where there are none.
func (w schemaWriter) object(t reflect.Type, def reflect.Value, prefix string) map[string]any {
	props := map[string]any{}
	for i := range t.NumField() {
		key := keyOf(t.Field(i))
		var d reflect.Value
		if def.IsValid() {
			d = def.Field(i)
		}
		props[key] = w.value(t.Field(i).Type, d, prefix+key)
	}
	s := map[string]any{"type": "object", "additionalProperties": false, "properties": props}
	if r := required[prefix]; r != nil {
		s["required"] = r
	}
	return s
}

func (w schemaWriter) value(t reflect.Type, def reflect.Value, path string) map[string]any {
	k := w.keys[path]
	var s map[string]any
	switch t.Kind() {
	case reflect.Struct:
		s = w.object(t, def, path+".")
	case reflect.Slice:
		item := map[string]any{"type": "string"}
		if t.Elem().Kind() == reflect.Struct {
			item = w.object(t.Elem(), reflect.Value{}, path+".[].")
		} else if k.Words != nil {
			item["enum"] = k.Words
		}
		s = map[string]any{"type": "array", "items": item}
	case reflect.Bool:
		s = map[string]any{"type": "boolean"}
	case reflect.Float64:
		s = map[string]any{"type": "number", "minimum": 1}
	case reflect.String:
		s = map[string]any{"type": "string"}
		if path == "waivers.[].rule" {
			s["type"] = []string{"string", "integer"} // a name of digits need not be quoted
		}
		if k.Words != nil {
			s["enum"] = k.Words
		}
	default: // counts
		least := 0
		if strings.HasPrefix(path, "budgets.") || strings.HasPrefix(path, "levels.") {
			least = 1
		}
		s = map[string]any{"type": "integer", "minimum": least}
	}
	if k.Doc != "" {
		s["description"] = k.Doc
	}
	if def.IsValid() && t.Kind() != reflect.Struct && t.Kind() != reflect.Slice {
		s["default"] = def.Interface()
	}
	return s
}
