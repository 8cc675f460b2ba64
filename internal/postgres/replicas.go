package postgres

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// replicas are those of one DB.
type replicas struct {
	all       []*Replica
	timeout   time.Duration // for a connection
	maxLag    time.Duration
	floor     atomic.Int64 // the position that every read needs; see pace
	reads     atomic.Uint64
	fallbacks atomic.Uint64
	stop      context.CancelFunc
	loops     sync.WaitGroup
}

// Replicas returns those of Config.ReplicaURLs, in that order.
func (d *DB) Replicas() []*Replica { return d.replicas.all }

// ReplicaReads are the reads since the start that a replica has answered.
func (d *DB) ReplicaReads() uint64 { return d.replicas.reads.Load() }

// ReplicaFallbacks are those that the primary was asked, although a replica was allowed: none had what was needed, or
// the one that was asked failed.
func (d *DB) ReplicaFallbacks() uint64 { return d.replicas.fallbacks.Load() }

// openReplicas makes the pools. Nobody waits for a replica: the primary answers until one does.
func openReplicas(ctx context.Context, config Config) (*replicas, error) {
	s := &replicas{timeout: config.AcquireTimeout, maxLag: config.MaxReplicaLag, stop: func() {}}
	s.floor.Store(int64(Latest))
	for i, url := range config.ReplicaURLs {
		r, err := config.replica(ctx, i+1, url)
		if err != nil {
			s.close()
			return nil, err
		}
		s.all = append(s.all, r)
	}
	return s, nil
}

// start watches the replicas until close; position tells where the primary is.
func (s *replicas) start(ctx context.Context, position func(context.Context) Position) {
	if len(s.all) == 0 {
		return
	}
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	for _, r := range s.all {
		s.loops.Go(func() { r.watch(ctx) })
	}
	s.loops.Go(func() { s.pace(ctx, position) })
}

func (s *replicas) close() {
	if s == nil {
		return // the start has failed
	}
	s.stop()
	s.loops.Wait()
	for _, r := range s.all {
		r.pool.Close()
	}
}

// pace keeps those from answering who are further behind than maxLag: the floor is where the primary was half of that
// ago, and moves once in the other half. While the primary does not tell, it stays; before it has, nobody answers.
func (s *replicas) pace(ctx context.Context, position func(context.Context) Position) {
	ticker := time.NewTicker(s.maxLag / 2)
	defer ticker.Stop()
	previous := Latest
	for {
		if now := position(ctx); now != Latest {
			s.floor.Store(int64(min(previous, now)))
			previous = now
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// read asks the least busy replica that has replayed what is needed. It returns nil where there is none, or where
// that one fails, in whatever way: it may be dead, in conflict with what it replays, or behind a migration. The
// primary's answer counts then, also where that is an error.
func (s *replicas) read(ctx context.Context, needed Position, sql string, args []any) *heldRows {
	needed = max(needed, Position(s.floor.Load()))
	if r, serving := s.choose(needed); r != nil {
		r.busy.Add(1)
		rows, err := r.read(ctx, serving, needed, s.timeout, sql, args)
		if err == nil {
			s.reads.Add(1)
			return rows
		}
		r.busy.Add(-1)
		if ctx.Err() == nil && gone(err) {
			r.leave(ctx, serving, err)
		}
	}
	s.fallbacks.Add(1)
	return nil
}

// choose begins anywhere, so that those that are as busy as each other take turns.
func (s *replicas) choose(needed Position) (chosen *Replica, serving *service) {
	first := rand.N(len(s.all)) //nolint:gosec // spreads, keeps no secret
	for i := range s.all {
		r := s.all[(first+i)%len(s.all)]
		if chosen != nil && r.busy.Load() >= chosen.busy.Load() || Position(r.position.Load()) < needed {
			continue
		}
		if now := r.serving.Load(); now != nil {
			chosen, serving = r, now
		}
	}
	return chosen, serving
}

// reader is the pool for those who may also read from a replica.
type reader struct {
	*querier

	needed Position
}

func (r reader) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if found := r.db.replicas.read(ctx, r.needed, sql, args); found != nil {
		return &rows{Rows: found, faults: r.db.faults}, nil
	}
	return r.querier.Query(ctx, sql, args...)
}

func (r reader) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	if found := r.db.replicas.read(ctx, r.needed, sql, args); found != nil {
		return &row{inner: heldRow{found}, faults: r.db.faults}
	}
	return r.querier.QueryRow(ctx, sql, args...)
}
