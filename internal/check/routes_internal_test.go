package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRoutesAreHeldAgainstOperationsBothWays(t *testing.T) {
	t.Parallel()
	source, err := ReadSource("openapi.yaml", []byte(`openapi: 3.0.3
info: {title: T, version: 1.0.0}
paths:
  /users/{user_id}/posts/{post_id}:
    get: {operationId: getPost, responses: {'204': {description: None}}}
    patch: {operationId: updatePost, responses: {'204': {description: None}}}
  /users:
    post: {operationId: createUser, responses: {'204': {description: None}}}
`))
	require.NoError(t, err)
	const post, at = "/users/:user_id/posts/:post_id", "/paths/~1users~1{user_id}~1posts~1{post_id}/"
	declared := declaredRoutes(source)
	assert.Equal(t, []declaredRoute{
		{"createUser", "POST", "/users", "/paths/~1users/post"},
		{"getPost", "GET", "/users/{user_id}/posts/{post_id}", at + "get"},
		{"updatePost", "PATCH", "/users/{user_id}/posts/{post_id}", at + "patch"},
	}, declared)
	whole := []string{"POST /users", "GET " + post, "HEAD " + post, "PATCH " + post}
	without := func(i int) []string { return append(append([]string{}, whole[:i]...), whole[i+1:]...) }
	with := func(routes ...string) []string { return append(append([]string{}, whole...), routes...) }
	places := handlerPlaces{routes: map[string]goPlace{
		"GET /debug": {"a.go", 1}, "/debug": {"b.go", 2}, "Add /users": {"c.go", 3},
	}}
	for _, row := range []struct {
		routes []string
		want   []Finding // without their messages
	}{
		{whole, nil},
		{without(0), []Finding{{Rule: "routes/unserved", Pointer: "/paths/~1users/post"}}},
		{without(1), []Finding{{Rule: "routes/unserved", Pointer: at + "get"}}},
		{without(2), []Finding{{Rule: "routes/unserved", Pointer: at + "get"}}},
		{without(3), []Finding{{Rule: "routes/unserved", Pointer: at + "patch"}}},
		{with("GET /debug"), []Finding{{Rule: "routes/undeclared", File: "a.go", Line: 1}}},
		{with("GET /debug", "HEAD /debug"), []Finding{{Rule: "routes/undeclared", File: "a.go", Line: 1}}},
		{with("HEAD /debug"), []Finding{{Rule: "routes/undeclared", File: "b.go", Line: 2}}},
		{with("POST /debug"), []Finding{{Rule: "routes/undeclared", File: "b.go", Line: 2}}},
		{with("GET /nowhere"), []Finding{{Rule: "routes/undeclared", File: edgeFolder}}},
		{with("HEAD /users"), []Finding{{Rule: "routes/method", File: edgeFolder}}},
		{with("GET /users"), []Finding{{Rule: "routes/method", File: edgeFolder}}},
		{with("GET /users/:id/posts/:post_id"), []Finding{{Rule: "routes/undeclared", File: edgeFolder}}},
	} {
		found := append(undeclaredRoutes(row.routes, declared, places), unservedRoutes(row.routes, declared)...)
		for i := range found {
			assert.NotEmpty(t, found[i].Message)
			found[i].Message = ""
		}
		assert.Equal(t, row.want, found, "%s", row.routes)
	}
	one := undeclaredRoutes([]string{"PUT " + post}, declared, places)
	require.Len(t, one, 1)
	assert.Contains(t, one[0].Message, "of which the contract has GET and PATCH alone")
}

func TestWhereHandlersAndRoutesStand(t *testing.T) {
	t.Parallel()
	p := folderOf(t, map[string]string{
		"internal/httpapi/a.go": "package httpapi\n\nfunc (h) GetUser(ctx context.Context) {}\n" +
			"func (h) GetKeys(c echo.Context) {}\nfunc GetPost(ctx context.Context) {}\nfunc (h) GetMe() {}\n" +
			"func (h) GetSome(n int, ctx context.Context) {}\nfunc (h) GetRaw(r http.Request) {}\n" +
			"func routes() {\n\te.GET(\"/docs\", f)\n\te.Add(\"PUT\", base+\"/raw\", f)\n\tlog(\"/no\")\n\tstrings.HasPrefix(p, \"/docs\")\n\te.GET(\"none\")\n}\n",
		"internal/httpapi/a_test.go": "package httpapi\n\nfunc (h) GetTested(ctx context.Context) {}\n",
		"internal/httpapi/notes.txt": "no Go",
		"internal/httpapi/bad.go":    "package httpapi\n\nfunc {\n",
		"gen/api/server.gen.go":      "package api\n\nfunc (h) GetMade(ctx context.Context) { router.GET(base+\"/made\", f) }\n",
	})
	places, unread, err := p.handlerPlaces()
	require.NoError(t, err)
	require.Len(t, unread, 1)
	assert.Equal(t, "routes/build internal/httpapi/bad.go:3:6", unread[0].Rule+" "+unread[0].Place())
	const file = "internal/httpapi/a.go"
	assert.Equal(t, map[string]goPlace{"getuser": {file, 3}, "getkeys": {file, 4}}, places.handlers)
	made := goPlace{"gen/api/server.gen.go", 3}
	assert.Equal(t, map[string]goPlace{
		"GET /docs": {file, 10}, "/docs": {file, 10}, "Add /raw": {file, 11}, "/raw": {file, 11},
		"GET /made": made, "/made": made,
	}, places.routes)
}

func TestAFolderWithoutAnEdgeHasNoPlaces(t *testing.T) {
	t.Parallel()
	places, unread, err := folderOf(t, nil).handlerPlaces()
	require.NoError(t, err)
	assert.Empty(t, unread)
	assert.Empty(t, places.handlers)
}

func TestWhatTheCompilerSaysHasItsPlaces(t *testing.T) {
	t.Parallel()
	const words = "the tree does not compile, so nobody knows what it serves: "
	assert.Equal(t, []Finding{
		{Rule: "routes/build", File: "internal/a.go", Line: 3, Column: 2, Message: words + "undefined: x"},
		{Rule: "routes/build", File: "b.go", Line: 4, Message: words + "imported and not used"},
	}, compilerFindings("# plaza/internal\n./internal/a.go:3:2: undefined: x\n\tat c.go:9:9: of it\nb.go:4: imported and not used\n"))
	assert.Empty(t, compilerFindings("panic: a.go is gone\nexit status 2"))
}

func TestWhyAServerDoesNotStartIsToldWhereItSays(t *testing.T) {
	t.Parallel()
	p := folderOf(t, nil)
	const words = "the server does not start: "
	for why, want := range map[string]Finding{
		"the contract: openapi.yaml:12:7: no time-out\nopenapi.yaml:13:1: more": {
			Rule: "routes/start", File: generatedCopy, Line: 12, Column: 7, Message: words + "no time-out",
		},
		"panic: no handler":  {Rule: "routes/start", File: "openapi.yaml", Message: words + "panic: no handler"},
		"1\n2\n3\n4\n5\n6\n": {Rule: "routes/start", File: "openapi.yaml", Message: words + "2\n3\n4\n5\n6"},
	} {
		assert.Equal(t, want, notStarted(p, why))
	}
}
