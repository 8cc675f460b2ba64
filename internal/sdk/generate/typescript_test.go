package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// generated returns the files of the npm package that are made of a contract.
func generated(t *testing.T, source string) map[string]string {
	t.Helper()
	directory := t.TempDir()
	contract := filepath.Join(directory, "openapi.yaml")
	require.NoError(t, os.WriteFile(contract, []byte(source), 0o600))
	require.NoError(t, run([]string{contract, directory}))
	files := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(directory, "typescript", "src", "*"))
	require.NoError(t, err)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		files[filepath.Base(path)] = string(text)
	}
	return files
}

func TestCallsOfTypeScript(t *testing.T) {
	t.Parallel()
	files := generated(t, plazaContract(t))
	operations, plaza, query := files["operations.gen.ts"], files["plaza.gen.ts"], files["react-query.gen.ts"]

	assert.Contains(t, operations, `list<Client, ClientList, D>(connection, { id: 'listClients', method: 'GET', path: '/clients', `+
		`enveloped: true }, options, 100)`)
	assert.Contains(t, operations, "{ id: 'createPost', method: 'POST', path: path`/users/${userId}/posts`, body, enveloped: true, "+
		"once: true, limit: 30000 }")
	assert.Contains(t, operations, "() => getPost(connection, postId, { signal: options?.signal })", "who changes a post may read it there")
	assert.Contains(t, operations, "export type UpdateUserOptions = CallOptions & Versioned\n")
	assert.Contains(t, operations, "export type DeleteUserOptions = CallOptions & Partial<Versioned>\n")
	assert.Contains(t, plaza, "  createMany(body: UserBatch, options?: CreateUsersOptions): Promise<Dated<UserBatchResults, D>>\n")
	assert.Contains(t, plaza, "      updateWith: operations.updateAddressWith,\n")
	assert.Contains(t, query, "mutationFn: (given) => operations.updateUser(connection, "+
		"...tuple<[userId: number, body: UserPatch, options: operations.UpdateUserOptions]>(given)),\n")
	assert.Contains(t, query, "PlazaError, number | [userId: number, options?: CallOptions]>")
	assert.Contains(t, query, "operations.restoreUser(connection, ...tuple<[userId: number, options?: CallOptions]>(given))")
	assert.Contains(t, query, "PlazaError, void | [options?: CallOptions]>")
	assert.NotContains(t, operations, "giveConsent", "what only pages have")
}

func TestACommentCannotEndEarly(t *testing.T) {
	t.Parallel()
	source := strings.Replace(plazaContract(t), "      summary: List people\n", "      summary: List */ people\n", 1)
	assert.Contains(t, generated(t, source)["operations.gen.ts"], " * List *\\/ people\n")
}

func TestRunNeedsAContract(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, run(nil), "usage")
	require.ErrorContains(t, run([]string{"nowhere.yaml", t.TempDir()}), "no such file")
	require.ErrorContains(t, run([]string{"model.go", t.TempDir()}), "reading the contract")
}
