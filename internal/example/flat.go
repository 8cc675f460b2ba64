package example

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// maxJoined bounds how many schemas are joined to one: a schema may be an allOf of itself.
const maxJoined = 40

// flattened yields schemas without allOf, oneOf and anyOf that the schema is made of: with the first alternatives,
// then with others.
func flattened(schema *openapi3.Schema) iter.Seq[*openapi3.Schema] {
	return func(yield func(*openapi3.Schema) bool) {
		flatten(&openapi3.Schema{}, []*openapi3.Schema{schema}, maxJoined, yield)
	}
}

// flatten joins what is to be joined with done, for each combination of alternatives. It returns false once yield did.
func flatten(done *openapi3.Schema, rest []*openapi3.Schema, bound int, yield func(*openapi3.Schema) bool) bool {
	if len(rest) == 0 {
		return yield(done)
	}
	if bound == 0 {
		return true
	}
	next, rest := rest[0], rest[1:]
	joined := join(done, next)
	for _, part := range next.AllOf {
		rest = append(slices.Clip(rest), part.Value)
	}
	for _, alternatives := range pairs(choices(next, next.OneOf), choices(next, next.AnyOf)) {
		if !flatten(joined, append(slices.Clip(alternatives), rest...), bound-1, yield) {
			return false
		}
	}
	return true
}

// choices are the alternatives of oneOf or anyOf, each with what the discriminator says of it; one that is nil where
// there are none.
func choices(schema *openapi3.Schema, alternatives openapi3.SchemaRefs) []*openapi3.Schema {
	if len(alternatives) == 0 {
		return []*openapi3.Schema{nil}
	}
	chosen := make([]*openapi3.Schema, 0, len(alternatives))
	for _, alternative := range alternatives {
		said := said(schema.Discriminator, alternative)
		if said == nil {
			chosen = append(chosen, alternative.Value)
			continue
		}
		chosen = append(chosen, &openapi3.Schema{AllOf: openapi3.SchemaRefs{said, alternative}})
	}
	return chosen
}

// said is a schema of what a discriminator says of an alternative; nil where it says nothing.
func said(discriminator *openapi3.Discriminator, alternative *openapi3.SchemaRef) *openapi3.SchemaRef {
	if discriminator == nil || discriminator.PropertyName == "" {
		return nil
	}
	var values []any
	for _, value := range slices.Sorted(maps.Keys(discriminator.Mapping)) {
		target := discriminator.Mapping[value].Ref
		if target == alternative.Ref || strings.HasSuffix(alternative.Ref, "/"+target) {
			values = append(values, value)
		}
	}
	if len(values) == 0 && alternative.Ref != "" && !names(alternative.Value, discriminator.PropertyName, maxJoined) {
		values = []any{alternative.Ref[strings.LastIndexByte(alternative.Ref, '/')+1:]}
	}
	said := &openapi3.Schema{Required: []string{discriminator.PropertyName}}
	if len(values) > 0 {
		said.Properties = openapi3.Schemas{discriminator.PropertyName: {Value: &openapi3.Schema{Enum: values}}}
	}
	return &openapi3.SchemaRef{Value: said}
}

// names tells whether a schema, or a part of it, says which values a property has.
func names(schema *openapi3.Schema, property string, bound int) bool {
	if ref := schema.Properties[property]; ref != nil && len(statements(ref.Value, 0)) > 0 {
		return true
	}
	return bound > 0 && slices.ContainsFunc(schema.AllOf, func(part *openapi3.SchemaRef) bool {
		return names(part.Value, property, bound-1)
	})
}

// pairs combines each of a with each of b, and leaves out those that are nil.
func pairs(a, b []*openapi3.Schema) [][]*openapi3.Schema {
	var all [][]*openapi3.Schema
	for _, one := range a {
		for _, other := range b {
			pair := []*openapi3.Schema{one, other}
			all = append(all, slices.DeleteFunc(pair, func(s *openapi3.Schema) bool { return s == nil }))
		}
	}
	return all
}

// join makes one schema of two, neither of them with allOf, oneOf or anyOf: what both allow.
func join(a, b *openapi3.Schema) *openapi3.Schema {
	joined := *a
	joined.Type = commonTypes(a.Type, b.Type)
	joined.Enum = commonValues(a.Enum, b.Enum)
	joined.Const, joined.Default = either(a.Const, b.Const), either(a.Default, b.Default)
	joined.Example = either(a.Example, b.Example)
	joined.Format, joined.Pattern = word(a.Format, b.Format), word(a.Pattern, b.Pattern)
	joined.MinLength, joined.MaxLength = max(a.MinLength, b.MinLength), least(a.MaxLength, b.MaxLength)
	joined.MinItems, joined.MaxItems = max(a.MinItems, b.MinItems), least(a.MaxItems, b.MaxItems)
	joined.MinProps, joined.MaxProps = max(a.MinProps, b.MinProps), least(a.MaxProps, b.MaxProps)
	joined.Max = least(a.Max, b.Max)
	if joined.Min = a.Min; a.Min == nil || b.Min != nil && *b.Min > *a.Min {
		joined.Min = b.Min
	}
	if b.MultipleOf != nil {
		joined.MultipleOf = b.MultipleOf
	}
	if b.ExclusiveMin.IsSet() {
		joined.ExclusiveMin = b.ExclusiveMin
	}
	if b.ExclusiveMax.IsSet() {
		joined.ExclusiveMax = b.ExclusiveMax
	}
	joined.UniqueItems = a.UniqueItems || b.UniqueItems
	joinObjects(&joined, a, b)
	joined.Items = both(a.Items, b.Items)
	if len(b.PrefixItems) > 0 {
		joined.PrefixItems = b.PrefixItems
	}
	return &joined
}

func joinObjects(joined, a, b *openapi3.Schema) {
	joined.Required = slices.Clone(a.Required)
	for _, name := range b.Required {
		if !slices.Contains(joined.Required, name) {
			joined.Required = append(joined.Required, name)
		}
	}
	if joined.Properties = maps.Clone(a.Properties); joined.Properties == nil && len(b.Properties) > 0 {
		joined.Properties = openapi3.Schemas{}
	}
	for name, property := range b.Properties {
		joined.Properties[name] = both(joined.Properties[name], property)
	}
	if b.AdditionalProperties.Has != nil || b.AdditionalProperties.Schema != nil {
		joined.AdditionalProperties = b.AdditionalProperties
	}
}

// both is a schema that asks for what two ask for, each of which may be nil.
func both(a, b *openapi3.SchemaRef) *openapi3.SchemaRef {
	switch {
	case a == nil:
		return b
	case b == nil || a.Value == b.Value:
		return a
	}
	return &openapi3.SchemaRef{Value: &openapi3.Schema{AllOf: openapi3.SchemaRefs{a, b}}}
}

func commonTypes(a, b *openapi3.Types) *openapi3.Types {
	switch {
	case a.IsEmpty():
		return b
	case b.IsEmpty():
		return a
	}
	var common openapi3.Types
	for _, kind := range a.Slice() {
		switch {
		case b.Permits(kind):
			common = append(common, kind)
		case kind == openapi3.TypeNumber && b.Permits(openapi3.TypeInteger):
			common = append(common, openapi3.TypeInteger)
		case kind == openapi3.TypeInteger && b.Permits(openapi3.TypeNumber):
			common = append(common, kind)
		}
	}
	if len(common) == 0 {
		return a
	}
	return &common
}

func commonValues(a, b []any) []any {
	if len(a) == 0 || len(b) == 0 {
		return append(slices.Clip(a), b...)
	}
	return slices.DeleteFunc(slices.Clone(a), func(one any) bool {
		return !(&openapi3.Schema{Enum: b}).IsMatching(one)
	})
}

func either(a, b any) any {
	if a != nil {
		return a
	}
	return b
}

// word is the second of two words, unless it is empty.
func word(a, b string) string {
	if b != "" {
		return b
	}
	return a
}

func least[N float64 | uint64](a, b *N) *N {
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}
