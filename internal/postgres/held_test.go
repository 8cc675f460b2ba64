package postgres_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/postgres"
)

// late is when whoever holds a connection now has held it for too long.
func late() time.Time { return time.Now().Add(time.Hour) }

// forgetsRows is who is to be blamed.
func forgetsRows(t *testing.T, db *postgres.DB) (found func()) {
	t.Helper()
	rows, err := db.Conn(t.Context()).Query(t.Context(), "SELECT 1") //nolint:sqlclosecheck // that is its fault
	require.NoError(t, err)
	return rows.Close
}

func TestAConnectionHeldTooLong(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer // the loop itself looks in a quarter of an hour
	db := setup(t, func(c *postgres.Config) {
		c.HeldTooLong, c.Logger, c.SlowQuery = time.Hour-time.Minute, slog.New(slog.NewJSONHandler(&log, nil)), -1
	})
	mustExec(t, db, "SELECT 1")
	found := forgetsRows(t, db)

	t.Run("is not reported before its time", func(t *testing.T) {
		db.LookForHeld(time.Now())
		assert.Empty(t, log.String())
		assert.Zero(t, db.HeldTooLong())
	})
	t.Run("is reported once, with who took it", func(t *testing.T) {
		db.LookForHeld(late())
		db.LookForHeld(late())
		var line struct {
			Msg     string        `json:"msg"`
			Level   string        `json:"level"`
			Held    time.Duration `json:"held"`
			Backend int           `json:"backend"`
			Stack   []string      `json:"stack"`
		}
		require.NoError(t, json.Unmarshal(log.Bytes(), &line), log.String())
		assert.Equal(t, "connection held too long", line.Msg)
		assert.Equal(t, "WARN", line.Level)
		assert.InDelta(t, time.Hour, line.Held, float64(time.Minute))
		assert.True(t, ask[bool](t, db, "SELECT count(*) = 1 FROM pg_stat_activity WHERE pid = $1", line.Backend))
		require.Greater(t, len(line.Stack), 2)
		assert.Contains(t, line.Stack[0], "internal/postgres.(*querier).Query ")
		assert.Regexp(t, `internal/postgres_test\.forgetsRows .*/held_test\.go:\d+$`, line.Stack[1])
		assert.EqualValues(t, 1, db.HeldTooLong())
	})
	t.Run("is forgotten when it is back, and counted again when it is held again", func(t *testing.T) {
		log.Reset()
		found()
		db.LookForHeld(late())
		assert.Empty(t, log.String())
		require.NoError(t, db.InTx(t.Context(), func(context.Context) error { db.LookForHeld(late()); return nil }))
		assert.Contains(t, log.String(), "postgres.(*DB).InTx ")
		assert.EqualValues(t, 2, db.HeldTooLong())
	})
	t.Run("is not looked for where that is switched off", func(t *testing.T) {
		off := setup(t, func(c *postgres.Config) { c.HeldTooLong = -1 })
		defer forgetsRows(t, off)()
		off.LookForHeld(late())
		assert.Zero(t, off.HeldTooLong())
	})
	t.Run("is looked for again and again", func(t *testing.T) {
		watched := setup(t, func(c *postgres.Config) { c.HeldTooLong = time.Millisecond })
		defer forgetsRows(t, watched)()
		require.Eventually(t, func() bool { return watched.HeldTooLong() > 0 }, 10*time.Second, time.Millisecond)
	})
}

// What every query pays for it: about half a microsecond, and no allocation.
func BenchmarkTakingAConnection(b *testing.B) {
	db, err := postgres.Open(b.Context(), postgres.Config{URL: serverURL("postgres")})
	require.NoError(b, err)
	b.Cleanup(db.Close)
	take := db.Taking(b)
	b.ReportAllocs()
	for b.Loop() {
		take()
	}
}
