package check_test

// sdkFaults are SDKs that do not fit the contract.
func sdkFaults() []seeded {
	const (
		stale     = "sdk/contract"
		functions = "gen/typescript/src/operations.gen.ts"
		goUsers   = "gen/client/users.gen.go"
	)
	return []seeded{
		{
			name: "a package with another version", rule: "sdk/version",
			edits: []edit{{"gen/typescript/package.json", `"version": "0.1.0"`, `"version": "0.0.9"`}},
			file:  "gen/typescript/package.json", text: `  "version": "0.0.9"`,
		},
		{
			name: "a contract with another version", rule: "sdk/version", also: []string{stale},
			edits: []edit{{contractFile, "version: 0.1.0", "version: 0.2.0"}},
			file:  "gen/client/api.gen.go", text: "const ContractVersion",
		},
		{
			name: "a contract that has changed", rule: stale,
			edits: []edit{{contractFile, "summary: List people", "summary: List persons"}},
			file:  "gen/client/api.gen.go", text: "const ContractVersion",
		},
		{
			name: "a package that was made from another contract", rule: stale,
			edits: []edit{{"gen/typescript/src/contract.gen.ts", "contractHash = '", "contractHash = '0"}},
			file:  "gen/typescript/src/contract.gen.ts", text: "export const contractHash",
		},
		{
			name: "a package that does not say its contract", rule: stale,
			edits: []edit{{"gen/typescript/package.json", `"contract": "sha256:`, `"contract": "`}},
			file:  "gen/typescript/package.json",
		},
		{
			name: "a Go SDK that does not say its version", rule: "sdk/version", also: []string{stale},
			edits: []edit{{"gen/client/api.gen.go", "const ContractVersion", "const contractVersion"}},
			file:  "gen/client/api.gen.go",
		},
		{
			name: "a version that is none, of which no step is told", rule: "sdk/version", also: []string{stale},
			edits: []edit{
				{contractFile, "version: 0.1.0", "version: next"},
				{contractFile, "enum: [member, admin]", "enum: [member, admin, owner]"},
			},
			file: "gen/client/api.gen.go", text: "const ContractVersion",
		},
		{
			name: "an operation that the package does not bind", rule: "sdk/function",
			edits: []edit{{"gen/typescript/src/plaza.gen.ts", "      getMe: operations.getMe,\n", ""}},
			file:  contractFile, text: "    get:\n      operationId: getMe\n",
		},
		{
			name: "an operation without a method in Go", rule: "sdk/function",
			edits: []edit{{goUsers, "func (n *Users) Get(ctx", "func (n *Users) get(ctx"}},
			file:  contractFile, text: "    get:\n      operationId: getUser\n",
		},
		{
			name: "a function of an operation that is gone", rule: "sdk/function", also: []string{stale, "sdk/step"},
			edits: []edit{{contractFile, "operationId: getMe\n", "operationId: getMyself\n"}},
			file:  functions, text: "export const getMe = ",
		},
		{
			name: "a method that calls another path", rule: "sdk/function",
			edits: []edit{{goUsers, `path: "/me"`, `path: "/myself"`}},
			file:  goUsers, text: "func (n *Users) GetMe(",
		},
		{
			name: "a function that calls another method", rule: "sdk/function",
			edits: []edit{{functions, "id: 'restoreUser', method: 'POST'", "id: 'restoreUser', method: 'PUT'"}},
			file:  functions, text: "export const restoreUser = ",
		},
		{
			name: "a type that the package does not export", rule: "sdk/type",
			edits: []edit{{"gen/typescript/src/schemas.gen.ts", "  UserRole,\n", ""}},
			file:  contractFile, text: "    UserRole:\n",
		},
		{
			name: "a type that Go has not", rule: "sdk/type",
			edits: []edit{{"gen/client/types.gen.go", "type Session struct", "type session struct"}},
			file:  contractFile, text: "    Session:\n",
		},
		{
			name: "a change that asks for a step", rule: "sdk/step", also: []string{stale},
			edits: []edit{{contractFile, "enum: [member, admin]", "enum: [member, admin, owner]"}},
			file:  contractFile, text: "  version: 0.1.0", says: "from 0.1.0 to 0.2.0 at least",
		},
		{
			name: "a step that was taken", rule: "sdk/step", also: []string{stale, "sdk/version"},
			edits: []edit{
				{contractFile, "version: 0.1.0", "version: 0.3.0"},
				{contractFile, "enum: [member, admin]", "enum: [member, admin, owner]"},
			},
			file: contractFile, text: "  version: 0.3.0", says: "from 0.1.0 to 0.3.0, for",
		},
	}
}
