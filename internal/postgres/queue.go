package postgres

import (
	"errors"
	"sync/atomic"
	"time"
)

const (
	// queuePerConn is how many may wait for each connection of the pool in the long run.
	queuePerConn = 32
	// longRun is for how long somebody has to have waited all the time until the queue is bounded. A burst passes.
	longRun = 250 * time.Millisecond
)

var errQueue = errors.New("postgres: too many wait for a connection already")

// queue are those who wait for a connection. Where more come than can be served, a queue only makes all of them wait
// longer: it is bounded, and whoever finds it full is refused at once.
type queue struct {
	most    int64
	waiting atomic.Int64
	since   atomic.Int64 // when it was last empty, in nanoseconds
}

// join tells whether there is room in the queue. Who joins leaves it too.
func (q *queue) join(now time.Time) bool {
	waiting := q.waiting.Add(1)
	if waiting == 1 {
		q.since.Store(now.UnixNano())
	}
	if waiting > q.most && now.UnixNano()-q.since.Load() > int64(longRun) {
		q.leave()
		return false
	}
	return true
}

func (q *queue) leave() { q.waiting.Add(-1) }
