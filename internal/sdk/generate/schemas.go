package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// readSchemas collects the names of what the operations speak of.
func (m *Model) readSchemas() error {
	w := &walker{
		named: map[string]bool{}, times: map[string]int{}, others: map[string]int{}, seen: map[*openapi3.Schema]bool{},
	}
	for _, o := range m.All() {
		if o.Body != nil {
			w.visit(o.Body.Schema, o.Body.schema)
		}
		if o.Result != nil {
			w.visit(o.Result.Schema, o.Result.schema)
		}
		for _, p := range o.parameters {
			if p.Value.In == openapi3.ParameterInQuery {
				w.visit(schemaName(p.Value.Schema.Ref), p.Value.Schema.Value)
			}
		}
	}
	for _, name := range []string{"Problem", "OAuthError"} {
		w.visit(name, m.document.Components.Schemas[name].Value)
	}
	m.Schemas = slices.Sorted(maps.Keys(w.named))
	m.TimeFields = slices.Sorted(maps.Keys(w.times))
	var faults []error
	for _, name := range m.TimeFields {
		if other := w.others[name]; other > 0 {
			faults = append(faults, fmt.Errorf("openapi.yaml:%d: %s is a time here, and none in line %d", w.times[name], name,
				other))
		}
	}
	return errors.Join(faults...)
}

// walker goes through schemas.
type walker struct {
	named  map[string]bool
	times  map[string]int            // the first line of a property that is a time
	others map[string]int            // the first line of one that is none
	seen   map[*openapi3.Schema]bool // schemas may hold themselves
}

func (w *walker) visit(name string, schema *openapi3.Schema) {
	if name != "" && (schema.Type.Is("object") || len(schema.Enum) > 0) {
		w.named[name] = true
	}
	if w.seen[schema] {
		return
	}
	w.seen[schema] = true
	for property, s := range schema.Properties {
		lines := w.others
		if s.Value.Format == "date-time" {
			lines = w.times
		}
		at := line(schema, property)
		if first, known := lines[property]; !known || at < first {
			lines[property] = at
		}
		w.visit(schemaName(s.Ref), s.Value)
	}
	if schema.Items != nil {
		w.visit(schemaName(schema.Items.Ref), schema.Items.Value)
	}
}

// ordered encodes an example with the keys of objects in the order of their schema.
func ordered(value any, schema *openapi3.Schema) (json.RawMessage, error) {
	switch value := value.(type) {
	case map[string]any:
		return orderedObject(value, schema)
	case []any:
		var out bytes.Buffer
		for i, item := range value {
			encoded, err := ordered(item, schema.Items.Value)
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out.WriteByte(',')
			}
			out.Write(encoded)
		}
		return fmt.Appendf(nil, "[%s]", out.Bytes()), nil
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("an example: %w", err)
	}
	return encoded, nil
}

func orderedObject(value map[string]any, schema *openapi3.Schema) (json.RawMessage, error) {
	byLine := func(a, b string) int { return cmp.Compare(line(schema, a), line(schema, b)) }
	keys := slices.SortedFunc(maps.Keys(value), byLine)
	var out bytes.Buffer
	for i, key := range keys {
		property := schema.Properties[key]
		if property == nil {
			return nil, fmt.Errorf("an example has %s, which its schema has not", key)
		}
		encoded, err := ordered(value[key], property.Value)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, "%q:%s", key, encoded)
	}
	return fmt.Appendf(nil, "{%s}", out.Bytes()), nil
}

// line returns where a property stands in the file.
func line(schema *openapi3.Schema, property string) int {
	p := schema.Properties[property]
	if p == nil {
		return 0
	}
	if p.Origin != nil {
		return p.Origin.Key.Line
	}
	return p.Value.Origin.Key.Line
}
