package contract

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/fault"
)

// shape is what a schema asks of a value beyond what kin-openapi checks, compiled:
// which strings are trimmed, which defaults are missing, which rules run.
type shape struct {
	schema  *openapi3.Schema
	members []member       // in the order of the contract
	rank    map[string]int // a member's place by its name
	items   *shape
	rest    *shape // of properties that are not members
	choice  *choice
	trim    bool
	rule    func(value any) []fault.Field
	rows    *shape // items are checked one by one against this (x-validate-items)
}

// member is one property of an object.
type member struct {
	name     string
	shape    *shape
	fallback any // the default; nil where there is none
	roles    []string
	scopes   []string
}

// choice is a oneOf that a property decides.
type choice struct {
	property string
	order    []*shape
	byValue  map[string]*shape
}

// shape compiles a schema once, however often and deep it refers to itself.
func (c *compiler) shape(ref *openapi3.SchemaRef) *shape {
	if ref == nil || ref.Value == nil {
		return nil
	}
	schema := ref.Value
	if known, ok := c.shapes[schema]; ok {
		return known
	}
	s := &shape{schema: schema, rank: map[string]int{}}
	c.shapes[schema] = s
	s.trim = schema.Type.Is(openapi3.TypeString) && schema.Extensions[keyTrim] == nil
	if name, ok := schema.Extensions[keyRule].(string); ok {
		s.rule = c.rules.Values[name]
	}
	if name, ok := schema.Extensions[keyValidateItems].(string); ok {
		s.rows = c.shape(c.document.Components.Schemas[name])
	} else {
		s.items = c.shape(schema.Items)
	}
	for _, part := range schema.AllOf {
		s.adopt(c.shape(part))
	}
	for _, name := range propertyOrder(schema.Properties) {
		s.add(c.member(name, schema.Properties[name]))
	}
	s.rest = c.shape(schema.AdditionalProperties.Schema)
	s.choice = c.choice(schema)
	return s
}

func (c *compiler) member(name string, property *openapi3.SchemaRef) member {
	said := property.Extensions
	if property.Ref == "" {
		said = property.Value.Extensions
	}
	m := member{name: name, shape: c.shape(property)}
	m.roles, _ = list(said[keyRoles])
	m.scopes, _ = list(said[keyScopes])
	if !property.Value.ReadOnly {
		m.fallback = property.Value.Default
	}
	return m
}

func (s *shape) add(m member) {
	if _, known := s.rank[m.name]; known {
		return
	}
	s.rank[m.name] = len(s.members)
	s.members = append(s.members, m)
}

// adopt takes what a part of allOf asks for.
func (s *shape) adopt(part *shape) {
	if part == nil {
		return
	}
	for _, m := range part.members {
		s.add(m)
	}
	s.trim = s.trim || part.trim
	if s.rule == nil {
		s.rule = part.rule
	}
}

// choice compiles oneOf or anyOf. Which alternative a value means must be said by
// a discriminator: else nobody could tell which strings to trim and which faults to report.
func (c *compiler) choice(schema *openapi3.Schema) *choice {
	alternatives := slices.Concat(schema.OneOf, schema.AnyOf)
	if len(alternatives) == 0 {
		return nil
	}
	if schema.Discriminator == nil || len(schema.Discriminator.Mapping) == 0 {
		c.report.atf(schema.Origin, "oneOf", "oneOf needs a discriminator with a mapping")
		return nil
	}
	result := &choice{property: schema.Discriminator.PropertyName, byValue: map[string]*shape{}}
	for _, value := range slices.Sorted(maps.Keys(schema.Discriminator.Mapping)) {
		target := schema.Discriminator.Mapping[value].Ref
		for _, alternative := range alternatives {
			if alternative.Ref == target || strings.HasSuffix(alternative.Ref, "/"+target) {
				result.byValue[value] = c.shape(alternative)
				result.order = append(result.order, result.byValue[value])
			}
		}
	}
	return result
}
