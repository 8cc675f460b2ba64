package main

import "github.com/getkin/kin-openapi/openapi3"

// settleItems gives arrays whose items are checked one by one the schema that they are checked by: it is what callers
// send.
func settleItems(document *openapi3.T) {
	for _, schema := range document.Components.Schemas {
		for _, property := range schema.Value.Properties {
			if name, ok := property.Value.Extensions["x-validate-items"].(string); ok {
				property.Value.Items = &openapi3.SchemaRef{
					Ref: "#/components/schemas/" + name, Value: document.Components.Schemas[name].Value,
				}
			}
		}
	}
}
