package check_test

// routesFaults are faults of what the server serves.
func routesFaults() []seeded {
	const getPost = "\tp, err := h.service.Get(ctx, r.PostID)\n\tif err != nil {\n\t\treturn nil, err\n\t}\n" +
		"\treturn h.read(p.Version, toPost(p), r.Params.IfNoneMatch)\n"
	return []seeded{
		{
			name: "a handler that answers 501", rule: "routes/unimplemented",
			edits: []edit{{"internal/httpapi/posts.go", getPost, "\treturn answer{status: http.StatusNotImplemented}, nil\n"}},
			file:  "internal/httpapi/posts.go", text: "GetPost(ctx",
		},
		{
			name: "a handler that panics", rule: "routes/unimplemented",
			edits: []edit{{"internal/httpapi/oauth.go", "\tkeys, err := h.service.Keys.Public(c.Request().Context())\n", "\tvar keys []json.RawMessage\n\tvar err error\n\tpanic(\"to do\")\n"}},
			file:  "internal/httpapi/oauth.go", text: "getKeys(c echo.Context)",
		},
		{
			name: "a route that the contract does not have", rule: "routes/undeclared",
			edits: []edit{
				{"internal/httpapi/server.go", "\tif c.Identity != nil {\n", "\trouter{s.echo}.GET(\"/debug/users\", s.hello)\n\tif c.Identity != nil {\n"},
				{"internal/httpapi/hello.go", "", "package httpapi\n\nimport \"github.com/labstack/echo/v4\"\n\nfunc (*Server) hello(c echo.Context) error { return c.NoContent(204) }\n"},
			},
			file: "internal/httpapi/server.go", text: "/debug/users",
		},
		{
			name: "an operation without code", rule: "routes/unserved",
			edits: []edit{{"openapi.yaml", "  /posts:\n    get:\n      operationId: listPosts\n", "  /photos:\n    get:\n      operationId: listPhotos\n" +
				"      tags: [posts]\n      security: []\n      x-rate-limit: none\n      x-timeout: 5s\n      responses: {'204': {description: None}}\n" +
				"  /posts:\n    get:\n      operationId: listPosts\n"}},
			file: "openapi.yaml", text: "    get:\n      operationId: listPhotos",
		},
		{
			name: "a route of the reference page that was taken out", rule: "routes/unserved",
			edits: []edit{{"internal/httpapi/docs.go", "\troutes.GET(\"/docs/:asset\", docsAsset, perOperation[\"getDocsAsset\"]...)\n", "\t_ = docsAsset\n"}},
			file:  "openapi.yaml", text: "    get:\n      operationId: getDocsAsset",
		},
		{
			name: "a route with another method", rule: "routes/method", also: []string{"routes/unserved"},
			edits: []edit{{"internal/httpapi/docs.go", "routes.GET(\"/openapi.json\"", "routes.POST(\"/openapi.json\""}},
			file:  "internal/httpapi/docs.go", text: "\"/openapi.json\"",
		},
		{
			name: "a read without HEAD", rule: "routes/unserved",
			edits: []edit{{"internal/httpapi/docs.go", "routes.GET(\"/openapi.yaml\"", "s.echo.GET(\"/openapi.yaml\""}},
			file:  "openapi.yaml", text: "    get:\n      operationId: getContractYAML",
		},
		{
			name: "a generated operation whose method nobody has written", rule: "routes/build",
			edits: []edit{{"gen/api/server.gen.go", "type StrictServerInterface interface {\n", "type StrictServerInterface interface {\n\tListPhotos(ctx context.Context) error\n"}},
			file:  "internal/httpapi/server.go", text: "api.NewStrictHandler(handlers{",
		},
		{
			name: "a file for another system that is no Go", rule: "routes/build",
			edits: []edit{{"internal/httpapi/z_windows.go", "", "\npakage httpapi\n"}},
			file:  "internal/httpapi/z_windows.go", text: "pakage",
		},
		{
			name: "a contract that the server refuses to start on", rule: "routes/start",
			edits: []edit{{"gen/contract/openapi.yaml", "      x-timeout: 5s", "      x-timeout: soon"}},
			file:  "gen/contract/openapi.yaml", text: "      x-timeout: soon",
		},
		{
			name: "a mounted operation that the contract has lost", rule: "routes/start",
			edits: []edit{{"gen/contract/openapi.yaml", "operationId: getKeys", "operationId: listKeys"}},
			file:  "openapi.yaml",
		},
	}
}
