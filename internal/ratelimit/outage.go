package ratelimit

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

// pause is how long Redis is left alone after it did not answer.
const pause = time.Second

// outage knows whether Redis is to be asked; the package's comment draws its states.
type outage struct {
	log *slog.Logger
	// until is when Redis is probed next; 0 while it answers.
	until atomic.Int64
	// requests is how many were decided without Redis.
	requests atomic.Uint64
}

// ask says whether a request asks Redis, and whether it does so to find out if Redis is back: one a pause.
func (o *outage) ask(now time.Duration) (ask, probe bool) {
	until := o.until.Load()
	if until == 0 {
		return true, false
	}
	if int64(now) < until {
		return false, false
	}
	probe = o.until.CompareAndSwap(until, int64(now+pause))
	return probe, probe
}

// begin says that Redis did not answer.
func (o *outage) begin(ctx context.Context, now time.Duration, err error) {
	if o.until.Swap(int64(now+pause)) == 0 {
		o.log.WarnContext(ctx, "Redis does not answer; rate limits are counted in this process",
			slog.Any("error", err))
	}
}

// end says that it answered a probe. Answers to requests that were sent before do not count: where Redis is just about
// too slow they would begin and end an outage with every request.
func (o *outage) end(ctx context.Context) {
	o.until.Store(0)
	o.log.InfoContext(ctx, "Redis answers again; rate limits are counted there")
}
