package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goFiles returns what the Go SDK has of a contract, by the names of the files.
func goFiles(t *testing.T, source string) map[string]string {
	t.Helper()
	m, err := load([]byte(source))
	require.NoError(t, err)
	directory := t.TempDir()
	require.NoError(t, writeGo(m, directory))
	paths, err := filepath.Glob(filepath.Join(directory, "client", "*"))
	require.NoError(t, err)
	files := map[string]string{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		files[filepath.Base(path)] = string(content)
	}
	return files
}

func TestNamesOfGo(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]string{
		"user_id": {"UserID", "userID"}, "q": {"Q", "q"}, "oauth": {"OAuth", "oauth"}, "listUsers": {"ListUsers", "listUsers"},
	} {
		assert.Equal(t, want, [2]string{exported(name), unexported(name)})
	}
}

func TestMethodsOfTheGoSDK(t *testing.T) {
	t.Parallel()
	files := goFiles(t, plazaContract(t))
	for file, signature := range map[string]string{
		"users.gen.go": "Get(ctx context.Context, userID int64, options ...GetUserOption) (User, error)",
		"clients.gen.go": "RotateSecret(ctx context.Context, clientID string, options ...CallOption) " +
			"(ClientSecret, error)",
		"posts.gen.go":     "Delete(ctx context.Context, userID int64, postID int64, options ...CallOption) error",
		"addresses.gen.go": "List(ctx context.Context, userID int64, options ...CallOption) iter.Seq2[Address, error]",
		"oauth.gen.go":     "RevokeToken(ctx context.Context, body RevocationRequest, options ...CallOption) error",
	} {
		assert.Contains(t, files[file], signature)
	}
	assert.Contains(t, files["users.gen.go"], "Sort UserSort", "a query parameter with named values")
	assert.Contains(t, files["users.gen.go"], "Page int\n", "one without")
	assert.NotContains(t, files["oauth.gen.go"], `"iter"`, "it has no list")
}

// property finds a property in the schemas of which the types of Go are made.
func property(t *testing.T, types, schema, name string) map[string]any {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData([]byte(types))
	require.NoError(t, err)
	found := document.Components.Schemas[schema].Value.Properties[name]
	encoded, err := found.MarshalJSON()
	require.NoError(t, err)
	var keys map[string]any
	require.NoError(t, json.Unmarshal(encoded, &keys))
	return keys
}

func TestTypesOfTheGoSDK(t *testing.T) {
	t.Parallel()
	types := goFiles(t, plazaContract(t))["types.json"]
	isPointer := func(schema, name string) bool { return property(t, types, schema, name)[withoutPointer] == false }

	assert.True(t, isPointer("UserPatch", "tags"), "of a patch")
	assert.False(t, isPointer("UserSignUp", "tags"), "of a creation")
	assert.True(t, isPointer("UserSignUp", "address"), "an object")
	assert.False(t, isPointer("Post", "author"), "an object that is always there")
	assert.Less(t, property(t, types, "User", "id")[orderKey], property(t, types, "User", "email")[orderKey])
	assert.Equal(t, map[string]any{"$ref": "#/components/schemas/UserCreate"}, property(t, types, "UserBatch", "users")["items"])
	assert.NotContains(t, types, "SignInForm", "what only pages speak of")
	assert.NotContains(t, types, "UserResponse", "an envelope")
}

func TestNoGoComesOfAContractWithNamesThatAreNone(t *testing.T) {
	t.Parallel()
	source := strings.Replace(plazaContract(t), "- name: q\n", "- name: q+\n", 1)
	m, err := load([]byte(source))
	require.NoError(t, err)
	require.ErrorContains(t, writeGo(m, t.TempDir()), "namespace.go.tmpl makes no Go")
}
