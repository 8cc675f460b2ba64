package check

import (
	"maps"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEachComplaintOfAGeneratorHasItsPlace(t *testing.T) {
	t.Parallel()
	const mend = ": mend it, and run make generate"
	for said, want := range map[string][]Finding{
		"# package db\nqueries/posts.sql:2:8: no such column\nqueries/users.sql:30:1: syntax error": {
			{Rule: "generated/failed", File: "queries/posts.sql", Line: 2, Column: 8, Message: "no such column" + mend},
			{Rule: "generated/failed", File: "queries/users.sql", Line: 30, Column: 1, Message: "syntax error" + mend},
		},
		"# package \nschema/0001_users.sql:6:9: syntax error": {
			{Rule: "generated/failed", File: "schema/0001_users.sql", Line: 6, Column: 9, Message: "syntax error" + mend},
		},
		"generate: a template: gone\ngenerate: openapi.yaml:12: name is a time here\nexit status 1": {
			{Rule: "generated/failed", File: "openapi.yaml", Line: 12, Message: "name is a time here" + mend},
		},
		"error parsing sqlc.yaml: yaml: unmarshal errors:\n  line 5: field a not found\n  line 7: field b not found": {
			{Rule: "generated/failed", File: "sqlc.yaml", Line: 5, Message: "field a not found" + mend},
			{Rule: "generated/failed", File: "sqlc.yaml", Line: 7, Message: "field b not found" + mend},
		},
		"error parsing sqlc.yaml: yaml: line 3: did not find expected key": {
			{Rule: "generated/failed", File: "sqlc.yaml", Line: 3, Message: "did not find expected key" + mend},
		},
		"panic: see openapi.yaml:12: or\nline 5: of it": nil,
	} {
		assert.Equal(t, want, generatorFindings(said), said)
	}
}

func TestAComplaintAboutAnOperationIsAtThatOne(t *testing.T) {
	t.Parallel()
	p := folderOf(t, map[string]string{"openapi.yaml": `openapi: 3.0.3
info: {title: T, version: 1.0.0}
paths:
  /users:
    post: {operationId: createUser, responses: {'204': {description: None}}}
  /users/batch:
    post: {operationId: createUsers, responses: {'204': {description: None}}}
`})
	assert.Equal(t, []Finding{{
		Rule: "generated/failed", Pointer: "/paths/~1users/post",
		Message: "createUser: its body has no example: mend it, and run make generate",
	}}, p.operationFindings("generate: createUser: its body has no example\ngenerate: nobody: no\nof generate: createUsers: no"))
}

func TestWhereAGeneratedFileFirstDiffers(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		text, wanted string
		line         int
	}{
		{"a\nb\nc\n", "a\nx\ny\n", 2},
		{"x\n", "a\n", 1},
		{"a\nb\n", "a\nb\nc\n", 3},
		{"a\nb", "a\nb\nc", 2},
		{"a\nb\nc\nd", "a\nb", 3},
		{"", "a\n", 1},
	} {
		assert.Equal(t, row.line, firstDifference([]byte(row.text), []byte(row.wanted)), "%q for %q", row.text, row.wanted)
	}
}

func TestWhatAStaleFileIsBlamedOn(t *testing.T) {
	t.Parallel()
	const edited, unclear = "edited by hand", "is not what its sources make: run make generate"
	for _, row := range []struct {
		file    string
		changed []string
		old     bool
		want    string
	}{
		{"gen/db/users.sql.go", []string{"schema/0001_users.sql"}, false, "older than schema/0001_users.sql: "},
		{"gen/db/users.sql.go", []string{"queries/users.sql"}, false, "older than queries/users.sql: "},
		{"gen/db/users.sql.go", []string{"sqlc.yaml"}, false, "older than sqlc.yaml: "},
		{"gen/db/users.sql.go", []string{"openapi.yaml", "internal/sdk/go/retry.go"}, true, unclear},
		{"gen/db/users.sql.go", []string{"gen/db/users.sql.go"}, false, edited},
		{"gen/db/users.sql.go", []string{"gen/db/users.sql.go", "queries/users.sql"}, false, unclear},
		{"gen/db/users.sql.go", []string{"internal/tools/go.mod"}, false, "older than internal/tools/go.mod: "},
		{"gen/db/users.sql.go", nil, false, unclear},
		{"gen/client/retry.go", []string{"internal/sdk/go/retry.go"}, false, "older than internal/sdk/go/retry.go: "},
		{"gen/typescript/src/a.ts", []string{"internal/sdk/assemble.js"}, false, "older than internal/sdk/assemble.js: "},
		{"gen/typescript/src/a.ts", []string{"openapi.yaml"}, true, "older than openapi.yaml: "},
		{"gen/client/retry.go", []string{"queries/users.sql"}, false, unclear},
		{"gen/client/doc.go", nil, true, "older than openapi.yaml: "},
		{"gen/client/doc.go", []string{"gen/client/doc.go"}, true, edited},
		{"gen/contract/samples.json", []string{"internal/sdk/generate/samples/go.tmpl"}, false, "older than internal/sdk/generate/"},
		{"gen/contract/openapi.yaml", []string{"internal/sdk/go/retry.go", "openapi.yaml"}, true, "older than openapi.yaml: "},
		{"gen/api/types.gen.go", nil, true, "older than openapi.yaml: "},
		{"gen/api/types.gen.go", []string{"internal/tools/types.yaml"}, true, "older than internal/tools/types.yaml: "},
		{"gen/api/types.gen.go", []string{"internal/sdk/go/retry.go"}, false, unclear},
	} {
		assert.Contains(t, blame{changed: row.changed, old: row.old}.explain(row.file), row.want,
			"%s with %s, %v", row.file, row.changed, row.old)
	}
}

func TestAFolderThatIsNotThereHasNoFiles(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{"gen/a/b": {Data: []byte("text")}, "other/c": {}}
	files, err := filesBelow(tree, "gen")
	require.NoError(t, err)
	assert.Equal(t, map[string][]byte{"gen/a/b": []byte("text")}, files)
	files, err = filesBelow(tree, "none")
	require.NoError(t, err)
	assert.Empty(t, files)
}

func TestWhatGitKnowsOfGeneratedFiles(t *testing.T) {
	t.Parallel()
	texts := map[string]string{
		"openapi.yaml": "new", generatedCopy: "old", "gen/db/a b.go": "", "gen/db/extra.go": "", "gen/db/ignored.go": "",
		"queries/users.sql": "", ".gitignore": "ignored.go\n",
	}
	p := folderOf(t, texts)
	have, err := filesBelow(p.Files(), "gen")
	require.NoError(t, err)
	wanted := maps.Clone(have)
	delete(wanted, "gen/db/extra.go")
	extra := Finding{
		Rule: "generated/extra", File: "gen/db/extra.go",
		Message: "nothing makes gen/db/extra.go: run make generate, which removes it",
	}
	assert.Equal(t, []Finding{extra}, p.strayFiles(t.Context(), have, wanted), "without git")
	assert.Equal(t, blame{old: true}, p.generatedBlame(t.Context()), "without git")

	inGit(t, p, "init", "--quiet")
	inGit(t, p, "add", "openapi.yaml", ".gitignore", "queries")
	var untracked []string
	for _, f := range p.strayFiles(t.Context(), have, wanted)[1:] {
		assert.Equal(t, "generated/untracked", f.Rule)
		untracked = append(untracked, f.File)
	}
	assert.ElementsMatch(t, []string{"gen/db/a b.go", generatedCopy, "gen/db/ignored.go"}, untracked)

	inGit(t, p, "commit", "--quiet", "--message=One")
	require.NoError(t, os.Rename(p.Path("queries/users.sql"), p.Path("queries/people.sql")))
	inGit(t, p, "add", "queries")
	require.NoError(t, os.WriteFile(p.Path("openapi.yaml"), []byte("old"), 0o600))
	b := p.generatedBlame(t.Context())
	assert.False(t, b.old)
	assert.Equal(t, []string{
		"gen/contract/openapi.yaml", "gen/db/a b.go", "gen/db/extra.go", "openapi.yaml", "queries/people.sql", "queries/users.sql",
	}, slices.Sorted(slices.Values(b.changed)))
}
