package cache_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/plaza-api/plaza/internal/cache"
	"github.com/plaza-api/plaza/internal/testkit"
)

func numbered(version int64) cache.Entry {
	return cache.Entry{Body: []byte(strconv.FormatInt(version, 10))}
}

func TestWhatAWriteHasMadeIsReadWithoutALoad(t *testing.T) {
	t.Parallel()
	var at clock
	c := cache.New(keep, at.now)
	turn := c.Turn(1)
	c.Writing(t.Context(), 1)
	c.Written(t.Context(), 1)
	c.Put(1, turn, numbered(2))
	e, present := c.Present(1)
	require.True(t, present)
	assert.Equal(t, "2", string(e.Body))
	at.offset.Add(int64(keep + time.Second))
	_, present = c.Present(1)
	assert.False(t, present, "it is kept for its time")
}

func TestWithRedisAWritePutsNothing(t *testing.T) {
	t.Parallel()
	_, a, _ := nodes(t, testkit.Redis(t))
	turn := a.Turn(1)
	a.write()
	a.Put(1, turn, numbered(7))
	_, present := a.Present(1)
	assert.False(t, present)
}

// writer is one who changes what has an id, step by step.
type writer struct {
	step   int
	turn   cache.Turn
	wrote  int64
	finish bool // ends without having put anything, as one who deletes
}

// writes are some writers of one thing, of whom one at a time holds its row.
type writes struct {
	*cache.Cache

	ctx      context.Context //nolint:containedctx // of the test
	row      *writer
	stored   int64 // the version that is committed
	answered int64 // the newest one that a writer was told of
	read     int64 // the newest one that a reader was told of
}

// next takes the next step of a writer, unless it has to wait for the row.
func (s *writes) next(w *writer) {
	switch w.step {
	case 0:
		w.turn = s.Turn(1)
	case 1:
		if s.row != nil {
			return
		}
		s.row = w
		s.Writing(s.ctx, 1)
	case 2: // the commit, which gives the row free
		s.stored++
		w.wrote, s.row = s.stored, nil
	case 3:
		s.Written(s.ctx, 1)
	case 4:
		if !w.finish {
			s.Put(1, w.turn, numbered(w.wrote))
		}
	case 5:
		s.answered = max(s.answered, w.wrote)
		*w = writer{step: -1, finish: !w.finish}
	}
	w.step++
}

// look reads, from memory if it is there.
func (s *writes) look(t *rapid.T, load func() int64) {
	floor := max(s.answered, s.read)
	e, err := s.Get(s.ctx, 1, func(context.Context) (cache.Entry, error) { return numbered(load()), nil })
	require.NoError(t, err)
	version, err := strconv.ParseInt(string(e.Body), 10, 64)
	require.NoError(t, err)
	require.GreaterOrEqual(t, version, floor, "older than what a writer or a reader was told before")
	s.read = max(s.read, version)
}

func TestWhateverTheOrderOfWritesNobodyReadsBackInTime(t *testing.T) {
	t.Parallel()
	ctx, hits := t.Context(), uint64(0)
	rapid.Check(t, func(t *rapid.T) {
		var at clock
		s := &writes{Cache: cache.New(keep, at.now), ctx: ctx}
		writers := make([]writer, 3)
		someone := rapid.IntRange(0, len(writers)-1)
		for range rapid.IntRange(10, 100).Draw(t, "steps") {
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0:
				s.look(t, func() int64 { return s.stored })
			case 1: // a load that takes a while
				s.look(t, func() int64 {
					defer func() {
						for range rapid.IntRange(0, 3).Draw(t, "meanwhile") {
							s.next(&writers[someone.Draw(t, "writer")])
						}
					}()
					return s.stored
				})
			default:
				s.next(&writers[someone.Draw(t, "writer")])
			}
		}
		hits += s.Hits()
	})
	assert.NotZero(t, hits)
}
