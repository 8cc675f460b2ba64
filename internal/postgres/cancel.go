package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// firstCancelPause is how long a cancelled statement may take to end before it is told to again; it doubles.
	firstCancelPause = 50 * time.Millisecond
	// cancelLimit is how long it is told to, and how long pgx waits for it.
	cancelLimit = 15 * time.Second
)

// cancelUntilGone repeats the cancel request of a connection that was closed because its caller left. pgx sends one,
// which is lost where it overtakes the statement that it is meant for, as it often does on a busy machine. Until the
// backend is gone its connection counts as one of the pool's, so that a lost request would cost the pool a connection
// for as long as the statement takes.
func cancelUntilGone(conn *pgx.Conn) {
	if !conn.IsClosed() {
		return // in good order, because of its age
	}
	ctx, stop := context.WithTimeout(context.Background(), cancelLimit)
	defer stop()
	for pause := firstCancelPause; ; pause *= 2 {
		select {
		case <-conn.PgConn().CleanupDone():
			return
		case <-ctx.Done():
			return
		case <-time.After(pause):
			// Where it fails the next one may not, and without a server there is nothing left to cancel.
			_ = conn.PgConn().CancelRequest(ctx)
		}
	}
}
