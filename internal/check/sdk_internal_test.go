package check

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const contractForSDKs = `
openapi: 3.0.3
info: {title: T, version: 1.0.0}
tags: [{name: users}, {name: pages}, {name: docs}]
paths:
  /users/{user_id}/of/{key}:
    parameters:
      - {name: sort, in: query, schema: {$ref: '#/components/schemas/Sort'}}
    patch:
      operationId: updateUser
      tags: [users]
      parameters:
        - {name: user_id, in: path, required: true, schema: {type: string}}
        - {name: key, in: path, required: true, schema: {$ref: '#/components/schemas/Key'}}
        - {name: role, in: query, schema: {$ref: '#/components/schemas/Role'}}
      requestBody: {content: {application/merge-patch+json: {schema: {$ref: '#/components/schemas/Patch'}}}}
      responses:
        '200': {description: D, content: {application/json: {schema: {$ref: '#/components/schemas/Answer'}}}}
        '201': {description: D, content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}}
        '202': {description: D, content: {application/json: {}}}
        '301': {description: D, content: {application/json: {schema: {$ref: '#/components/schemas/Moved'}}}}
        '404': {description: D, content: {application/json: {schema: {$ref: '#/components/schemas/Missing'}}}}
        default: {description: D, content: {application/json: {schema: {$ref: '#/components/schemas/Missing'}}}}
  /page: {get: {operationId: getPage, tags: [pages], responses: {'200': {description: D}}}}
  /docs: {get: {operationId: getDocs, tags: [docs], responses: {'200': {description: D}}}}
  /other: {get: {operationId: getOther, responses: {'200': {description: D}}}}
components:
  schemas:
    Key: {type: string, enum: [a]}
    Role: {type: string, enum: [a]}
    Sort: {type: string, enum: [a]}
    Patch: {type: object}
    Answer: {type: object, properties: {success: {type: boolean}, data: {$ref: '#/components/schemas/User'}}}
    User: {type: object, properties: {id: {$ref: '#/components/schemas/ID'}, tree: {$ref: '#/components/schemas/Tree'}}}
    ID: {type: integer}
    Tree: {type: array, items: {$ref: '#/components/schemas/Tree'}}
    Page: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Post'}}}}
    Post: {type: object, properties: {next: {$ref: '#/components/schemas/Post'}}}
    Moved: {type: object}
    Missing: {type: object}
    Problem: {type: object}
    OAuthError: {type: object}
`

func TestSDKsNeedWhatProgramsGiveAndGet(t *testing.T) {
	t.Parallel()
	source, err := ReadSource("openapi.yaml", []byte(contractForSDKs))
	require.NoError(t, err)
	wanted := sdkWanted(source.Document)
	assert.Equal(t, map[string]neededCall{"updateUser": {
		method: "PATCH", path: "/users/{}/of/{}", pointer: "/paths/~1users~1{user_id}~1of~1{key}/patch",
	}}, wanted.calls)
	assert.Equal(t, []string{"OAuthError", "Page", "Patch", "Post", "Problem", "Role", "Sort", "User"},
		slices.Sorted(maps.Keys(wanted.types)))
}

func TestWhatAnSDKHasInGo(t *testing.T) {
	t.Parallel()
	p := folderOf(t, map[string]string{
		"gen/client/api.gen.go": "package plaza\n\nconst ContractVersion = \"1.2.3+abc\"\n",
		"gen/client/me.gen.go": `package plaza

type (
	User struct{}
	Role string
)

var getMe = operation{id: "getMe", method: http.MethodGet, path: "/me/%s/of/%s"}

var deleteMe = operation{id: "deleteMe", method: http.MethodDelete, path: "/me"}

var list = other{id: "list"}

func (n *Users) GetMe() { return send(newCall(n.core, &getMe, options)) }

func (n *Users) deleteMe() { newCall(n.core, &deleteMe) }

func DeleteMe() { forget(n.core, &deleteMe) }

func List() { newCall(n.core, &list) }
`,
	})
	const origin, users = "gen/client/api.gen.go", "gen/client/me.gen.go"
	k, err := readGoSDK(p)
	require.NoError(t, err)
	assert.Equal(t, &kit{
		name:     "the Go SDK",
		versions: []sdkStatement{{"1.2.3", origin, 3}}, hashes: []sdkStatement{{"abc", origin, 3}},
		calls: map[string]sdkCall{"getMe": {sdkStatement{"GetMe", users, 14}, "GET", "/me/{}/of/{}"}},
		types: map[string]sdkStatement{"User": {"User", users, 4}, "Role": {"Role", users, 5}},
	}, k)
}

func TestWhatAnSDKHasInTypeScript(t *testing.T) {
	t.Parallel()
	const src = "gen/typescript/src/"
	p := folderOf(t, map[string]string{
		"gen/typescript/package.json": "{\n  \"version\": \"1.2.3\",\n  \"contract\": \"sha256:abc\",\n  \"scripts\": {\n" +
			"    \"version\": \"echo\"\n  }\n}\n",
		src + "contract.gen.ts": "export const contractVersion = '1.2.4'\nexport const contractHash = 'abd'\n",
		src + "plaza.gen.ts":    "  users: {\r\n    getMe: operations.getMe,\r\n  },\r\n",
		src + "operations.gen.ts": "export const getMe = (\n  options,\n) =>\n" +
			"  call({ id: 'getMe', method: 'GET', path: path`/me/${a}/of/${b}` })\n" +
			"export const deleteMe = () => call({ id: 'deleteMe', method: 'DELETE', path: '/me' })\n",
		src + "schemas.gen.ts": "export type {\r\n  User,\r\n} from './types.gen.js'\r\ncall({\r\n    depth: Deep,\r\n})\r\n",
	})
	k, err := readTypeScriptSDK(p)
	require.NoError(t, err)
	assert.ElementsMatch(t, []sdkStatement{
		{"1.2.3", "gen/typescript/package.json", 2}, {"1.2.4", src + "contract.gen.ts", 1},
	}, k.versions)
	assert.ElementsMatch(t, []sdkStatement{
		{"abc", "gen/typescript/package.json", 3}, {"abd", src + "contract.gen.ts", 2},
	}, k.hashes)
	assert.Equal(t, map[string]sdkCall{
		"getMe": {sdkStatement{"getMe", src + "operations.gen.ts", 1}, "GET", "/me/{}/of/{}"},
	}, k.calls)
	assert.Equal(t, map[string]sdkStatement{"User": {"", src + "schemas.gen.ts", 2}}, k.types)
}
