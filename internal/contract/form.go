package contract

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/fault"
)

// decodeForm decodes application/x-www-form-urlencoded by the types of schema.
// Text that is not of its type stays text, for the schema to refuse. Its error is a Malformed fault.
func decodeForm(text string, schema *openapi3.Schema) (any, error) {
	form, err := url.ParseQuery(text)
	if err != nil {
		return nil, fault.New(fault.Malformed, "The body is not a valid form").Because(err)
	}
	object := make(map[string]any, len(form))
	for name, values := range form {
		where := clip(pointer([]string{name}), maxPointer)
		if !clean(name) || slices.ContainsFunc(values, func(value string) bool { return !clean(value) }) {
			return nil, fault.New(fault.Malformed, "The form is not valid UTF-8, or holds the character U+0000")
		}
		property := schema.Properties[name]
		switch {
		case property != nil && property.Value.Type.Is(openapi3.TypeArray):
			items := make([]any, len(values))
			for i, value := range values {
				items[i] = formValue(value, property.Value.Items)
			}
			object[name] = items
		case len(values) > 1:
			field := fault.Field{Pointer: where, Detail: "is repeated"}
			return nil, fault.New(fault.Malformed, "The body is not a valid form: "+sentence(field), field)
		default:
			object[name] = formValue(values[0], property)
		}
	}
	return object, nil
}

func formValue(text string, ref *openapi3.SchemaRef) any {
	if ref == nil {
		return text
	}
	switch {
	case !isWrittenAs(scalarOf(ref.Value), text):
	case ref.Value.Type.Is(openapi3.TypeInteger):
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
	case ref.Value.Type.Is(openapi3.TypeNumber):
		return number(text)
	case ref.Value.Type.Is(openapi3.TypeBoolean):
		return text == "true"
	}
	return text
}
