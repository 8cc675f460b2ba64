package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// What oapi-codegen reads: the place of a property, and whether an optional one is a pointer.
const (
	orderKey       = "x-order"
	withoutPointer = "x-go-type-skip-optional-pointer"
)

// goTypes writes a contract without operations for the generator of Go types, with the schemas that callers see:
//   - properties have their place, as fields stand in the order of the contract;
//   - what is optional in a patch is a pointer, as there a zero value says something; so is an optional object;
//   - what is checked item by item has items of the schema that they are checked by.
func (m *Model) goTypes() ([]byte, error) {
	document, err := m.copyDocument()
	if err != nil {
		return nil, err
	}
	g := goSchemas{model: m, all: document.Components.Schemas, kept: openapi3.Schemas{}}
	for _, name := range m.Schemas {
		g.keep(&openapi3.SchemaRef{Ref: "/" + name})
	}
	for _, o := range m.All() {
		if o.Body != nil && o.Body.MediaType == "application/merge-patch+json" {
			for _, property := range g.kept[o.Body.Schema].Value.Properties {
				extend(property, withoutPointer, false)
			}
		}
	}
	document.Paths, document.Tags, document.Extensions = openapi3.NewPaths(), nil, nil
	document.Components = &openapi3.Components{Schemas: g.kept}
	encoded, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("the Go SDK's types: %w", err)
	}
	return encoded, nil
}

// copyDocument returns the contract in a form that may be changed.
func (m *Model) copyDocument() (*openapi3.T, error) {
	encoded, err := json.Marshal(m.document)
	if err != nil {
		return nil, fmt.Errorf("copying the contract: %w", err)
	}
	document, err := openapi3.NewLoader().LoadFromData(encoded)
	if err != nil {
		return nil, fmt.Errorf("copying the contract: %w", err)
	}
	return document, nil
}

// goSchemas picks schemas, and what they refer to.
type goSchemas struct {
	model     *Model
	all, kept openapi3.Schemas
}

func (g goSchemas) keep(reference *openapi3.SchemaRef) {
	if reference == nil {
		return
	}
	schema, original := reference.Value, (*openapi3.Schema)(nil)
	if name := schemaName(reference.Ref); name != "" {
		if g.kept[name] != nil {
			return
		}
		g.kept[name] = g.all[name]
		schema, original = g.all[name].Value, g.model.document.Components.Schemas[name].Value
	}
	for name, property := range schema.Properties {
		if original != nil {
			extend(property, orderKey, line(original, name))
		}
		if !slices.Contains(schema.Required, name) && property.Value.Type.Is("object") {
			extend(property, withoutPointer, false)
		}
		if by, ok := property.Value.Extensions["x-validate-items"].(string); ok {
			property.Value.Items = &openapi3.SchemaRef{Ref: "#/components/schemas/" + by}
		}
		g.keep(property)
	}
	g.keep(schema.Items)
}

// extend adds a key beside a reference, or to the schema that stands there.
func extend(property *openapi3.SchemaRef, key string, value any) {
	extensions := &property.Extensions
	if property.Ref == "" {
		extensions = &property.Value.Extensions
	}
	if *extensions == nil {
		*extensions = map[string]any{}
	}
	(*extensions)[key] = value
}
