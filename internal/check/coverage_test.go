package check_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

// opened is a project of a contract and a record, the texts of which may be empty.
func opened(t *testing.T, contract, record string) *check.Project {
	t.Helper()
	p, err := check.Open(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	edit{file: p.ContractFile, new: contract}.apply(t, p)
	if record != "" {
		edit{file: p.Record + "/1.txt", new: record}.apply(t, p)
	}
	return p
}

// small is a contract with a mark in every seat.
const small = `openapi: 3.0.3
info: {title: T, version: 1.0.0}
paths:
  /a:
    get:
      operationId: getA
      parameters:
        - {name: q, in: query, schema: {type: string}, x-untested: r}
        - {$ref: '#/components/parameters/P'}
      responses:
        '200': {description: d, content: {application/json: {schema: {type: object, properties: {in: {type: string}}}}}}
        '404': {$ref: '#/components/responses/R'}
        '500': {$ref: '#/components/responses/S', x-untested: r}
  /b:
    get:
      operationId: getB
      x-untested: r
      responses:
        '200': {description: d}
components:
  parameters:
    P: {name: p, in: header, schema: {type: string}, x-untested: r}
  responses:
    R: {description: d, x-untested: r}
    S: {description: d}
  schemas:
    X: {type: object, properties: {a: {type: string, x-untested: r}, b: {$ref: '#/components/schemas/Y', x-untested: r}}}
    Y: {type: object, x-untested: r, properties: {c: {type: string}}}
    Z: {allOf: [{type: object, properties: {d: {type: object, additionalProperties: {type: object, properties: {e: {}}}}}}]}
`

func coverageOf(t *testing.T, contract, record string) []string {
	t.Helper()
	found := []string{}
	for _, f := range run(t, opened(t, contract, record), "coverage") {
		found = append(found, strings.TrimPrefix(f.Rule, "coverage/")+" "+f.Pointer)
	}
	return found
}

func TestCoverageTellsWhatIsNeitherSeenNorMarked(t *testing.T) {
	t.Parallel()
	assert.ElementsMatch(t, []string{
		"operation /paths/~1a/get", "schema /components/schemas/X", "schema /components/schemas/Z",
	}, coverageOf(t, small, "nothing"), "parts are not told where the whole is not seen")

	record := "/paths/~1a/get/responses/404\n/paths/~1a/get/responses/200\n/components/schemas/X\n/components/schemas/Z\n"
	assert.ElementsMatch(t, []string{
		"property /paths/~1a/get/responses/200/content/application~1json/schema/properties/in",
		"mark /components/responses/R/x-untested",
		"property /components/schemas/Z/allOf/0/properties/d",
		"property /components/schemas/Z/allOf/0/properties/d/additionalProperties/properties/e",
	}, coverageOf(t, small, record))
}

func TestCoverageTellsAMarkOnWhatIsSeenOnce(t *testing.T) {
	t.Parallel()
	seen := "/components/schemas/X\n/components/schemas/Y\n/components/schemas/Y/properties/c\n/components/schemas/Z\n" +
		"/components/schemas/X/properties/b\n" +
		"/paths/~1a/get/parameters/query/q\n/paths/~1a/get/parameters/header/p\n/paths/~1a/get/responses/500\n/paths/~1b/get/responses/200\n"
	var marks []string
	for _, found := range coverageOf(t, small, seen) {
		if strings.HasPrefix(found, "mark ") {
			marks = append(marks, found)
		}
	}
	assert.ElementsMatch(t, []string{
		"mark /paths/~1a/get/parameters/0/x-untested", "mark /components/parameters/P/x-untested",
		"mark /paths/~1a/get/responses/500/x-untested", "mark /paths/~1b/get/x-untested",
		"mark /components/schemas/X/properties/b/x-untested", "mark /components/schemas/Y/x-untested",
	}, marks)
}

func TestCoverageNeedsARecord(t *testing.T) {
	t.Parallel()
	layers := check.Layers()
	for i := range layers {
		if layers[i].Name != "coverage" {
			continue
		}
		p := opened(t, small, "")
		report := check.Run(t.Context(), p, layers[i:i+1], nil)
		require.ErrorContains(t, report.Results[0].Err, "run make test")
		assert.Equal(t, check.ExitUnable, report.ExitCode())
		require.NoError(t, os.MkdirAll(p.Path(p.Record), 0o755))
		require.ErrorContains(t, check.Run(t.Context(), p, layers[i:i+1], nil).Results[0].Err, "run make test", "an empty one is none")
	}
}
