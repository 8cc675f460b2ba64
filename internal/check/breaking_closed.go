package check

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// closedChanges are schemas whose objects may have other properties no longer, or from now on, which oasdiff does not
// tell. It matters for what is sent: in answers clients skip what they do not know.
func closedChanges(before, after *Source) []clientChange {
	sent := sentSchemas(before.Document)
	var changes []clientChange
	for _, name := range slices.Sorted(maps.Keys(after.Document.Components.Schemas)) {
		was, is := before.Document.Components.Schemas[name], after.Document.Components.Schemas[name]
		if was == nil || was.Value == nil || is.Value == nil || !sent[was.Value] ||
			isClosed(was.Value) == isClosed(is.Value) {
			continue
		}
		change := clientChange{weight: isAddition, Finding: Finding{
			Rule: ruleChange, Pointer: Pointer("components", "schemas", name, "additionalProperties"),
			Message: name + " takes properties that it does not name",
		}}
		if isClosed(is.Value) {
			change.weight, change.Rule = isIncompatible, ruleIncompatible
			change.Message = name + " refuses properties that it does not name, and took them: leave it open"
		}
		changes = append(changes, change)
	}
	return changes
}

func isClosed(schema *openapi3.Schema) bool {
	return schema.AdditionalProperties.Has != nil && !*schema.AdditionalProperties.Has
}

// sentSchemas are those of request bodies, with all that is in them.
func sentSchemas(document *openapi3.T) map[*openapi3.Schema]bool {
	seen := map[*openapi3.Schema]bool{}
	var visit func(schema *openapi3.SchemaRef)
	visit = func(schema *openapi3.SchemaRef) {
		if schema == nil || schema.Value == nil || seen[schema.Value] {
			return
		}
		s := schema.Value
		seen[s] = true
		for _, part := range slices.Concat(slices.Collect(maps.Values(s.Properties)), s.AllOf, s.AnyOf, s.OneOf) {
			visit(part)
		}
		visit(s.Items)
		visit(s.AdditionalProperties.Schema)
	}
	for _, item := range document.Paths.Map() {
		for _, operation := range item.Operations() {
			if operation.RequestBody == nil || operation.RequestBody.Value == nil {
				continue
			}
			for _, media := range operation.RequestBody.Value.Content {
				visit(media.Schema)
			}
		}
	}
	return seen
}
