package example_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/example"
	"github.com/plaza-api/plaza/internal/httpapi"
)

func load(t testing.TB, source string) *contract.Contract {
	t.Helper()
	c, err := contract.LoadAny("openapi.yaml", []byte(source), httpapi.Rules())
	require.NoError(t, err)
	return c
}

func maker(c *contract.Contract, direction openapi3.SchemaValidationOption) *example.Maker {
	return &example.Maker{Allows: func(schema *openapi3.Schema, value any) bool { return c.Allows(schema, value, direction) }}
}

// assertMade wants a value that the schema allows also as its JSON is read again, and the same a second time.
func assertMade(t require.TestingT, c *contract.Contract, schema *openapi3.Schema) any {
	made := maker(c, openapi3.VisitAsResponse())
	value, err := made.Value(schema)
	source, failure := json.Marshal(schema)
	require.NoError(t, failure)
	require.NoError(t, err, "%s", source)
	text, err := json.Marshal(value)
	require.NoError(t, err)
	var read any
	require.NoError(t, json.Unmarshal(text, &read))
	require.NoError(t, schema.VisitJSON(read, openapi3.VisitAsResponse()), "%s", source)
	again, err := maker(c, openapi3.VisitAsResponse()).Value(schema)
	require.NoError(t, err)
	assert.Equal(t, value, again)
	return read
}

func TestEverySchemaOfTheContractHasAValue(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../openapi.yaml")
	require.NoError(t, err)
	c := load(t, string(source))
	for _, name := range slices.Sorted(maps.Keys(c.Document.Components.Schemas)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ref := c.Document.Components.Schemas[name]
			assertMade(t, c, ref.Value)
			bare := *ref.Value
			bare.Example = nil
			if bare.Format != "person_name" && bare.Format != "redirect_uri" {
				assertMade(t, c, &bare)
			}
		})
	}
}

func TestRandomSchemasHaveValues(t *testing.T) {
	t.Parallel()
	empty := load(t, "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}")
	rapid.Check(t, func(t *rapid.T) { assertMade(t, empty, randomSchema(t, 3)) })
}

// schemas are those whose values are hard to find.
var schemas = map[string]struct{ schema, want string }{
	"a pattern with a length":      {`{type: string, pattern: '^[a-z]*[0-9]+$', minLength: 37, maxLength: 37}`, ""},
	"a pattern that is open":       {`{type: string, pattern: '^ab', minLength: 9}`, ""},
	"a pattern of JavaScript":      {`{type: string, pattern: '^[\u0041-\u0043]{3}$'}`, ""},
	"alternatives, one too short":  {`{type: string, pattern: '^(a|bcd)$', minLength: 3}`, `"bcd"`},
	"an example that is wrong":     {`{type: string, example: 7, maxLength: 2}`, `"te"`},
	"exclusive bounds of 3.0":      {`{type: integer, minimum: 5, exclusiveMinimum: true, maximum: 6}`, `6`},
	"exclusive bounds of 3.1":      {`{type: integer, exclusiveMinimum: 5, exclusiveMaximum: 7}`, `6`},
	"a multiple between bounds":    {`{type: integer, minimum: 15, maximum: 22, multipleOf: 7}`, `21`},
	"a narrow number":              {`{type: number, minimum: 0.25, maximum: 0.5, exclusiveMinimum: true, exclusiveMaximum: true}`, ""},
	"cents":                        {`{type: number, minimum: 3.01, maximum: 3.03, multipleOf: 0.01}`, ""},
	"a constant":                   {`{const: seven}`, `"seven"`},
	"null or text":                 {`{type: ["null", string]}`, `"text"`},
	"nothing but null":             {`{type: "null"}`, `null`},
	"items that differ":            {`{type: array, minItems: 3, uniqueItems: true, items: {type: string, example: a1}}`, `["a1","a2","a3"]`},
	"items that cannot all differ": {`{type: array, minItems: 1, uniqueItems: true, items: {type: boolean}}`, `[true,false]`},
	"a place for each item":        {`{type: array, prefixItems: [{type: integer}, {type: boolean}], items: {type: string}}`, `[1,false]`},
	"a map":                        {`{type: object, additionalProperties: {type: integer}}`, `{"key":1}`},
	"more properties than named":   {`{type: object, minProperties: 3, properties: {a: {type: boolean}}}`, `{"a":true,"key":"text","key2":"text2"}`},
	"fewer properties than named":  {`{type: object, maxProperties: 1, required: [b], properties: {a: {type: boolean}, b: {type: boolean}}}`, `{"b":true}`},
	"ids that differ":              {`{type: array, items: {type: object, properties: {id: {type: integer, example: 7}}}}`, `[{"id":7},{"id":8}]`},
	"only for requests":            {`{type: object, properties: {a: {type: string, writeOnly: true}, b: {type: boolean}}}`, `{"b":true}`},
	"bounds in two parts": {
		`{allOf: [{type: integer, minimum: 5}, {maximum: 7}, {multipleOf: 3}]}`, `6`,
	},
	"one of two, never both": {
		`{oneOf: [{type: object, required: [a], properties: {a: {type: integer}}},
			{type: object, required: [a, b], properties: {a: {type: integer}, b: {type: integer}}}]}`, `{"a":1}`,
	},
	"a part and one of two": {
		`{type: object, required: [kind], properties: {kind: {type: string}},
			oneOf: [{properties: {kind: {enum: [a]}}, required: [x]}, {properties: {kind: {enum: [b]}}}], not: {required: [x]}}`,
		`{"kind":"b"}`,
	},
}

func TestHardSchemasHaveValues(t *testing.T) {
	t.Parallel()
	for name, row := range schemas {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := load(t, "{openapi: 3.1.0, info: {title: t, version: '1'}, paths: {}, components: {schemas: {S: "+row.schema+"}}}")
			value := assertMade(t, c, c.Document.Components.Schemas["S"].Value)
			if row.want != "" {
				text, err := json.Marshal(value)
				require.NoError(t, err)
				assert.JSONEq(t, row.want, string(text))
			}
		})
	}
}

func TestSchemasThatReferToThemselvesEnd(t *testing.T) {
	t.Parallel()
	c := load(t, `
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Tree:
      type: object
      required: [name, children]
      properties:
        name: {type: string}
        children: {type: array, items: {$ref: '#/components/schemas/Tree'}}
        parent: {$ref: '#/components/schemas/Tree'}
    Chain: {type: object, required: [next], properties: {next: {nullable: true, allOf: [{$ref: '#/components/schemas/Chain'}]}}}
    Endless: {type: object, required: [next], properties: {next: {$ref: '#/components/schemas/Endless'}}}
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {tomcat: '#/components/schemas/Cat', dog: Dog}}
    Shape: {oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Square'}], discriminator: {propertyName: kind}}
    Circle: {allOf: [{type: object, required: [kind], properties: {kind: {type: string, enum: [round]}}}]}
    Square: {type: object, required: [kind, side], properties: {kind: {type: string}, side: {type: integer}}}
    Cat: {type: object, required: [kind, friend], properties: {kind: {type: string}, friend: {$ref: '#/components/schemas/Pet'}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}, friend: {$ref: '#/components/schemas/Pet'}}}
`)
	for _, name := range []string{"Tree", "Chain", "Pet", "Cat", "Dog"} {
		assertMade(t, c, c.Document.Components.Schemas[name].Value)
	}
	assert.Equal(t, map[string]any{"kind": "round"}, assertMade(t, c, c.Document.Components.Schemas["Shape"].Value))
	_, err := maker(c, openapi3.VisitAsResponse()).Value(c.Document.Components.Schemas["Endless"].Value)
	require.Error(t, err, "no finite value is one")
}

func TestValuesThatWouldFillTheMemoryAreNotMade(t *testing.T) {
	t.Parallel()
	for _, schema := range []string{
		"{type: string, minLength: 1000000000000}",
		"{type: string, format: byte, minLength: 3000000000}",
		"{type: array, minItems: 1000000000000, items: {type: string}}",
		"{type: object, minProperties: 1000000000000}",
		"{allOf: [{type: array}, {minItems: 1000000000000}]}",
		"{type: array, minItems: 999, items: {type: array, minItems: 999, items: {type: array, minItems: 999, items: {type: boolean}}}}",
	} {
		c := load(t, "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}, components: {schemas: {S: "+schema+"}}}")
		_, err := maker(c, openapi3.VisitAsResponse()).Value(c.Document.Components.Schemas["S"].Value)
		require.Error(t, err, schema)
	}
}
