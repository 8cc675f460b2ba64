package check_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

func TestAGeneratedFileThatGitDoesNotHaveIsTold(t *testing.T) {
	t.Parallel()
	p := project(t)
	git(t, p, "rm", "--quiet", "--cached", "gen/db/posts.sql.go")
	findings := run(t, p, "generated")
	require.Len(t, findings, 1)
	assert.Equal(t, "generated/untracked", findings[0].Rule)
	assert.Equal(t, "gen/db/posts.sql.go", findings[0].File)
}

func TestWhatIsStaleSaysWhetherItWasEditedOrItsSourcesWere(t *testing.T) {
	t.Parallel()
	p := project(t)
	edit{"gen/db/users.sql.go", "package db", "package db // mine"}.apply(t, p)
	edit{"queries/posts.sql", "WHERE id = ANY(@ids::bigint[]);", "WHERE id = ANY(@ids::bigint[]) AND id > 0;"}.apply(t, p)
	edit{"openapi.yaml", "title: Plaza", "title: Piazza"}.apply(t, p)
	git(t, p, "commit", "--quiet", "--message=Rename", "openapi.yaml")
	edit{"gen/client/doc.go", "package plaza", "package plaza // mine"}.apply(t, p)
	messages := map[string]string{}
	for _, f := range run(t, p, "generated") {
		messages[f.File] = f.Message
	}
	assert.Contains(t, messages["gen/db/users.sql.go"], "is not what its sources make", "a query has changed too")
	assert.Contains(t, messages["gen/db/posts.sql.go"], "older than queries/posts.sql")
	assert.Contains(t, messages["gen/contract/openapi.yaml"], "older than openapi.yaml", "though that was committed")
	assert.Contains(t, messages["gen/client/doc.go"], "edited by hand")
}

func TestEveryComplaintOfAGeneratorIsToldWhereItsCauseIs(t *testing.T) {
	t.Parallel()
	p := project(t)
	nameless := "schema: {type: object, properties: {data: {type: object, properties: {a: {type: string}}}}}"
	for _, e := range []edit{
		{contractFile, "schema: {$ref: '#/components/schemas/UserListResponse'}", nameless},
		{contractFile, "schema: {$ref: '#/components/schemas/ClientListResponse'}", nameless},
		{contractFile, "      x-sdk-name: createMany\n", ""},
		{contractFile, "        name: {$ref: '#/components/schemas/ClientName', x-column", "        name: {$ref: '#/components/schemas/Time', x-column"},
	} {
		e.apply(t, p)
	}
	at := func(text string) string { return seeded{file: contractFile, text: text}.place(t, p) }
	want := map[string]string{
		at("    get:\n      operationId: listUsers"):    "listUsers: the schema of its answer has no name",
		at("    get:\n      operationId: listClients"):  "listClients: the schema of its answer has no name",
		at("    post:\n      operationId: createUsers"): "createUsers: createUser is users.create too",
		at("        name: {$ref: '#/components/schemas/Time'"): "name is a time here, and none in line " +
			strings.TrimPrefix(at("        name: {$ref: '#/components/schemas/UserName'"), contractFile+":"),
	}
	findings := run(t, p, "generated")
	require.Len(t, findings, len(want), "%v", findings)
	for _, f := range findings {
		assert.Equal(t, "generated/failed", f.Rule)
		place := fmt.Sprintf("%s:%d", f.File, f.Line)
		require.Contains(t, want, place)
		assert.Contains(t, f.Message, want[place])
	}
}

// git runs git in a project.
func git(t *testing.T, p *check.Project, arguments ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git",
		append([]string{"-c", "user.name=Test", "-c", "user.email=test@example.com"}, arguments...)...)
	cmd.Dir = p.Root
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "git %s: %s", arguments, out)
	return strings.TrimSpace(string(out))
}
