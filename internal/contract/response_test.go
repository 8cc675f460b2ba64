package contract_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
)

func TestCheckResponse(t *testing.T) {
	t.Parallel()
	c := load(t)
	const user = `{"id":1,"name":"Ann"}`
	created := []string{"Content-Type", "application/json; charset=utf-8", "Location", "/users/1"}
	rows := map[string]struct {
		operation, method string
		status            int
		headers           []string
		body, want        string
	}{
		"what is declared":              {"createUser", "POST", 201, append(created, "X-Request-Id", "abc", "Date", "now", "Access-Control-Allow-Origin", "*", "X-Count", "3"), user, ""},
		"a missing header":              {"createUser", "POST", 201, created[:2], user, "header Location is missing"},
		"a header that is not declared": {"createUser", "POST", 201, append(created, "X-Other", "a"), user, "header X-Other is not declared"},
		"headers against their schemas": {"createUser", "POST", 201, append(created, "X-Request-Id", "much-too-long", "X-Count", "11"), user, "header X-Count: must be at most 10; header X-Request-Id: must have at most 8 characters"},
		"a body against its schema":     {"createUser", "POST", 201, created, `{"id":"secret","nick":1}`, "body /id: must be an integer; body /name: is required; body /nick: is not a known field"},
		"what only requests have":       {"createUser", "POST", 201, created, `{"id":1,"name":"Ann","password":"secret"}`, "body /password: must not be shown"},
		"no JSON":                       {"createUser", "POST", 201, created, `{`, "body: is cut off"},
		"another media type":            {"createUser", "POST", 201, []string{"Content-Type", "text/html", "Location", "/"}, "<p>", `media type "text/html" is not declared`},
		"a body where none is":          {"createUser", "POST", 204, nil, "x", "a body is not declared"},
		"no body where none is":         {"createUser", "POST", 204, nil, "", ""},
		"the default response":          {"createUser", "POST", 500, []string{"Content-Type", "application/problem+json"}, `{"title":"a"}`, ""},
		"the default's schema":          {"createUser", "POST", 500, []string{"Content-Type", "application/problem+json"}, `{}`, "body /title: is required"},
		"an undeclared status":          {"listUsers", "GET", 418, nil, "", "the status is not declared"},
		"HEAD as GET":                   {"listUsers", "HEAD", 200, []string{"Content-Type", "text/plain"}, "", ""},
		"HEAD with a body":              {"listUsers", "HEAD", 200, []string{"Content-Type", "text/plain"}, "x", "HEAD must have no body"},
		"HEAD of another type":          {"listUsers", "HEAD", 200, []string{"Content-Type", "text/html"}, "", `media type "text/html" is not declared`},
		"bytes of any kind":             {"listUsers", "GET", 200, []string{"Content-Type", "application/octet-stream"}, "\xff\x00", ""},
		"not modified":                  {"listUsers", "GET", 304, []string{"ETag", `"1"`}, "", ""},
		"not modified, wrong tag":       {"listUsers", "GET", 304, []string{"ETag", `1`}, "", "header Etag: has the wrong form"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			for i := 0; i < len(row.headers); i += 2 {
				header.Add(row.headers[i], row.headers[i+1])
			}
			r := httptest.NewRequest(row.method, "/users", http.NoBody)
			err := c.Operation(row.operation).CheckResponse(r, row.status, header, []byte(row.body))
			if row.want == "" {
				require.NoError(t, err)
				return
			}
			var mismatch *contract.Mismatch
			require.ErrorAs(t, err, &mismatch)
			assert.Equal(t, row.want, strings.Join(mismatch.Faults, "; "))
			assert.Equal(t, row.operation, mismatch.Operation)
			assert.Equal(t, row.status, mismatch.Status)
			assert.NotContains(t, err.Error(), "secret", "no value is repeated")
		})
	}
}

func TestAMismatchNamesItsOperation(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "/users", http.NoBody)
	err := load(t).Operation("listUsers").CheckResponse(r, http.StatusTeapot, nil, nil)
	assert.EqualError(t, err, "listUsers answered 418 against the contract: the status is not declared")
}

func TestAMismatchShowsNoNameThatDataHasGiven(t *testing.T) {
	t.Parallel()
	c, err := contract.Load([]byte(`openapi: 3.0.3
info: {title: T, version: 1.0.0}
paths:
  /a:
    get:
      operationId: getA
      security: []
      x-rate-limit: none
      x-timeout: 1s
      responses:
        '200':
          description: d
          content:
            application/json:
              schema:
                type: object
                additionalProperties: false
                properties:
                  by_name: {type: object, additionalProperties: {type: object, properties: {count: {type: integer}}}}
                  list: {type: array, items: {allOf: [{type: object, properties: {'a b': {type: integer}}}]}}
                  open: {type: object, properties: {n: {type: integer}}}
`), contract.Rules{})
	require.NoError(t, err)
	for body, want := range map[string]string{
		`{"by_name":{"Ann":{"count":"x"}}}`:            "body /by_name/*/count: must be an integer",
		`{"list":[{},{"a b":"x"}]}`:                    "body /list/1/a b: must be an integer",
		`{"password_hash":{"Ann":1}}`:                  "body /password_hash: is not a known field",
		`{"ann@example.com":1}`:                        "body /*: is not a known field",
		`{"Ann Lee":1}`:                                "body /*: is not a known field",
		`{"` + strings.Repeat("a", 65) + `":1}`:        "body /*: is not a known field",
		`{"open":{"n":"x"}}`:                           "body /open/n: must be an integer",
		`{"by_name":{"Ann":{"count":1,"count":2}}}`:    "body /by_name/*/count: is repeated",
		`{"by_name":{"Ann":{"Bo":{"Cy":1,"Cy":"x"}}}}`: "body /by_name/*/*/*: is repeated",
	} {
		r := httptest.NewRequest(http.MethodGet, "/a", http.NoBody)
		err := c.Operation("getA").CheckResponse(r, http.StatusOK, http.Header{"Content-Type": {"application/json"}}, []byte(body))
		var mismatch *contract.Mismatch
		require.ErrorAs(t, err, &mismatch, body)
		assert.Equal(t, []string{want}, mismatch.Faults, body)
	}
}
