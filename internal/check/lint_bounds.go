package check

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
)

// lintBoundedFormats have a longest text, or, as binary, are no text but a body, which x-body-limit bounds.
func lintBoundedFormats() []string {
	return []string{"date", "date-time", "time", "uuid", "ipv4", "ipv6", "binary"}
}

// bounds wants an end to everything that can be sent.
func (l *linter) bounds() {
	for _, s := range l.schemas {
		schema := s.schema
		l.contradictions(s)
		if len(schema.Enum) > 0 || schema.Const != nil {
			continue
		}
		types := schema.Type
		if types.Includes(openapi3.TypeString) && schema.MaxLength == nil &&
			!slices.Contains(lintBoundedFormats(), schema.Format) {
			l.addf("max-length", s.at, "%s is a string of any length: state maxLength", s.title)
		}
		if types.Includes(openapi3.TypeArray) && schema.MaxItems == nil {
			l.addf("max-items", s.at, "%s is an array of any length: state maxItems", s.title)
		}
		if schema.AdditionalProperties.Schema != nil && schema.MaxProps == nil {
			l.addf("max-properties", s.at, "%s has any number of properties: state maxProperties", s.title)
		}
		if types.Includes(openapi3.TypeInteger) || types.Includes(openapi3.TypeNumber) {
			l.bounded(s)
		}
	}
}

func (l *linter) bounded(s lintSchema) {
	if s.schema.Min == nil && s.schema.ExclusiveMin.Value == nil {
		l.addf("range", s.at, "%s has no least value: state minimum", s.title)
	}
	if s.schema.Max == nil && s.schema.ExclusiveMax.Value == nil {
		l.addf("range", s.at, "%s has no greatest value: state maximum", s.title)
	}
}

func (l *linter) contradictions(s lintSchema) {
	schema := s.schema
	tell := func(least, most string) {
		l.addf("bounds", s.at+Pointer(least), "%s: %s is more than %s, so that nothing is allowed", s.title, least, most)
	}
	if schema.MaxLength != nil && schema.MinLength > *schema.MaxLength {
		tell("minLength", "maxLength")
	}
	if schema.MaxItems != nil && schema.MinItems > *schema.MaxItems {
		tell("minItems", "maxItems")
	}
	if schema.MaxProps != nil && schema.MinProps > *schema.MaxProps {
		tell("minProperties", "maxProperties")
	}
	if schema.Min != nil && schema.Max != nil && *schema.Min > *schema.Max {
		tell("minimum", "maximum")
	}
}

// objects wants required properties to be there.
func (l *linter) objects() {
	for _, s := range l.schemas {
		if len(s.schema.Properties) == 0 || len(s.schema.AllOf)+len(s.schema.OneOf)+len(s.schema.AnyOf) > 0 {
			continue
		}
		for i, name := range s.schema.Required {
			if s.schema.Properties[name] == nil {
				l.addf("required", s.at+Pointer("required", i), "%s requires %s, which it does not have: add it to properties",
					s.title, name)
			}
		}
	}
}

// bodies wants the objects of request bodies to be closed.
func (l *linter) bodies() {
	open := map[*openapi3.MediaType]bool{}
	for _, o := range l.operations {
		if o.spec.Extensions["x-ignore-unknown"] == true && o.spec.RequestBody != nil && o.spec.RequestBody.Value != nil {
			for _, media := range o.spec.RequestBody.Value.Content {
				open[media] = true
			}
		}
	}
	seen := map[*openapi3.Schema]bool{}
	for _, c := range l.contents {
		if c.side == contract.FromCaller && !open[c.spec] {
			l.closed(c.spec.Schema, seen)
		}
	}
}

// closed follows references, and looks at each schema once.
func (l *linter) closed(ref *openapi3.SchemaRef, seen map[*openapi3.Schema]bool) {
	if ref == nil || ref.Value == nil || seen[ref.Value] {
		return
	}
	schema := ref.Value
	seen[schema] = true
	free := schema.AdditionalProperties.Has == nil || *schema.AdditionalProperties.Has
	unevaluated := schema.UnevaluatedProperties.Has == nil || *schema.UnevaluatedProperties.Has
	isObject := schema.Type.Includes(openapi3.TypeObject) || len(schema.Properties) > 0
	if at := l.places[schema]; at != "" && isObject && free && unevaluated && schema.AdditionalProperties.Schema == nil {
		l.addf("open-body", at, "%s is an open object in a request body: state additionalProperties: false", l.titles[schema])
	}
	for _, part := range lintBelow(schema) {
		l.closed(part, seen)
	}
}

// lintBelow are the schemas of what is below a value. Parts of allOf say something about the value itself, which they
// must not close.
func lintBelow(schema *openapi3.Schema) []*openapi3.SchemaRef {
	return lintParts(schema, map[*openapi3.Schema]bool{})
}

// lintParts is lintBelow, but for schemas that were seen: one may be an allOf of itself.
func lintParts(schema *openapi3.Schema, seen map[*openapi3.Schema]bool) []*openapi3.SchemaRef {
	if seen[schema] {
		return nil
	}
	seen[schema] = true
	parts := slices.Concat(schema.OneOf, schema.AnyOf)
	for _, property := range schema.Properties {
		parts = append(parts, property)
	}
	for _, part := range schema.AllOf {
		if part != nil && part.Value != nil {
			parts = append(parts, lintParts(part.Value, seen)...)
		}
	}
	return append(parts, schema.Items, schema.AdditionalProperties.Schema)
}
