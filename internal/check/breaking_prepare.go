package check

import (
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
)

// perOperation is a document whose operations have the parameters of their paths, at which oasdiff does not look.
func perOperation(document *openapi3.T) *openapi3.T {
	paths := openapi3.NewPaths()
	paths.Extensions = document.Paths.Extensions
	for path, item := range document.Paths.Map() {
		one := *item
		one.Parameters = nil
		for method, operation := range item.Operations() {
			other := *operation
			other.Parameters = contract.Parameters(item, operation)
			one.SetOperation(method, &other)
		}
		paths.Set(path, &one)
	}
	other := *document
	other.Paths = paths
	return &other
}

// endlessLists is an error where a list holds lists of its own kind and nothing else: oasdiff writes the types of items
// out, and would never end.
func endlessLists(source *Source) error {
	err := source.Document.WalkSchemas(func(pointer string, ref *openapi3.SchemaRef) error {
		seen := map[*openapi3.Schema]bool{}
		for schema := ref.Value; schema != nil && schema.Items != nil; schema = schema.Items.Value {
			if seen[schema] {
				line, _ := source.Place(pointer)
				return fmt.Errorf("%s:%d: a list of nothing but lists of its own kind cannot be compared", source.File, line)
			}
			seen[schema] = true
		}
		return nil
	})
	return err //nolint:wrapcheck // it is the one above
}
