package mock_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// pets is a document of somebody who knows nothing of Plaza.
const pets = `
openapi: 3.1.0
info: {title: Pets, version: '7'}
servers: [{url: 'https://pets.example/{v}', variables: {v: {default: v1}}}]
security: [{key: []}]
paths:
  /pets/{id}.json:
    get:
      responses:
        '200':
          description: A pet
          headers: {ETag: {schema: {type: string, examples: ['"1"']}, required: true}, X-Unseen: {schema: {type: string}}}
          content:
            text/csv: {example: 'id,name'}
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
              examples: {cat: {value: {id: a, name: Tom}}, wrong: {value: 7}}
        4XX: {description: An error, content: {application/json: {schema: {type: object, required: [oops], properties: {oops: {type: string}}}}}}
  /pets/mine.json: {get: {operationId: mine, responses: {'200': {description: Mine}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Pet:
      type: object
      required: [id, name]
      properties: {id: {type: string}, name: {type: string}, next: {type: [string, "null"]}, has_more: {type: boolean}}
`

func TestAnyDocumentIsServed(t *testing.T) {
	t.Parallel()
	s := written(t, pets)
	w := ask(s, "GET", "/pets/7.json", "", "X-Key: x")
	assert.JSONEq(t, `{"id": "7", "name": "Tom"}`, w.Body.String(), "the example, with the id that was asked for")
	assert.Equal(t, `"1"`, w.Header().Get("ETag"))
	assert.NotContains(t, w.Header(), "X-Unseen")
	assert.NotContains(t, w.Header(), "X-Request-Id", "the document knows none")
	assert.Equal(t, "id,name", ask(s, "GET", "/pets/7.json", "", "X-Key: x", "Accept: text/csv, application/json;q=0.5").Body.String())
	assert.JSONEq(t, `7`, ask(s, "GET", "/pets/7.json", "", "X-Key: x", "Prefer: example=wrong").Body.String(), "as it stands there")
	assert.Equal(t, 200, ask(s, "GET", "/v1/pets/7.json", "", "X-Key: x").Code, "below the path of its server, too")
	assert.Zero(t, ask(s, "GET", "/pets/mine.json", "", "X-Key: x").Body.Len(), "a word comes before a parameter")
	refused := ask(s, "GET", "/pets/7.json", "")
	assert.Equal(t, 401, refused.Code)
	assert.JSONEq(t, `{"oops": "text"}`, refused.Body.String(), "an error of its own form")
}

func TestAStatusThatIsNoneIsNotSent(t *testing.T) {
	t.Parallel()
	s := written(t, `{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {
		/a: {get: {responses: {default: {description: Any}}}},
		/b: {get: {responses: {'1000': {description: None}}}}}}`)
	for _, code := range []string{"7", "99", "101", "-1", "1000", "x"} {
		assert.Equal(t, 200, ask(s, "GET", "/a", "", "Prefer: code="+code).Code, code)
	}
	assert.Equal(t, 599, ask(s, "GET", "/a", "", "Prefer: code=599").Code)
	assert.Equal(t, 200, ask(s, "GET", "/b", "").Code)
}
