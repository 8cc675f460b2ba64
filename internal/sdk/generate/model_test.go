package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func plazaContract(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("../../../openapi.yaml")
	require.NoError(t, err)
	return string(source)
}

func find(t *testing.T, m *Model, id string) *Operation {
	t.Helper()
	for _, o := range m.All() {
		if o.ID == id {
			return o
		}
	}
	require.Fail(t, "no operation "+id)
	return nil
}

func TestNamesLeaveOutWhatTheNamespaceSays(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"users listUsers": "list", "users getUser": "get", "users getMe": "getMe", "addresses createAddress": "create",
		"addresses listAddresses": "list", "clients rotateClientSecret": "rotateSecret", "oauth getKeys": "getKeys",
		"sessions changePassword": "changePassword",
	} {
		tag, id, _ := strings.Cut(id, " ")
		assert.Equal(t, want, nameIn(id, tag), id)
	}
}

func TestTheModelOfTheContract(t *testing.T) {
	t.Parallel()
	m, err := load([]byte(plazaContract(t)))
	require.NoError(t, err)

	assert.Equal(t, &List{Item: "User", By: "cursor", Full: 100}, find(t, m, "listUsers").List)
	assert.Equal(t, &List{Item: "Client", By: "after", Full: 100}, find(t, m, "listClients").List)
	assert.Equal(t, "createMany", find(t, m, "createUsers").Name)
	assert.Nil(t, find(t, m, "createUsers").List)

	update := find(t, m, "updatePost")
	assert.Equal(t, find(t, m, "getPost"), update.Read)
	assert.Equal(t, Required, update.IfMatch)
	assert.Equal(t, "application/merge-patch+json", update.Body.MediaType)
	assert.Equal(t, "Post", update.Result.Schema)
	assert.True(t, update.Result.Enveloped)
	assert.True(t, update.SignedIn)
	assert.False(t, find(t, m, "createUser").SignedIn, "anyone may sign up")

	assert.Equal(t, []string{"created_at", "expires_at", "timestamp", "updated_at"}, m.TimeFields)
	assert.Contains(t, m.Schemas, "ProblemField", "what a schema speaks of")
	assert.NotContains(t, m.Schemas, "SignInForm", "what only pages speak of")
}

func TestParametersMayBeThoseOfThePath(t *testing.T) {
	t.Parallel()
	const restore, own = "  /users/{user_id}/restore:\n", "      parameters:\n        - $ref: '#/components/parameters/UserID'\n"
	before, after, found := strings.Cut(plazaContract(t), restore)
	require.True(t, found)
	require.Contains(t, after, own)
	m, err := load([]byte(before + restore + "    parameters:\n      - $ref: '#/components/parameters/UserID'\n" +
		"      - {name: include, in: query, schema: {$ref: '#/components/schemas/UserInclude'}}\n" + strings.Replace(after, own, "", 1)))
	require.NoError(t, err)
	restoreUser := find(t, m, "restoreUser")
	assert.Equal(t, find(t, m, "deleteUser").PathParams, restoreUser.PathParams)
	assert.Equal(t, "include", restoreUser.Query[0].Name)
}

func TestQueryParametersHaveATypeInGoOrAreRefused(t *testing.T) {
	t.Parallel()
	const posts = "  /posts:\n"
	require.Contains(t, plazaContract(t), posts)
	listPosts := func(schema string) (*Model, error) {
		return load([]byte(strings.Replace(plazaContract(t), posts,
			posts+"    parameters: [{name: more, in: query, schema: "+schema+"}]\n", 1)))
	}
	for schema, want := range map[string]string{
		"{type: boolean}": "bool", "{type: number}": "float64", "{type: integer}": "int", "{type: string}": "string",
		"{$ref: '#/components/schemas/UserInclude'}": "UserInclude",
	} {
		m, err := listPosts(schema)
		require.NoError(t, err)
		assert.Equal(t, want, m.goType(find(t, m, "listPosts").Query[0]), schema)
	}
	_, err := listPosts("{type: array, items: {type: string}}")
	require.ErrorContains(t, err, "listPosts: the SDKs send no parameter like more")
}

func TestSchemasMayHoldThemselves(t *testing.T) {
	t.Parallel()
	m, err := load([]byte(strings.NewReplacer(
		"        role: {$ref: '#/components/schemas/UserRole', x-column: users.role}\n", "        role: {$ref: '#/components/schemas/Nest'}\n",
		"\n    User:\n", "\n    Nest: {type: array, items: {$ref: '#/components/schemas/Nest'}}\n    User:\n",
	).Replace(plazaContract(t))))
	require.NoError(t, err)
	assert.NotContains(t, m.Schemas, "Nest", "a list is no type of its own")
}

func TestExamplesAreInTheOrderOfTheirSchema(t *testing.T) {
	t.Parallel()
	m, err := load([]byte(plazaContract(t)))
	require.NoError(t, err)
	body := find(t, m, "createUser").Body
	encoded, err := ordered(body.Example, body.schema)
	require.NoError(t, err)
	assert.Equal(t, `{"name":"ann lee","email":"ann@example.com","age":34,"tags":["go","Climbing"]}`, string(encoded)) //nolint:testifylint // the order matters
}

// Each row breaks one place of the contract.
func TestWhatAnSDKCannotHave(t *testing.T) {
	t.Parallel()
	rows := map[string]struct{ old, replacement, want string }{
		"two operations of one name": {"      x-sdk-name: createMany\n", "", "createUsers: createUser is users.create too"},
		"a parameter with the name of an option": {
			"        - name: q\n", "        - name: timeout\n", "listUsers: the query parameter timeout has the name of an option",
		},
		"a time that is none elsewhere": {
			"        name: {$ref: '#/components/schemas/ClientName', x-column: clients.name}",
			"        name: {$ref: '#/components/schemas/Time', x-column: clients.name}",
			": name is a time here, and none in line ",
		},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := plazaContract(t)
			require.Contains(t, source, row.old)
			_, err := load([]byte(strings.Replace(source, row.old, row.replacement, 1)))
			require.ErrorContains(t, err, row.want)
		})
	}
}
