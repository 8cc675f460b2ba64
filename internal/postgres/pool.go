package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.opentelemetry.io/otel/trace"
)

// What a Config says by leaving a field at zero.
const (
	defaultAcquireTimeout           = 2 * time.Second
	defaultStatementTimeout         = 10 * time.Second
	defaultLockTimeout              = 3 * time.Second
	defaultIdleInTransactionTimeout = 15 * time.Second
	defaultMaxConnLifetime          = 30 * time.Minute
	defaultMaxConnIdleTime          = 5 * time.Minute
	defaultHealthCheckPeriod        = 15 * time.Second
	defaultSlowQuery                = 100 * time.Millisecond
	defaultHeldTooLong              = 45 * time.Second

	// never, as a duration from which on queries are slow.
	never                = -1
	defaultMaxReplicaLag = 5 * time.Second

	// connectTimeout bounds one attempt to connect, which goes on in the background
	// when nobody waits for it any more, and the first one of all.
	connectTimeout = 5 * time.Second
)

var errNoURL = errors.New("postgres: no database URL")

// Config says how to reach the database. The zero value of a field stands for its
// default.
type Config struct {
	// URL is a PostgreSQL connection URI or keyword string; required. A run-time
	// parameter that it states, such as statement_timeout, wins over this Config.
	URL string
	// ReplicaURLs are servers that follow it, each of which is read from where a caller allows it (WithReplica) while it
	// answers. What this Config says of the pool, it says of each one's.
	ReplicaURLs []string
	// MaxReplicaLag is how old what a replica answers may be; default 5 s.
	MaxReplicaLag time.Duration
	// MaxConns bounds the pool; default four per processor, at least 4.
	MaxConns int32
	// AcquireTimeout bounds the wait for a connection; default 2 s.
	AcquireTimeout time.Duration

	// The session's time-outs, in whole milliseconds. Negative leaves the one that
	// the server has, as a migration or an import wants it.

	// StatementTimeout ends a statement; default 10 s.
	StatementTimeout time.Duration
	// LockTimeout ends the wait for one lock; default 3 s.
	LockTimeout time.Duration
	// IdleInTransactionTimeout ends a session that holds a transaction open and
	// says nothing; default 15 s.
	IdleInTransactionTimeout time.Duration

	// MaxConnLifetime is the age at which a connection is replaced, plus up to a
	// tenth, so that not all are replaced at once; default 30 min.
	MaxConnLifetime time.Duration
	// MaxConnIdleTime is how long an unused connection is kept; default 5 min.
	MaxConnIdleTime time.Duration
	// HealthCheckPeriod is how often the two bounds above are looked at; default 15 s.
	HealthCheckPeriod time.Duration

	// SlowQuery is the duration from which on a query is logged, the reading of its
	// rows included; default 100 ms, negative never.
	SlowQuery time.Duration
	// HeldTooLong is for how long a connection may be taken from the pool until that is reported, with the stack that
	// took it; default 45 s, longer than the contract lets any request and its COMMIT take; negative never.
	HeldTooLong time.Duration
	// Logger receives slow queries and connections that are held too long; nil drops them.
	Logger *slog.Logger
	// Tracer makes a span of each statement that runs within another span; nil makes none.
	Tracer trace.Tracer

	// Properties leads from a column ("users.email") to the property of the
	// contract that it stores ("email"), for the faults of constraints.
	Properties map[string]string
}

// DB is a pool of connections. Its methods may be called concurrently.
type DB struct {
	pool           *pgxpool.Pool
	acquireTimeout time.Duration
	commitTimeout  time.Duration
	pooled         *querier
	queue          queue
	replicas       *replicas
	faults         translator
	holds          *holds
}

// Open makes a pool and waits for one connection, so that a wrong address fails
// here. It returns an error if config is wrong, one that wraps ErrPooler if a pooler is in
// the way, and a fault of kind Unavailable if the database does not answer within 5 s,
// or Config.AcquireTimeout if that is longer.
func Open(ctx context.Context, config Config) (*DB, error) {
	config = config.withDefaults()
	settings, err := config.poolSettings()
	if err != nil {
		return nil, err
	}
	holds := newHolds(config.HeldTooLong, config.Logger)
	holds.watch(settings)
	pool, err := pgxpool.NewWithConfig(ctx, settings)
	if err != nil {
		return nil, fmt.Errorf("postgres: make the pool: %w", err)
	}
	db := &DB{
		pool:           pool,
		acquireTimeout: config.AcquireTimeout,
		commitTimeout:  commitTimeout(config.StatementTimeout),
		faults:         translator{properties: config.Properties},
		holds:          holds,
		queue:          queue{most: queuePerConn * int64(config.MaxConns)},
	}
	go holds.run() //nolint:contextcheck // until Close
	db.pooled = &querier{db: db}
	if err := db.try(ctx, config, settings.ConnConfig.RuntimeParams); err != nil {
		db.Close()
		return nil, fmt.Errorf("postgres: open: %w", err)
	}
	if db.replicas, err = openReplicas(ctx, config); err != nil {
		db.Close()
		return nil, err
	}
	db.replicas.start(ctx, db.Position)
	return db, nil
}

// try makes the first connection, which tells whether others will do.
func (d *DB) try(ctx context.Context, config Config, asked map[string]string) error {
	conn, err := d.acquireWithin(ctx, max(config.AcquireTimeout, connectTimeout))
	if err != nil {
		return refusedByPooler(err, asked)
	}
	defer release(conn)
	return d.checkPooler(ctx, conn, config.URL, asked)
}

// Ping asks the database for a sign of life. Its errors are those of a query.
func (d *DB) Ping(ctx context.Context) error {
	conn, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer release(conn)
	return d.faults.toFault(conn.Ping(ctx))
}

// Close waits until every connection is back and closes them. Queries that begin
// after it fail with a fault of kind Unavailable.
func (d *DB) Close() {
	d.replicas.close()
	d.pool.Close()
	d.holds.end()
}

// HeldTooLong returns how many connections have been held for longer than Config.HeldTooLong.
func (d *DB) HeldTooLong() uint64 { return d.holds.reported.Load() }

// Stat returns the pool's counters as they are now.
func (d *DB) Stat() *pgxpool.Stat { return d.pool.Stat() }

func (d *DB) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	return d.acquireWithin(ctx, d.acquireTimeout)
}

// acquireWithin takes a connection from the pool and waits at most timeout.
// It returns a fault of kind Unavailable when there was none to be had, of kind
// Timeout when ctx ran out first, or an error that wraps context.Canceled.
func (d *DB) acquireWithin(ctx context.Context, timeout time.Duration) (*pgxpool.Conn, error) {
	if !d.queue.join(time.Now()) {
		return nil, unavailable().Because(errQueue)
	}
	defer d.queue.leave()
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	conn, err := d.pool.Acquire(bounded)
	if err == nil {
		take(conn)
		return conn, nil
	}
	if ctx.Err() != nil {
		return nil, d.faults.toFault(fmt.Errorf("wait for a connection: %w", ctx.Err()))
	}
	return nil, unavailable().Because(fmt.Errorf("postgres: get a connection, waiting at most %s: %w", timeout, err))
}

func (c Config) withDefaults() Config {
	c.MaxConns = cmp.Or(c.MaxConns, defaultMaxConns())
	c.AcquireTimeout = cmp.Or(c.AcquireTimeout, defaultAcquireTimeout)
	c.StatementTimeout = cmp.Or(c.StatementTimeout, defaultStatementTimeout)
	c.LockTimeout = cmp.Or(c.LockTimeout, defaultLockTimeout)
	c.IdleInTransactionTimeout = cmp.Or(c.IdleInTransactionTimeout, defaultIdleInTransactionTimeout)
	c.MaxConnLifetime = cmp.Or(c.MaxConnLifetime, defaultMaxConnLifetime)
	c.MaxConnIdleTime = cmp.Or(c.MaxConnIdleTime, defaultMaxConnIdleTime)
	c.HealthCheckPeriod = cmp.Or(c.HealthCheckPeriod, defaultHealthCheckPeriod)
	c.SlowQuery = cmp.Or(c.SlowQuery, defaultSlowQuery)
	c.HeldTooLong = cmp.Or(c.HeldTooLong, defaultHeldTooLong)
	c.MaxReplicaLag = cmp.Or(c.MaxReplicaLag, defaultMaxReplicaLag)
	return c
}

func defaultMaxConns() int32 {
	const perProcessor, most = 4, 1024
	return int32(min(perProcessor*runtime.GOMAXPROCS(0), most)) //nolint:gosec // at most 1024
}
