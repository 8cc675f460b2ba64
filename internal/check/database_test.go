package check_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/check"
)

func TestScratchDatabases(t *testing.T) {
	t.Parallel()
	for name, own := range map[string]bool{"on a server that is there": false, "on a server of its own": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := project(t)
			if own {
				p.ServerURL = ""
			}
			first, err := p.MigratedDatabase(t.Context())
			require.NoError(t, err)
			second, err := p.MigratedDatabase(t.Context())
			require.NoError(t, err)
			assert.NotEqual(t, first, second)
			assert.Positive(t, tables(t, second))
			empty, err := p.EmptyDatabase(t.Context())
			require.NoError(t, err)
			assert.Zero(t, tables(t, empty))

			require.NoError(t, p.Close())
			_, err = pgx.Connect(t.Context(), second)
			require.Error(t, err, "nothing stays behind")
		})
	}
}

func TestMigrationsThatDoNotRun(t *testing.T) {
	t.Parallel()
	p := project(t)
	edit{file: "schema/0099_broken.sql", new: "-- +goose Up\nCREATE TABLE (;\n-- +goose Down\nSELECT 1;\n"}.apply(t, p)
	_, err := p.MigratedDatabase(t.Context())
	faulty := &check.Faulty{}
	require.ErrorAs(t, err, &faulty)
	assert.Equal(t, "schema/broken", faulty.Findings[0].Rule)
}

func tables(t *testing.T, address string) int {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	require.NoError(t, err)
	defer conn.Close(t.Context()) //nolint:errcheck // nothing hangs on it
	var count int
	err = conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&count)
	require.NoError(t, err)
	return count
}
