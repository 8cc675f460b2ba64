package example

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	// maxDepth is how deep objects are filled with what is not required.
	maxDepth = 5
	// maxParts is how many values one value is made of before what is not required is left out.
	maxParts = 500
	// maxMade is how many parts a value may have, and how many characters a text has to have at most, to be made at all.
	maxMade = 20_000
	// maxTries is how many combinations of oneOf and anyOf are tried for one value.
	maxTries = 64
)

// errNone tells that no value was found.
var errNone = errors.New("found no value that the schema allows")

// Maker makes values. Any number of goroutines may use it.
type Maker struct {
	// Allows tells whether a schema allows a value.
	Allows func(schema *openapi3.Schema, value any) bool
	// Request tells that values are for requests, which have no properties that are readOnly; else they are for
	// answers, which have none that are writeOnly.
	Request bool

	made sync.Map // values by their schemas, or errNone
}

// Value makes a value as encoding/json decodes them: map[string]any, []any, string, float64, bool or nil; integers
// are int64. It is made once: whoever gets it must not change it. Its error tells that none was found.
func (m *Maker) Value(schema *openapi3.Schema) (any, error) {
	known, found := m.made.Load(schema)
	if !found {
		w := work{Maker: m}
		if value, ok := w.value(schema, 0); ok {
			known = value
		} else {
			known = errNone // which may have taken longer to find out
		}
		m.made.Store(schema, known)
	}
	if err, failed := known.(error); failed {
		return nil, err
	}
	return known, nil
}

// work is the making of one value.
type work struct {
	*Maker

	inside []*openapi3.Schema // the schemas that are being made, outermost first
	parts  int
}

// value makes a value of schema that is the nth of its list.
func (w *work) value(schema *openapi3.Schema, nth int) (any, bool) {
	if w.parts++; w.parts > maxMade || tooLarge(schema) {
		return nil, false
	}
	for _, stated := range statements(schema, nth) {
		if w.Allows(schema, stated) {
			return stated, true
		}
	}
	if inside(w.inside, schema) > 1 || len(w.inside) > 4*maxDepth {
		return nil, w.Allows(schema, nil)
	}
	w.inside = append(w.inside, schema)
	defer func() { w.inside = w.inside[:len(w.inside)-1] }()
	tries := 0
	for flat := range flattened(schema) {
		if tooLarge(flat) {
			continue
		}
		for value := range w.candidates(flat, nth) {
			if w.Allows(schema, value) {
				return value, true
			}
		}
		if tries++; tries == maxTries {
			break
		}
	}
	return nil, w.Allows(schema, nil)
}

// tooLarge tells that a value of a schema would be larger than anybody wants to be sent.
func tooLarge(schema *openapi3.Schema) bool {
	return max(schema.MinLength, schema.MinItems, schema.MinProps) > maxMade
}

// inside counts how often schema is being made already.
func inside(all []*openapi3.Schema, schema *openapi3.Schema) int {
	count := 0
	for _, one := range all {
		if one == schema {
			count++
		}
	}
	return count
}

// statements are the values that the schema itself states, best first: of an enum the nth.
func statements(schema *openapi3.Schema, nth int) []any {
	var stated []any
	if schema.Example != nil {
		stated = append(stated, schema.Example)
	}
	stated = append(stated, schema.Examples...)
	for _, one := range []any{schema.Const, schema.Default} {
		if one != nil {
			stated = append(stated, one)
		}
	}
	if n := len(schema.Enum); n > 0 {
		nth %= n
		stated = append(stated, slices.Concat(schema.Enum[nth:], schema.Enum[:nth])...)
	}
	return stated
}

// sparse tells that only what is required is made from here on.
func (w *work) sparse() bool { return len(w.inside) > maxDepth || w.parts > maxParts }

// kinds are the types that a flat schema can have, likely ones first.
func kinds(schema *openapi3.Schema) []string {
	if !schema.Type.IsEmpty() {
		types := slices.Clone(schema.Type.Slice())
		slices.SortStableFunc(types, func(a, b string) int { return rank(a) - rank(b) })
		return types
	}
	switch {
	case len(schema.Properties) > 0, len(schema.Required) > 0, schema.MinProps > 0, schema.MaxProps != nil,
		schema.AdditionalProperties.Schema != nil:
		return []string{openapi3.TypeObject}
	case schema.Items != nil, len(schema.PrefixItems) > 0, schema.MinItems > 0, schema.MaxItems != nil:
		return []string{openapi3.TypeArray}
	case schema.Min != nil, schema.Max != nil, schema.MultipleOf != nil,
		schema.ExclusiveMin.IsSet(), schema.ExclusiveMax.IsSet():
		return []string{openapi3.TypeNumber}
	}
	return []string{
		openapi3.TypeString, openapi3.TypeObject, openapi3.TypeInteger, openapi3.TypeBoolean, openapi3.TypeArray,
		openapi3.TypeNull,
	}
}

// rank puts null last.
func rank(kind string) int {
	if kind == openapi3.TypeNull {
		return 1
	}
	return 0
}

// candidates yields values of a flat schema, likely ones first.
func (w *work) candidates(schema *openapi3.Schema, nth int) func(func(any) bool) {
	return func(yield func(any) bool) {
		for _, stated := range statements(schema, nth) {
			if !yield(stated) {
				return
			}
		}
		for _, kind := range kinds(schema) {
			for value := range w.made(schema, kind, nth) {
				if !yield(value) {
					return
				}
			}
		}
	}
}

func (w *work) made(schema *openapi3.Schema, kind string, nth int) func(func(any) bool) {
	switch kind {
	case openapi3.TypeObject:
		return w.objects(schema, nth)
	case openapi3.TypeArray:
		return w.arrays(schema)
	case openapi3.TypeString:
		return stringsOf(schema, nth)
	case openapi3.TypeInteger:
		return integers(schema, nth)
	case openapi3.TypeNumber:
		return numbers(schema, nth)
	case openapi3.TypeBoolean:
		return slices.Values([]any{nth%2 == 0, nth%2 == 1})
	}
	return slices.Values([]any{nil})
}

// name is how the nth name of several begins.
func name(word string, nth int) string {
	if nth == 0 {
		return word
	}
	return fmt.Sprint(word, nth+1)
}
