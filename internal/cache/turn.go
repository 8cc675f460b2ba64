package cache

import "sync"

// stripes is how many ids may be written at once without being taken for each other, about. Who is keeps nothing.
const stripes = 256

// Turn is a moment among the writes of an id.
type Turn uint64

// turns count the writes that have begun, by id.
type turns [stripes]struct {
	mu    sync.Mutex
	begun Turn
}

func (t *turns) begin(id int64) {
	of := &t[uint64(id)%stripes] //nolint:gosec // any will do
	of.mu.Lock()
	of.begun++
	of.mu.Unlock()
}

// Turn returns the moment before a write of what has an id; see Put.
func (c *Cache) Turn(id int64) Turn {
	if c == nil {
		return 0
	}
	of := &c.turns[uint64(id)%stripes] //nolint:gosec // any will do
	of.mu.Lock()
	defer of.mu.Unlock()
	return of.begun
}

// Put keeps what a write has made, after Written, if it was the only one to begin since a moment, which its writer took
// before it began. Then nothing has changed since: who writes next begins later, and drops it. In Redis nothing is put:
// what others keep or load meanwhile is known there alone.
func (c *Cache) Put(id int64, before Turn, e Entry) {
	if c == nil || c.shared != nil {
		return
	}
	of := &c.turns[uint64(id)%stripes] //nolint:gosec // any will do
	of.mu.Lock()
	defer of.mu.Unlock()
	if of.begun == before+1 {
		c.entries.Set(id, held{Entry: e.kept(), trust: c.trust.Load(), until: c.until(e)})
	}
}
