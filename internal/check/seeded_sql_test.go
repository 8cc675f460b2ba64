package check_test

const (
	// createPostAnswers are those up to the 409.
	createPostAnswers = `      responses:
        '201':
          description: The post was made
          headers:
            Idempotency-Replayed: {$ref: '#/components/headers/Idempotency-Replayed'}
            Location: {$ref: '#/components/headers/Location'}
            ETag: {$ref: '#/components/headers/ETag'}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/PostResponse'}
        '400': {$ref: '#/components/responses/Malformed'}
        '401': {$ref: '#/components/responses/Unauthorized'}
        '403': {$ref: '#/components/responses/Forbidden'}
        '404': {$ref: '#/components/responses/NotFound'}
        '406': {$ref: '#/components/responses/NotAcceptable'}
        '408': {$ref: '#/components/responses/RequestTimeout'}
        '409': {$ref: '#/components/responses/Conflict'}
`
	createUserResponses = "      responses:\n        '201':\n          description: The user was made"
	createPostResponses = "      responses:\n        '201':\n          description: The post was made"
	updatePostResponses = "      responses:\n        '200':\n          description: The post as it is now"
	conflictDeclared    = "        '409': {$ref: '#/components/responses/Conflict'}\n"
)

// sqlFaults are faults between the contract's limits and those of the database.
func sqlFaults() []seeded {
	return append(append(sqlLimitFaults(), sqlFormFaults()...), sqlRestFaults()...)
}

// sqlLimitFaults are about lengths, ranges and counts.
func sqlLimitFaults() []seeded {
	return []seeded{
		{
			name: "the contract's longest name is shorter than SQL's", rule: "sql/narrower",
			edits: []edit{{"openapi.yaml", "maxLength: 100\n      format: person_name", "maxLength: 50\n      format: person_name"}},
			file:  "openapi.yaml", text: "maxLength: 50\n      format: person_name",
		},
		{
			name: "the contract's longest title is longer than SQL's", rule: "sql/wider",
			edits: []edit{{"openapi.yaml", "maxLength: 200\n      example: Hello", "maxLength: 300\n      example: Hello"}},
			file:  "openapi.yaml", text: "maxLength: 300\n      example: Hello",
		},
		{
			name: "a title has no limit in the contract", rule: "sql/wider",
			edits: []edit{{"openapi.yaml", "      maxLength: 200\n      example: Hello", "      example: Hello"}},
			file:  "openapi.yaml", text: "    PostTitle:",
		},
		{
			name: "the check of a title is dropped", rule: "sql/narrower",
			edits: []edit{{"schema/0003_posts.sql", "    CONSTRAINT posts_title_check CHECK (char_length(title) BETWEEN 1 AND 200),\n", ""}},
			file:  "openapi.yaml", text: "maxLength: 200\n      example: Hello",
		},
		{
			name: "the check of a title is dropped by a later migration", rule: "sql/narrower",
			edits: []edit{{"schema/0099_titles.sql", "", "-- +goose Up\nALTER TABLE posts DROP CONSTRAINT posts_title_check;\n" +
				"-- +goose Down\nALTER TABLE posts ADD CONSTRAINT posts_title_check CHECK (char_length(title) <= 200);\n"}},
			file: "openapi.yaml", text: "minLength: 1\n      maxLength: 200\n      example: Hello",
		},
		{
			name: "a column is shorter by its type", rule: "sql/wider",
			edits: []edit{{"schema/0003_posts.sql", `title      text COLLATE "C"`, `title      varchar(150) COLLATE "C"`}},
			file:  "openapi.yaml", text: "maxLength: 200\n      example: Hello",
		},
		{
			name: "a check counts bytes", rule: "sql/wider",
			edits: []edit{{"schema/0001_users.sql", "char_length(name) BETWEEN", "octet_length(name) BETWEEN"}},
			file:  "openapi.yaml", text: "maxLength: 100\n      format: person_name",
		},
		{
			name: "a tag may be longer in SQL, as the table beside says", rule: "sql/narrower",
			edits: []edit{{"schema/0001_users.sql", "char_length(tag) BETWEEN 1 AND 50", "char_length(tag) BETWEEN 1 AND 60"}},
			file:  "openapi.yaml", text: "maxLength: 50\n      format: tag",
		},
		{
			name: "a scope may be longer in SQL", rule: "sql/narrower",
			edits: []edit{{"schema/0010_client_items.sql", "have_lengths(scopes, 1, 50)", "have_lengths(scopes, 1, 51)"}},
			file:  "openapi.yaml", text: "items: {type: string, minLength: 1, maxLength: 50}",
		},
		{
			name: "the check of an age is tighter", rule: "sql/wider",
			edits: []edit{{"schema/0001_users.sql", "age BETWEEN 13 AND 120", "age BETWEEN 18 AND 120"}},
			file:  "openapi.yaml", text: "minimum: 13",
		},
		{
			name: "the check of an age has a hole", rule: "sql/wider",
			edits: []edit{{"schema/0001_users.sql", "age BETWEEN 13 AND 120", "age BETWEEN 13 AND 120 AND age <> 50"}},
			file:  "openapi.yaml", text: "maximum: 120",
		},
		{
			name: "the contract's youngest are younger than SQL's", rule: "sql/wider",
			edits: []edit{{"openapi.yaml", "minimum: 13", "minimum: 10"}},
			file:  "openapi.yaml", text: "minimum: 10",
		},
		{
			name: "ids go further in SQL", rule: "sql/narrower",
			edits: []edit{{"schema/0002_addresses.sql", "id BETWEEN 1 AND 9007199254740991", "id >= 1"}},
			file:  "openapi.yaml", text: "maximum: 9007199254740991\n      example: 1\n",
		},
		{
			name: "the contract allows more tags", rule: "sql/wider",
			edits: []edit{{
				"openapi.yaml", "maxItems: 11\n      items: {$ref: '#/components/schemas/Tag'}",
				"maxItems: 12\n      items: {$ref: '#/components/schemas/Tag'}",
			}},
			file: "openapi.yaml", text: "maxItems: 12",
		},
		{
			name: "the contract allows a client without scopes", rule: "sql/wider",
			edits: []edit{{"openapi.yaml", "      minItems: 1\n      maxItems: 50\n", "      maxItems: 50\n"}},
			file:  "openapi.yaml", text: "    ClientScopes:",
		},
	}
}

// sqlFormFaults are about words, patterns, types and null.
func sqlFormFaults() []seeded {
	return []seeded{
		{
			name: "the contract knows a status that SQL does not", rule: "sql/wider",
			edits: []edit{{"openapi.yaml", "enum: [active, inactive, suspended]", "enum: [active, inactive, suspended, banned]"}},
			file:  "openapi.yaml", text: "enum: [active, inactive, suspended, banned]",
		},
		{
			name: "SQL knows a country that the contract does not", rule: "sql/narrower", also: []string{"sql/pattern"},
			edits: []edit{{"schema/0002_addresses.sql", "('US', 'CA', 'MX')", "('US', 'CA', 'MX', 'GT')"}},
			file:  "openapi.yaml", text: "enum: [US, CA, MX]",
		},
		{
			name: "a check knows a kind that the contract does not", rule: "sql/narrower",
			edits: []edit{{"schema/0007_sign_in.sql", "('public', 'confidential', 'service')", "('public', 'confidential', 'service', 'machine')"}},
			file:  "openapi.yaml", text: "enum: [public, confidential, service]",
		},
		{
			name: "the contract takes any word as a role", rule: "sql/wider",
			edits: []edit{{"openapi.yaml", "      enum: [member, admin]\n", ""}},
			file:  "openapi.yaml", text: "    UserRole:",
		},
		{
			name: "the contract's pattern is wider", rule: "sql/wider",
			edits: []edit{{"openapi.yaml", "pattern: '^[a-zA-Z0-9._%+-]+@", "pattern: '^[a-zA-Z0-9._%+!-]+@"}},
			file:  "openapi.yaml", text: "pattern: '^[a-zA-Z0-9._%+!-]+@",
		},
		{
			name: "a check has lost its pattern", rule: "sql/pattern",
			edits: []edit{{"schema/0001_users.sql", ` AND email ~ '^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$'`, ""}},
			file:  "openapi.yaml", text: "pattern: '^[a-zA-Z0-9._%+-]+@",
		},
		{
			name: "SQL does not know Mexico's postal codes", rule: "sql/pattern", also: []string{"sql/narrower"},
			edits: []edit{{"schema/0002_addresses.sql", "postal_code ~ '^[0-9]{5}$'", "true"}},
			file:  "openapi.yaml", text: "    PostalCode:",
		},
		{
			name: "SQL does not take Canada's postal codes", rule: "sql/wider", also: []string{"sql/pattern"},
			edits: []edit{{"schema/0002_addresses.sql", "^[A-Z][0-9][A-Z] [0-9][A-Z][0-9]$", "^[A-Z][0-9][A-Z][0-9][A-Z][0-9]$"}},
			file:  "openapi.yaml", text: "example: K1M 1M4",
		},
		{
			name: "an integer is longer in the contract", rule: "sql/type",
			edits: []edit{{"openapi.yaml", "format: int32\n      minimum: 13", "format: int64\n      minimum: 13"}},
			file:  "openapi.yaml", text: "age: {$ref: '#/components/schemas/Age', x-column: users.age}",
		},
		{
			name: "a time has no zone in SQL", rule: "sql/type",
			edits: []edit{{"schema/0003_posts.sql", "created_at timestamptz", "created_at timestamp"}},
			file:  "openapi.yaml", text: "created_at: {$ref: '#/components/schemas/Time', x-column: posts.created_at}",
		},
		{
			name: "a title may be null in SQL", rule: "sql/null",
			edits: []edit{{"schema/0003_posts.sql", `title      text COLLATE "C" NOT NULL`, `title      text COLLATE "C"`}},
			file:  "openapi.yaml", text: "title: {$ref: '#/components/schemas/PostTitle', x-column: posts.title}",
		},
		{
			name: "a city may be null in the contract", rule: "sql/null",
			edits: []edit{{"openapi.yaml", "      description: City or town\n", "      description: City or town\n      nullable: true\n"}},
			file:  "openapi.yaml", text: "nullable: true\n      type: string\n      minLength: 2\n      maxLength: 100\n      example: Ottawa",
		},
		{
			name: "what may be left out has no default", rule: "sql/null",
			edits: []edit{{"schema/0001_users.sql", " NOT NULL DEFAULT '{}'", " NOT NULL"}},
			file:  "openapi.yaml", text: "tags: {$ref: '#/components/schemas/TagsWritten', x-column: users.tags}",
		},
	}
}

// sqlRestFaults are about names, statuses and exceptions.
func sqlRestFaults() []seeded {
	return []seeded{
		{
			name: "a column is misspelt", rule: "sql/column",
			edits: []edit{{"openapi.yaml", "x-column: users.name}", "x-column: users.nmae}"}},
			file:  "openapi.yaml", text: "x-column: users.nmae}",
		},
		{
			name: "a table is misspelt", rule: "sql/column",
			edits: []edit{{"openapi.yaml", "x-column: sessions.user_agent", "x-column: session.user_agent"}},
			file:  "openapi.yaml", text: "x-column: session.user_agent",
		},
		{
			name: "a property does not say where it is stored", rule: "sql/unmapped",
			edits: []edit{{"openapi.yaml", "schemas/Version', x-column: users.version}", "schemas/Version'}"}},
			file:  "openapi.yaml", text: "version: {$ref: '#/components/schemas/Version'}",
		},
		{
			name: "a unique index is added", rule: "sql/conflict",
			edits: []edit{{"schema/0003_posts.sql", "CREATE INDEX posts_created_at_idx", "CREATE UNIQUE INDEX posts_title_live_key ON posts (lower(title))\nWHERE deleted_at IS NULL;\nCREATE INDEX posts_created_at_idx"}},
			file:  "openapi.yaml", text: updatePostResponses,
		},
		{
			name: "a 409 is taken away", rule: "sql/conflict",
			edits: []edit{{"openapi.yaml", conflictDeclared, ""}},
			file:  "openapi.yaml", text: createUserResponses,
		},
		{
			name: "an author may be missing, which is not declared", rule: "sql/reference",
			edits: []edit{{"openapi.yaml", createPostAnswers, createPostResponses + "\n"}},
			file:  "openapi.yaml", text: createPostResponses,
		},
		{
			name: "a constraint is named for no column", rule: "sql/constraint-name",
			edits: []edit{{"schema/0003_posts.sql", "CONSTRAINT posts_title_check", "CONSTRAINT posts_headline_check"}},
			file:  "schema/0003_posts.sql", text: "posts_headline_check",
		},
		{
			name: "a unique index has another ending", rule: "sql/constraint-name",
			edits: []edit{{"schema/0001_users.sql", "users_email_live_key", "users_email_unique"}},
			file:  "schema/0001_users.sql", text: "users_email_unique",
		},
		{
			name: "no row can be made", rule: "sql/unprobed",
			edits: []edit{{"schema/0002_addresses.sql", "CHECK (slot BETWEEN 1 AND 20)", "CHECK (slot = 6 * 7)"}},
			file:  "openapi.yaml", text: "city: {$ref: '#/components/schemas/City', x-column: addresses.city}",
		},
		{
			name: "an exception has no reason", rule: "sql/exception", also: []string{"sql/pattern"},
			edits: []edit{{"openapi.yaml", "{sql/pattern: SQL has no class for the digits of other scripts than ASCII}", "{sql/pattern: ''}"}},
			file:  "openapi.yaml", text: "{sql/pattern: ''}",
		},
		{
			name: "an exception silences nothing", rule: "sql/exception",
			edits: []edit{{"openapi.yaml", "      format: password\n", "      format: password\n      x-lint-ignore: {sql/narrower: It is kept as a hash}\n"}},
			file:  "openapi.yaml", text: "{sql/narrower: It is kept as a hash}",
		},
	}
}
