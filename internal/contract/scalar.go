package contract

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json/jsontext"
)

// scalarOf is the type of a schema that has one; empty where it has several or none.
func scalarOf(schema *openapi3.Schema) string {
	if types := schema.Type.Slice(); len(types) == 1 {
		return types[0]
	}
	return ""
}

// isWrittenAs tells whether text is a value of a type as JSON writes it, so that a value has one text: what Go reads
// besides, such as 1_0, .5 or T, is refused. Text of another type than these is judged elsewhere.
func isWrittenAs(scalar, text string) bool {
	switch scalar {
	case openapi3.TypeInteger:
		return decimal(text)
	case openapi3.TypeNumber:
		value := jsontext.Value(text)
		return value.IsValid() && value.Kind() == '0' && strings.TrimSpace(text) == text
	case openapi3.TypeBoolean:
		return text == "true" || text == "false"
	}
	return true
}

// decimal tells whether text is an integer as JSON writes it: no plus sign, no leading zero.
func decimal(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	if len(digits) > 1 && digits[0] == '0' {
		return false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return digits != ""
}
