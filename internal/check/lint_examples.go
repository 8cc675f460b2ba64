package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaza-api/plaza/internal/contract"
)

// lintShown tells of media types whose bodies people write by hand.
func lintShown(mediaType string) bool {
	return contract.IsJSON(mediaType) || strings.HasPrefix(mediaType, "application/x-www-form-urlencoded")
}

// missingExamples wants an example of each body that people write, and of each that they hope for.
func (l *linter) missingExamples() {
	m := lintMaking{linter: l, makes: map[*openapi3.Schema]bool{}, told: map[string]bool{}}
	for _, o := range l.operations {
		if body := o.spec.RequestBody; body != nil && body.Value != nil {
			m.contents("the body of "+o.title, body.Value.Content)
		}
		for _, code := range slices.Sorted(maps.Keys(o.spec.Responses.Map())) {
			ref := o.spec.Responses.Value(code)
			if strings.HasPrefix(code, "2") && ref != nil && ref.Value != nil {
				m.contents("the "+code+" of "+o.title, ref.Value.Content)
			}
		}
	}
}

// lintMaking makes examples of schemas, and tells what is missing for that.
type lintMaking struct {
	*linter

	makes map[*openapi3.Schema]bool // what came of each schema; true while it is looked at
	told  map[string]bool
}

func (m *lintMaking) contents(title string, content openapi3.Content) {
	for _, name := range slices.Sorted(maps.Keys(content)) {
		spec := content[name]
		if lintShown(name) && spec != nil && spec.Example == nil && len(spec.Examples) == 0 {
			m.make(title, spec.Schema)
		}
	}
}

// make tells whether there is a value, and where it is missing if there is none. What refers to itself ends there, as
// an empty array or a property that is left out.
func (m *lintMaking) make(title string, ref *openapi3.SchemaRef) bool {
	if ref == nil || ref.Value == nil {
		return true
	}
	schema := ref.Value
	if known, ok := m.makes[schema]; ok {
		return known
	}
	m.makes[schema] = true
	made := lintHasValue(schema)
	if !made {
		made = m.parts(title, schema)
	}
	m.makes[schema] = made
	return made
}

func lintHasValue(schema *openapi3.Schema) bool {
	return schema.Example != nil || len(schema.Examples) > 0 || schema.Default != nil || schema.Const != nil ||
		len(schema.Enum) > 0 || schema.Format == "binary" || schema.Type.Is(openapi3.TypeBoolean) ||
		schema.Type.Is(openapi3.TypeNull) || schema.Always != nil
}

func (m *lintMaking) parts(title string, schema *openapi3.Schema) bool {
	if alternatives := slices.Concat(schema.OneOf, schema.AnyOf); len(alternatives) > 0 {
		made := false
		for _, part := range alternatives {
			made = m.make(title, part) || made
		}
		return made
	}
	made := true
	for _, part := range schema.AllOf {
		made = m.make(title, part) && made
	}
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		made = m.make(title, schema.Properties[name]) && made
	}
	switch {
	case len(schema.AllOf)+len(schema.Properties) > 0, schema.Type.Is(openapi3.TypeObject):
		return made
	case schema.Items != nil:
		return m.make(title, schema.Items) && made
	}
	if at := m.places[schema]; at != "" && !m.told[at] {
		m.told[at] = true
		m.addf("example", at, "%s has no example, so that none can be made of %s: state one", m.titles[schema], title)
	}
	return false
}

// lintFaultsTold is how many faults of one example are told.
const lintFaultsTold = 5

// faultyExamples holds each example and default against its schema.
func (l *linter) faultyExamples() {
	for _, p := range l.declared {
		l.values(p.at, p.title, p.parameter.Example, p.parameter.Examples, p.parameter.Schema, contract.FromCaller)
	}
	for _, h := range l.headers {
		l.values(h.at, h.title, h.header.Example, h.header.Examples, h.header.Schema, contract.FromServer)
	}
	for _, c := range l.contents {
		if lintShown(c.mediaType) {
			l.values(c.at, c.title, c.spec.Example, c.spec.Examples, c.spec.Schema, c.side)
		}
	}
	for _, s := range l.schemas {
		l.value(s.at+Pointer("example"), "the example of "+s.title, s.schema.Example, s.ref, contract.Neither)
		l.value(s.at+Pointer("default"), "the default of "+s.title, s.schema.Default, s.ref, contract.Neither)
		for i, example := range s.schema.Examples {
			l.value(s.at+Pointer("examples", i), "an example of "+s.title, example, s.ref, contract.Neither)
		}
	}
}

func (l *linter) values(
	at, title string, one any, many openapi3.Examples, schema *openapi3.SchemaRef, side contract.Side,
) {
	l.value(at+Pointer("example"), "the example of "+title, one, schema, side)
	for name, ref := range many {
		if ref == nil || ref.Value == nil {
			continue
		}
		place := at + Pointer("examples", name)
		if ref.Ref != "" {
			place = strings.TrimPrefix(ref.Ref, "#")
		}
		l.value(place+Pointer("value"), "the example "+name+" of "+title, ref.Value.Value, schema, side)
	}
}

func (l *linter) value(at, title string, value any, schema *openapi3.SchemaRef, side contract.Side) {
	if value == nil || schema == nil || schema.Value == nil {
		return
	}
	faults := l.examples.Faults(schema, value, side)
	for _, f := range faults[:min(len(faults), lintFaultsTold)] {
		where := title
		if f.Pointer != "" {
			where += ", " + f.Pointer
		}
		l.addf("example-invalid", at+f.Pointer, "%s: %s", where, f.Detail)
	}
}
