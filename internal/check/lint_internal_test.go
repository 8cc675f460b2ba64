package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLintEndsWhereASchemaIsMadeOfItself(t *testing.T) {
	t.Parallel()
	p := folderOf(t, map[string]string{"openapi.yaml": `openapi: 3.0.3
info: {title: T, version: 0.1.0}
paths:
  /x:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/X'}}}}
      responses: {'200': {description: Done}}
components:
  schemas:
    X: {allOf: [{$ref: '#/components/schemas/Y'}]}
    Y: {allOf: [{$ref: '#/components/schemas/X'}], properties: {z: {type: object}}}
`})
	findings, err := lintLayer().Run(t.Context(), p)
	require.NoError(t, err)
	var open []string
	for _, f := range findings {
		if f.Rule == "lint/open-body" {
			open = append(open, f.Pointer)
		}
	}
	assert.Equal(t, []string{"/components/schemas/Y/properties/z"}, open)
}
