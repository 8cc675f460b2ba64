package postgres_test

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/postgres/embedded"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	t.Run("refuses to guess an address", func(t *testing.T) {
		t.Parallel()
		_, err := postgres.Open(t.Context(), postgres.Config{})
		require.EqualError(t, err, "postgres: no database URL")
	})
	t.Run("says what is wrong with an address, and not its password", func(t *testing.T) {
		t.Parallel()
		_, err := postgres.Open(t.Context(), postgres.Config{URL: "postgres://ann:secret@host:none/plaza"})
		require.ErrorContains(t, err, "postgres: database URL: ")
		require.NotContains(t, err.Error(), "secret")
	})
	t.Run("fails where nothing listens", func(t *testing.T) {
		t.Parallel()
		_, err := postgres.Open(t.Context(), postgres.Config{URL: "host=" + t.TempDir()})
		requireUnavailable(t, err)
		require.ErrorContains(t, err, "no such file")
	})
	t.Run("fails for a user who has too many connections", func(t *testing.T) {
		t.Parallel()
		address := newDatabase(t)
		role := "crowded_" + strings.ToLower(rand.Text())
		execute(t, address, "CREATE ROLE "+role+" LOGIN CONNECTION LIMIT 0")
		t.Cleanup(func() { execute(t, address, "DROP ROLE "+role) })
		_, err := postgres.Open(t.Context(), postgres.Config{URL: withParam(t, address, "user", role)})
		requireUnavailable(t, err)
		require.ErrorContains(t, err, "53300")
	})
}

func TestSession(t *testing.T) {
	t.Parallel()
	address := newDatabase(t)
	show := func(t *testing.T, config postgres.Config, setting string) string {
		t.Helper()
		db := open(t, config)
		return ask[string](t, db, "SHOW "+setting)
	}
	for _, row := range []struct{ setting, want string }{
		{"statement_timeout", "10s"},
		{"lock_timeout", "3s"},
		{"idle_in_transaction_session_timeout", "15s"},
		{"timezone", "UTC"},
		{"application_name", "plaza"},
	} {
		t.Run("has a default for "+row.setting, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, row.want, show(t, postgres.Config{URL: address}, row.setting))
		})
	}
	t.Run("takes a time-out from the configuration", func(t *testing.T) {
		t.Parallel()
		assert.Equal(t, "70ms", show(t, postgres.Config{URL: address, LockTimeout: 70 * time.Millisecond}, "lock_timeout"))
	})
	t.Run("never turns a tiny time-out into none", func(t *testing.T) {
		t.Parallel()
		assert.Equal(t, "1ms", show(t, postgres.Config{URL: address, LockTimeout: time.Microsecond}, "lock_timeout"))
	})
	t.Run("leaves the server's time-out where it is negative", func(t *testing.T) {
		t.Parallel()
		assert.Equal(t, "0", show(t, postgres.Config{URL: address, StatementTimeout: -1}, "statement_timeout"))
	})
	t.Run("lets the address win", func(t *testing.T) {
		t.Parallel()
		stated := withParam(t, address, "statement_timeout", "4s")
		assert.Equal(t, "4s", show(t, postgres.Config{URL: stated, StatementTimeout: time.Second}, "statement_timeout"))
	})
	t.Run("has a connection limit by the processors", func(t *testing.T) {
		t.Parallel()
		db := open(t, postgres.Config{URL: address})
		assert.EqualValues(t, 4*runtime.GOMAXPROCS(0), db.Stat().MaxConns())
	})
}

func TestTimesAreUTC(t *testing.T) {
	t.Parallel()
	db := setup(t)
	want := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	const instant = "'2026-01-02 05:04:05+02'::timestamptz"
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeCacheStatement, pgx.QueryExecModeSimpleProtocol} {
		t.Run("in mode "+mode.String(), func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, want, ask[time.Time](t, db, "SELECT "+instant, mode))
			assert.Equal(t, &want, ask[*time.Time](t, db, "SELECT "+instant, mode))
			assert.Equal(t, []time.Time{want}, ask[[]time.Time](t, db, "SELECT ARRAY["+instant+"]", mode))
		})
	}
}

func TestAcquireTimeout(t *testing.T) {
	t.Parallel()
	single := func(c *postgres.Config) { c.MaxConns, c.AcquireTimeout = 1, 50*time.Millisecond }
	t.Run("bounds the wait for a connection in every method", func(t *testing.T) {
		t.Parallel()
		db := setup(t, single)
		require.NoError(t, db.InTx(t.Context(), func(context.Context) error {
			for name, err := range everyMethod(t.Context(), db.Conn(t.Context())) {
				assert.True(t, fault.Is(err, fault.Unavailable), "%s: %v", name, err)
				assert.ErrorContains(t, err, "waiting at most 50ms: context deadline exceeded", name)
			}
			requireUnavailable(t, db.Ping(t.Context()))
			requireUnavailable(t, db.InTx(t.Context(), func(context.Context) error { return nil }))
			return nil
		}))
	})
	t.Run("does not bound the query", func(t *testing.T) {
		t.Parallel()
		db := setup(t, single)
		require.NoError(t, exec(t.Context(), db, "SELECT pg_sleep(0.2)"))
	})
	t.Run("yields to the caller's own end", func(t *testing.T) {
		t.Parallel()
		db := setup(t, single, func(c *postgres.Config) { c.AcquireTimeout = time.Minute })
		require.NoError(t, db.InTx(t.Context(), func(context.Context) error {
			late, cancelLate := context.WithTimeout(t.Context(), 10*time.Millisecond)
			defer cancelLate()
			requireKind(t, fault.Timeout, exec(late, db, "SELECT 1"))
			gone, leave := context.WithCancel(t.Context())
			leave()
			requireCanceled(t, exec(gone, db, "SELECT 1"))
			return nil
		}))
	})
}

func requireCanceled(t *testing.T, err error) {
	t.Helper()
	require.ErrorIs(t, err, context.Canceled)
	require.Nil(t, fault.As(err))
}

func TestClose(t *testing.T) {
	t.Parallel()
	db := setup(t)
	db.Close()
	requireUnavailable(t, exec(t.Context(), db, "SELECT 1"))
}

func TestServerComesBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// PostgreSQL may run as another user, who has to get in.
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o711))
	options := embedded.Options{
		DataDir:  filepath.Join(dir, "data"),
		Settings: map[string]string{"fsync": "off", "shared_buffers": "16MB"},
	}
	server, err := embedded.Start(t.Context(), options)
	require.NoError(t, err)
	db := open(t, postgres.Config{URL: server.URL(embedded.Database), AcquireTimeout: 5 * time.Second})
	require.NoError(t, db.Ping(t.Context()))

	require.NoError(t, server.Stop(t.Context()))
	requireUnavailable(t, exec(t.Context(), db, "SELECT 1"))
	requireUnavailable(t, db.Ping(t.Context()))

	server, err = embedded.Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Stop(context.WithoutCancel(t.Context()))) })
	require.NoError(t, exec(t.Context(), db, "SELECT 1"))
}
