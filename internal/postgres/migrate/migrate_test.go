package migrate_test

import (
	"context"
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres/migrate"
	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/schema"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// things are what a schema can hold: relations, types, functions.
const things = `
	SELECT c.relname::text FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace
	UNION ALL SELECT t.typname::text FROM pg_type AS t WHERE t.typnamespace = 'public'::regnamespace
	UNION ALL SELECT p.proname::text FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace
	ORDER BY 1`

func TestMigrationsGoUpDownAndUpWithARowInEveryTable(t *testing.T) {
	t.Parallel()
	m, conn := setup(t, schema.Files)

	first, err := m.Up(t.Context())
	require.NoError(t, err)
	pending, err := m.Pending(t.Context())
	require.NoError(t, err)
	require.Empty(t, pending)
	complete := column[string](t, conn, things)
	fill(t, conn)

	for i := range first {
		undone, err := m.Down(t.Context())
		require.NoError(t, err)
		assert.Equal(t, first[len(first)-1-i].Name, undone.Name, "the last one goes first")
	}
	bookkeeping := column[string](t, conn, things)
	for _, name := range bookkeeping {
		assert.Contains(t, name, "goose_db_version", "left behind by a down migration")
	}
	_, err = m.Down(t.Context())
	require.ErrorIs(t, err, migrate.ErrNothingApplied)

	second, err := m.Up(t.Context())
	require.NoError(t, err)
	assert.Equal(t, names(first), names(second))
	assert.Equal(t, complete, column[string](t, conn, things))
	fill(t, conn)
}

func TestStatusTellsWhatIsAppliedAndChangesNothing(t *testing.T) {
	t.Parallel()
	m, conn := setup(t, schema.Files)

	before, err := m.Status(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, before)
	assert.Equal(t, migrate.Migration{Version: 1, Name: "0001_users"}, before[0])
	assert.Empty(t, column[string](t, conn, things), "a look made something")

	applied, err := m.Up(t.Context())
	require.NoError(t, err)
	after, err := m.Status(t.Context())
	require.NoError(t, err)
	assert.Equal(t, after, applied)
	for _, migration := range after {
		assert.False(t, migration.Pending(), migration.Name)
		assert.WithinDuration(t, time.Now(), migration.AppliedAt, time.Minute)
		assert.Equal(t, time.UTC, migration.AppliedAt.Location())
	}

	again, err := m.Up(t.Context())
	require.NoError(t, err)
	assert.Empty(t, again, "nothing was left to do")
}

func TestManyAtOnceMigrateOnce(t *testing.T) {
	t.Parallel()
	const nodes = 6
	url := testkit.EmptyURL(t)
	results := make(chan int, nodes)
	errs := make(chan error, nodes)
	for range nodes {
		go func() {
			m, err := migrate.Open(url, schema.Files)
			if err != nil {
				errs <- err
				return
			}
			applied, err := m.Up(context.Background())
			results <- len(applied)
			errs <- err
			_ = m.Close()
		}()
	}
	var total int
	for range nodes {
		require.NoError(t, <-errs)
		total += <-results
	}
	conn := connect(t, url)
	assert.Equal(t, []int64{int64(total)},
		column[int64](t, conn, "SELECT count(*) FROM goose_db_version WHERE version_id > 0"))
}

func TestAFaultyMigrationLeavesNothingAndKeepsWhatStoodBefore(t *testing.T) {
	t.Parallel()
	m, conn := setup(t, fstest.MapFS{
		"0001_good.sql":   file("CREATE TABLE good ();", "DROP TABLE good;"),
		"0002_faulty.sql": file("CREATE TABLE half (); CREATE TABLE good ();", "SELECT 1;"),
	})

	_, err := m.Up(t.Context())
	require.ErrorContains(t, err, `migrate: 0002_faulty.sql: `)
	require.ErrorContains(t, err, `relation "good" already exists`)

	pending, err := m.Pending(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"0002_faulty"}, names(pending))
	assert.NotContains(t, column[string](t, conn, things), "half")
}

func TestDownRefusesADatabaseThatIsAheadOfTheProgram(t *testing.T) {
	t.Parallel()
	m, conn := setup(t, schema.Files)
	_, err := m.Up(t.Context())
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)")
	require.NoError(t, err)

	_, err = m.Down(t.Context())
	require.ErrorContains(t, err, "the database has a migration that this version of plaza does not know")
}

func TestUpBringsADatabaseToTheSchema(t *testing.T) {
	t.Parallel()
	url := testkit.EmptyURL(t)
	require.NoError(t, migrate.Up(t.Context(), url))
	fill(t, connect(t, url))
}

func TestErrorsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	nowhere := "postgres://127.0.0.1:1/nowhere?connect_timeout=1"
	for _, test := range []struct {
		name string
		do   func(*testing.T) error
		want string
	}{
		{"a malformed URL", func(t *testing.T) error {
			t.Helper()
			return migrate.Up(t.Context(), "postgres://plaza:%zz@localhost")
		}, "database URL"},
		{"no migrations", func(t *testing.T) error {
			t.Helper()
			_, err := migrate.Open(nowhere, fstest.MapFS{})
			return err
		}, "read the migrations"},
		{"no server to migrate", func(t *testing.T) error {
			t.Helper()
			return migrate.Up(t.Context(), nowhere)
		}, "connect"},
		{"no server to look at", func(t *testing.T) error {
			t.Helper()
			m, err := migrate.Open(nowhere, schema.Files)
			require.NoError(t, err)
			defer func() { require.NoError(t, m.Close()) }()
			_, err = m.Pending(t.Context())
			return err
		}, "read what is applied"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, test.do(t), test.want)
		})
	}
}

func TestWaitingForAnotherMigrationEndsWithTheContext(t *testing.T) {
	t.Parallel()
	m, conn := setup(t, schema.Files)
	_, err := conn.Exec(t.Context(), fmt.Sprintf("SELECT pg_advisory_lock(%d)", 0x706c617a6131))
	require.NoError(t, err)

	ctx, cancel := context.WithCancel(t.Context())
	failure := make(chan error, 1)
	go func() {
		_, err := m.Up(ctx)
		failure <- err
	}()
	require.Eventually(t, func() bool {
		return column[bool](t, conn, `SELECT EXISTS (
			SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`)[0]
	}, 10*time.Second, 5*time.Millisecond)
	cancel()
	err = <-failure
	require.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, "wait for another migration")
}

func setup(t *testing.T, files fs.FS) (*migrate.Migrator, *pgx.Conn) {
	t.Helper()
	url := testkit.EmptyURL(t)
	m, err := migrate.Open(url, files)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, m.Close()) })
	return m, connect(t, url)
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) })
	return conn
}

// fill puts a row into every table, and holds that none was forgotten.
func fill(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	_, err := conn.Exec(t.Context(), everyTable)
	require.NoError(t, err)
	for _, table := range column[string](t, conn, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'") {
		assert.Equal(t, []bool{true}, column[bool](t, conn, "SELECT EXISTS (SELECT FROM "+table+")"),
			"no row in %s: give it one in this test", table)
	}
}

func column[T any](t *testing.T, conn *pgx.Conn, sql string) []T {
	t.Helper()
	rows, err := conn.Query(t.Context(), sql)
	require.NoError(t, err)
	values, err := pgx.CollectRows(rows, pgx.RowTo[T])
	require.NoError(t, err)
	return values
}

func names(migrations []migrate.Migration) []string {
	all := make([]string, 0, len(migrations))
	for _, m := range migrations {
		all = append(all, m.Name)
	}
	return all
}

func file(up, down string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose Up\n" + up + "\n-- +goose Down\n" + down + "\n")}
}
