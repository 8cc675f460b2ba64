package check_test

// coverageFaults leave something of the contract that no test has seen, or say so of what tests see.
func coverageFaults() []seeded {
	const (
		contract = "openapi.yaml"
		record   = ".build/contract-coverage/1.txt"
	)
	return []seeded{
		{
			name: "a new operation", rule: "coverage/operation", file: contract, text: "    put:\n      operationId: replaceHealth",
			edits: []edit{{contract, "  /readyz:\n", `    put:
      operationId: replaceHealth
      security: []
      x-rate-limit: none
      x-timeout: 1s
      parameters:
        - {name: why, in: query, schema: {type: string, maxLength: 10}}
      responses:
        '200': {description: Replaced}
        '400': {$ref: '#/components/responses/Malformed'}
  /readyz:
`}},
		},
		{
			name: "a new status", rule: "coverage/status", file: contract, text: "        '410': {$ref",
			edits: []edit{{contract, "      responses:\n        '200':\n          description: The user, restored\n", `      responses:
        '410': {$ref: '#/components/responses/NotFound'}
        '200':
          description: The user, restored
`}},
		},
		{
			name: "a new parameter, before others", rule: "coverage/parameter", file: contract, text: "        - {name: role, in: query",
			edits: []edit{{contract, "      parameters:\n", `      parameters:
        - {name: role, in: query, schema: {type: string, maxLength: 10}}
`}},
		},
		{
			name: "a new parameter of a whole path", rule: "coverage/parameter", file: contract, text: "      - {name: role, in: query",
			edits: []edit{{contract, "  /readyz:\n", `  /readyz:
    parameters:
      - {name: role, in: query, schema: {type: string, maxLength: 10}}
`}},
		},
		{
			name: "a new property", rule: "coverage/property", file: contract, text: "        nickname: {type: string",
			edits: []edit{{contract, "        is_adult:\n", "        nickname: {type: string, maxLength: 10}\n        is_adult:\n"}},
		},
		{
			name: "a new property of what a body says itself", rule: "coverage/property", file: contract, text: "                  reason: {type: string",
			edits: []edit{{contract, "    UserCreate:\n", `    Reasons:
      type: array
      items:
        type: object
        properties:
                  reason: {type: string, maxLength: 10}
    UserCreate:
`}, {record, "/components/schemas/UserCreate\n", "/components/schemas/UserCreate\n/components/schemas/Reasons\n"}},
		},
		{
			name: "a new schema, of which its properties are not told", rule: "coverage/schema", file: contract, text: "    Nickname:",
			edits: []edit{{contract, "    UserCreate:\n", `    Nickname:
      type: object
      properties:
        text: {type: string, maxLength: 10}
    UserCreate:
`}},
		},
		{
			name: "a status that no test sees any more", rule: "coverage/status", file: contract, text: "        '409': {$ref",
			edits: []edit{{record, "/paths/~1users/post/responses/409\n", ""}},
		},
		{
			name: "a property that no test sees any more", rule: "coverage/property", file: contract,
			text:  "        display_name:",
			edits: []edit{{record, "/components/schemas/User/properties/display_name\n", ""}},
		},
		{
			name: "a mark on a property that tests see", rule: "coverage/mark", file: contract, text: "          x-untested: nobody asks",
			edits: []edit{{
				contract, "          description: Whether the person is 18 or older\n",
				"          description: Whether the person is 18 or older\n          x-untested: nobody asks\n",
			}},
		},
		{
			name: "a mark on a response that tests see", rule: "coverage/mark", file: contract, text: "      x-untested: it is rare",
			edits: []edit{{contract, "    Conflict:\n", "    Conflict:\n      x-untested: it is rare\n"}},
		},
		{
			name: "a mark without a reason", rule: "coverage/mark", file: contract, text: "x-untested: ''",
			edits: []edit{
				{contract, "'409': {$ref: '#/components/responses/Conflict'}", "'409': {$ref: '#/components/responses/Conflict', x-untested: ''}"},
				{record, "/paths/~1users/post/responses/409\n", ""},
			},
		},
	}
}
