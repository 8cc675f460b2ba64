package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// closedChanges are objects that may have other properties no longer, or from now on, which oasdiff does not tell. It
// matters for what is sent: in answers clients skip what they do not know.
func closedChanges(before, after *Source) []clientChange {
	c := closing{seen: map[[2]*openapi3.Schema]bool{}, told: map[string]bool{}}
	was, is := statedBy(before), statedBy(after)
	for _, call := range slices.Sorted(maps.Keys(is)) {
		old, now := was[call], is[call]
		if old.spec == nil || old.spec.RequestBody == nil || now.spec.RequestBody == nil {
			continue
		}
		pointer := below(now.spec.RequestBody.Ref, now.pointer+"/requestBody")
		content := now.spec.RequestBody.Value.Content
		for _, media := range slices.Sorted(maps.Keys(content)) {
			if other := old.spec.RequestBody.Value.Content[media]; other != nil {
				c.compare(other.Schema, content[media].Schema, pointer+Pointer("content", media, "schema"), now.id)
			}
		}
	}
	return c.changes
}

// closing compares what is sent, beside each other as it was and as it is.
type closing struct {
	seen    map[[2]*openapi3.Schema]bool // schemas may hold themselves
	told    map[string]bool
	changes []clientChange
}

func (c *closing) compare(was, is *openapi3.SchemaRef, pointer, operation string) {
	if was == nil || is == nil || was.Value == nil || is.Value == nil || c.seen[[2]*openapi3.Schema{was.Value, is.Value}] {
		return
	}
	c.seen[[2]*openapi3.Schema{was.Value, is.Value}] = true
	pointer = below(is.Ref, pointer)
	c.judge(was.Value, is.Value, pointer, operation)
	before, after := was.Value, is.Value
	for _, name := range slices.Sorted(maps.Keys(after.Properties)) {
		c.compare(before.Properties[name], after.Properties[name], pointer+Pointer("properties", name), operation)
	}
	for _, keyword := range []struct {
		name    string
		was, is openapi3.SchemaRefs
	}{{"allOf", before.AllOf, after.AllOf}, {"anyOf", before.AnyOf, after.AnyOf}, {"oneOf", before.OneOf, after.OneOf}} {
		for i := range min(len(keyword.was), len(keyword.is)) {
			c.compare(keyword.was[i], keyword.is[i], pointer+Pointer(keyword.name, i), operation)
		}
	}
	c.compare(before.Items, after.Items, pointer+"/items", operation)
	rest, other := before.AdditionalProperties.Schema, after.AdditionalProperties.Schema
	c.compare(rest, other, pointer+"/additionalProperties", operation)
}

func (c *closing) judge(was, is *openapi3.Schema, pointer, operation string) {
	old, now := opennessOf(was), opennessOf(is)
	if old == now || c.told[pointer] {
		return
	}
	c.told[pointer] = true
	name := schemaName(pointer)
	if name == pointer { // within the operation
		_, within, _ := strings.Cut(pointer, "/schema")
		name = "the body of " + operation
		if within != "" {
			name = within[1:] + " in " + name
		}
	}
	change := clientChange{weight: isAddition, Finding: Finding{
		Rule: ruleChange, Pointer: pointer + "/additionalProperties",
		Message: name + " takes properties that it does not name",
	}}
	if now < old {
		change.weight, change.Rule = isIncompatible, ruleIncompatible
		words := " refuses properties that it does not name, and took them: leave it open"
		if now == someProperties {
			words = " refuses some properties that it does not name, and took all: leave it open"
		}
		change.Message = name + words
	}
	c.changes = append(c.changes, change)
}

// openness tells which properties an object may have that its schema does not name.
type openness int

const (
	noProperties openness = iota
	someProperties
	anyProperties
)

func opennessOf(schema *openapi3.Schema) openness {
	switch {
	case schema.AdditionalProperties.Schema != nil:
		return someProperties
	case schema.AdditionalProperties.Has != nil && !*schema.AdditionalProperties.Has,
		schema.UnevaluatedProperties.Has != nil && !*schema.UnevaluatedProperties.Has:
		return noProperties
	}
	return anyProperties
}
