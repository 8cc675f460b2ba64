package redis_test

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/redis"
	"github.com/plaza-api/plaza/internal/testkit"
)

var errAway = errors.New("no answer")

// over waits until Redis is asked again.
func over(t *testing.T, o *redis.Outage) {
	t.Helper()
	for deadline := time.Now().Add(soon); o.Out(); runtime.Gosched() {
		require.True(t, time.Now().Before(deadline), "the outage never ends")
	}
}

func TestAnOutageEndsOnceRedisHasBeenToldAllThatItMissed(t *testing.T) {
	t.Parallel()
	var o *redis.Outage
	var log testkit.Log
	var steps []string // one goroutine's, but for the first, which comes before
	probes, handIns := []error{errAway, nil, nil, nil}, []func() error{
		func() error { return errAway },
		func() error { o.Begin(t.Context(), errAway); return nil }, // meanwhile another finds that it is away again
		func() error { return nil },
	}
	o = redis.NewOutage(redis.Care{
		For: "a test", Pause: time.Nanosecond,
		Probe: func(context.Context) error {
			steps = append(steps, "probe")
			assert.True(t, o.Away(), "who writes remembers it")
			err := probes[0]
			probes = probes[1:]
			return err
		},
		HandIn: func(context.Context) error {
			steps = append(steps, "hand in")
			assert.True(t, o.Out(), "nobody asks it yet")
			assert.False(t, o.Away(), "who writes tells it")
			do := handIns[0]
			handIns = handIns[1:]
			return do()
		},
		Turn: func() {
			steps = append(steps, "turn")
			assert.True(t, o.Out())
		},
	}, slog.New(slog.NewTextHandler(&log, nil)))
	assert.False(t, o.Out())
	o.Begin(t.Context(), errAway)
	over(t, o)
	o.Stop()
	assert.Equal(t, []string{"turn", "probe", "probe", "hand in", "probe", "hand in", "probe", "hand in", "turn"}, steps)
	assert.False(t, o.Away())
	assert.EqualValues(t, 1, o.Count())
	for _, said := range []string{"does not answer", "answers again"} {
		assert.Equal(t, 1, strings.Count(log.String(), said), log.String())
	}
}

func TestEachOutageIsCounted(t *testing.T) {
	t.Parallel()
	o := redis.NewOutage(redis.Care{
		Pause: time.Nanosecond, Probe: func(context.Context) error { return nil },
	}, slog.New(slog.DiscardHandler))
	defer o.Stop()
	for n := range uint64(3) {
		assert.Equal(t, n, o.Count())
		o.Begin(t.Context(), errAway)
		over(t, o)
	}
}

func TestNobodyWaitsForTheEndOfAnOutageAfterStop(t *testing.T) {
	t.Parallel()
	probing := make(chan struct{})
	o := redis.NewOutage(redis.Care{Pause: time.Nanosecond, Probe: func(ctx context.Context) error {
		close(probing)
		<-ctx.Done()
		return ctx.Err()
	}}, slog.New(slog.DiscardHandler))
	o.Begin(t.Context(), errAway)
	<-probing
	o.Stop()
	assert.True(t, o.Out())
	o.Begin(t.Context(), errAway) // begins nothing
}
