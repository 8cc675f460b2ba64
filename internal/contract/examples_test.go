package contract_test

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
)

func TestExamplesAreHeldAgainstTheirSchemasAsBodiesAre(t *testing.T) {
	t.Parallel()
	document := read(t, source(t))
	examples := contract.NewExamples(document, rules())
	user := map[string]any{"name": "Ann 2", "email": "a@b", "age": 15, "status": "inactive", "zeta": 1}
	create := document.Components.Schemas["UserCreate"]
	batch := document.Paths.Value("/batch").Post.RequestBody.Value.Content["application/json"].Schema
	rows := map[string]struct {
		schema *openapi3.SchemaRef
		value  any
		side   contract.Side
		want   string
	}{
		"all faults, in the order of the contract": {create, user, contract.FromCaller, lines(
			"/name: Name cannot contain numbers", "/status: must be active under 18", "/1st: is not for minors",
			"/zeta: is not a known field")},
		"rules are for callers": {
			create,
			map[string]any{"name": "Ann", "email": "a@b", "age": 15, "status": "inactive"},
			contract.FromServer, "",
		},
		"items that are checked one by one": {batch, map[string]any{"users": []any{user}}, contract.FromCaller, lines(
			"/users/0/name: Name cannot contain numbers", "/users/0/status: must be active under 18",
			"/users/0/1st: is not for minors", "/users/0/zeta: is not a known field")},
		"what is no JSON": {create, func() {}, contract.Neither, ": is no JSON"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			var found []string
			for _, f := range examples.Faults(row.schema, row.value, row.side) {
				found = append(found, f.Pointer+": "+f.Detail)
			}
			assert.Equal(t, row.want, strings.Join(found, "\n"))
		})
	}
}

func TestExamplesOfOpenAPI31ArePlacedToo(t *testing.T) {
	t.Parallel()
	document := read(t, `{openapi: 3.1.0, info: {title: T, version: "1"}, paths: {}, components: {schemas: {
		A: {type: object, properties: {n: {type: [integer, 'null'], maximum: 3}}, required: [m]}}}}`)
	faults := contract.NewExamples(document, contract.Rules{}).
		Faults(document.Components.Schemas["A"], map[string]any{"n": "x"}, contract.Neither)
	var pointers []string
	for _, f := range faults {
		pointers = append(pointers, f.Pointer)
	}
	assert.ElementsMatch(t, []string{"", "/n"}, pointers, "%v", faults)
}

func TestInvalidSaysWhere(t *testing.T) {
	t.Parallel()
	assert.Empty(t, contract.Invalid(t.Context(), read(t, source(t))))
	text := strings.Replace(source(t), "description: Nothing to say", "descriptions: Nothing to say", 1)
	complaints := contract.Invalid(t.Context(), read(t, text))
	require.NotEmpty(t, complaints)
	before, _, _ := strings.Cut(text, "descriptions:")
	line := 1 + strings.Count(before, "\n")
	for _, c := range complaints {
		assert.Equal(t, line, c.Line, c.Message)
		require.Error(t, c.Err)
	}
}

func TestWhatLintIgnoresMayBeSaidAnywhere(t *testing.T) {
	t.Parallel()
	said := "x-lint-ignore: {max-length: It is short}"
	text := strings.Replace(source(t), "x-idempotent: true", "x-idempotent: true\n      "+said, 1)
	text = strings.Replace(text, "version: 1.2.3}", "version: 1.2.3, "+said+"}", 1)
	text = strings.Replace(text, "x-column: users.name", said+", x-column: users.name", 1)
	require.Equal(t, 3, strings.Count(text, said))
	_, err := contract.Load([]byte(text), rules())
	require.NoError(t, err)
}

func TestIsJSON(t *testing.T) {
	t.Parallel()
	for mediaType, want := range map[string]bool{
		"application/json": true, "application/problem+json; charset=utf-8": true, "text/html": false, "application/jsonl": false,
	} {
		assert.Equal(t, want, contract.IsJSON(mediaType), mediaType)
	}
}

func read(t *testing.T, text string) *openapi3.T {
	t.Helper()
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	document, err := loader.LoadFromData([]byte(text))
	require.NoError(t, err)
	return document
}
