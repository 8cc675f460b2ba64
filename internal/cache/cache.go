package cache

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
)

const (
	// maxBytes is what all entries together may take, roughly; beyond, those that are used least go first.
	maxBytes = 32 << 20
	// overhead is what an entry takes beside its body.
	overhead = 256
	// jitter is by which part of its time an entry may end earlier, so that what came together does not go together.
	jitter = 0.1
)

// Entry is an encoded resource.
type Entry struct {
	Body []byte
	Tag  string // its entity tag
}

// Cache keeps entries by the ids of what they are of. A nil Cache keeps nothing.
type Cache struct {
	entries      *otter.Cache[int64, Entry]
	hits, misses atomic.Uint64
}

// New makes a cache that keeps an entry so long at most, by a clock.
func New(keep time.Duration, now func() time.Time) *Cache {
	return &Cache{entries: otter.Must(&otter.Options[int64, Entry]{
		MaximumWeight: maxBytes,
		Weigher:       func(_ int64, e Entry) uint32 { return uint32(len(e.Body) + overhead) }, //nolint:gosec // an answer
		ExpiryCalculator: otter.ExpiryCreatingFunc(func(otter.Entry[int64, Entry]) time.Duration {
			return keep - time.Duration(jitter*rand.Float64()*float64(keep)) //nolint:gosec // nobody guesses it
		}),
		Clock: clock(now),
	})}
}

// Get returns the entry of an id, and loads it where it is not kept. It returns load's errors, which are not kept. Of
// many who miss at once one loads; when that one's ctx ends, another does.
func (c *Cache) Get(ctx context.Context, id int64, load func(context.Context) (Entry, error)) (Entry, error) {
	if c == nil {
		return load(ctx)
	}
	loaded := false
	e, err := c.entries.Get(ctx, id, otter.LoaderFunc[int64, Entry](func(ctx context.Context, _ int64) (Entry, error) {
		loaded = true
		return load(ctx)
	}))
	if loaded {
		c.misses.Add(1)
	} else {
		c.hits.Add(1)
	}
	return e, err //nolint:wrapcheck // it is load's
}

// Drop forgets an id, also what is being loaded of it.
func (c *Cache) Drop(id int64) {
	if c != nil {
		c.entries.Invalidate(id)
	}
}

// Hits are the reads since the start that were answered from memory, or by a load of another.
func (c *Cache) Hits() uint64 { return c.hits.Load() }

// Misses are those that were not.
func (c *Cache) Misses() uint64 { return c.misses.Load() }

// clock is otter's time source.
type clock func() time.Time

// NowNano returns the time.
func (c clock) NowNano() int64 { return c().UnixNano() }

// Tick returns no ticks: entries that have expired go when they are met, or when room is needed.
func (clock) Tick(time.Duration) <-chan time.Time { return nil }
