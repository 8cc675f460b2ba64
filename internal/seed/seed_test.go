package seed_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/seed"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestTheSameSeedGivesTheSameRows(t *testing.T) {
	t.Parallel()
	one, two, other := testkit.Database(t), testkit.Database(t), testkit.Database(t)
	fill(t, one, 500, 1)
	fill(t, two, 500, 1)
	fill(t, other, 500, 2)
	assert.Equal(t, fingerprint(t, one), fingerprint(t, two))
	assert.NotEqual(t, fingerprint(t, one), fingerprint(t, other))
}

func TestItCountsWhatItMakes(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	var last, all int
	made, err := seed.Run(t.Context(), database, seed.Options{
		Users: 5000, Seed: 1, Progress: func(written, of int) { last, all = written, of },
	})
	require.NoError(t, err)
	assert.Equal(t, seed.Made{
		Users: count(t, database, "users"), Addresses: count(t, database, "addresses"), Posts: count(t, database, "posts"),
	}, made)
	assert.Equal(t, seed.Made{Users: 5000, Addresses: 3000, Posts: 2500}, made)
	assert.Equal(t, made.Rows(), last, "progress ends at the end")
	assert.Equal(t, made.Rows(), all)
}

func TestBenchmarksFindWhatTheyLookFor(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	fill(t, database, 5000, 1)
	for what, where := range map[string]string{
		"founders by tag":    "id IN (SELECT id FROM user_tags WHERE tag = 'founder')",
		"founders by name":   "name LIKE 'Quill %'",
		"founders by e-mail": "email LIKE 'founder.%'",
	} {
		assert.Equal(t, 50, count(t, database, "users WHERE "+where), what)
		assert.Equal(t, 50, count(t, database, "users WHERE id <= 50 AND "+where), what)
	}
	assert.Positive(t, count(t, database, "users WHERE status = 'suspended'"))
	assert.Zero(t, count(t, database, "users WHERE status = 'suspended' AND id > 1000"))
	assert.Positive(t, count(t, database, "users WHERE status = 'inactive'"))
}

func TestASecondRunAddsPeople(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	fill(t, database, 100, 1)
	fill(t, database, 100, 1)
	assert.Equal(t, 200, count(t, database, "users"))
	testkit.User(t, database)
	assert.Equal(t, 201, count(t, database, "users"))
}

func TestItRefusesNumbersItCannotMake(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	for _, users := range []int{-1, 0, seed.MaxUsers + 1} {
		_, err := seed.Run(t.Context(), database, seed.Options{Users: users})
		require.ErrorContains(t, err, "users must be 1 to")
	}
	assert.Zero(t, count(t, database, "users"))
}

func fill(t *testing.T, database *postgres.DB, users int, number uint64) {
	t.Helper()
	_, err := seed.Run(t.Context(), database, seed.Options{Users: users, Seed: number})
	require.NoError(t, err)
}

func count(t *testing.T, database *postgres.DB, from string) int {
	t.Helper()
	var n int
	require.NoError(t, database.Conn(t.Context()).QueryRow(t.Context(), "SELECT count(*) FROM "+from).Scan(&n))
	return n
}

// fingerprint is a hash of all rows.
func fingerprint(t *testing.T, database *postgres.DB) string {
	t.Helper()
	hash := sha256.New()
	for _, query := range []string{
		"SELECT users::text FROM users ORDER BY id", "SELECT (user_tags)::text FROM user_tags ORDER BY 1",
		"SELECT (id, user_id, street, city, country, postal_code, created_at)::text FROM addresses ORDER BY id",
		"SELECT (id, author_id, title, content, created_at)::text FROM posts ORDER BY id",
	} {
		rows, err := database.Conn(t.Context()).Query(t.Context(), query)
		require.NoError(t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		require.NotEmpty(t, lines)
		hash.Write([]byte(strings.Join(lines, "\n")))
	}
	return hex.EncodeToString(hash.Sum(nil))
}
