package example_test

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"
)

// randomSchema makes a schema that some value satisfies.
func randomSchema(t *rapid.T, depth int) *openapi3.Schema {
	kinds := []string{"integer", "number", "string", "pattern", "format", "enum", "boolean"}
	if depth > 0 {
		kinds = append(kinds, "array", "object", "oneOf", "anyOf", "allOf", "discriminator")
	}
	schema := &openapi3.Schema{}
	switch kind := rapid.SampledFrom(kinds).Draw(t, "kind"); kind {
	case "integer", "number":
		schema = randomNumber(t, kind)
	case "string":
		schema = randomString(t)
	case "pattern":
		schema.Type = &openapi3.Types{"string"}
		schema.Pattern = rapid.SampledFrom([]string{
			`^[a-z]{2,5}$`, `\d+`, `^(\+|-)?[0-9]{1,3}(\.[0-9]+)?$`, `^(?i)[A-F]+-x*$`, `[^a-z]`, `^"[1-9][0-9]*-[0-9a-f]{16}(-gzip)?"$`, `^.{3}$`,
		}).Draw(t, "pattern")
	case "format":
		schema.Type = &openapi3.Types{"string"}
		schema.Format = rapid.SampledFrom([]string{"date", "date-time", "uuid", "uri", "byte", "email", "ipv4", "ipv6", "x"}).Draw(t, "format")
	case "enum":
		schema.Enum = []any{"a", "b", 7.0}
	case "boolean":
		schema.Type = &openapi3.Types{"boolean"}
	case "array":
		schema = randomArray(t, depth)
	case "object":
		schema = randomObject(t, depth, "a", "b", "c")
	default:
		schema = randomChoice(t, kind, depth)
	}
	schema.Nullable = rapid.Bool().Draw(t, "nullable")
	return schema
}

func randomNumber(t *rapid.T, kind string) *openapi3.Schema {
	schema := &openapi3.Schema{Type: &openapi3.Types{kind}}
	if kind == "integer" {
		schema.Format = rapid.SampledFrom([]string{"", "int32", "int64"}).Draw(t, "format")
	}
	low := float64(rapid.IntRange(-1000, 1000).Draw(t, "low"))
	width := float64(rapid.IntRange(2, 50).Draw(t, "width"))
	if rapid.Bool().Draw(t, "bounded below") {
		schema.Min = &low
		exclusive := rapid.Bool().Draw(t, "exclusive")
		schema.ExclusiveMin = openapi3.ExclusiveBound{Bool: &exclusive}
	}
	if rapid.Bool().Draw(t, "bounded above") {
		high := low + width
		schema.Max = &high
		exclusive := rapid.Bool().Draw(t, "exclusive")
		schema.ExclusiveMax = openapi3.ExclusiveBound{Bool: &exclusive}
	}
	if rapid.Bool().Draw(t, "stepped") {
		step := max(1, float64(int(width/3)))
		if kind == "number" {
			step = rapid.SampledFrom([]float64{0.01, 0.1, 0.25, 0.5}).Draw(t, "step")
		}
		schema.MultipleOf = &step
	}
	return schema
}

func randomString(t *rapid.T) *openapi3.Schema {
	schema := &openapi3.Schema{Type: &openapi3.Types{"string"}, MinLength: rapid.Uint64Range(0, 40).Draw(t, "shortest")}
	if rapid.Bool().Draw(t, "bounded") {
		longest := schema.MinLength + rapid.Uint64Range(0, 3).Draw(t, "more")
		schema.MaxLength = &longest
	}
	if rapid.Bool().Draw(t, "patterned") {
		schema.Pattern = rapid.SampledFrom([]string{`^[a-z]*$`, `^[^"]*$`, `^(a|b|[0-9])*$`}).Draw(t, "pattern")
	}
	return schema
}

func randomArray(t *rapid.T, depth int) *openapi3.Schema {
	schema := &openapi3.Schema{
		Type: &openapi3.Types{"array"}, MinItems: rapid.Uint64Range(0, 4).Draw(t, "fewest"),
		Items: &openapi3.SchemaRef{Value: randomSchema(t, depth-1)},
	}
	if rapid.Bool().Draw(t, "unique") {
		schema.UniqueItems = true
		schema.Items.Value = rapid.SampledFrom([]*openapi3.Schema{
			{Type: &openapi3.Types{"integer"}}, {Type: &openapi3.Types{"string"}}, {Type: &openapi3.Types{"string"}, Format: "uuid"},
		}).Draw(t, "items")
	}
	if rapid.Bool().Draw(t, "bounded") {
		most := schema.MinItems + rapid.Uint64Range(0, 2).Draw(t, "more")
		schema.MaxItems = &most
	}
	return schema
}

func randomObject(t *rapid.T, depth int, names ...string) *openapi3.Schema {
	schema := &openapi3.Schema{Type: &openapi3.Types{"object"}, Properties: openapi3.Schemas{}}
	for _, name := range names {
		property := randomSchema(t, depth-1)
		property.WriteOnly = rapid.Bool().Draw(t, "writeOnly")
		property.ReadOnly = !property.WriteOnly && rapid.Bool().Draw(t, "readOnly")
		schema.Properties[name] = &openapi3.SchemaRef{Value: property}
		if rapid.Bool().Draw(t, "required") {
			schema.Required = append(schema.Required, name)
		}
	}
	return schema
}

func randomChoice(t *rapid.T, kind string, depth int) *openapi3.Schema {
	ref := func(schema *openapi3.Schema) *openapi3.SchemaRef { return &openapi3.SchemaRef{Value: schema} }
	switch kind {
	case "allOf":
		return &openapi3.Schema{AllOf: openapi3.SchemaRefs{
			ref(randomObject(t, depth, "a", "b")), ref(randomObject(t, depth, "c")),
		}}
	case "anyOf":
		return &openapi3.Schema{AnyOf: openapi3.SchemaRefs{ref(randomSchema(t, depth-1)), ref(randomSchema(t, depth-1))}}
	case "oneOf":
		return &openapi3.Schema{OneOf: openapi3.SchemaRefs{
			ref(randomNumber(t, "integer")), ref(randomString(t)), ref(randomObject(t, depth, "a")),
		}}
	}
	kinds := map[string]openapi3.MappingRef{}
	schema := &openapi3.Schema{Discriminator: &openapi3.Discriminator{PropertyName: "kind", Mapping: kinds}}
	for _, name := range []string{"One", "Two"} {
		object := randomObject(t, depth, "a", "b")
		object.Properties["kind"] = ref(&openapi3.Schema{Type: &openapi3.Types{"string"}})
		alternative := ref(object)
		alternative.Ref = "#/components/schemas/" + name
		kinds[strings.ToLower(name)] = openapi3.MappingRef{Ref: alternative.Ref}
		schema.OneOf = append(schema.OneOf, alternative)
	}
	return schema
}
