package check

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/testkit"
)

func TestAQueryIsPreparedAsItsGeneratedCodePreparesIt(t *testing.T) {
	t.Parallel()
	root := os.DirFS("../..")
	queries, err := readQueries(root)
	require.NoError(t, err)
	require.NotEmpty(t, queries)
	generated, err := generatedQueries(root)
	require.NoError(t, err)
	conn, err := connectAsServer(t.Context(), testkit.URL(t))
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) }()
	for _, q := range queries {
		ours, err := conn.Prepare(t.Context(), "ours "+q.name, numberedQuery(q.text).text)
		require.NoError(t, err, q.name)
		theirs, err := conn.Prepare(t.Context(), "theirs "+q.name, generated[q.name])
		require.NoError(t, err, q.name)
		assert.Equal(t, theirs.ParamOIDs, ours.ParamOIDs, q.name)
		assert.Equal(t, theirs.Fields, ours.Fields, q.name)
	}
}

func TestOnlyParametersAreNumbered(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"SELECT @a, @b, @a":                            "SELECT $1, $2, $1",
		"SELECT '@a', E'\\'@a', \"@a\", $$@a$$, @b":    "SELECT '@a', E'\\'@a', \"@a\", $$@a$$, $1",
		"SELECT 1 -- not @a\n/* nor @b */, @c":         "SELECT 1 -- not @a\n/* nor @b */, $1",
		"SELECT sqlc.arg('a'), sqlc.narg(b), @a":       "SELECT $1, $2, $1",
		"SELECT sqlc.embed(users) WHERE tags @> @tags": "SELECT users.* WHERE tags @> $1",
	} {
		assert.Equal(t, want, numberedQuery(query).text)
	}
}

func TestAPositionLeadsBackToTheQuery(t *testing.T) {
	t.Parallel()
	q := namedQuery{line: 7, text: "-- name: GetÄ :one\nSELECT @name, 'ö',\n  wrong"}
	n := numberedQuery(q.text)
	runes := []rune(n.text)
	line, column := n.place(q, int32(len(runes)-len("wrong")+1))
	assert.Equal(t, 9, line)
	assert.Equal(t, 3, column)
}

func TestTheNounThatComesFirstInANameIsItsHome(t *testing.T) {
	t.Parallel()
	nouns := map[string][]string{
		"posts.sql": {"post"}, "addresses.sql": {"address"}, "codes.sql": {"code"}, "email_codes.sql": {"email", "code"},
	}
	for name, want := range map[string]string{
		"InsertFirstAddresses": "addresses.sql", "GetAddressWithPosts": "addresses.sql", "GetEmailCode": "email_codes.sql",
		"ListPostsByIDs": "posts.sql", "CountCodes": "codes.sql", "GetThing": "",
	} {
		assert.Equal(t, want, homeOf(words(name), nouns), name)
	}
}
