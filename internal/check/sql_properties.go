package check

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// sqlProperty is a property of the contract.
type sqlProperty struct {
	// column is what its x-column says; empty where it has none.
	column   string
	computed bool
	name     string
	object   string // that it is a property of, as people know it: User
	pointer  string // to the property
	limits   string // to the schema that its limits stand in: behind its $ref
	schema   *openapi3.Schema
	parent   *openapi3.Schema
	required bool
	// read in answers; written by requests; made: written by requests that make something.
	read, written, made bool
}

// String is how people know it: User.name.
func (p *sqlProperty) String() string { return p.object + "." + p.name }

// sqlOperation is an operation that writes.
type sqlOperation struct {
	id, method, pointer string
	spec                *openapi3.Operation
	writes              []string // columns
}

// sqlModel is what the layer knows of the contract.
type sqlModel struct {
	properties []*sqlProperty
	operations []*sqlOperation
}

func sqlReadProperties(document *openapi3.T) *sqlModel {
	m := &sqlModel{}
	byParent := map[*openapi3.Schema][]*sqlProperty{}
	collect := func(root *openapi3.SchemaRef, pointer, name string) {
		sqlWalk(root, pointer, name, func(schema *openapi3.Schema, pointer, name string) {
			if byParent[schema] == nil {
				byParent[schema] = sqlPropertiesOf(schema, pointer, name)
				m.properties = append(m.properties, byParent[schema]...)
			}
		})
	}
	for _, name := range slices.Sorted(maps.Keys(document.Components.Schemas)) {
		schema := document.Components.Schemas[name]
		collect(schema, Pointer("components", "schemas", name), name)
	}
	for _, path := range document.Paths.InMatchingOrder() {
		item := document.Paths.Value(path)
		for _, method := range slices.Sorted(maps.Keys(item.Operations())) {
			m.readOperation(document, path, method, item.GetOperation(method), collect, byParent)
		}
	}
	return m
}

// readOperation marks what an operation reads and writes.
func (m *sqlModel) readOperation(
	document *openapi3.T, path, method string, spec *openapi3.Operation,
	collect func(root *openapi3.SchemaRef, pointer, name string), byParent map[*openapi3.Schema][]*sqlProperty,
) {
	pointer := Pointer("paths", path, strings.ToLower(method))
	operation := &sqlOperation{id: spec.OperationID, method: method, pointer: pointer, spec: spec}
	m.operations = append(m.operations, operation)
	visit := func(content openapi3.Content, at string, mark func(p *sqlProperty)) {
		for _, media := range slices.Sorted(maps.Keys(content)) {
			body := content[media].Schema
			collect(body, pointer+at+Pointer("content", media, "schema"), spec.OperationID)
			for schema := range sqlReach(document, body) {
				for _, property := range byParent[schema] {
					mark(property)
				}
			}
		}
	}
	if spec.RequestBody != nil && spec.RequestBody.Value != nil {
		visit(spec.RequestBody.Value.Content, "/requestBody", func(p *sqlProperty) {
			p.written = true
			p.made = p.made || method == http.MethodPost
			if p.column != "" && !slices.Contains(operation.writes, p.column) {
				operation.writes = append(operation.writes, p.column)
			}
		})
	}
	slices.Sort(operation.writes)
	for _, status := range slices.Sorted(maps.Keys(spec.Responses.Map())) {
		content := spec.Responses.Value(status).Value.Content
		visit(content, Pointer("responses", status), func(p *sqlProperty) { p.read = true })
	}
}

func sqlPropertiesOf(schema *openapi3.Schema, pointer, object string) []*sqlProperty {
	properties := []*sqlProperty{} // not nil: visited
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		ref := schema.Properties[name]
		p := &sqlProperty{
			name: name, object: object, pointer: pointer + Pointer("properties", name),
			schema: ref.Value, parent: schema, required: slices.Contains(schema.Required, name),
		}
		p.limits = sqlTarget(ref, p.pointer)
		for _, extensions := range []map[string]any{ref.Value.Extensions, ref.Extensions} {
			if column, ok := extensions["x-column"].(string); ok {
				p.column = column
			}
			p.computed = p.computed || extensions["x-computed"] == true
		}
		properties = append(properties, p)
	}
	return properties
}

// sqlTarget is where a schema stands that is found at a place: behind its $ref.
func sqlTarget(ref *openapi3.SchemaRef, pointer string) string {
	if len(ref.Ref) > 1 && ref.Ref[0] == '#' {
		return ref.Ref[1:]
	}
	return pointer
}

// sqlWalk visits a schema and those that stand in it, but for references, which are visited where they lead.
func sqlWalk(ref *openapi3.SchemaRef, pointer, name string, visit func(schema *openapi3.Schema, pointer, name string)) {
	if ref == nil || ref.Ref != "" || ref.Value == nil {
		return
	}
	visit(ref.Value, pointer, name)
	for _, property := range slices.Sorted(maps.Keys(ref.Value.Properties)) {
		sqlWalk(ref.Value.Properties[property], pointer+Pointer("properties", property), name+"."+property, visit)
	}
	sqlWalk(ref.Value.Items, pointer+"/items", name, visit)
	for key, refs := range map[string]openapi3.SchemaRefs{
		"allOf": ref.Value.AllOf, "anyOf": ref.Value.AnyOf, "oneOf": ref.Value.OneOf,
	} {
		for i, one := range refs {
			sqlWalk(one, pointer+Pointer(key, i), name, visit)
		}
	}
}

// sqlReach returns all schemas that a value of a schema is made of, references and x-validate-items included.
func sqlReach(document *openapi3.T, root *openapi3.SchemaRef) map[*openapi3.Schema]bool {
	reached := map[*openapi3.Schema]bool{}
	var visit func(ref *openapi3.SchemaRef)
	visit = func(ref *openapi3.SchemaRef) {
		if ref == nil || ref.Value == nil || reached[ref.Value] {
			return
		}
		reached[ref.Value] = true
		for _, property := range ref.Value.Properties {
			visit(property)
		}
		visit(ref.Value.Items)
		for _, one := range slices.Concat(ref.Value.AllOf, ref.Value.AnyOf, ref.Value.OneOf) {
			visit(one)
		}
		if item, ok := ref.Value.Extensions["x-validate-items"].(string); ok {
			visit(document.Components.Schemas[item])
		}
	}
	visit(root)
	return reached
}

// sqlUnmapped finds properties that do not say where they are stored, beside others that do.
func sqlUnmapped(m *sqlModel) []Finding {
	stored := map[*openapi3.Schema]bool{}
	for _, p := range m.properties {
		stored[p.parent] = stored[p.parent] || p.column != ""
	}
	var findings []Finding
	for _, p := range m.properties {
		if stored[p.parent] && p.column == "" && !p.computed {
			findings = append(findings, Finding{Rule: "sql/unmapped", Pointer: p.pointer, Message: fmt.Sprintf(
				"%s does not say where it is stored: state x-column: table.column, or x-computed: true", p)})
		}
	}
	return findings
}
