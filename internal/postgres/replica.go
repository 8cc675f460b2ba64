package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// lookInterval is how often a replica is asked how far it is.
	lookInterval = 100 * time.Millisecond
	// lookTimeout is how long it may take to tell, a connection included, until it is left out.
	lookTimeout = time.Second
)

var (
	errNoReplica = errors.New("postgres: it is not in recovery, so it follows nobody")
	errBehind    = errors.New("postgres: it started again and is behind")
)

// Replica is a server that follows the primary, and answers reads.
//
//	            answers
//	left out ────────────▶ serving
//	    ▲                     │
//	    └─────────────────────┘
//	      does not answer within 1 s, was promoted,
//	      or lost the connection of a read
type Replica struct {
	// Name tells the replicas of a DB apart: replica-1 is the first of Config.ReplicaURLs.
	Name string

	address  *pgx.ConnConfig
	pool     *pgxpool.Pool
	log      *slog.Logger
	position atomic.Int64            // replayed, or more; see connected
	serving  atomic.Pointer[service] // nil: left out
	busy     atomic.Int32            // the reads that have begun and are not closed
}

// service is the time from when a replica answers until it is left out.
type service struct {
	over context.Context //nolint:containedctx // ends the reads of this time, which would wait for an answer
	end  context.CancelFunc
}

func (c Config) replica(ctx context.Context, number int, url string) (*Replica, error) {
	c.URL = url
	name := fmt.Sprintf("replica-%d", number)
	settings, err := c.poolSettings()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r := &Replica{Name: name, address: settings.ConnConfig.Copy(), log: c.Logger}
	r.address.Tracer = nil
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	settings.AfterConnect = r.connected
	if r.pool, err = pgxpool.NewWithConfig(ctx, settings); err != nil {
		return nil, fmt.Errorf("postgres: make the pool of %s: %w", name, err)
	}
	return r, nil
}

// Stat returns the counters of the replica's pool as they are now.
func (r *Replica) Stat() *pgxpool.Stat { return r.pool.Stat() }

// Serving tells whether the replica answers reads.
func (r *Replica) Serving() bool { return r.serving.Load() != nil }

// connected prepares a connection. A replica that was killed comes back with less than it had replayed before: who
// reads on a new connection must know, hence the look.
func (r *Replica) connected(ctx context.Context, conn *pgx.Conn) error {
	if err := decodeTimesInUTC(ctx, conn); err != nil {
		return err
	}
	return r.look(ctx, conn)
}

// look asks how far the replica is.
func (r *Replica) look(ctx context.Context, conn *pgx.Conn) error {
	var follows bool
	if err := conn.QueryRow(ctx, "SELECT pg_is_in_recovery()").Scan(&follows); err != nil {
		return err
	}
	if !follows {
		return errNoReplica
	}
	position, err := positionOf(ctx, conn, ofReplica)
	if err == nil {
		r.position.Store(int64(position))
	}
	return err
}

// watch looks at the replica, on a connection of its own, until ctx ends.
func (r *Replica) watch(ctx context.Context) {
	ticker := time.NewTicker(lookInterval)
	defer ticker.Stop()
	var conn *pgx.Conn
	defer func() { hangUp(ctx, conn) }()
	for first := true; ; first = false {
		var err error
		if conn, err = r.lookOn(ctx, conn); ctx.Err() != nil {
			return
		}
		switch serving := r.serving.Load(); {
		case err == nil && serving == nil:
			r.join(ctx)
		case err != nil && (serving != nil || first):
			r.leave(ctx, serving, err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// lookOn looks on a connection, makes it where it is nil, and returns it unless it is of no more use.
func (r *Replica) lookOn(ctx context.Context, conn *pgx.Conn) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	if conn == nil {
		var err error
		if conn, err = pgx.ConnectConfig(ctx, r.address); err != nil {
			return nil, err
		}
	}
	if err := r.look(ctx, conn); err != nil {
		hangUp(ctx, conn)
		return nil, err
	}
	return conn, nil
}

// hangUp closes a connection whose other end may be gone.
func hangUp(ctx context.Context, conn *pgx.Conn) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTimeout)
	defer cancel()
	_ = conn.Close(ctx)
}

func (r *Replica) join(ctx context.Context) {
	over, end := context.WithCancel(context.WithoutCancel(ctx))
	r.serving.Store(&service{over: over, end: end})
	r.log.InfoContext(ctx, "database replica answers reads", "replica", r.Name, "host", r.address.Host)
}

// leave leaves the replica out, unless somebody has ended that service before.
func (r *Replica) leave(ctx context.Context, serving *service, reason error) {
	if !r.serving.CompareAndSwap(serving, nil) {
		return
	}
	if serving != nil {
		serving.end()
	}
	r.pool.Reset()
	r.log.WarnContext(ctx, "database replica left out", "replica", r.Name, "host", r.address.Host, "error", reason)
}

// read runs a query, and holds its rows when all have come. It waits at most timeout for a connection.
func (r *Replica) read(
	ctx context.Context, serving *service, needed Position, timeout time.Duration, sql string, args []any,
) (_ *heldRows, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(serving.over, cancel)() //nolint:contextcheck // it ends what waits for a dead replica
	waiting, stopWaiting := context.WithTimeout(ctx, timeout)
	conn, err := r.pool.Acquire(waiting)
	stopWaiting()
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			conn.Release()
		}
	}()
	if Position(r.position.Load()) < needed {
		return nil, errBehind
	}
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return holdRows(rows, conn, func() { r.busy.Add(-1) })
}

// gone reports whether an error says that a server, or a connection to it, is not there any more.
func gone(err error) bool {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		return slices.ContainsFunc([]string{classConnectionException, classServerStopsOrStarts}, func(class string) bool {
			return strings.HasPrefix(pgErr.Code, class)
		})
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	_, refused := errors.AsType[*pgconn.ConnectError](err)
	return refused || connectionLost(err)
}
