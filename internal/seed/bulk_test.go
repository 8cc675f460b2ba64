package seed_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/seed"
	"github.com/plaza-api/plaza/internal/testkit"
)

func TestWhatWasSetAsideForTheLoadComesBack(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	before := schemaOf(t, database)
	fill(t, database, 100, 1)
	assert.Equal(t, before, schemaOf(t, database), "after the first run")
	fill(t, database, 50, 1)
	assert.Equal(t, before, schemaOf(t, database), "after a further run")
}

func TestTheTagsOfEveryUserAreListed(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	testkit.User(t, database)
	for _, users := range []int{300, 400, 50} { // twice without the trigger, then with it
		fill(t, database, users, 1)
		assert.Positive(t, count(t, database, "user_tags"))
		assert.Zero(t, count(t, database, `(
			(TABLE user_tags EXCEPT ALL SELECT unnest(tags), created_at, id FROM users)
			UNION ALL (SELECT unnest(tags), created_at, id FROM users EXCEPT ALL TABLE user_tags)) AS difference`))
	}
}

func TestAFailedRunLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	before := schemaOf(t, database)
	ctx := t.Context()
	_, err := database.Conn(ctx).Exec(ctx, "ALTER TABLE posts ADD CONSTRAINT no_posts CHECK (false)")
	require.NoError(t, err)
	_, err = seed.Run(ctx, database, seed.Options{Users: 100, Seed: 1})
	require.ErrorContains(t, err, "seed: fill posts: ")
	assert.Zero(t, count(t, database, "users"))
	_, err = database.Conn(ctx).Exec(ctx, "ALTER TABLE posts DROP CONSTRAINT no_posts")
	require.NoError(t, err)
	assert.Equal(t, before, schemaOf(t, database))
}

// schemaOf describes every index, constraint and trigger.
func schemaOf(t *testing.T, database *postgres.DB) []string {
	t.Helper()
	rows, err := database.Conn(t.Context()).Query(t.Context(), `
		SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
		UNION ALL
		SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated
		FROM pg_constraint WHERE connamespace = 'public'::regnamespace
		UNION ALL
		SELECT pg_get_triggerdef(oid) || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
		ORDER BY 1`)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.NotEmpty(t, lines)
	return lines
}
