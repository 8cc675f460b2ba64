package cache_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/cache"
)

const keep = 5 * time.Minute

var errLoad = errors.New("no such thing")

// source counts how often it is read.
type source struct{ reads atomic.Int64 }

func (s *source) load(context.Context) (cache.Entry, error) {
	s.reads.Add(1)
	return cache.Entry{Body: []byte("body"), Tag: `"1"`}, nil
}

// clock is a time that tests move.
type clock struct{ offset atomic.Int64 }

func (c *clock) now() time.Time { return time.Unix(1_800_000_000, c.offset.Load()) }

func get(t *testing.T, c *cache.Cache, id int64, load func(context.Context) (cache.Entry, error)) string {
	t.Helper()
	e, err := c.Get(t.Context(), id, load)
	require.NoError(t, err)
	return string(e.Body)
}

func TestAnEntryIsKeptForItsTimeAndATenthLessAtLeast(t *testing.T) {
	t.Parallel()
	var at clock
	c := cache.New(keep, at.now)
	var s source
	for id := range int64(100) {
		assert.Equal(t, "body", get(t, c, id, s.load))
	}
	at.offset.Store(int64(keep*9/10 - 1))
	for id := range int64(100) {
		get(t, c, id, s.load)
	}
	require.EqualValues(t, 100, s.reads.Load(), "all are kept")
	at.offset.Store(int64(keep * 95 / 100))
	for id := range int64(100) {
		get(t, c, id, s.load)
	}
	between := s.reads.Load()
	assert.Greater(t, between, int64(100), "some are not")
	assert.Less(t, between, int64(200))
	assert.Equal(t, []uint64{uint64(300 - between), uint64(between)}, []uint64{c.Hits(), c.Misses()})
	c = cache.New(keep, at.now)
	get(t, c, 1, s.load)
	at.offset.Add(int64(keep + time.Second))
	before := s.reads.Load()
	get(t, c, 1, s.load)
	assert.Equal(t, before+1, s.reads.Load())
}

func TestThatThereIsNothingIsKeptForFiveSeconds(t *testing.T) {
	t.Parallel()
	var at clock
	c := cache.New(keep, at.now)
	reads := 0
	load := func(context.Context) (cache.Entry, error) { reads++; return cache.Entry{}, nil }
	for _, elapsed := range []time.Duration{0, 4 * time.Second, 6 * time.Second} {
		at.offset.Store(int64(elapsed))
		assert.Empty(t, get(t, c, 1, load))
	}
	assert.Equal(t, 2, reads)
}

func TestWhatIsDroppedIsReadAgain(t *testing.T) {
	t.Parallel()
	var at clock
	c := cache.New(keep, at.now)
	var s source
	get(t, c, 1, s.load)
	get(t, c, 2, s.load)
	c.Written(t.Context(), 1)
	get(t, c, 1, s.load)
	get(t, c, 2, s.load)
	assert.EqualValues(t, 3, s.reads.Load())
}

func TestWhatIsDroppedWhileItIsReadIsReadAgain(t *testing.T) {
	t.Parallel()
	var at clock
	c := cache.New(keep, at.now)
	var s source
	body := "old"
	load := func(context.Context) (cache.Entry, error) {
		e := cache.Entry{Body: []byte(body)}
		if body == "old" { // the write that makes it stale is answered meanwhile
			body = "new"
			c.Written(t.Context(), 1)
		}
		return e, nil
	}
	assert.Equal(t, "new", get(t, c, 1, load))
	assert.Equal(t, "new", get(t, c, 1, s.load))
	assert.Zero(t, s.reads.Load())
}

func TestErrorsAreNotKept(t *testing.T) {
	t.Parallel()
	var at clock
	c := cache.New(keep, at.now)
	_, err := c.Get(t.Context(), 1, func(context.Context) (cache.Entry, error) { return cache.Entry{}, errLoad })
	require.ErrorIs(t, err, errLoad)
	var s source
	assert.Equal(t, "body", get(t, c, 1, s.load))
}

func TestOfManyWhoMissAtOnceOneReadsAndItsCallerMayLeave(t *testing.T) {
	t.Parallel()
	var at clock
	c := cache.New(keep, at.now)
	begun, goOn := make(chan struct{}), make(chan struct{})
	var reads atomic.Int64
	load := func(ctx context.Context) (cache.Entry, error) {
		if reads.Add(1) == 1 {
			close(begun)
		}
		<-goOn
		return cache.Entry{Body: []byte("body")}, ctx.Err() // as a query whose caller has left
	}
	first, leave := context.WithCancel(t.Context())
	var callers sync.WaitGroup
	callers.Go(func() { _, _ = c.Get(first, 1, load) })
	<-begun
	for range 50 {
		callers.Go(func() {
			e, err := c.Get(t.Context(), 1, load)
			if assert.NoError(t, err) {
				assert.Equal(t, "body", string(e.Body))
			}
		})
	}
	leave()
	close(goOn)
	callers.Wait()
	assert.EqualValues(t, 2, reads.Load(), "the first caller's, and one for all others")
}

func TestNoCacheReadsEveryTime(t *testing.T) {
	t.Parallel()
	var c *cache.Cache
	var s source
	get(t, c, 1, s.load)
	get(t, c, 1, s.load)
	c.Written(t.Context(), 1)
	assert.EqualValues(t, 2, s.reads.Load())
}
