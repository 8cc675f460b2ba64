package check_test

// lintFaults are faults of the contract by itself.
func lintFaults() []seeded {
	row := func(name, rule, text, old, replacement string, also ...string) seeded {
		return seeded{
			name: name, edits: []edit{{"openapi.yaml", old, replacement}},
			rule: "lint/" + rule, also: also, file: "openapi.yaml", text: text,
		}
	}
	listPosts := "    get:\n      operationId: listPosts"
	policies := "`total` is exact.\n      security: []\n      x-rate-limit: {requests: 300, per: 60s}\n"
	deletes := "The post disappears from every read.\n" +
		"      security: [{oauth: [posts:write]}]\n      x-owner: user_id\n      x-rate-limit: {requests: 60, per: 60s}\n"
	refusals := "        '401': {$ref: '#/components/responses/Unauthorized'}\n" +
		"        '403': {$ref: '#/components/responses/Forbidden'}\n"
	return []seeded{
		row("nobody says who may call", "security", listPosts, policies,
			"`total` is exact.\n      x-rate-limit: {requests: 300, per: 60s}\n"),
		row("no rate limit", "rate-limit", listPosts, policies, "`total` is exact.\n      security: []\n"),
		row("no time-out", "timeout", "    delete:\n      operationId: deletePost", deletes+"      x-timeout: 5s\n", deletes,
			"lint/status-504"),
		row("a body of any size", "body-limit", "    post:\n      operationId: createClient", "      x-body-limit: 16KiB\n", ""),
		row("a policy that the server does not read", "contract", "x-rate-limit: {requests: 0,", policies,
			"`total` is exact.\n      security: []\n      x-rate-limit: {requests: 0, per: 60s}\n"),
		row("a key that nobody knows", "contract", "x-retries: 3", "      x-body-limit: 16KiB\n",
			"      x-body-limit: 16KiB\n      x-retries: 3\n"),
		row("an example that its schema refuses", "example-invalid", "age: 12}", "email: kim@example.com, age: 15}",
			"email: kim@example.com, age: 12}"),
		row("an example that a format of Plaza refuses", "example-invalid", "name: Ann 2,",
			"value: {users: [{name: Ann Lee, email", "value: {users: [{name: Ann 2, email"),
		row("an example that a rule of Plaza refuses", "example-invalid", "country: MX, postal_code: '0601'",
			"country: MX, postal_code: '06010'", "country: MX, postal_code: '0601'"),
		row("a default that its schema refuses", "example-invalid", "default: 200", "maximum: 100, default: 20}",
			"maximum: 100, default: 200}"),
		row("an answer of which no example can be made", "example", "        sub: {type: string, maxLength: 100, description: The user's",
			"description: The user's id, x-computed: true, example: '1'}", "description: The user's id, x-computed: true}"),
		row("an operation without a description", "description", "    get:\n      operationId: getPost",
			"      description: |\n        Answers 404 while its author is deleted.\n", ""),
		row("a schema without a description", "description", "    PostTitle:", "      description: The headline\n", ""),
		row("a string without an end", "max-length", "    Message:\n", "      type: string\n      maxLength: 200\n      example: Retrieved",
			"      type: string\n      example: Retrieved"),
		row("an array without an end", "max-items", "        items:\n          description: The posts of this page",
			"The posts of this page\n          type: array\n          maxItems: 100\n", "The posts of this page\n          type: array\n"),
		row("a number without an end", "range", "    Age:\n", "      minimum: 13\n      maximum: 120\n", "      minimum: 13\n"),
		row("bounds that allow nothing", "bounds", "      minLength: 300\n", "      minLength: 1\n      maxLength: 200\n",
			"      minLength: 300\n      maxLength: 200\n", "lint/example-invalid"),
		row("a request body that is open", "open-body", "    PostCreate:\n",
			"What makes a post\n      type: object\n      additionalProperties: false\n", "What makes a post\n      type: object\n"),
		row("a required property that is not there", "required", "required: [title, content, mood]",
			"      required: [title, content]\n", "      required: [title, content, mood]\n", "lint/example-invalid"),
		row("an error that is no problem", "problem", "        application/json:\n          schema: {$ref: '#/components/schemas/Problem'}",
			"        application/problem+json:\n          schema: {$ref: '#/components/schemas/Problem'}\n          example: {type: 'urn:plaza:problem:not-found'",
			"        application/json:\n          schema: {$ref: '#/components/schemas/Problem'}\n          example: {type: 'urn:plaza:problem:not-found'"),
		row("401 without how to sign in", "answer-header", "    Unauthorized:\n",
			"has ended\n      headers:\n        WWW-Authenticate: {$ref: '#/components/headers/WWW-Authenticate'}\n", "has ended\n"),
		row("a token that may be refused, and no 401", "status-401", "      responses:\n        '200':\n          description: A page of people",
			refusals, "        '403': {$ref: '#/components/responses/Forbidden'}\n"),
		row("a rate limit, and no 429", "status-429", "      responses:\n        '200':\n          description: A page of people",
			"        '429': {$ref: '#/components/responses/TooManyRequests'}\n", ""),
		row("If-Match, and no 412", "status-412", "      responses:\n        '200':\n          description: The user as it is now",
			"        '412': {$ref: '#/components/responses/StaleVersion'}\n", ""),
		row("a path parameter, and no 404", "status-404", "      responses:\n        '200':\n          description: The post\n",
			"schemas/Post'}\n        '304': {$ref: '#/components/responses/NotModified'}\n"+
				"        '400': {$ref: '#/components/responses/Malformed'}\n        '404': {$ref: '#/components/responses/NotFound'}\n",
			"schemas/Post'}\n        '304': {$ref: '#/components/responses/NotModified'}\n"+
				"        '400': {$ref: '#/components/responses/Malformed'}\n"),
		row("idempotent, and no key", "idempotency-key", "      x-idempotent: true\n      x-body-limit: 4MiB",
			"      x-body-limit: 4MiB\n      x-timeout: 30s\n      parameters:\n        - $ref: '#/components/parameters/IdempotencyKey'\n",
			"      x-body-limit: 4MiB\n      x-timeout: 30s\n"),
		row("a status that cannot be", "status-unreachable", "        '401': {$ref: '#/components/responses/Unauthorized'}\n        '406'",
			"          description: A page of posts\n          content:\n            application/json:\n"+
				"              schema: {$ref: '#/components/schemas/PostListResponse'}\n        '400': {$ref: '#/components/responses/Malformed'}\n"+
				"        '406'",
			"          description: A page of posts\n          content:\n            application/json:\n"+
				"              schema: {$ref: '#/components/schemas/PostListResponse'}\n        '400': {$ref: '#/components/responses/Malformed'}\n"+
				"        '401': {$ref: '#/components/responses/Unauthorized'}\n        '406'"),
		row("a component that nothing uses", "unused", "    PostMood:", "    PostTitle:\n",
			"    PostMood:\n      description: A mood\n      type: string\n      maxLength: 9\n    PostTitle:\n"),
		row("components that use each other alone", "unused", "    PostMood:", "    PostTitle:\n",
			"    PostMood:\n      description: A mood\n      type: array\n      maxItems: 9\n"+
				"      items: {$ref: '#/components/schemas/PostMood'}\n    PostTitle:\n"),
		row("a tag that is not declared", "tag", "tags: [articles]", "operationId: getPost\n      tags: [posts]",
			"operationId: getPost\n      tags: [articles]"),
		row("an operationId that is no verb and noun", "verb-noun", "operationId: fetchPost", "operationId: getPost\n",
			"operationId: fetchPost\n"),
		row("an operationId that is taken", "operation-id", "operationId: getPost\n      tags: [posts]",
			"operationId: getMe\n", "operationId: getPost\n"),
		row("a property that is not in snake_case", "name", "        isAdult:", "        is_adult:\n", "        isAdult:\n",
			"lint/required"),
		row("a path in mixed case", "path", "  /userPosts:", "  /posts:\n", "  /userPosts:\n"),
		row("a path parameter that is not declared", "path-parameter", "    get:\n      operationId: getPost",
			"      parameters:\n        - $ref: '#/components/parameters/PostID'\n        - $ref: '#/components/parameters/IfNoneMatch'\n",
			"      parameters:\n        - $ref: '#/components/parameters/IfNoneMatch'\n"),
		row("a rule that is silenced without need", "ignore", "timeout: It is fast", policies, policies+
			"      x-lint-ignore: {timeout: It is fast}\n"),
		row("a rule that is silenced without a reason", "ignore", "problem: ''", "{problem: A person reads it in a browser}",
			"{problem: ''}"),
		row("a rule of a layer that heeds none", "ignore", "coverage/status: It is slow", policies, policies+
			"      x-lint-ignore: {coverage/status: It is slow}\n"),
		row("a rule that is none", "ignore", "speed: It is fast", policies, policies+"      x-lint-ignore: {speed: It is fast}\n"),
		row("a security scheme that is none", "openapi", listPosts, policies,
			"`total` is exact.\n      security: [{key: []}]\n      x-rate-limit: {requests: 300, per: 60s}\n", "lint/status-401"),
	}
}
