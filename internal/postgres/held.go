package postgres

import (
	"context"
	"log/slog"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// heldKey is where a connection keeps its *hold.
	heldKey = "held"
	// looks is how often connections are looked at within the time for which they may be held.
	looks = 4
	// takers is how many callers are kept of whoever took a connection: the statement, the verb and who called that.
	// Each costs about 40 ns.
	takers = 6
	// ownFrames are the callers that are the same for all: from runtime.Callers to lease or attempt.
	ownFrames = 5
)

// holds knows who holds each connection of a pool, and reports once whoever holds one for too long: rows that nobody
// closed, or a transaction that waits for something else than the database.
type holds struct {
	limit    time.Duration
	log      *slog.Logger // nil: only counts
	reported atomic.Uint64

	mu  sync.Mutex
	all map[*pgx.Conn]*hold // every open connection

	stop    func()
	stopped chan struct{}
	ended   chan struct{}
}

// hold is one connection. It is made with it and used again and again, so that taking one allocates nothing.
type hold struct {
	mu       sync.Mutex
	since    time.Time // zero: nobody holds it
	reported bool
	by       [takers]uintptr
	frames   int // of by
}

func newHolds(limit time.Duration, log *slog.Logger) *holds {
	h := &holds{
		limit: limit, log: log, all: map[*pgx.Conn]*hold{}, stopped: make(chan struct{}), ended: make(chan struct{}),
	}
	h.stop = sync.OnceFunc(func() { close(h.stopped) })
	return h
}

// watch makes a pool tell of its connections.
func (h *holds) watch(pool *pgxpool.Config) {
	prepare, end := pool.AfterConnect, pool.BeforeClose
	pool.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if err := prepare(ctx, conn); err != nil {
			return err
		}
		h.connected(conn)
		return nil
	}
	pool.BeforeClose = func(conn *pgx.Conn) {
		h.closed(conn)
		end(conn)
	}
}

// run looks at the connections again and again until end is called.
func (h *holds) run() {
	defer close(h.ended)
	if h.limit < 0 {
		return
	}
	every := time.NewTicker(max(h.limit/looks, time.Millisecond))
	defer every.Stop()
	for {
		select {
		case <-h.stopped:
			return
		case now := <-every.C:
			h.look(now)
		}
	}
}

// end may be called again.
func (h *holds) end() {
	h.stop()
	<-h.ended
}

func (h *holds) connected(conn *pgx.Conn) {
	if h.limit < 0 {
		return
	}
	its := &hold{}
	conn.PgConn().CustomData()[heldKey] = its
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all[conn] = its
}

func (h *holds) closed(conn *pgx.Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, conn)
}

// take remembers who takes a connection, for acquireWithin.
func take(conn *pgxpool.Conn) {
	its, ok := conn.Conn().PgConn().CustomData()[heldKey].(*hold)
	if !ok {
		return
	}
	its.mu.Lock()
	its.since, its.reported = time.Now(), false
	its.frames = runtime.Callers(ownFrames, its.by[:])
	its.mu.Unlock()
}

// release gives a connection back, if there is one.
func release(conn *pgxpool.Conn) {
	if conn != nil {
		returned(conn)
		conn.Release()
	}
}

// returned forgets who has taken a connection.
func returned(conn *pgxpool.Conn) {
	if its, ok := conn.Conn().PgConn().CustomData()[heldKey].(*hold); ok {
		its.mu.Lock()
		its.since = time.Time{}
		its.mu.Unlock()
	}
}

// look reports who has held a connection for too long by now.
func (h *holds) look(now time.Time) {
	h.mu.Lock()
	all := maps.Clone(h.all)
	h.mu.Unlock()
	for conn, its := range all {
		held, by := its.overdue(now, h.limit)
		if by == nil {
			continue
		}
		h.reported.Add(1)
		if h.log != nil {
			// By its process id the backend is found in pg_stat_activity, with its last query.
			h.log.LogAttrs(context.Background(), slog.LevelWarn, "connection held too long",
				slog.Duration("held", held), slog.Uint64("backend", uint64(conn.PgConn().PID())), slog.Any("stack", named(by)))
		}
	}
}

// overdue returns for how long a connection has been held, and by whom; nil unless that is to be reported.
func (h *hold) overdue(now time.Time, limit time.Duration) (time.Duration, []uintptr) {
	h.mu.Lock()
	defer h.mu.Unlock()
	held := now.Sub(h.since)
	if h.since.IsZero() || h.reported || held < limit {
		return 0, nil
	}
	h.reported = true
	return held, slices.Clone(h.by[:h.frames])
}

// named returns callers as "function file:line", innermost first.
func named(callers []uintptr) []string {
	stack := make([]string, 0, len(callers))
	for frames, more := runtime.CallersFrames(callers), true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		stack = append(stack, f.Function+" "+f.File+":"+strconv.Itoa(f.Line))
	}
	return stack
}
