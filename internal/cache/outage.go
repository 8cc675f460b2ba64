package cache

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/plaza-api/plaza/internal/redis"
)

const (
	// calm is how long Redis is not asked after it answers again, so that all servers can hand in what they have written.
	calm = 2 * time.Second
	// maxMissed is how many ids are remembered that were written during an outage; of more, all are handed in.
	maxMissed = 100_000
)

// missed is what Redis was not told of.
type missed struct {
	mu  sync.Mutex
	ids map[int64]struct{}
	all bool // more than is remembered
}

// add remembers ids.
func (m *missed) add(ids []int64, all bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ids == nil {
		m.ids = map[int64]struct{}{}
	}
	m.all = m.all || all
	for _, id := range ids {
		if len(m.ids) == maxMissed {
			m.all = true
			return
		}
		m.ids[id] = struct{}{}
	}
}

// take returns what is remembered, and forgets it.
func (m *missed) take() (ids []int64, all bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ids, all = slices.Collect(maps.Keys(m.ids)), m.all
	m.ids, m.all = nil, false
	return ids, all
}

// care is what an outage needs to know of the cache.
func (s *shared) care() redis.Care {
	return redis.Care{
		For: "what is kept", Turn: s.cache.distrust, HandIn: s.handIn, Calm: calm,
		Probe: func(ctx context.Context) error { return redis.Ping(ctx, s.client) },
	}
}

// begin says that Redis did not answer, and what it was not told.
func (s *shared) begin(ctx context.Context, err error, ids ...int64) {
	s.missed.add(ids, false)
	s.Begin(ctx, err)
}

// postpone remembers what is written while Redis is away, and tells whether it is.
func (s *shared) postpone(ids ...int64) bool {
	if !s.Away() {
		return false
	}
	s.missed.add(ids, false)
	return s.Away() // still: else it may be too late to be handed in
}

// handIn forgets in Redis what was written while it did not answer.
func (s *shared) handIn(ctx context.Context) error {
	ids, all := s.missed.take()
	err := s.forgetMissed(ctx, ids, all)
	if err != nil {
		s.missed.add(ids, all)
	}
	return err
}
