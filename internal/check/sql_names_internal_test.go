package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAConstraintIsNamedForItsColumn(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ kind, columns, name, want string }{
		{"p", "id", "posts_pkey", ""},
		{"p", "id", "posts_id_pkey", "posts_pkey"},
		{"p", "author_id slot", "posts_pkey", ""},
		{"f", "author_id", "posts_author_id_fkey", ""},
		{"f", "author_id", "posts_author_fkey", "posts_author_id_fkey"},
		{"f", "author_id", "posts_author_id_key", "posts_author_id_fkey"},
		{"f", "author_id slot", "posts_author_id_slot_fkey", ""},
		{"f", "author_id slot", "posts_author_id_fkey", "posts_author_id_slot_fkey"},
		{"u", "slug", "posts_slug_key", ""},
		{"u", "slug", "posts_slug_live_key", ""},
		{"u", "slug", "posts_slug_unique", "posts_slug_key"},
		{"u", "slug", "post_slug_key", "posts_slug_key"},
		{"u", "slug", "posts_key", "posts_slug_key"},
		{"u", "slug", "posts_title_key", "posts_slug_key"},
		{"u", "author_id slot", "posts_slot_key", ""},
		{"c", "slug", "posts_slug_check", ""},
		{"c", "slug", "posts_slug_length_check", ""},
		{"c", "slug", "posts_slugs_check", "posts_slug_check"},
		{"c", "slug", "posts_slug_chk", "posts_slug_check"},
		{"c", "slug", "slug_check", "posts_slug_check"},
		{"c", "title slug", "posts_slug_check", ""},
		{"c", "title slug", "posts_check", "posts_title_check"},
	} {
		t.Run(row.kind+" "+row.columns+" "+row.name, func(t *testing.T) {
			t.Parallel()
			constraint := &sqlConstraint{name: row.name, kind: row.kind, columns: strings.Fields(row.columns)}
			assert.Equal(t, row.want, sqlGoodName(&sqlTable{name: "posts"}, constraint))
		})
	}
}

func TestAConstraintIsPlacedWhereMigrationsNameItLast(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "schema"), 0o755))
	for name, text := range map[string]string{
		"0001_posts.sql": "-- +goose Up\nCREATE TABLE IF NOT EXISTS posts_old ();\nCREATE TABLE posts (\n    title text CONSTRAINT posts_a CHECK (title <> ''),\n" +
			"    CONSTRAINT posts_b UNIQUE (title)\n);\n-- +goose Down\nDROP TABLE posts;\n",
		"0002_again.sql": "-- +goose Up\nALTER TABLE posts DROP CONSTRAINT posts_b;\nALTER TABLE posts ADD CONSTRAINT posts_b UNIQUE (title);\n" +
			"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS posts_c ON posts (title);\n" +
			"-- +goose Down\nDROP INDEX posts_c;\nALTER TABLE posts ADD CONSTRAINT posts_a CHECK (true);\n",
		"0003_renamed.sql": "-- +goose Up\nALTER TABLE posts RENAME CONSTRAINT posts_x TO posts_d;\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(root, "schema", name), []byte(text), 0o644))
	}
	p := &Project{Root: root}
	for constraint, want := range map[string]struct {
		file string
		line int
	}{
		"posts_a":     {"schema/0001_posts.sql", 4},
		"posts_b":     {"schema/0002_again.sql", 3},
		"posts_c":     {"schema/0002_again.sql", 4},
		"posts_d":     {"schema/0003_renamed.sql", 2},
		"posts_check": {"schema/0001_posts.sql", 3}, // which PostgreSQL has named
	} {
		file, line, err := sqlPlace(p, constraint, "posts")
		require.NoError(t, err)
		assert.Equal(t, want.file, file, constraint)
		assert.Equal(t, want.line, line, constraint)
	}
	file, line, err := sqlPlace(p, "posts_old_key", "posts_old")
	require.NoError(t, err)
	assert.Equal(t, "schema/0001_posts.sql", file)
	assert.Equal(t, 2, line)
}

func TestAnOperationDeclaresWhatSQLMayAnswer(t *testing.T) {
	t.Parallel()
	const conflict, reference = "sql/conflict", "sql/reference"
	for _, row := range []struct {
		name, method, writes, declares string
		want                           []string
	}{
		{"what is unique", "POST", "posts.slug users.name", "404", []string{conflict}},
		{"what is unique, declared", "POST", "posts.slug users.name", "409", nil},
		{"the key", "PUT", "users.id", "404", []string{conflict}},
		{"what is not unique", "PATCH", "posts.title", "200", nil},
		{"a row that refers to another", "POST", "posts.title", "200", []string{reference}},
		{"a row that refers to another, declared as missing", "POST", "posts.title", "404", nil},
		{"a row that refers to another, declared as a conflict", "POST", "posts.title", "409", nil},
		{"what refers to another", "PATCH", "posts.author_id", "200", []string{reference}},
		{"what does not refer", "PATCH", "posts.title", "200", nil},
		{"a row and what it refers to", "POST", "posts.title users.name", "200", nil},
		{"a row that names what it refers to", "POST", "posts.author_id users.name", "200", []string{reference}},
		{"a row that names another of its table", "POST", "users.friend_id", "200", []string{reference}},
		{"a row of a table that refers to itself", "POST", "users.name", "200", nil},
		{"a column that is not there", "POST", "users.nmae", "200", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			responses := openapi3.NewResponses(openapi3.WithName(row.declares, openapi3.NewResponse()))
			operation := &sqlOperation{
				id: "it", method: row.method, pointer: "/it", writes: strings.Fields(row.writes),
				spec: &openapi3.Operation{Responses: responses},
			}
			var rules []string
			for _, f := range sqlOperations(&sqlModel{operations: []*sqlOperation{operation}}, postsAndUsers()) {
				rules = append(rules, f.Rule)
				assert.Equal(t, "/it/responses", f.Pointer)
			}
			assert.Equal(t, row.want, rules)
		})
	}
}

// postsAndUsers are tables with a constraint of each kind.
func postsAndUsers() *sqlCatalogue {
	users := &sqlTable{name: "users", constraints: []*sqlConstraint{
		{name: "users_pkey", kind: "p", columns: []string{"id"}},
		{name: "users_name_check", kind: "c", columns: []string{"name"}},
		{name: "users_friend_id_fkey", kind: "f", columns: []string{"friend_id"}, refers: "users", key: []string{"id"}},
	}}
	posts := &sqlTable{name: "posts", constraints: []*sqlConstraint{
		{name: "posts_slug_key", kind: "u", columns: []string{"slug"}},
		{name: "posts_title_check", kind: "c", columns: []string{"title", "author_id"}},
		{name: "posts_author_id_fkey", kind: "f", columns: []string{"author_id"}, refers: "users", key: []string{"id"}},
	}}
	for table, columns := range map[*sqlTable]string{users: "id name friend_id", posts: "slug title author_id"} {
		for name := range strings.FieldsSeq(columns) {
			table.columns = append(table.columns, &sqlColumn{table: table, name: name})
		}
	}
	return &sqlCatalogue{tables: map[string]*sqlTable{"users": users, "posts": posts}}
}
