package page

import (
	"context"
	"sync/atomic"
	"time"
)

// counterMaxAge is how old a total may be.
const counterMaxAge = 5 * time.Second

// Clock tells the time.
type Clock = func() time.Time

// Counter knows the total of a whole list, exact to within five seconds, and counts at most once in half that
// time however many ask. The caller who finds the total past half its age counts again; the others go on with
// the old one, and wait only when it is too old to be given out.
type Counter struct {
	count func(context.Context) (int64, error)
	now   Clock
	last  atomic.Pointer[reading]
	turn  chan struct{} // holds one token while somebody counts
}

type reading struct {
	rows int64
	at   time.Time // when counting began
}

// NewCounter makes a counter of what count counts.
func NewCounter(now Clock, count func(context.Context) (int64, error)) *Counter {
	return &Counter{count: count, now: now, turn: make(chan struct{}, 1)}
}

// Total returns the total, or the error of counting or of ctx.
func (c *Counter) Total(ctx context.Context) (Total, error) {
	last := c.last.Load()
	if last != nil && c.age(last) < counterMaxAge/2 {
		return Total{Rows: last.rows, Exact: true}, nil
	}
	if last != nil && c.age(last) < counterMaxAge {
		select {
		case c.turn <- struct{}{}:
		default:
			return Total{Rows: last.rows, Exact: true}, nil
		}
	} else {
		select {
		case c.turn <- struct{}{}:
		case <-ctx.Done():
			return Total{}, context.Cause(ctx)
		}
	}
	defer func() { <-c.turn }()
	if now := c.last.Load(); now != nil && now != last && c.age(now) < counterMaxAge {
		return Total{Rows: now.rows, Exact: true}, nil
	}
	at := c.now()
	rows, err := c.count(ctx)
	if err != nil {
		return Total{}, err
	}
	c.last.Store(&reading{rows: rows, at: at})
	return Total{Rows: rows, Exact: true}, nil
}

func (c *Counter) age(r *reading) time.Duration { return c.now().Sub(r.at) }
