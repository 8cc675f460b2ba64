package postgres

import (
	"context"
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

// ErrBehind is what ReadOnNewConnection returns from a replica that has replayed less than was thought.
var ErrBehind = errBehind

// ReadOnNewConnection reads from a replica that nobody watches, and that was last seen at a position.
func ReadOnNewConnection(ctx context.Context, url string, seen, needed Position) error {
	r, err := Config{}.withDefaults().replica(ctx, 1, url)
	if err != nil {
		return err
	}
	defer r.pool.Close()
	r.join(ctx)
	r.position.Store(int64(seen))
	rows, err := r.read(ctx, r.serving.Load(), needed, time.Minute, "SELECT 1", nil)
	if err == nil {
		rows.Close()
	}
	return err
}

// ReadUnpaced reports whether a replica answers whose primary has not told where it is.
func ReadUnpaced(ctx context.Context, url string) (bool, error) {
	s, err := openReplicas(ctx, Config{ReplicaURLs: []string{url}}.withDefaults())
	if err != nil {
		return false, err
	}
	defer s.close()
	s.all[0].join(ctx)
	s.all[0].position.Store(int64(Latest - 1))
	rows := s.read(ctx, 0, "SELECT 1", nil)
	if rows != nil {
		rows.Close()
	}
	return rows != nil, nil
}
