package cache

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
)

const (
	// maxBytes is what all entries together may take, roughly; beyond, those that are used least go first.
	maxBytes = 16 << 20
	// overhead is what an entry takes beside its body.
	overhead = 256
	// jitter is by which part of its time an entry may end earlier, so that what came together does not go together.
	jitter = 0.1
	// keepNothing is how long it is kept that there is nothing, at most.
	keepNothing = 5 * time.Second
)

// Load reads an entry from where it is stored. It returns an Entry without a Body where there is nothing.
type Load func(context.Context) (Entry, error)

// Cache keeps entries by the ids of what they are of. A nil Cache keeps nothing.
type Cache struct {
	keep    time.Duration
	now     func() time.Time
	entries *otter.Cache[int64, held]
	turns   turns
	shared  *shared // nil without Redis
	// trust changes when what is in memory may have become stale unnoticed.
	trust                    atomic.Uint64
	hits, sharedHits, misses atomic.Uint64
}

// held is an entry in memory.
type held struct {
	Entry

	trust uint64
	until time.Time
}

// notKept is the error of a load whose entry is to be answered, and not kept.
type notKept struct{ entry Entry }

func (notKept) Error() string { return "not to be kept" }

// New makes a cache that keeps an entry so long at most, by a clock.
func New(keep time.Duration, now func() time.Time) *Cache {
	return &Cache{keep: keep, now: now, entries: otter.Must(&otter.Options[int64, held]{
		MaximumWeight: maxBytes,
		Weigher:       func(_ int64, h held) uint32 { return uint32(h.weight()) }, //nolint:gosec // an answer
		ExpiryCalculator: otter.ExpiryCreatingFunc(func(e otter.Entry[int64, held]) time.Duration {
			return max(e.Value.until.Sub(now()), 0)
		}),
		Clock: clock(now),
	})}
}

// Present returns the entry of an id if it is in memory.
func (c *Cache) Present(id int64) (Entry, bool) {
	if c == nil || c.shared != nil && c.shared.Out() {
		return Entry{}, false
	}
	trust := c.trust.Load()
	h, kept := c.entries.GetIfPresent(id)
	if !kept || h.trust < trust {
		return Entry{}, false
	}
	c.hits.Add(1)
	return h.Entry, true
}

// Get returns the entry of an id, and loads it where it is not kept. It returns load's errors, which are not kept. Of
// many who miss at once one loads; when that one's ctx ends, another does.
func (c *Cache) Get(ctx context.Context, id int64, load Load) (Entry, error) {
	switch {
	case c == nil:
		return load(ctx)
	case c.shared != nil && c.shared.Out():
		c.misses.Add(1)
		return load(ctx)
	}
	trust, missed := c.trust.Load(), false
	fill := otter.LoaderFunc[int64, held](func(ctx context.Context, id int64) (held, error) {
		missed = true
		return c.fill(ctx, id, load)
	})
	h, err := c.entries.Get(ctx, id, fill)
	if err == nil && h.trust < trust {
		c.entries.Invalidate(id)
		h, err = c.entries.Get(ctx, id, fill)
	}
	if !missed {
		c.hits.Add(1)
	}
	if unkept, ok := errors.AsType[*notKept](err); ok {
		return unkept.entry, nil
	}
	return h.Entry, err //nolint:wrapcheck // it is load's
}

// fill gets what is not in memory.
func (c *Cache) fill(ctx context.Context, id int64, load Load) (held, error) {
	h := held{trust: c.trust.Load()}
	counted := func(ctx context.Context) (Entry, error) {
		c.misses.Add(1)
		return load(ctx)
	}
	if c.shared != nil {
		return c.shared.fill(ctx, id, h, counted)
	}
	var err error
	e, err := counted(ctx)
	h.Entry, h.until = e.kept(), c.until(e)
	return h, err
}

// until is how long an entry is kept that was loaded now.
func (c *Cache) until(e Entry) time.Time {
	keep := c.keep
	if e.Body == nil {
		keep = min(keep, keepNothing)
	}
	return c.now().Add(keep - time.Duration(jitter*rand.Float64()*float64(keep))) //nolint:gosec // nobody guesses it
}

// Writing is to be called before a change of what has an id is committed, by one writer of it after the other, who
// holds the row, and Written once it is, or is not.
func (c *Cache) Writing(ctx context.Context, id int64) {
	if c == nil {
		return
	}
	c.turns.begin(id)
	if c.shared == nil {
		return
	}
	c.shared.writing(ctx, id)
	// From now on what is read is not kept, until it is written; nor is what is being loaded.
	c.entries.Invalidate(id)
}

// Written forgets what has some ids, also what is being loaded of it. It is to be called when the transaction that
// changes or makes that has ended, and before it is answered.
func (c *Cache) Written(ctx context.Context, ids ...int64) {
	if c == nil {
		return
	}
	if c.shared != nil {
		c.shared.written(ctx, ids)
	}
	for _, id := range ids {
		c.entries.Invalidate(id)
	}
}

// distrust makes all that is in memory stale.
func (c *Cache) distrust() { c.trust.Add(1) }

// Outages is how often Redis did not answer any more.
func (c *Cache) Outages() uint64 {
	if c.shared == nil {
		return 0
	}
	return c.shared.Count()
}

// Hits are the reads since the start that were answered from memory, or by a load of another.
func (c *Cache) Hits() uint64 { return c.hits.Load() }

// SharedHits are those that were answered from Redis.
func (c *Cache) SharedHits() uint64 { return c.sharedHits.Load() }

// Misses are those that were loaded.
func (c *Cache) Misses() uint64 { return c.misses.Load() }

// clock is otter's time source.
type clock func() time.Time

// NowNano returns the time.
func (c clock) NowNano() int64 { return c().UnixNano() }

// Tick returns no ticks: entries that have expired go when they are met, or when room is needed.
func (clock) Tick(time.Duration) <-chan time.Time { return nil }
