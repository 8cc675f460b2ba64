package ratelimit

import (
	"log/slog"
	"time"

	"github.com/plaza-api/plaza/internal/redis"
)

// What the tests hold against the package's comment.
const MaxKeys = maxKeys

// UseClock has Redis count by a test's clock.
func (r *Redis) UseClock(now func() time.Time) { r.clock = now }

// BePatient waits for a Redis that shares its processors with many tests.
func (r *Redis) BePatient() { r.patience = time.Minute }

// Pause makes a limiter wait for so long before it looks for Redis.
func (r *Redis) Pause(pause time.Duration, log *slog.Logger) {
	r.outage.Stop()
	care := r.care()
	care.Pause = pause
	r.outage = redis.NewOutage(care, log)
}

// Keys returns how many windows are kept.
func (m *Memory) Keys() int {
	keys := 0
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		for c := range s.young {
			if _, both := s.old[c]; !both {
				keys++
			}
		}
		keys += len(s.old)
		s.mu.Unlock()
	}
	return keys
}

// Groups returns how long the longest window is stored.
func (m *Memory) Groups() int {
	longest := 0
	for i := range m.shards {
		for _, w := range m.shards[i].young {
			longest = max(longest, len(w.groups))
		}
	}
	return longest
}
