package contract

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
)

// anyBodyLimit bounds, in bytes, the bodies of operations that state no limit.
const anyBodyLimit = 10 << 20

// LoadAny reads any OpenAPI document, also one that Plaza could not serve: a contract that is being written, or
// somebody else's of 3.0 or 3.1. What cannot be compiled is not checked: unknown formats, parameters that are objects,
// patterns that Go does not know, and of 3.1 what comes with JSON Schema 2020-12, but for const. An operation without
// an operationId gets one of its method and path. An operation without any x- key of Plaza's lets unknown query
// parameters pass. Its error is that the document cannot be read at all, as file:LINE:COL: message.
func LoadAny(file string, source []byte, rules Rules) (*Contract, error) {
	document, err := read(file, source)
	if err != nil {
		return nil, err
	}
	for _, complaint := range Invalid(context.Background(), document) {
		if _, unresolved := errors.AsType[*openapi3.UnresolvedRefError](complaint.Err); unresolved {
			complaint.File = file
			return nil, complaint // a reference to itself: there is nothing behind it
		}
	}
	if err := document.WalkSchemas(relax); err != nil {
		return nil, err //nolint:wrapcheck // relax has no errors
	}
	contract, _ := compile(source, document, rules)
	for _, o := range contract.Operations {
		o.Policy.IgnoreUnknown = o.Policy.IgnoreUnknown || foreign(o.Spec)
		if o.Policy.BodyLimit == 0 {
			o.Policy.BodyLimit = anyBodyLimit
		}
	}
	return contract, nil
}

// relax makes a schema say only what kin-openapi's own validator can check.
func relax(_ string, ref *openapi3.SchemaRef) error {
	schema := ref.Value
	if schema.Const != nil && len(schema.Enum) == 0 {
		schema.Enum = []any{schema.Const}
	}
	schema.Pattern = GoPattern(schema.Pattern)
	if _, err := regexp.Compile(schema.Pattern); err != nil {
		schema.Pattern = ""
	}
	// kin-openapi asks whether a schema without a type is empty, and does not come back from one that has itself as a
	// part. To one that has this keyword, which says nothing of JSON, it does not ask on.
	schema.AllowEmptyValue = schema.AllowEmptyValue || schema.Type.IsEmpty() && subschemas(schema) > 0
	return nil
}

// subschemas counts the schemas in a schema.
func subschemas(schema *openapi3.Schema) int {
	count := len(schema.AllOf) + len(schema.AnyOf) + len(schema.OneOf) + len(schema.Properties)
	for _, part := range []*openapi3.SchemaRef{schema.Not, schema.Items, schema.AdditionalProperties.Schema} {
		if part != nil {
			count++
		}
	}
	return count
}

// codePoint is how JavaScript escapes one.
var codePoint = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// GoPattern writes a schema's pattern as Go's regexp reads it.
func GoPattern(pattern string) string { return codePoint.ReplaceAllString(pattern, `\x{$1}`) }

// foreign tells whether an operation has none of the keys by which Plaza's state their policies.
func foreign(spec *openapi3.Operation) bool {
	known := seats()
	for key := range spec.Extensions {
		if _, ok := known[key]; ok {
			return false
		}
	}
	return true
}

// inventedID makes an operationId, as get_users_user_id.
func inventedID(method, path string) string {
	words := strings.FieldsFunc(path, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(append([]string{strings.ToLower(method)}, words...), "_")
}
