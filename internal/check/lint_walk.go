package check

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
)

// lintSites are all things of a document that rules look at, each once, where it stands: references are not followed,
// as what they lead to stands in the document too, and so no document is endless.
type lintSites struct {
	operations []*lintOperation
	schemas    []lintSchema
	declared   []lintParameter
	headers    []lintHeader
	responses  []lintResponse
	contents   []lintContent
	// places leads from each schema to where it stands, and titles to what people call it.
	places map[*openapi3.Schema]string
	titles map[*openapi3.Schema]string
}

type lintOperation struct {
	at, path, method, title string
	spec                    *openapi3.Operation
	item                    *openapi3.PathItem
}

func (o *lintOperation) line() int {
	if o.spec.Origin == nil || o.spec.Origin.Key == nil {
		return 0
	}
	return o.spec.Origin.Key.Line
}

type lintSchema struct {
	at, title, name string
	kind            lintKind
	schema          *openapi3.Schema
	ref             *openapi3.SchemaRef
}

// lintKind is what a schema is.
type lintKind int

const (
	lintPart lintKind = iota // an item, an alternative, what a parameter or a body has
	lintComponent
	lintProperty
)

type lintParameter struct {
	at, title string
	parameter *openapi3.Parameter
}

type lintHeader struct {
	at, title string
	header    *openapi3.Header
}

type lintResponse struct {
	at, title string
	response  *openapi3.Response
}

// lintContent is one media type of a body.
type lintContent struct {
	at, title, mediaType string
	side                 contract.Side
	spec                 *openapi3.MediaType
}

func lintWalk(document *openapi3.T) *lintSites {
	s := &lintSites{places: map[*openapi3.Schema]string{}, titles: map[*openapi3.Schema]string{}}
	for path, item := range document.Paths.Map() {
		s.item(Pointer("paths", path), path, item)
	}
	for name, item := range document.Webhooks {
		s.item(Pointer("webhooks", name), "", item)
	}
	c := document.Components
	for name, ref := range c.Schemas {
		s.schema(Pointer("components", "schemas", name), name, name, lintComponent, ref)
	}
	for name, ref := range c.Parameters {
		s.parameter(Pointer("components", "parameters", name), ref)
	}
	for name, ref := range c.Headers {
		s.header(Pointer("components", "headers", name), name, ref)
	}
	for name, ref := range c.RequestBodies {
		s.requestBody(Pointer("components", "requestBodies", name), "the body "+name, ref)
	}
	for name, ref := range c.Responses {
		s.response(Pointer("components", "responses", name), "the response "+name, ref)
	}
	slices.SortFunc(s.operations, func(a, b *lintOperation) int {
		return cmp.Or(cmp.Compare(a.line(), b.line()), cmp.Compare(a.at, b.at))
	})
	return s
}

func (s *lintSites) item(at, path string, item *openapi3.PathItem) {
	if item == nil {
		return
	}
	for i, ref := range item.Parameters {
		s.parameter(at+Pointer("parameters", i), ref)
	}
	for method, spec := range item.Operations() {
		o := &lintOperation{
			at: at + Pointer(strings.ToLower(method)), path: path, method: method, spec: spec, item: item,
			title: spec.OperationID,
		}
		if o.title == "" {
			o.title = strings.TrimSpace(method + " " + path)
		}
		s.operations = append(s.operations, o)
		for i, ref := range spec.Parameters {
			s.parameter(o.at+Pointer("parameters", i), ref)
		}
		s.requestBody(o.at+Pointer("requestBody"), "the body of "+o.title, spec.RequestBody)
		for status, ref := range spec.Responses.Map() {
			s.response(o.at+Pointer("responses", status), "the "+status+" of "+o.title, ref)
		}
	}
}

func (s *lintSites) parameter(at string, ref *openapi3.ParameterRef) {
	if ref == nil || ref.Ref != "" || ref.Value == nil {
		return
	}
	p := lintParameter{at: at, title: "the parameter " + ref.Value.Name, parameter: ref.Value}
	s.declared = append(s.declared, p)
	s.schema(at+Pointer("schema"), p.title, "", lintPart, ref.Value.Schema)
	s.content(at, p.title, contract.FromCaller, ref.Value.Content)
}

func (s *lintSites) header(at, name string, ref *openapi3.HeaderRef) {
	if ref == nil || ref.Ref != "" || ref.Value == nil {
		return
	}
	h := lintHeader{at: at, title: "the header " + name, header: ref.Value}
	s.headers = append(s.headers, h)
	s.schema(at+Pointer("schema"), h.title, "", lintPart, ref.Value.Schema)
	s.content(at, h.title, contract.FromServer, ref.Value.Content)
}

func (s *lintSites) requestBody(at, title string, ref *openapi3.RequestBodyRef) {
	if ref == nil || ref.Ref != "" || ref.Value == nil {
		return
	}
	s.content(at, title, contract.FromCaller, ref.Value.Content)
}

func (s *lintSites) response(at, title string, ref *openapi3.ResponseRef) {
	if ref == nil || ref.Ref != "" || ref.Value == nil {
		return
	}
	s.responses = append(s.responses, lintResponse{at: at, title: title, response: ref.Value})
	for name, header := range ref.Value.Headers {
		s.header(at+Pointer("headers", name), name, header)
	}
	s.content(at, title, contract.FromServer, ref.Value.Content)
}

func (s *lintSites) content(at, title string, side contract.Side, content openapi3.Content) {
	for name, spec := range content {
		if spec == nil {
			continue
		}
		c := lintContent{at: at + Pointer("content", name), title: title, mediaType: name, side: side, spec: spec}
		s.contents = append(s.contents, c)
		s.schema(c.at+Pointer("schema"), title, "", lintPart, spec.Schema)
	}
}

func (s *lintSites) schema(at, title, name string, kind lintKind, ref *openapi3.SchemaRef) {
	if ref == nil || ref.Ref != "" || ref.Value == nil {
		return
	}
	schema := ref.Value
	s.schemas = append(s.schemas, lintSchema{at: at, title: title, name: name, kind: kind, schema: schema, ref: ref})
	s.places[schema], s.titles[schema] = at, title
	dot := "."
	if strings.Contains(title, " ") {
		dot = ", "
	}
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		s.schema(at+Pointer("properties", name), title+dot+name, name, lintProperty, schema.Properties[name])
	}
	for keyword, part := range map[string]*openapi3.SchemaRef{
		"items": schema.Items, "additionalProperties": schema.AdditionalProperties.Schema, "contains": schema.Contains,
	} {
		s.schema(at+Pointer(keyword), "each of "+title, "", lintPart, part)
	}
	for keyword, parts := range map[string]openapi3.SchemaRefs{
		"oneOf": schema.OneOf, "anyOf": schema.AnyOf, "allOf": schema.AllOf, "prefixItems": schema.PrefixItems,
	} {
		for i, part := range parts {
			s.schema(at+Pointer(keyword, i), fmt.Sprintf("%s %s/%d", title, keyword, i), "", lintPart, part)
		}
	}
	for keyword, parts := range map[string]openapi3.Schemas{
		"patternProperties": schema.PatternProperties, "$defs": schema.Defs,
	} {
		for name, part := range parts {
			s.schema(at+Pointer(keyword, name), title+" "+name, "", lintPart, part)
		}
	}
}
