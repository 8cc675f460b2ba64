package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// closedChanges are schemas whose objects may have other properties no longer, or from now on, which oasdiff does not
// tell. It matters for what is sent: in answers clients skip what they do not know.
func closedChanges(before, after *Source) []clientChange {
	was, is := sentSchemas(before.Document), sentSchemas(after.Document)
	var changes []clientChange
	for _, pointer := range slices.Sorted(maps.Keys(is)) {
		if was[pointer] == nil || isClosed(was[pointer]) == isClosed(is[pointer]) {
			continue
		}
		name := schemaName(pointer)
		change := clientChange{weight: isAddition, Finding: Finding{
			Rule: ruleChange, Pointer: pointer + "/additionalProperties",
			Message: name + " takes properties that it does not name",
		}}
		if isClosed(is[pointer]) {
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

// sentSchemas are those of request bodies, with all that is in them, by where they stand.
func sentSchemas(document *openapi3.T) map[string]*openapi3.Schema {
	sent, seen := map[string]*openapi3.Schema{}, map[*openapi3.Schema]bool{}
	var visit func(schema *openapi3.SchemaRef, pointer string)
	visitAll := func(schemas openapi3.SchemaRefs, pointer string) {
		for i, schema := range schemas {
			visit(schema, pointer+Pointer(i))
		}
	}
	visit = func(schema *openapi3.SchemaRef, pointer string) {
		if schema == nil || schema.Value == nil || seen[schema.Value] {
			return
		}
		s := schema.Value
		pointer = referred(schema.Ref, pointer)
		seen[s], sent[pointer] = true, s
		for name, property := range s.Properties {
			visit(property, pointer+Pointer("properties", name))
		}
		visitAll(s.AllOf, pointer+"/allOf")
		visitAll(s.AnyOf, pointer+"/anyOf")
		visitAll(s.OneOf, pointer+"/oneOf")
		visit(s.Items, pointer+"/items")
		visit(s.AdditionalProperties.Schema, pointer+"/additionalProperties")
	}
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			body := operation.RequestBody
			if body == nil || body.Value == nil {
				continue
			}
			pointer := referred(body.Ref, Pointer("paths", path, strings.ToLower(method), "requestBody"))
			for media, content := range body.Value.Content {
				visit(content.Schema, pointer+Pointer("content", media, "schema"))
			}
		}
	}
	return sent
}

// referred is where a reference of this document leads, and pointer where there is none.
func referred(reference, pointer string) string {
	if target, ok := strings.CutPrefix(reference, "#/"); ok {
		return "/" + target
	}
	return pointer
}
