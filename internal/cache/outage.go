package cache

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/plaza-api/plaza/internal/redis"
)

const (
	// pause is how long Redis is left alone after it did not answer.
	pause = time.Second
	// calm is how long it is not asked after it answers again, so that all servers can hand in what they have written.
	calm = 2 * time.Second
	// maxPostponed is how many ids are remembered that were written during an outage; of more, all are handed in.
	maxPostponed = 100_000
)

// outage knows whether Redis is asked, and what it has to be told before it is asked again; the package's comment draws
// its states.
type outage struct {
	out atomic.Bool

	log *slog.Logger
	// ping asks Redis for a sign of life, and handIn tells it what was written: some ids, or whatever there is.
	ping   func(ctx context.Context) error
	handIn func(ctx context.Context, ids []int64, all bool) error
	// distrust makes what is in memory stale.
	distrust func()
	pause    time.Duration // the constants, but in tests
	calm     time.Duration

	mu        sync.Mutex
	away      bool // who writes does not tell Redis either
	postponed map[int64]struct{}
	all       bool            // more was written than is remembered
	ctx       context.Context //nolint:containedctx // ends what waits for Redis
	cancel    context.CancelFunc
	waiting   sync.WaitGroup
	outages   atomic.Uint64
}

func (s *shared) newOutage(log *slog.Logger) *outage {
	o := &outage{
		log: log, handIn: s.handIn, distrust: s.cache.distrust, pause: pause, calm: calm, postponed: map[int64]struct{}{},
		ping: func(ctx context.Context) error { return redis.Ping(ctx, s.client) },
	}
	o.ctx, o.cancel = context.WithCancel(context.Background())
	return o
}

// stop ends the wait for Redis.
func (o *outage) stop() {
	o.mu.Lock()
	o.cancel()
	o.mu.Unlock()
	o.waiting.Wait()
}

// begin says that Redis did not answer, and what it was not told.
func (o *outage) begin(ctx context.Context, err error, ids ...int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.remember(ids)
	o.away = true
	if o.out.Load() || o.ctx.Err() != nil {
		return
	}
	o.out.Store(true)
	o.distrust()
	o.outages.Add(1)
	o.log.WarnContext(ctx, "Redis does not answer; nothing is kept", slog.Any("error", err))
	o.waiting.Go(o.wait)
}

// postpone remembers what was written while Redis was away, and tells whether it is.
func (o *outage) postpone(ids ...int64) bool {
	if !o.out.Load() {
		return false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.away {
		o.remember(ids)
	}
	return o.away
}

// remember adds to what is to be handed in. The caller holds the lock.
func (o *outage) remember(ids []int64) {
	for _, id := range ids {
		if len(o.postponed) == maxPostponed {
			o.all = true
			return
		}
		o.postponed[id] = struct{}{}
	}
}

// wait goes on until Redis has been told what was written, and has not been away since, for a while.
func (o *outage) wait() {
	for o.sleep(o.pause) {
		if o.ping(o.ctx) == nil && o.handInPostponed() && o.sleep(o.calm) && o.end() {
			o.log.InfoContext(o.ctx, "Redis answers again; answers are kept")
			return
		}
	}
}

// handInPostponed tells Redis what was written, and returns whether it answered. Who writes meanwhile tells it too.
func (o *outage) handInPostponed() bool {
	o.mu.Lock()
	ids, all := slices.Collect(maps.Keys(o.postponed)), o.all
	clear(o.postponed)
	o.all, o.away = false, false
	o.mu.Unlock()
	if o.handIn(o.ctx, ids, all) == nil {
		return true
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.remember(ids)
	o.all, o.away = o.all || all, true
	return false
}

// end ends the outage, unless Redis was away again.
func (o *outage) end() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.away {
		return false
	}
	o.distrust()
	o.out.Store(false)
	return true
}

// sleep returns false when the outage is over because nobody waits for its end any more.
func (o *outage) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-o.ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
