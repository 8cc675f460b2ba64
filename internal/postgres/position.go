package postgres

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Position is a place in the write-ahead log of the primary, in bytes from its beginning. A replica that has replayed
// it knows all that was committed before it.
type Position int64

// Latest is after every other position: only the primary has it.
const Latest Position = math.MaxInt64

// String returns p as PostgreSQL writes it, "16/B374D848".
func (p Position) String() string { return fmt.Sprintf("%X/%X", uint32(p>>32), uint32(p)) } //nolint:gosec,mnd // halves

// ParsePosition reads what String returns, and reports whether it is that.
func ParsePosition(text string) (Position, bool) {
	high, low, _ := strings.Cut(text, "/")
	upper, upperErr := strconv.ParseUint(high, 16, 31)
	lower, lowerErr := strconv.ParseUint(low, 16, 32)
	return Position(upper<<32 | lower), upperErr == nil && lowerErr == nil //nolint:gosec,mnd // 63 bits
}

// neededKey is the context key of the Position that reads need.
type neededKey struct{}

// WithReplica lets the reads in ctx be answered by a replica that has replayed needed. They are whole in memory before
// their first row is seen.
func WithReplica(ctx context.Context, needed Position) context.Context {
	return context.WithValue(ctx, neededKey{}, needed)
}

// Needed returns the position that a replica must have replayed to answer the reads in ctx; Latest where none may.
func Needed(ctx context.Context) Position {
	if needed, ok := ctx.Value(neededKey{}).(Position); ok {
		return needed
	}
	return Latest
}

// Where the log ends. What has been committed is on the disk, and can be on its way to replicas, unless
// synchronous_commit is off. The log may hold more than that, which nobody waits for and which may stay behind for
// seconds: no replica would do.
const (
	ofPrimary = `CASE current_setting('synchronous_commit')
		WHEN 'off' THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_flush_lsn() END`
	ofReplica = "pg_last_wal_replay_lsn()"
)

// Position returns a position that has all behind it that is committed now, or Latest where the primary does not tell.
func (d *DB) Position(ctx context.Context) Position {
	conn, err := d.acquire(ctx)
	if err != nil {
		return Latest
	}
	defer conn.Release()
	p, err := positionOf(ctx, conn.Conn(), ofPrimary)
	if err != nil {
		return Latest
	}
	return p
}

// positionOf asks for one of the two.
func positionOf(ctx context.Context, conn *pgx.Conn, end string) (Position, error) {
	var p Position
	err := conn.QueryRow(ctx, "SELECT coalesce(pg_wal_lsn_diff("+end+", '0/0'), 0)::bigint").Scan(&p)
	return p, err
}
