package example

import (
	"iter"
	"maps"
	"reflect"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	// usualItems is how many items a list has that may have as many: more than one, so that lists look like lists.
	usualItems = 2
	// maxAlike is how often an item is changed that has to be unlike others.
	maxAlike = 50
)

// objects yields an object with all properties, one with those that are required, and an empty one.
func (w *work) objects(schema *openapi3.Schema, nth int) iter.Seq[any] {
	return func(yield func(any) bool) {
		if !w.sparse() {
			if object, ok := w.object(schema, nth, true); ok && !yield(object) {
				return
			}
		}
		if object, ok := w.object(schema, nth, false); ok && !yield(object) {
			return
		}
		yield(map[string]any{})
	}
}

// object makes an object with what is required, and with what else there is room for if it is to be full.
func (w *work) object(schema *openapi3.Schema, nth int, full bool) (any, bool) {
	object := map[string]any{}
	most := len(schema.Properties) + len(schema.Required) + int(schema.MinProps) //nolint:gosec // of a document's size
	if schema.MaxProps != nil {
		most = min(most, int(*schema.MaxProps)) //nolint:gosec // ditto
	}
	rest := &openapi3.Schema{}
	if schema.AdditionalProperties.Schema != nil {
		rest = schema.AdditionalProperties.Schema.Value
	}
	for _, name := range schema.Required {
		property := rest
		if ref := schema.Properties[name]; ref != nil {
			property = ref.Value
		}
		if w.elsewhere(property) {
			continue
		}
		value, ok := w.member(name, property, nth)
		if !ok {
			return nil, false
		}
		object[name] = value
	}
	if !full {
		most = min(most, int(schema.MinProps)) //nolint:gosec // ditto
	}
	w.optional(schema, object, most, nth)
	w.others(schema, rest, object, full)
	return object, true
}

// optional adds properties that need not be there, until there are so many.
func (w *work) optional(schema *openapi3.Schema, object map[string]any, most, nth int) {
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		if len(object) >= most {
			return
		}
		property := schema.Properties[name].Value
		if _, made := object[name]; made || w.elsewhere(property) || property.Deprecated {
			continue
		}
		if value, ok := w.member(name, property, nth); ok {
			object[name] = value
		}
	}
}

// others adds properties that have no name in the schema, as many as have to be there, or one to show what they are.
func (w *work) others(schema, rest *openapi3.Schema, object map[string]any, full bool) {
	wanted := int(schema.MinProps) //nolint:gosec // of a document's size
	if full && len(schema.Properties) == 0 && schema.AdditionalProperties.Schema != nil {
		wanted = max(wanted, 1)
	}
	for i := 0; len(object) < wanted && i < 2*wanted; i++ {
		key := name("key", i)
		if _, made := object[key]; made {
			continue
		}
		if value, ok := w.value(rest, i); ok {
			object[key] = value
		}
	}
}

// elsewhere tells whether a property is only for the other direction.
func (w *work) elsewhere(property *openapi3.Schema) bool {
	if w.Request {
		return property.ReadOnly
	}
	return property.WriteOnly
}

// member makes the value of a property: ids differ from item to item of a list.
func (w *work) member(name string, property *openapi3.Schema, nth int) (any, bool) {
	value, ok := w.value(property, nth)
	if ok && name == "id" && nth > 0 {
		if other := changed(value, nth); w.Allows(property, other) {
			return other, true
		}
	}
	return value, ok
}

// arrays yields a list of a usual length, the shortest list, and an empty one.
func (w *work) arrays(schema *openapi3.Schema) iter.Seq[any] {
	return func(yield func(any) bool) {
		least := int(schema.MinItems) //nolint:gosec // of a document's size
		if !w.sparse() {
			usual := max(least, usualItems, len(schema.PrefixItems))
			if schema.MaxItems != nil {
				usual = min(usual, int(*schema.MaxItems)) //nolint:gosec // ditto
			}
			if items, ok := w.items(schema, usual); ok && !yield(items) {
				return
			}
		}
		if items, ok := w.items(schema, least); ok && !yield(items) {
			return
		}
		yield([]any{})
	}
}

func (w *work) items(schema *openapi3.Schema, count int) ([]any, bool) {
	items := []any{}
	for i := range count {
		item := &openapi3.Schema{}
		switch {
		case i < len(schema.PrefixItems):
			item = schema.PrefixItems[i].Value
		case schema.Items != nil:
			item = schema.Items.Value
		}
		value, ok := w.item(schema, item, items, i)
		switch {
		case ok:
			items = append(items, value)
		case len(items) >= int(schema.MinItems): //nolint:gosec // of a document's size
			return items, true
		default:
			return nil, false
		}
	}
	return items, true
}

// item makes one item, unlike those before it where they have to differ.
func (w *work) item(list, schema *openapi3.Schema, before []any, nth int) (any, bool) {
	value, ok := w.value(schema, nth)
	if !ok || !list.UniqueItems {
		return value, ok
	}
	alike := func(value any) bool {
		return slices.ContainsFunc(before, func(other any) bool { return reflect.DeepEqual(other, value) })
	}
	for i := 0; alike(value) && i < maxAlike; i++ {
		if other := changed(value, i+1); !alike(other) && w.Allows(schema, other) {
			return other, true
		}
		if other, ok := w.value(schema, nth+i+1); ok && !alike(other) {
			return other, true
		}
	}
	return value, !alike(value)
}

// changed is another value of the same sort: a later number, a text of which the last letters or digits differ.
func changed(value any, by int) any {
	switch v := value.(type) {
	case int64:
		return v + int64(by)
	case float64:
		return v + float64(by)
	case string:
		return changedText(v, by)
	}
	return value
}

// changedText counts up from the end of a text, each character among those of its sort.
func changedText(text string, by int) string {
	letters := []rune(text)
	for i := len(letters) - 1; i >= 0 && by > 0; i-- {
		var first rune
		var count int
		switch c := letters[i]; {
		case c >= '0' && c <= '9':
			first, count = '0', 10
		case c >= 'a' && c <= 'f': // of hexadecimal numbers too
			first, count = 'a', 6
		case c >= 'g' && c <= 'z':
			first, count = 'g', 20
		default:
			continue
		}
		sum := int(letters[i]-first) + by
		letters[i], by = first+rune(sum%count), sum/count //nolint:gosec // below count
	}
	return string(letters)
}
