package admission

import (
	"math/rand/v2"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// interval is how often it is looked at how the processors keep up.
	interval = 10 * time.Millisecond
	// late is from when on a wait for a processor is too long, in seconds, and mostLate the part of waits that may be.
	late     = 0.02
	mostLate = 0.25
	// burst is how many looks in a row have to find that until requests are refused.
	burst = 10
	// fewest is how many waits tell something; the runtime counts one in eight.
	fewest = 8
	// Of a thousand requests so many more are refused with each look, or fewer, and so many at most.
	refuseMore, refuseFewer, refuseMost = 100, 50, 900
	// latencies is what the Go runtime knows of all waits since the start.
	latencies = "/sched/latencies:seconds"
)

// Gate admits requests. Its methods may be called concurrently.
type Gate struct {
	now   func() time.Time
	waits func() (all, late uint64) // since the start

	next    atomic.Int64  // when to look again, in nanoseconds
	refuse  atomic.Int64  // so many of a thousand requests
	refused atomic.Uint64 // since the start

	mu                sync.Mutex // held by who looks
	lastAll, lastLate uint64
	lateLooks         int // in a row
}

// New makes a gate that looks at the processors by a clock.
func New(now func() time.Time) *Gate {
	sample := []metrics.Sample{{Name: latencies}}
	g := &Gate{now: now, waits: func() (all, tooLong uint64) {
		metrics.Read(sample)
		known := sample[0].Value.Float64Histogram()
		for i, count := range known.Counts {
			all += count
			if known.Buckets[i] >= late {
				tooLong += count
			}
		}
		return all, tooLong
	}}
	g.lastAll, g.lastLate = g.waits()
	return g
}

// Admit tells whether a request may be served.
func (g *Gate) Admit() bool {
	if now := g.now().UnixNano(); now >= g.next.Load() && g.mu.TryLock() {
		g.look()
		g.next.Store(now + int64(interval))
		g.mu.Unlock()
	}
	refuse := g.refuse.Load()
	if refuse == 0 || rand.Int64N(1000) >= refuse { //nolint:gosec,mnd // of a thousand; nobody gains by guessing
		return true
	}
	g.refused.Add(1)
	return false
}

// Refused is how many requests were not admitted since the start.
func (g *Gate) Refused() uint64 { return g.refused.Load() }

// look decides how many requests are refused until the next look.
func (g *Gate) look() {
	all, tooLong := g.waits()
	waits, tooLongNow := all-g.lastAll, tooLong-g.lastLate
	g.lastAll, g.lastLate = all, tooLong
	refuse := g.refuse.Load()
	if waits < fewest || float64(tooLongNow) <= mostLate*float64(waits) {
		g.lateLooks = 0
		g.refuse.Store(max(refuse-refuseFewer, 0))
		return
	}
	if g.lateLooks++; g.lateLooks >= burst {
		g.refuse.Store(min(refuse+refuseMore, refuseMost))
	}
}
