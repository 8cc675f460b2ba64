package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// covered is one thing of the contract that tests can see.
type covered struct {
	kind    string // of the rule
	pointer string // where it stands
	fact    string // what the record calls it
	seeing  string // what a test has done that has seen it
	// mark is where it says that no test can see it; empty: nowhere.
	mark string
	// within are the facts without which this one is not told: of what it is a part.
	within []string
}

// hidden tells whether that it is missing need not be told: on purpose, or since the whole is missing.
func (c covered) hidden(seen map[string]bool) bool {
	return c.mark != "" || slices.ContainsFunc(c.within, func(fact string) bool { return !seen[fact] })
}

// coverable lists all that tests can see of a contract.
func coverable(document *openapi3.T) []covered {
	c := coverage{document: document}
	for _, path := range slices.Sorted(maps.Keys(document.Paths.Map())) {
		item := document.Paths.Value(path)
		for _, method := range slices.Sorted(maps.Keys(item.Operations())) {
			c.operation(item, Pointer("paths", path), strings.ToLower(method))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(document.Components.Schemas)) {
		ref, at := document.Components.Schemas[name], Pointer("components", "schemas", name)
		if ref.Ref != "" {
			continue // a second name
		}
		mark := markAt(at, ref.Value.Extensions)
		c.add(covered{kind: "schema", pointer: at, fact: at, seeing: "seen a value of " + name, mark: mark})
		c.properties(name, ref, at, mark, at)
	}
	return c.all
}

// coverage collects what can be seen.
type coverage struct {
	document *openapi3.T
	all      []covered
}

func (c *coverage) add(thing covered) { c.all = append(c.all, thing) }

func (c *coverage) operation(item *openapi3.PathItem, path, method string) {
	at, op := path+Pointer(method), item.GetOperation(strings.ToUpper(method))
	mark := markAt(at, op.Extensions)
	c.add(covered{kind: "operation", pointer: at, fact: at, seeing: "called " + op.OperationID, mark: mark})
	for i, ref := range op.Parameters {
		c.parameter(op, ref, at, at+Pointer("parameters", i), mark)
	}
	for i, ref := range item.Parameters {
		if op.Parameters.GetByInAndName(ref.Value.In, ref.Value.Name) == nil {
			c.parameter(op, ref, at, path+Pointer("parameters", i), mark)
		}
	}
	if body := op.RequestBody; body != nil && body.Ref == "" {
		c.content(op.OperationID+"'s body", body.Value.Content, at+Pointer("requestBody"), mark, at)
	}
	for _, code := range slices.Sorted(maps.Keys(op.Responses.Map())) {
		ref, where := op.Responses.Value(code), at+Pointer("responses", code)
		said := firstMark(mark, markAt(where, ref.Extensions), markAt(below(ref.Ref, where), ref.Value.Extensions))
		c.add(covered{
			kind: "status", pointer: where, fact: where, seeing: "seen " + op.OperationID + " answer " + code,
			mark: said, within: []string{at},
		})
		if ref.Ref == "" {
			c.content(op.OperationID+"'s "+code, ref.Value.Content, where, said, where)
		}
	}
}

// parameter lists one parameter of the operation at a pointer, be it stated there or for the whole path.
func (c *coverage) parameter(op *openapi3.Operation, ref *openapi3.ParameterRef, at, where, mark string) {
	c.add(covered{
		kind: "parameter", pointer: where, fact: at + Pointer("parameters", ref.Value.In, ref.Value.Name),
		seeing: "sent " + op.OperationID + "'s " + ref.Value.Name + " and was not refused", within: []string{at},
		mark: firstMark(mark, markAt(where, ref.Extensions), markAt(below(ref.Ref, where), ref.Value.Extensions)),
	})
}

// content lists the properties of schemas that stand in a body.
func (c *coverage) content(name string, content openapi3.Content, at, mark, owner string) {
	for _, mediaType := range slices.Sorted(maps.Keys(content)) {
		if ref := content[mediaType].Schema; ref != nil && ref.Ref == "" {
			where := at + Pointer("content", mediaType, "schema")
			c.properties(name, ref, where, firstMark(mark, markAt(where, ref.Value.Extensions)), owner)
		}
	}
}

// properties lists those of a schema and of the schemas that stand in it. owner is the fact of the whole.
func (c *coverage) properties(name string, ref *openapi3.SchemaRef, at, mark, owner string) {
	for _, key := range slices.Sorted(maps.Keys(ref.Value.Properties)) {
		property, where := ref.Value.Properties[key], at+Pointer("properties", key)
		said := firstMark(mark, markAt(where, property.Extensions))
		if property.Ref == "" {
			said = firstMark(said, markAt(where, property.Value.Extensions))
		}
		c.add(covered{
			kind: "property", pointer: where, fact: where, seeing: "seen " + name + "." + key, mark: said,
			within: []string{owner},
		})
		c.part(name+"."+key, property, where, said, owner)
	}
	for steps, part := range parts(ref.Value) {
		c.part(name, part, at+steps, mark, owner)
	}
}

// part lists the properties of a schema inside another one.
func (c *coverage) part(name string, ref *openapi3.SchemaRef, at, mark, owner string) {
	if ref != nil && ref.Ref == "" {
		c.properties(name, ref, at, mark, owner)
	}
}

// parts are the schemas in a schema beside its properties, by how a pointer goes on to them.
func parts(schema *openapi3.Schema) map[string]*openapi3.SchemaRef {
	all := map[string]*openapi3.SchemaRef{
		"/items": schema.Items, "/additionalProperties": schema.AdditionalProperties.Schema,
	}
	for keyword, alternatives := range map[string]openapi3.SchemaRefs{
		"allOf": schema.AllOf, "oneOf": schema.OneOf, "anyOf": schema.AnyOf,
	} {
		for i, part := range alternatives {
			all[Pointer(keyword, i)] = part
		}
	}
	return all
}

// below is where a reference leads to, or without one the place itself.
func below(ref, at string) string {
	if pointer, ok := strings.CutPrefix(ref, "#"); ok {
		return pointer
	}
	return at
}

// markAt is where the mark of an object stands; empty if it has none.
func markAt(at string, extensions map[string]any) string {
	if _, marked := extensions[keyUntested]; marked {
		return at + Pointer(keyUntested)
	}
	return ""
}

// firstMark is the outermost mark.
func firstMark(marks ...string) string {
	for _, mark := range marks {
		if mark != "" {
			return mark
		}
	}
	return ""
}
