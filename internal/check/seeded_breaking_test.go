package check_test

const (
	contractFile = "openapi.yaml"
	versioned    = "breaking/version"
)

// raisedMinor raises the contract's version far enough for what is incompatible.
func raisedMinor() edit { return edit{contractFile, "version: 0.1.0", "version: 0.2.0"} }

// breakingFaults are changes for clients that the version does not tell, and those that it does.
func breakingFaults() []seeded {
	return []seeded{
		{
			name: "an operation that is gone", rule: "breaking/incompatible", also: []string{versioned},
			edits: []edit{{contractFile, "    delete:\n      operationId: deleteUser", "    x-delete:\n      operationId: deleteUser"}},
			file:  contractFile, text: "  /users/{user_id}:",
		},
		{
			name: "a version that was not raised for it", rule: versioned, also: []string{"breaking/incompatible"},
			edits: []edit{{contractFile, "enum: [member, admin]", "enum: [member, admin, owner]"}},
			file:  contractFile, text: "  version: 0.1.0",
		},
		{
			name: "a version that is none", rule: versioned,
			edits: []edit{{contractFile, "version: 0.1.0", "version: next"}},
			file:  contractFile, text: "  version: next",
		},
		{
			name: "a version that was raised too little", rule: versioned, also: []string{"breaking/incompatible"},
			edits: []edit{
				{contractFile, "enum: [member, admin]", "enum: [member, admin, owner]"},
				{contractFile, "version: 0.1.0", "version: 0.1.7"},
			},
			file: contractFile, text: "  version: 0.1.7",
		},
		{
			name: "a version that went back", rule: versioned,
			edits: []edit{{contractFile, "version: 0.1.0", "version: 0.0.9"}},
			file:  contractFile, text: "  version: 0.0.9",
		},
		{
			name: "an addition without another version", rule: versioned, also: []string{"breaking/change"},
			edits: []edit{{contractFile, "        posts:\n          description: The latest", "        nick: {type: string}\n        posts:\n          description: The latest"}},
			file:  contractFile, text: "  version: 0.1.0",
		},
		{
			name: "an addition that the version tells", rule: "breaking/change",
			edits: []edit{
				{contractFile, "        role: {$ref: '#/components/schemas/UserRole', x-column: users.role}\n", "        role: {$ref: '#/components/schemas/UserRole', x-column: users.role}\n        second_email: {$ref: '#/components/schemas/Email'}\n"},
				{contractFile, "version: 0.1.0", "version: 0.1.1"},
			},
			file: contractFile, text: "        second_email: ",
		},
		{
			name: "an operation with another name", rule: "breaking/incompatible",
			edits: []edit{raisedMinor(), {contractFile, "operationId: getMe\n", "operationId: getMyself\n"}},
			file:  contractFile, text: "operationId: getMyself",
		},
		{
			name: "a new value in answers, once for all operations", rule: "breaking/incompatible",
			edits: []edit{raisedMinor(), {contractFile, "enum: [active, inactive, suspended]", "enum: [active, inactive, suspended, resting]"}},
			file:  contractFile, text: "enum: [active, inactive, suspended, resting]",
		},
		{
			name: "a value that is no longer taken", rule: "breaking/incompatible", also: []string{versioned},
			edits: []edit{{contractFile, "enum: [active, inactive, suspended]", "enum: [active, suspended]"}},
			file:  contractFile, text: "enum: [active, suspended]",
		},
		{
			name: "a shorter limit", rule: "breaking/incompatible", also: []string{versioned},
			edits: []edit{{contractFile, "maxLength: 100\n      format: person_name", "maxLength: 80\n      format: person_name"}},
			file:  contractFile, text: "      maxLength: 80",
		},
		{
			name: "a property of an answer that is gone, where a reference stood", rule: "breaking/incompatible", also: []string{versioned},
			edits: []edit{
				{contractFile, "status, role, tags, is_adult", "status, tags, is_adult"},
				{contractFile, "        role: {$ref: '#/components/schemas/UserRole', x-column: users.role}\n", ""},
			},
			file: contractFile, text: "    User:",
		},
		{
			name: "a property that may be null", rule: "breaking/incompatible", also: []string{versioned},
			edits: []edit{{contractFile, "maximum: 120\n", "maximum: 120\n      nullable: true\n"}},
			file:  contractFile, text: "      nullable: true\n      example: 34",
		},
		{
			name: "a reference to another schema", rule: "breaking/incompatible", also: []string{versioned, "breaking/change"},
			edits: []edit{{contractFile, "id: {$ref: '#/components/schemas/ID', x-column: users.id}", "id: {$ref: '#/components/schemas/Email', x-column: users.id}"}},
			file:  contractFile, text: "id: {$ref: '#/components/schemas/Email', x-column: users.id}",
		},
		{
			name: "a new header that is required", rule: "breaking/incompatible", also: []string{versioned},
			edits: []edit{{
				contractFile, "        - name: status\n          in: query",
				"        - {name: X-Team, in: header, required: true, schema: {type: string}}\n        - name: status\n          in: query",
			}},
			file: contractFile, text: "        - {name: X-Team",
		},
		{
			name: "a query parameter that is gone", rule: "breaking/incompatible", also: []string{versioned},
			edits: []edit{{contractFile, "        - $ref: '#/components/parameters/Cursor'\n", ""}},
			file:  contractFile, text: "      parameters:\n        - $ref: '#/components/parameters/Page'\n        - $ref: '#/components/parameters/Size'\n        - name: status",
		},
		{
			name: "a success with another status", rule: "breaking/incompatible", also: []string{versioned, "breaking/change"},
			edits: []edit{{contractFile, "'201':\n          description: The user was made", "'200':\n          description: The user was made"}},
			file:  contractFile, text: "    post:\n      operationId: createUser\n",
		},
		{
			name: "an operation with another tag", rule: "breaking/incompatible", also: []string{versioned, "breaking/change"},
			edits: []edit{{contractFile, "operationId: getMe\n      tags: [users]", "operationId: getMe\n      tags: [sessions]"}},
			file:  contractFile, text: "      tags: [sessions]",
		},
		{
			name: "a tighter rate limit", rule: "breaking/policy-stricter", also: []string{versioned},
			edits: []edit{{contractFile, "x-rate-limit: {requests: 100, per: 60s}", "x-rate-limit: {requests: 90, per: 60s}"}},
			file:  contractFile, text: "x-rate-limit: {requests: 90, per: 60s}",
		},
		{
			name: "a looser rate limit", rule: "breaking/policy-change",
			edits: []edit{
				{contractFile, "version: 0.1.0", "version: 0.1.1"},
				{contractFile, "x-rate-limit: {requests: 100, per: 60s}", "x-rate-limit: {requests: 200, per: 120s}"},
			},
			file: contractFile, text: "x-rate-limit: {requests: 200, per: 120s}",
		},
		{
			name: "a new scope", rule: "breaking/policy-stricter", also: []string{versioned},
			edits: []edit{{contractFile, "security: [{oauth: [users:read]}]", "security: [{oauth: [users:read, posts:read]}]"}},
			file:  contractFile, text: "security: [{oauth: [users:read, posts:read]}]",
		},
		{
			name: "a call that needs a token now", rule: "breaking/policy-stricter", also: []string{versioned},
			edits: []edit{{contractFile, "security: [{}, {oauth: [users:write]}]", "security: [{oauth: [users:write]}]"}},
			file:  contractFile, text: "      security: [{oauth: [users:write]}]\n      x-rate-limit: {requests: 10, per: 60s}\n      x-idempotent",
		},
		{
			name: "a cache that keeps nothing", rule: "breaking/policy-stricter", also: []string{versioned},
			edits: []edit{{contractFile, `x-cache: {keep: 300s, control: "private, no-cache"}`, `x-cache: {keep: 300s, control: no-store}`}},
			file:  contractFile, text: "x-cache: {keep: 300s, control: no-store}",
		},
		{
			name: "idempotency that is gone", rule: "breaking/policy-stricter", also: []string{versioned},
			edits: []edit{{contractFile, "      x-idempotent: true\n", ""}},
			file:  contractFile, text: "    post:\n      operationId: createUser\n",
		},
		{
			name: "a new scope for a property", rule: "breaking/policy-stricter", also: []string{versioned},
			edits: []edit{{contractFile, "age: {$ref: '#/components/schemas/Age', x-column: users.age}\n        status: {$ref: '#/components/schemas/UserStatus', x-column: users.status, x-roles: [admin]}\n        role:", "age: {$ref: '#/components/schemas/Age', x-column: users.age, x-scopes: [account:write]}\n        status: {$ref: '#/components/schemas/UserStatus', x-column: users.status, x-roles: [admin]}\n        role:"}},
			file:  contractFile, text: "x-scopes: [account:write]}\n        status",
		},
		{
			name: "a function of SDKs with another name", rule: "breaking/incompatible", also: []string{versioned},
			edits: []edit{{contractFile, "x-sdk-name: createMany", "x-sdk-name: createAll"}},
			file:  contractFile, text: "x-sdk-name: createAll",
		},
	}
}
