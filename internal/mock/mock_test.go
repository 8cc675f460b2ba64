package mock_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/example"
	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/mock"
)

const plaza = "../../openapi.yaml"

func start(t *testing.T, file string) *mock.Server {
	t.Helper()
	s, err := mock.New(mock.Options{File: file, Rules: httpapi.Rules(), Log: io.Discard, Now: time.Now})
	require.NoError(t, err)
	return s
}

// written serves a document that the test has written.
func written(t *testing.T, document string) *mock.Server {
	t.Helper()
	file := filepath.Join(t.TempDir(), "openapi.yaml")
	require.NoError(t, os.WriteFile(file, []byte(document), 0o600))
	return start(t, file)
}

// ask sends a request of a signed-in caller, with headers as "Name: value", and returns the answer.
func ask(s http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer any")
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Del(name)
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// object reads the answer's body.
func object(t *testing.T, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var value map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &value), w.Body.String())
	return value
}

func properties(t *testing.T, value any) map[string]any {
	t.Helper()
	object, ok := value.(map[string]any)
	require.True(t, ok, "it is an object")
	return object
}

func TestEveryDeclaredAnswerIsGivenAndAllowed(t *testing.T) {
	t.Parallel()
	s := start(t, plaza)
	strict, err := contract.Load(read(t, plaza), httpapi.Rules())
	require.NoError(t, err)
	asked := 0
	for _, o := range strict.Operations {
		for code := range o.Spec.Responses.Map() {
			status, err := strconv.Atoi(code)
			require.NoError(t, err)
			for _, accept := range append([]string{"*/*"}, types(o, code)...) {
				r := question(t, strict, o, "Prefer", "code="+code)
				if status < http.StatusBadRequest {
					r.Header.Set("Accept", accept)
				}
				first, second := answer(s, r), answer(s, question(t, strict, o, "Prefer", "code="+code, "Accept", accept))
				assert.Equal(t, status, first.Code, "%s: %s", o.ID, first.Body)
				assert.Equal(t, "code="+code, first.Header().Get("Preference-Applied"), o.ID)
				require.NoError(t, o.CheckResponse(r, first.Code, first.Header(), first.Body.Bytes()))
				assert.Equal(t, first.Body.String(), second.Body.String(), "the same question, the same answer")
				asked++
			}
		}
		usual := answer(s, question(t, strict, o))
		assert.Equal(t, 2, usual.Code/100, "%s answers a 2xx: %s", o.ID, usual.Body)
	}
	assert.Greater(t, asked, 400)
}

// types are the media types of a successful answer.
func types(o *contract.Operation, code string) []string {
	var names []string
	if code < "3" {
		for name := range o.Spec.Responses.Value(code).Value.Content {
			names = append(names, name)
		}
	}
	return names
}

// question makes a request that the operation takes, with more headers.
func question(t *testing.T, c *contract.Contract, o *contract.Operation, headers ...string) *http.Request {
	t.Helper()
	r, err := example.Request(t.Context(), c, o, "http://mock.example", nil)
	require.NoError(t, err)
	example.SignIn(c, o, r)
	r.Header.Set("X-Request-Id", "mine")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func answer(s http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	return source
}

func TestRequestsAreRefusedAsPlazaRefusesThem(t *testing.T) {
	t.Parallel()
	s := start(t, plaza)
	for _, test := range []struct {
		name, method, target, body string
		headers                    []string
		status                     int
		want                       string
	}{
		{
			"all faults in their order", "POST", "/users", `{"tags": 7, "age": 7, "name": "R2D2"}`,
			[]string{"Content-Type: application/json"},
			422,
			`/name Name cannot contain numbers, /email is required, /age must be at least 13, /tags must be an array`,
		},
		{"no JSON", "POST", "/users", `{"name`, []string{"Content-Type: application/json"}, 400, ` is cut off`},
		{"another type", "POST", "/users", `x`, []string{"Content-Type: text/plain"}, 415, ""},
		{"a parameter", "GET", "/users?size=1000", "", nil, 422, `size must be at most 100`},
		{"a condition", "PATCH", "/users/7", `{"age": 35}`, []string{"Content-Type: application/json"}, 428, `If-Match is required`},
		{"nobody", "GET", "/users", "", []string{"Authorization: "}, 401, ""},
		{"a type that is not served", "GET", "/users", "", []string{"Accept: text/csv, application/json;q=0"}, 406, ""},
		{"no path", "GET", "/user", "", nil, 404, ""},
		{"a word is no parameter", "GET", "/users/batch", "", nil, 405, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := ask(s, test.method, test.target, test.body, append(test.headers, "X-Request-Id: mine")...)
			assert.Equal(t, test.status, w.Code)
			assert.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
			problem := object(t, w)
			assert.EqualValues(t, test.status, problem["status"])
			assert.Equal(t, "mine", problem["request_id"])
			assert.Equal(t, "mine", w.Header().Get("X-Request-Id"))
			var faults []string
			errors, _ := problem["errors"].([]any)
			for _, one := range errors {
				field := properties(t, one)
				place, _ := field["pointer"].(string)
				name, _ := field["name"].(string)
				detail, _ := field["detail"].(string)
				faults = append(faults, place+name+" "+detail)
			}
			assert.Equal(t, test.want, strings.Join(faults, ", "))
		})
	}
	assert.Equal(t, "OPTIONS, HEAD, GET, POST", allowed(ask(s, "PUT", "/users", "")))
	assert.Equal(t, "Bearer", ask(s, "GET", "/users", "", "Authorization: ").Header().Get("WWW-Authenticate"))
	w := ask(s, "POST", "/oauth/token", "grant_type=x", "Content-Type: text/plain")
	assert.Equal(t, 400, w.Code, "in the form of the operation's own errors")
	assert.Equal(t, "invalid_grant", object(t, w)["error"])
}

func allowed(w *httptest.ResponseRecorder) string { return w.Header().Get("Allow") }

func TestPreferencesThatNobodyKnowsAreIgnored(t *testing.T) {
	t.Parallel()
	s := start(t, plaza)
	for _, prefer := range []string{"code=418", "code=x", "wait=10", "example=none", "respond-async; code"} {
		w := ask(s, "GET", "/users/7", "", "Prefer: "+prefer)
		assert.Equal(t, 200, w.Code, prefer)
		assert.Empty(t, w.Header().Get("Preference-Applied"), prefer)
	}
	w := ask(s, "GET", "/users/7", "", `Prefer: wait=10, Code="404"`)
	assert.Equal(t, 404, w.Code)
	assert.Equal(t, 422, ask(s, "POST", "/users", `{}`, "Content-Type: application/json", "Prefer: code=201").Code,
		"a success has to be earned")
}

func TestPagesOfAnyOriginMayCall(t *testing.T) {
	t.Parallel()
	s := start(t, plaza)
	preflight := ask(s, "OPTIONS", "/users/7", "", "Authorization: ", "Origin: http://localhost:5173",
		"Access-Control-Request-Method: PATCH", "Access-Control-Request-Headers: if-match, authorization")
	assert.Equal(t, 204, preflight.Code)
	assert.Equal(t, "http://localhost:5173", preflight.Header().Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "PATCH", preflight.Header().Get("Access-Control-Allow-Methods"))
	assert.Equal(t, "if-match, authorization", preflight.Header().Get("Access-Control-Allow-Headers"))
	w := ask(s, "GET", "/users/7", "", "Origin: http://localhost:5173")
	assert.Contains(t, w.Header().Get("Access-Control-Expose-Headers"), "X-Request-Id")
	assert.Equal(t, "Origin", w.Header().Get("Vary"))
	assert.NotContains(t, ask(s, "GET", "/users/7", "").Header(), "Access-Control-Allow-Origin")
}

func TestTheLogHasOneLineARequest(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	s, err := mock.New(mock.Options{File: plaza, Rules: httpapi.Rules(), Log: &log, Now: func() time.Time { return noon }})
	require.NoError(t, err)
	ask(s, "GET", "/users/7", "")
	ask(s, "POST", "/users", `{}`, "Content-Type: application/json")
	ask(s, "GET", "/users/7", "", "Prefer: code=418")
	assert.Equal(t, strings.TrimLeft(`
12:00:00  GET      200        0s  getUser                   /users/7
12:00:00  POST     422        0s  createUser                /users  3 faults in the request; /name is required; /email is required; /age is required
12:00:00  GET      200        0s  getUser                   /users/7  code=418 is not declared
`, "\n"), log.String())
}
