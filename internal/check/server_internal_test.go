package check

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	contractfile "github.com/plaza-api/plaza/gen/contract"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
)

// transport answers as a server does.
type transport func(*http.Request) *http.Response

// RoundTrip never fails.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	response := t(r)
	response.Request = r
	if response.Header == nil {
		response.Header = http.Header{}
	}
	if response.Body == nil {
		response.Body = http.NoBody
	}
	return response, nil
}

// asked is a server that follows a contract, of which the operations of these ids are looked at, all without any.
func asked(t *testing.T, source string, o ServerOptions, ids ...string) *deployed {
	t.Helper()
	spec, err := contract.Load([]byte(source), httpapi.Rules())
	require.NoError(t, err)
	if len(ids) > 0 {
		spec.Operations = slices.DeleteFunc(spec.Operations, func(op *contract.Operation) bool {
			return !slices.Contains(ids, op.ID)
		})
		require.Len(t, spec.Operations, len(ids))
	}
	if o.URL == "" {
		o.URL = "http://plaza.test"
	}
	d := &deployed{
		asker: newAsker(o), tree: spec, spec: spec, lost: map[string]string{}, absent: map[string]bool{},
		known: map[string]string{},
	}
	return d
}

// sent writes what a refusal sends in a line.
func sent(t *testing.T, refusal serverRefusal) string {
	t.Helper()
	r := refusal.request
	var body []byte
	if r.Body != nil {
		var err error
		body, err = io.ReadAll(r.Body)
		require.NoError(t, err)
	}
	words := []string{refusal.op.ID, r.Method, r.URL.RequestURI()}
	for _, name := range []string{"Authorization", "If-Match", "Accept", "Content-Type"} {
		if value := r.Header.Get(name); value != "" {
			words = append(words, value)
		}
	}
	if len(body) > 0 {
		assert.Equal(t, int64(len(body)), r.ContentLength)
		again, err := r.GetBody()
		require.NoError(t, err)
		repeated, err := io.ReadAll(again)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(body, repeated), "what is sent again is the same")
		words = append(words, fmt.Sprintf("%q*%d", body[:1], len(body)))
	}
	return fmt.Sprintf("%s: %d %s", strings.Join(words, " "), refusal.want, refusal.header)
}

// sentRefusals are all such lines.
func sentRefusals(t *testing.T, d *deployed) string {
	t.Helper()
	refusals, err := d.refusals(t.Context())
	require.NoError(t, err)
	var b strings.Builder
	for _, refusal := range refusals {
		b.WriteString(strings.TrimSpace(sent(t, refusal)) + "\n")
	}
	return strings.ReplaceAll(b.String(), nobody, "NOBODY")
}

const refusedOfAll = `listUsers GET /users: 401 WWW-Authenticate
createUsers POST /users/batch text/plain "\x00"*1: 401 WWW-Authenticate
getUser GET /users/NOBODY: 401 WWW-Authenticate
updateUser PATCH /users/NOBODY text/plain "\x00"*1: 401 WWW-Authenticate
changePassword PUT /me/password text/plain "\x00"*1: 401 WWW-Authenticate
createPost POST /users/NOBODY/posts text/plain "\x00"*1: 401 WWW-Authenticate
listPosts GET /posts?plazadev-check=1: 422
listPosts GET /posts image/png, application/*;q=0, text/*;q=0: 406
getReadiness GET /readyz image/png, application/*;q=0, text/*;q=0: 406
getReadiness PROPFIND /readyz: 405 Allow
`

const refusedByToken = `listUsers GET /users?plazadev-check=1 Bearer any: 422
listUsers GET /users Bearer any image/png, application/*;q=0, text/*;q=0: 406
listUsers GET /users: 401 WWW-Authenticate
createUsers POST /users/batch text/plain "\x00"*1: 401 WWW-Authenticate
getUser GET /users/NOBODY: 401 WWW-Authenticate
updateUser PATCH /users/NOBODY text/plain "\x00"*1: 401 WWW-Authenticate
updateUser PATCH /users/NOBODY Bearer any "NOBODY-0000000000000000" text/plain "\x00"*1: 415
updateUser PATCH /users/NOBODY Bearer any "NOBODY-0000000000000000" application/json "\x00"*65537: 413
updateUser PATCH /users/NOBODY Bearer any application/json "{"*2: 428
changePassword PUT /me/password text/plain "\x00"*1: 401 WWW-Authenticate
createPost POST /users/NOBODY/posts text/plain "\x00"*1: 401 WWW-Authenticate
listPosts GET /posts?plazadev-check=1: 422
listPosts GET /posts image/png, application/*;q=0, text/*;q=0: 406
getReadiness GET /readyz image/png, application/*;q=0, text/*;q=0: 406
getReadiness PROPFIND /readyz: 405 Allow
`

func TestWhatMustBeRefusedIsThisAndNothingElse(t *testing.T) {
	t.Parallel()
	ids := []string{
		"listUsers", "createUser", "createUsers", "getUser", "updateUser", "deleteUser", "restoreUser", "changePassword",
		"sendEmailCode", "createPost", "listPosts", "rotateClientSecret", "revokeToken", "getReadiness",
	}
	for token, want := range map[string]string{"": refusedOfAll, "any": refusedByToken} {
		d := asked(t, string(contractfile.YAML), ServerOptions{Token: token}, ids...)
		d.absent["getUser"] = true
		assert.Equal(t, want, sentRefusals(t, d))
	}
}

func TestWhatIsRefusedIsAboutNobodyWhereverItsIdsAreStated(t *testing.T) {
	t.Parallel()
	const parameters = "        - $ref: '#/components/parameters/UserID'\n        - $ref: '#/components/parameters/PostID'\n"
	own := "      parameters:\n" + parameters + "        - $ref: '#/components/parameters/IfMatch'\n      requestBody:"
	shared := strings.Replace(own, parameters, "", 1)
	item := "  /users/{user_id}/posts/{post_id}:\n"
	source := string(contractfile.YAML)
	require.Contains(t, source, item)
	require.Contains(t, source, own)
	before := sentRefusals(t, asked(t, source, ServerOptions{Token: "any"}, "updatePost"))
	assert.Equal(t, 4, strings.Count(before, "/users/NOBODY/posts/NOBODY"), before)
	source = strings.Replace(source, own, shared, 1)
	source = strings.Replace(source, item, item+"    parameters:\n"+strings.ReplaceAll(parameters, "        -", "      -"), 1)
	assert.Equal(t, before, sentRefusals(t, asked(t, source, ServerOptions{Token: "any"}, "updatePost")))
}

func TestAPathThatIsNotAllOfIdsIsChangedByNobody(t *testing.T) {
	t.Parallel()
	source := strings.ReplaceAll(string(contractfile.YAML), "/users/{user_id}/posts/{post_id}:\n    patch:\n      operationId: updatePost",
		"/users/{user_id}/posts/{post_id}/{kind}:\n    parameters:\n"+
			"      - {name: kind, in: path, required: true, description: A kind, schema: {type: string, maxLength: 9}, example: a}\n"+
			"    patch:\n      operationId: updatePost")
	assert.Equal(t, "updatePost PATCH /users/NOBODY/posts/NOBODY/a text/plain \"\\x00\"*1: 401 WWW-Authenticate\n",
		sentRefusals(t, asked(t, source, ServerOptions{Token: "any"}, "updatePost")))
}

func TestNothingIsDeletedThoughItTakesABody(t *testing.T) {
	t.Parallel()
	const operation = "    delete:\n      operationId: deleteUser\n"
	require.Contains(t, string(contractfile.YAML), operation)
	source := strings.Replace(string(contractfile.YAML), operation, operation+"      x-body-limit: 1KiB\n      requestBody:\n"+
		"        content: {application/json: {schema: {$ref: '#/components/schemas/UserPatch'}, example: {age: 35}}}\n", 1)
	for _, token := range []string{"", "any"} {
		assert.Empty(t, sentRefusals(t, asked(t, source, ServerOptions{Token: token}, "deleteUser")))
	}
}

func TestARefusalIsJudgedByItsStatus(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		token        string
		method, auth string // of what is answered so
		status       int
		want         string
	}{
		{"", http.MethodGet, "", 401, ""},
		{"", http.MethodGet, "", 200, "server/refusal: getUser took a call without a token: it answers 200 where 401 is due"},
		{"", http.MethodGet, "", 302, "server/refusal: getUser took a call without a token: it answers 302 where 401 is due"},
		{"", http.MethodGet, "", 400, "server/behaviour: getUser refuses a call without a token with 400 where 401 is due"},
		{"", http.MethodGet, "", 403, "server/behaviour: getUser refuses a call without a token with 403 where 401 is due"},
		{"any", http.MethodPatch, "Bearer any", 403, ""},
		{"any", http.MethodPatch, "Bearer any", 500, "server/behaviour: updateUser refuses a body that says text/plain with 500 where 415 is due"},
	} {
		first := true
		d := asked(t, string(contractfile.YAML), ServerOptions{
			Token: row.token, Transport: transport(func(r *http.Request) *http.Response {
				status := dueStatus(r)
				if first && r.Method == row.method && r.Header.Get("Authorization") == row.auth {
					status, first = row.status, false
				}
				return &http.Response{StatusCode: status}
			}),
		}, "getUser", "updateUser")
		d.absent["getUser"] = true
		require.NoError(t, d.checkRefusals(t.Context()))
		assert.False(t, first)
		var found []string
		for _, f := range d.findings {
			assert.Equal(t, "http://plaza.test", f.File)
			assert.Equal(t, "/paths/~1users~1{user_id}/"+strings.ToLower(row.method), f.Pointer)
			found = append(found, f.Rule+": "+f.Message)
		}
		assert.Equal(t, row.want, strings.Join(found, "\n"))
		if row.want == "" && row.status == http.StatusUnauthorized {
			assert.Contains(t, slices.Collect(maps.Keys(d.lost)), "Www-Authenticate", "a refusal has its header")
		}
	}
}

// dueStatus is what a refusal of getUser or updateUser is due.
func dueStatus(r *http.Request) int {
	switch {
	case r.Header.Get("Authorization") == "":
		return http.StatusUnauthorized
	case r.Header.Get("Content-Type") == "text/plain":
		return http.StatusUnsupportedMediaType
	case r.Header.Get("If-Match") == "":
		return http.StatusPreconditionRequired
	default:
		return http.StatusRequestEntityTooLarge
	}
}
