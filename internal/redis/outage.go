package redis

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// pause is how long Redis is left alone after it did not answer.
const pause = time.Second

// Care is what has to be done about outages, and what for.
type Care struct {
	// For is what Redis is used for; the log names it.
	For string
	// Probe finds out whether Redis answers. It must not wait long.
	Probe func(ctx context.Context) error
	// HandIn tells Redis, which answers again, what it has missed. Nil: nothing.
	HandIn func(ctx context.Context) error
	// Turn is called when an outage begins, and before Redis is asked again. Nil: nothing.
	Turn func()
	// Pause is how long Redis is left alone each time that it did not answer; 0 is a second.
	Pause time.Duration
	// Calm is how long it is not asked after it was handed in what it has missed.
	Calm time.Duration
}

// Outage knows whether Redis is to be asked; the package's comment draws its states.
type Outage struct {
	care Care
	log  *slog.Logger

	out   atomic.Bool
	count atomic.Uint64

	mu      sync.Mutex
	away    bool
	ctx     context.Context //nolint:containedctx // ends what waits for Redis
	cancel  context.CancelFunc
	waiting sync.WaitGroup
}

// NewOutage makes one that is none: Redis is asked. It logs the begin and the end of each. Stop is to be called.
func NewOutage(care Care, log *slog.Logger) *Outage {
	if care.Pause == 0 {
		care.Pause = pause
	}
	o := &Outage{care: care, log: log.With(slog.String("for", care.For))}
	o.ctx, o.cancel = context.WithCancel(context.Background())
	return o
}

// Out tells whether Redis is not to be asked.
func (o *Outage) Out() bool { return o.out.Load() }

// Away tells whether Redis cannot be told of anything either; what it misses is to be remembered before this is called.
func (o *Outage) Away() bool {
	if !o.out.Load() {
		return false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.away
}

// Count is how many outages there were.
func (o *Outage) Count() uint64 { return o.count.Load() }

// Begin says that Redis did not answer.
func (o *Outage) Begin(ctx context.Context, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.away = true
	if o.out.Load() || o.ctx.Err() != nil {
		return
	}
	o.out.Store(true)
	o.count.Add(1)
	o.turn()
	o.log.WarnContext(ctx, "Redis does not answer", slog.Any("error", err))
	o.waiting.Go(o.wait)
}

// Stop ends the wait for Redis.
func (o *Outage) Stop() {
	o.mu.Lock()
	o.cancel()
	o.mu.Unlock()
	o.waiting.Wait()
}

// wait goes on until Redis has been told what it missed, and has not been away since, for a while.
func (o *Outage) wait() {
	for o.sleep(o.care.Pause) {
		if o.care.Probe(o.ctx) == nil && o.handIn() && o.sleep(o.care.Calm) && o.end() {
			o.log.InfoContext(o.ctx, "Redis answers again")
			return
		}
	}
}

// handIn tells Redis what it missed, and returns whether it answered. Others tell it meanwhile what they do then.
func (o *Outage) handIn() bool {
	o.setAway(false)
	if o.care.HandIn != nil && o.care.HandIn(o.ctx) != nil {
		o.setAway(true)
		return false
	}
	return true
}

func (o *Outage) setAway(away bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.away = away
}

// end ends the outage, unless Redis was away again.
func (o *Outage) end() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.away {
		return false
	}
	o.turn()
	o.out.Store(false)
	return true
}

func (o *Outage) turn() {
	if o.care.Turn != nil {
		o.care.Turn()
	}
}

// sleep returns false when nobody waits for the end any more.
func (o *Outage) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-o.ctx.Done():
		return false
	case <-timer.C:
		return o.ctx.Err() == nil
	}
}
