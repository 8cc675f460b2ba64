package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
)

// foreign is somebody else's document: of 3.1, without policies, with what Plaza's contract may not have.
const foreign = `
openapi: 3.1.0
info: {title: Pets, version: '7'}
paths:
  /pets/{pet-id}:
    parameters: [{name: pet-id, in: path, required: true, schema: {type: string, format: pet_id}}]
    get:
      parameters:
        - {name: filter, in: query, style: deepObject, schema: {type: object}}
        - {name: shape, in: query, content: {application/json: {schema: {type: object}}}}
        - {name: tags, in: query, schema: {anyOf: [{type: string}, {type: array, items: {type: string}}]}}
        - {name: size, in: query, schema: {type: integer, maximum: 9}}
      responses:
        2XX:
          description: A pet
          headers: {X-Tags: {schema: {type: array, items: {type: string}}}, X-New: {schema: {type: boolean}}, X-Bare: {}}
          content:
            'application/json; charset=utf-8': {schema: {type: object, properties: {kind: {const: cat}}}}
            text/*: {}
        default: {description: An error}
    post:
      requestBody:
        content:
          application/*: {schema: {type: object}}
          Application/JSON: {schema: {type: string, pattern: '^(?!x)', x-messages: 7}}
      responses: {'204': {description: Done}}
`

func loadForeign(t *testing.T) *contract.Contract {
	t.Helper()
	_, err := contract.Load([]byte(foreign), contract.Rules{})
	require.Error(t, err)
	c, err := contract.LoadAny("openapi.yaml", []byte(foreign), contract.Rules{})
	require.NoError(t, err)
	return c
}

func TestAnyDocumentIsLoaded(t *testing.T) {
	t.Parallel()
	c := loadForeign(t)
	get := c.Operation("get_pets_pet_id")
	require.NotNil(t, get)
	for query, want := range map[string]string{
		"":                               "<nil>",
		"?filter[kind]=cat&shape={}&x=1": "<nil>",
		"?tags=a&tags=b":                 "<nil>",
		"?size=10":                       "invalid: size must be at most 9\nquery size: must be at most 9",
	} {
		_, err := get.CheckRequest(request(http.MethodGet, "/pets/7"+query, "", ""), map[string]string{"pet-id": "7"})
		assert.Equal(t, want, render(err), query)
	}
	post := c.Operation("post_pets_pet_id")
	for contentType, want := range map[string]string{
		"application/json": "<nil>", "application/xml": "<nil>", "text/plain": "unsupported-media-type: ",
	} {
		_, err := post.CheckRequest(request(http.MethodPost, "/pets/7", contentType, `"x"`), map[string]string{"pet-id": "7"})
		assert.True(t, strings.HasPrefix(render(err), want), "%s: %s", contentType, render(err))
	}
	_, err := contract.LoadAny("openapi.yaml", []byte("openapi: ["), contract.Rules{})
	require.Error(t, err)
}

func TestAnswersOfAnyDocumentAreChecked(t *testing.T) {
	t.Parallel()
	get := loadForeign(t).Operation("get_pets_pet_id")
	const jsonText = "application/json"
	for _, test := range []struct {
		name, contentType, body, want string
		status                        int
		header                        http.Header
	}{
		{"one of the class", jsonText, `{"kind": "cat"}`, "", 203, nil},
		{"a constant", jsonText, `{"kind": "dog"}`, "body /kind", 200, nil},
		{"any text", "text/csv", "a,b", "", 200, nil},
		{"no text", "image/png", "x", "media type", 200, nil},
		{"whatever else", "", "", "", 500, nil},
		{"headers", jsonText, `{}`, "", 200, http.Header{"X-Tags": {"a,b"}, "X-New": {"true"}, "X-Bare": {"x"}}},
		{"a header that is no boolean", jsonText, `{}`, "header X-New", 200, http.Header{"X-New": {"7"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header := test.header.Clone()
			if header == nil {
				header = http.Header{}
			}
			header.Set("Content-Type", test.contentType)
			err := get.CheckResponse(request(http.MethodGet, "/pets/7", "", ""), test.status, header, []byte(test.body))
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestPlazasContractIsTheSameToBoth(t *testing.T) {
	t.Parallel()
	strict := load(t)
	loose, err := contract.LoadAny("openapi.yaml", []byte(source(t)), rules())
	require.NoError(t, err)
	require.Len(t, loose.Operations, len(strict.Operations))
	for i, o := range strict.Operations {
		assert.Equal(t, o.ID, loose.Operations[i].ID)
		if o.Policy.BodyLimit > 0 {
			assert.Equal(t, o.Policy, loose.Operations[i].Policy)
		}
	}
	user := loose.Document.Components.Schemas["User"].Value
	assert.False(t, loose.Allows(user, "text", openapi3.VisitAsResponse()))
}

func TestWhatIsNoOpenAPIDocumentIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{}", "openapi: 3.0.3\npaths: {}\n", "info: {title: A, version: 1.0.0}\n", "{openapi: 3.0.3, info: , paths: {}}"} {
		_, err := contract.LoadAny("openapi.yaml", []byte(text), contract.Rules{})
		require.ErrorContains(t, err, "it is no OpenAPI document", "%q", text)
		_, err = contract.Load([]byte(text), contract.Rules{})
		require.ErrorContains(t, err, "it is no OpenAPI document", "%q", text)
	}
}

func TestWhatRefersToItselfAloneIsRefused(t *testing.T) {
	t.Parallel()
	for name, document := range map[string]string{
		"schema": `paths: {/a: {get: {responses: {'200': {description: It, content: {application/json:
			{schema: {$ref: '#/components/schemas/A'}}}}}}}}, components: {schemas: {A: {$ref: '#/components/schemas/A'}}}`,
		"response": `paths: {/a: {get: {responses: {'200': {$ref: '#/components/responses/A'}}}}},
			components: {responses: {A: {$ref: '#/components/responses/A'}}}`,
		"parameter": `paths: {/a: {get: {parameters: [{$ref: '#/components/parameters/A'}], responses: {'200': {description: It}}}}},
			components: {parameters: {A: {$ref: '#/components/parameters/A'}}}`,
		"body": `paths: {/a: {post: {requestBody: {$ref: '#/components/requestBodies/A'}, responses: {'200': {description: It}}}}},
			components: {requestBodies: {A: {$ref: '#/components/requestBodies/A'}}}`,
		"header": `paths: {/a: {get: {responses: {'200': {description: It, headers: {X: {$ref: '#/components/headers/A'}}}}}}},
			components: {headers: {A: {$ref: '#/components/headers/A'}}}`,
	} {
		_, err := contract.LoadAny("openapi.yaml", []byte("{openapi: 3.0.3, info: {title: t, version: '1'}, "+document+"}"), contract.Rules{})
		require.Error(t, err, name)
	}
}

func TestADocumentThatIsBeingWrittenIsNoPanic(t *testing.T) {
	t.Parallel()
	c, err := contract.LoadAny("openapi.yaml", []byte(`{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {/a: {post: {
		requestBody: {content: {application/json: , text/plain: }}, responses: {'200': {description: It}}}}}}`), contract.Rules{})
	require.NoError(t, err)
	assert.Len(t, c.Operations, 1)
}
