package postgres

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// LookForHeld reports the connections that will have been held for too long at now, if nobody gives them back.
func (d *DB) LookForHeld(now time.Time) { d.holds.look(now) }

// Taking returns what taking a connection and giving it back costs besides what pgx does.
func (d *DB) Taking(t testing.TB) func() {
	t.Helper()
	conn, err := d.pool.Acquire(t.Context())
	require.NoError(t, err)
	t.Cleanup(conn.Release)
	return func() {
		take(conn)
		returned(conn)
	}
}
