package ratelimit

import (
	"context"
	"hash/maphash"
	"sync"
	"time"
)

const (
	// maxKeys is how many keys a Memory keeps, at some 100 to 700 bytes each.
	maxKeys = 1 << 16
	// shardCount is how many parts of the keys can be asked at the same time.
	shardCount = 32
	// generationSize is how many keys one of a shard's two generations holds.
	generationSize = maxKeys / shardCount / 2
)

// Memory counts in the process. It keeps the 65,536 keys that were asked for last, roughly: where more come within
// their windows, those not asked for the longest are forgotten and begin anew, so that service is never refused for
// want of room. Keys whose windows have passed go as others come. It has no goroutine and needs no end.
type Memory struct {
	now    func() time.Time
	start  time.Time
	seed   maphash.Seed
	shards [shardCount]shard
}

// shard keeps its keys in two generations: a key that is asked for moves to the young one; when that is full, or
// nothing in the old one can count any more, the old one is dropped whole and the young one becomes the old.
type shard struct {
	mu         sync.Mutex
	young, old map[counter]*window
	// turned is when the young generation began.
	turned time.Duration
	// longest is that of all windows asked for.
	longest time.Duration
}

// counter is what a count belongs to.
type counter struct {
	key string
	per time.Duration
}

var _ Limiter = (*Memory)(nil)

// NewMemory makes an empty one. now is time.Now, or a test's clock; it should have a monotonic reading.
func NewMemory(now func() time.Time) *Memory {
	return &Memory{now: now, start: now(), seed: maphash.MakeSeed()}
}

// Take counts a request, unless it is refused.
func (m *Memory) Take(_ context.Context, key string, limit Limit) Decision {
	return m.decide(key, limit, true)
}

// Peek says what Take would, and counts nothing.
func (m *Memory) Peek(_ context.Context, key string, limit Limit) Decision {
	return m.decide(key, limit, false)
}

func (m *Memory) decide(key string, limit Limit, count bool) Decision {
	s := &m.shards[maphash.String(m.seed, key)%shardCount]
	now := m.elapsed()

	s.mu.Lock()
	defer s.mu.Unlock()
	if s.longest = max(s.longest, limit.Per); now-s.turned >= s.longest {
		s.turn(now)
	}
	c := counter{key, limit.Per}
	w := s.find(c, now)
	if w == nil {
		w = &window{}
		if count {
			s.add(c, w, now)
		}
	}
	return w.decide(now, limit, count)
}

// elapsed is the time since the start, which nobody can set back.
func (m *Memory) elapsed() time.Duration { return m.now().Sub(m.start) }

// find returns the window, as one of the young; nil where there is none.
func (s *shard) find(c counter, now time.Duration) *window {
	if w, ok := s.young[c]; ok {
		return w
	}
	w, ok := s.old[c]
	if !ok {
		return nil
	}
	s.add(c, w, now)
	return w
}

func (s *shard) add(c counter, w *window, now time.Duration) {
	if s.young == nil || len(s.young) >= generationSize {
		s.turn(now)
	}
	s.young[c] = w
}

func (s *shard) turn(now time.Duration) {
	s.young, s.old = make(map[counter]*window), s.young
	s.turned = now
}
