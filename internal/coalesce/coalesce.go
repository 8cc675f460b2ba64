// Package coalesce joins concurrent reads by id into one query.
//
// A read that finds nothing under way leaves at once, alone. While a query is under way, those who come wait together,
// and leave as one query when it ends: the more come at once, the fewer queries each takes. They wait a few
// milliseconds at most, so that a query that is stuck holds up nobody else. A caller who leaves hurts nobody, and a
// query that fails is an error of those alone who waited for it.
//
// In a trace the query belongs to who came first, even where he has left. The others' traces show that they waited, and
// no query.
package coalesce

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// linger is how long reads wait for the query that is under way.
	linger = 5 * time.Millisecond
	// patience bounds a query of several callers, which none of them may end.
	patience = 5 * time.Second
)

// errPanic is in the chain of what callers get whose query panicked.
var errPanic = errors.New("panic")

// Group joins reads of one kind.
type Group[V any] struct {
	load   func(ctx context.Context, ids []int64) (map[int64]V, error)
	linger time.Duration // the constant, but in tests

	mu      sync.Mutex
	running int
	waiting *batch[V] // leaves next; nil: nobody waits
}

// batch are reads that leave as one query.
type batch[V any] struct {
	ids   []int64
	known map[int64]bool
	timer *time.Timer
	ctx   context.Context //nolint:containedctx // the values of whoever came first, for log and trace
	done  chan struct{}
	found map[int64]V
	err   error
}

// New makes a group. load returns what there is of some ids.
func New[V any](load func(ctx context.Context, ids []int64) (map[int64]V, error)) *Group[V] {
	return &Group[V]{load: load, linger: linger}
}

// Get returns what has an id, and whether anything has. It returns load's errors, and the cause of ctx's end.
func (g *Group[V]) Get(ctx context.Context, id int64) (value V, found bool, err error) {
	g.mu.Lock()
	if g.running == 0 {
		g.running++
		g.mu.Unlock()
		defer g.next()
		all, err := g.load(ctx, []int64{id})
		value, found = all[id]
		return value, found, err
	}
	b := g.join(ctx, id)
	g.mu.Unlock()
	select {
	case <-b.done:
		value, found = b.found[id]
		return value, found, b.err
	case <-ctx.Done():
		return value, false, context.Cause(ctx)
	}
}

// join adds an id to the batch that waits. The caller holds the lock.
func (g *Group[V]) join(ctx context.Context, id int64) *batch[V] {
	if g.waiting == nil {
		b := &batch[V]{known: map[int64]bool{}, ctx: context.WithoutCancel(ctx), done: make(chan struct{})}
		b.timer = time.AfterFunc(g.linger, func() { g.leave(b) })
		g.waiting = b
	}
	if b := g.waiting; !b.known[id] {
		b.known[id] = true
		b.ids = append(b.ids, id)
	}
	return g.waiting
}

// next lets those leave who wait, when a query has ended.
func (g *Group[V]) next() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	if b := g.waiting; b != nil {
		b.timer.Stop()
		g.start(b)
	}
}

// leave lets a batch leave that has waited long enough.
func (g *Group[V]) leave(b *batch[V]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.waiting == b {
		g.start(b)
	}
}

// start begins the query of the batch that waits. The caller holds the lock.
func (g *Group[V]) start(b *batch[V]) {
	g.waiting = nil
	g.running++
	go func() {
		defer g.next()
		g.run(b)
	}()
}

func (g *Group[V]) run(b *batch[V]) {
	defer close(b.done)
	defer func() {
		if p := recover(); p != nil {
			b.err = fmt.Errorf("%w: %v", errPanic, p)
		}
	}()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	b.found, b.err = g.load(ctx, b.ids)
}
