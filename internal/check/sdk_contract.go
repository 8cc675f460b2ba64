package check

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
)

// sdkNeeds is what SDKs must have of a contract.
type sdkNeeds struct {
	calls map[string]neededCall // by operationId
	types map[string]bool
	seen  map[*openapi3.Schema]bool // those that were visited: schemas may hold themselves
}

type neededCall struct{ method, path, pointer string }

// sdkWanted reads what internal/sdk/generate makes SDKs from: the operations of all tags but pages and docs, which
// answer people and not programs, and the schemas that they speak of.
func sdkWanted(document *openapi3.T) sdkNeeds {
	w := sdkNeeds{calls: map[string]neededCall{}, types: map[string]bool{}, seen: map[*openapi3.Schema]bool{}}
	for path, item := range document.Paths.Map() {
		for method, spec := range item.Operations() {
			if !hasFunction(document, spec) {
				continue
			}
			w.calls[spec.OperationID] = neededCall{
				method: method, path: pathParameter.ReplaceAllString(path, "{}"),
				pointer: Pointer("paths", path, strings.ToLower(method)),
			}
			w.speaks(item, spec)
		}
	}
	for _, name := range []string{"Problem", "OAuthError"} { // what calls throw
		w.visit(document.Components.Schemas[name], name)
	}
	return w
}

func hasFunction(document *openapi3.T, spec *openapi3.Operation) bool {
	return slices.ContainsFunc(document.Tags, func(tag *openapi3.Tag) bool {
		return tag.Name != "pages" && tag.Name != "docs" && slices.Contains(spec.Tags, tag.Name)
	})
}

// speaks finds the types that callers give and get. An envelope is none of them: they get what it holds as data.
func (w *sdkNeeds) speaks(item *openapi3.PathItem, spec *openapi3.Operation) {
	for _, parameter := range contract.Parameters(item, spec) {
		if parameter.Value.In == openapi3.ParameterInQuery {
			w.visit(parameter.Value.Schema, "")
		}
	}
	if spec.RequestBody != nil {
		for _, media := range spec.RequestBody.Value.Content {
			w.visit(media.Schema, "")
		}
	}
	for status, response := range spec.Responses.Map() {
		code, _ := strconv.Atoi(status) // none is 0
		media := response.Value.Content["application/json"]
		if code < http.StatusOK || code >= http.StatusMultipleChoices || media == nil || media.Schema == nil {
			continue
		}
		schema := media.Schema
		if data := schema.Value.Properties["data"]; data != nil && schema.Value.Properties["success"] != nil {
			schema = data
		}
		w.visit(schema, "")
	}
}

// visit notes objects and enumerations that have a name: their own, or that at the end of a reference.
func (w *sdkNeeds) visit(schema *openapi3.SchemaRef, name string) {
	if schema == nil || schema.Value == nil {
		return
	}
	if name == "" {
		name = schema.Ref[strings.LastIndexByte(schema.Ref, '/')+1:]
	}
	if name != "" && (schema.Value.Type.Is("object") || len(schema.Value.Enum) > 0) {
		w.types[name] = true
	}
	if w.seen[schema.Value] {
		return
	}
	w.seen[schema.Value] = true
	for _, property := range schema.Value.Properties {
		w.visit(property, "")
	}
	w.visit(schema.Value.Items, "")
}
